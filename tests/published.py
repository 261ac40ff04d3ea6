#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""published.py [BINARY]: do our ECS lines keep to the fields as Elastic publishes them?

The package @elastic/ecs holds them as data. It is installed with npm into a scratch folder; skipped where
there is no npm or no package to be had. Each field of ours outside rstscope.* has to be published, with
a value of its type, as an array where it is to be one, and of the allowed values where there are some.
Then lines that are broken, each of which has to be found.
"""

import copy
import glob
import json
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import events  # noqa: E402 (the line above must come first)

PACKAGE = "@elastic/ecs@8.11.5"
PRINT = "console.log(JSON.stringify(require('@elastic/ecs').EcsFlat))"
CHECKS = {
    "keyword": events.is_keyword,
    "constant_keyword": events.is_keyword,
    "wildcard": events.is_word,
    "match_only_text": events.is_word,
    "date": events.is_date,
    "ip": events.is_ip,
    "long": events.is_long,
}
# Path of a leaf and the value that breaks it.
BROKEN = [("event.kind", "odd"), ("event.type", ["reset"]), ("event.category", "network"), ("source.ip", "host"),
          ("source.bytes", "12"), ("event.start", 12), ("event.sort", "x"), ("event.outcome", None)]


def published(folder):
    """The fields, or None where they cannot be had."""
    if not shutil.which("npm") or not shutil.which("node"):
        return None
    done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts",
                           "--prefix", folder, PACKAGE], capture_output=True, timeout=300)
    if done.returncode != 0:
        return None
    done = subprocess.run(["node", "-e", PRINT], cwd=folder, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def fault_of(field, value):
    if field is None:
        return "is not published"
    if ("array" in field.get("normalize", [])) != isinstance(value, list):
        return "is an array, or should be one"
    allowed = {each["name"] for each in field.get("allowed_values", [])}
    for each in value if isinstance(value, list) else [value]:
        if field["type"] not in CHECKS or not CHECKS[field["type"]](each):
            return f"is {each!r:.60}, not of type {field['type']}"
        if allowed and each not in allowed:
            return f"is {each!r:.60}, not one of the allowed"
    return None


def faults(fields, document):
    for path, value in events.leaves(document):
        fault = None if path.startswith("rstscope.") else fault_of(fields.get(path), value)
        if fault:
            yield f"{path} {fault}"


def break_it(document, path, value):
    broken = copy.deepcopy(document)
    *parents, name = path.split(".")
    holder = broken
    for parent in parents:
        holder = holder[parent]
    holder[name] = value
    return broken


def main(arguments):
    binary = arguments[0] if arguments else "build/rstscope"
    with tempfile.TemporaryDirectory() as folder:
        fields = published(folder)
    if fields is None:
        print("published: skipped: no npm, or it cannot install", PACKAGE)
        return 0
    documents, failures = [], []
    for path in sorted(glob.glob("build/samples/*.pcap*") + glob.glob("samples/captures/*.pcap*")):
        lines = subprocess.run([binary, "read", "-q", "-f", "ecs", path], capture_output=True, text=True).stdout
        for document in map(json.loads, lines.splitlines()):
            documents.append(document)
            failures += [f"{path}: {fault}" for fault in faults(fields, document)]
    if not documents:
        failures.append("no line was written")
    whole = [document for document in documents if "source" in document][:1]
    failures += [f"self-test: {path} = {value!r} is not found" for document in whole for path, value in BROKEN
                 if not any(fault.startswith(path + " ") for fault in faults(fields, break_it(document, path, value)))]
    for line in failures[:20]:
        print("published:", line)
    print(f"published: {len(documents)} lines, {len(BROKEN)} broken ones, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
