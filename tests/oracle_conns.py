#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Does tshark see the same connections as rstscope? Compares, connection by connection, packets,
retransmissions, resets, identification strings, agreed algorithms, HASSH and host keys, and for
each capture the frames. Every difference has a class that docs/oracle.md explains, or it is told.

Status 1 with a difference that is not explained, 0 also when tshark is missing. Paths are relative
to the checkout.
"""

import argparse
import csv
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

sys.dont_write_bytecode = True
import oracle_compare  # noqa: E402 (the line above must come first)
import oracle_tshark  # noqa: E402
from oracle_classes import RULES, class_of  # noqa: E402

EXPLANATIONS = "docs/oracle.md"
# Fewer, and the classes excuse too much. Captures that were made to be odd cost half a percent.
SHARE_MIN = 0.99
SHOWN = 40
# The machine is shared, and the order of the results is that of the captures in any case.
PROCESSES = 2


# ---- which captures ----

def collection(folder):
    """The captures that INDEX.tsv of a folder names; None without such a folder."""
    index = os.path.join(folder, "INDEX.tsv")
    if not os.path.exists(index):
        return None
    with open(index, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [os.path.join(folder, row["file"]) for row in rows]


def captures_of(options):
    """{name of the set: [path], or None when it is not there}"""
    if options.files:
        return {"given": options.files}
    return {
        "scenarios": sorted(glob.glob("build/samples/*.pcap")) or None,
        "captures": sorted(glob.glob("samples/captures/*.pcap*")),
        "lab": sorted(glob.glob("samples/lab/captures/*.pcap*")) or None,
        "collection": collection(options.collection),
    }


# ---- both answers ----

def nanoseconds(text):
    """Of our time; datetime has microseconds only."""
    whole, _, part = text.rstrip("Z").partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 10**9 + int(part)


def report_of(binary, path):
    """None where rstscope says that this is no capture that it can read."""
    os.stat(path)  # a capture that is gone is no answer
    run = subprocess.run([binary, "read", "-f", "json", "--all", path], capture_output=True,
                         timeout=120, check=False)
    if run.returncode == 4 and not run.stdout:
        return None
    if run.returncode not in (0, 3):
        raise OSError(f"{path}: status {run.returncode} of {binary}")
    report = json.loads(run.stdout)
    for connection in report["connections"]:
        connection["first_ns"] = nanoseconds(connection["first"])
        connection["last_ns"] = nanoseconds(connection["last"])
    return report


def examine(path, binary, settings):
    """(report, [Finding]) of one capture."""
    report = report_of(binary, path)
    ports = {c["server"]["port"] for c in (report["connections"] if report else ())} - {22}
    capture = oracle_tshark.ask(path, ports, settings)
    return report, list(oracle_compare.findings(path, report, capture))


def examine_all(paths, options):
    """Counts on a terminal: it takes minutes."""
    with tempfile.TemporaryDirectory() as settings, ThreadPoolExecutor(PROCESSES) as pool:
        jobs = pool.map(lambda path: examine(path, options.binary, settings), paths)
        for done, result in enumerate(jobs, start=1):
            if sys.stderr.isatty():
                print(f"\r{done} of {len(paths)} captures", end="", file=sys.stderr, flush=True)
            yield result
    if sys.stderr.isatty():
        print(file=sys.stderr)


# ---- what is told ----

def share(part, whole):
    return f"{100 * part / whole:.2f} %" if whole else "-"


def print_fields(findings):
    print(f"{'field':<22}{'compared':>10}{'agree':>10}{'share':>11}{'explained':>11}{'not':>6}")
    for name in [*oracle_compare.FIELDS, "all"]:
        here = [f for f in findings if name in (f.field, "all")]
        agree = sum(f.agrees for f in here)
        excused = sum(not f.agrees and f.rule is not None for f in here)
        print(f"{name:<22}{len(here):>10}{agree:>10}{share(agree, len(here)):>11}{excused:>11}"
              f"{len(here) - agree - excused:>6}")


def print_classes(findings):
    groups = defaultdict(list)
    for finding in findings:
        if not finding.agrees and finding.rule:
            groups[finding.rule].append(finding)
    for rule, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        fields = Counter(f.field for f in group)
        told = ", ".join(f"{count} {name}" for name, count in fields.most_common())
        print(f"\n{rule}: {told}\n  {group[0]}")


def print_unexplained(findings, limit):
    rest = [f for f in findings if not f.agrees and not f.rule]
    print(f"\nunexplained: {len(rest)}")
    for finding in rest[:limit]:
        print(f"  {finding}")
    if limit is not None and len(rest) > limit:
        print(f"  and {len(rest) - limit} more (--all)")
    return len(rest)


def explained():
    """The classes that the page explains: its headings of the third order."""
    with open(EXPLANATIONS, encoding="utf-8") as file:
        return set(re.findall(r"^### (.+)$", file.read(), re.MULTILINE))


def check_page():
    names, headings = set(RULES), explained()
    for name in sorted(names ^ headings):
        where = "has no rule" if name in headings else f"has no heading in {EXPLANATIONS}"
        print(f"oracle: class {name!r} {where}")
    return names == headings


def compare(options):
    findings = []
    for name, paths in captures_of(options).items():
        if paths is None:
            print(f"{name}: skipped, not there")
            continue
        connections = read = 0
        for report, found in examine_all(paths, options):
            read += report is not None
            connections += len(report["connections"]) if report else 0
            findings += found
        print(f"{name}: {len(paths)} captures, {read} read, {connections} connections")
    for finding in findings:
        finding.rule = None if finding.agrees else class_of(finding)
    print()
    print_fields(findings)
    print_classes(findings)
    unexplained = print_unexplained(findings, None if options.all else SHOWN)
    agree = sum(f.agrees for f in findings)
    return unexplained == 0 and agree >= SHARE_MIN * len(findings)


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", default="build/rstscope")
    parser.add_argument("--collection", default="../shared/captures", metavar="DIR")
    parser.add_argument("--all", action="store_true", help="every difference without a class")
    parser.add_argument("files", nargs="*", help="these captures only")
    return parser.parse_args(arguments)


def main(arguments):
    options = options_of(arguments)
    if shutil.which("tshark") is None:
        print("oracle: skipped, tshark is not installed")
        return 0
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    try:
        same, good = check_page(), compare(options)
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.exit(f"oracle: {error}")
    return 0 if same and good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
