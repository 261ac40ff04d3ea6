#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""oracle_filters.py [--binary PATH] [FILE...]: does tshark show the frames that each filter is for?

Each evidence of a report has a display filter. It must be one, and show at least the frames that are
named beside it, also where it asks for what they are rather than for their numbers. Without files:
the scenarios and the real captures. Status 1 on trouble.
"""

import argparse
import glob
import json
import lzma
import os
import subprocess
import sys
import tempfile

TSHARK = ("tshark", "-n", "-T", "fields", "-e", "frame.number")


def evidence_of(binary, path):
    """Filter and frames of each piece of evidence; each filter once, with all its frames."""
    run = subprocess.run([binary, "read", "-f", "json", path], capture_output=True, check=False)
    wanted = {}
    for connection in json.loads(run.stdout)["connections"]:
        verdict = connection["verdict"]
        for piece in verdict["evidence"] + verdict["against"]:
            if piece["frames"]:
                wanted.setdefault(piece["filter"], set()).update(piece["frames"])
    return wanted


def shown_by(path, display_filter):
    run = subprocess.run([*TSHARK, "-r", path, "-Y", display_filter], capture_output=True,
                         check=False, text=True)
    if run.returncode != 0:
        return None
    return {int(number) for number in run.stdout.split()}


def check(binary, path):
    """How many filters there are, and a line for each that is wrong."""
    wanted = evidence_of(binary, path)
    trouble = []
    for display_filter, frames in wanted.items():
        shown = shown_by(path, display_filter) if display_filter else None
        if shown is None:
            trouble.append(f"{path}: no filter for tshark: {display_filter}")
        elif not frames <= shown:
            trouble.append(f"{path}: {display_filter} shows {sorted(shown)[:9]}, "
                           f"not {sorted(frames - shown)}")
    return len(wanted), trouble


def unpacked(path, folder):
    """tshark reads no xz by itself in all builds."""
    if not path.endswith(".xz"):
        return path
    plain = os.path.join(folder, os.path.basename(path)[:-3])
    with lzma.open(path) as packed, open(plain, "wb") as out:
        out.write(packed.read())
    return plain


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", default="build/rstscope")
    parser.add_argument("file", nargs="*")
    options = parser.parse_args(arguments)
    files = options.file or sorted(glob.glob("build/samples/*.pcap") +
                                   glob.glob("samples/captures/*.pcap"))
    count, trouble = 0, []
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            filters, lines = check(options.binary, unpacked(path, folder))
            count += filters
            trouble += lines
    print("\n".join(trouble + [f"filters: {count - len(trouble)} right, {len(trouble)} wrong"]))
    return 1 if trouble or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
