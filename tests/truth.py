#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""truth.py REPORTS TRUTH... : does each report say what is true?

REPORTS is a folder of NAME.json. A TRUTH file has a row for each connection: client, server,
ending, who, cause, detail (compared when given), and a first column "file" when it speaks of
several captures; else it is NAME.truth. A connection that no row knows is false too.
"""

import csv
import json
import os
import sys

WORDS = ("ending", "who", "cause", "detail")


def endpoint(end):
    ip = f"[{end['ip']}]" if ":" in end["ip"] else end["ip"]
    return f"{ip}:{end['port']}"


def told(connection):
    verdict = connection["verdict"]
    return {"ending": connection["ending"], **{word: verdict[word] for word in WORDS[1:]}}


def rows_of(paths):
    """NAME: [row], in the order of the files."""
    truth = {}
    for path in paths:
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="ascii", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", strict=True):
                truth.setdefault(row.get("file", name).removesuffix(".pcap"), []).append(row)
    return truth


def differences(row, connection):
    if connection is None:
        return ["is not reported"]
    says = told(connection)
    return [f"{word} is {says[word]}, but in truth {row[word]}"
            for word in WORDS if row[word] and says[word] != row[word]]


def check(name, rows, report):
    """A line for each connection that is judged falsely, None for each that is not."""
    connections = [(endpoint(c["client"]), endpoint(c["server"]), c)
                   for c in report["connections"]]
    for row in rows:
        ends = (row["client"], row["server"])
        found = next((c for c in connections if c[:2] == ends), None)
        if found:
            connections.remove(found)
        faults = differences(row, found and found[2])
        yield f"{name}: {' > '.join(ends)}: {'; '.join(faults)}" if faults else None
    for client, server, _ in connections:
        yield f"{name}: {client} > {server}: no truth is known of it"


def main(reports, *truths):
    truth = rows_of(truths)
    names = {os.path.splitext(file)[0] for file in os.listdir(reports) if file.endswith(".json")}
    results = []
    for name in sorted(names | set(truth)):
        if name not in names or name not in truth:
            results.append(f"{name}: no {'truth' if name in names else 'report'}")
            continue
        with open(os.path.join(reports, name + ".json"), encoding="utf-8") as file:
            results += check(name, truth[name], json.load(file))
    faults = [line for line in results if line]
    for line in faults:
        print("truth:", line)
    print(f"{len(results) - len(faults)} true, {len(faults)} false")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
