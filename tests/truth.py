#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""truth.py REPORTS TRUTH... : does each report say what is true?

REPORTS is a folder of NAME.json. A TRUTH file has a row for each connection: client, server,
ending, who, cause, detail (compared when given), and a first column "file" when it speaks of
several captures; else it is NAME.truth. "closed|reset" is either, where chance decides. A
connection that no row knows is false too.
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


def name_of(path):
    """Of a capture, compressed or not, or of its truth."""
    return os.path.basename(path).removesuffix(".xz").removesuffix(".pcap")


def rows_of(paths):
    """NAME: [row], in the order of the files."""
    truth = {}
    for path in paths:
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="ascii", newline="") as file:
            for row in csv.DictReader(file, restval="", delimiter="\t", quoting=csv.QUOTE_NONE):
                truth.setdefault(name_of(row.get("file", name)), []).append(row)
    return truth


def disagreements(row, says):
    """The words in which what is told is not what is true."""
    compared = WORDS if row["detail"] else WORDS[:-1]
    return [word for word in compared if says[word] not in row[word].split("|")]


def differences(row, connection):
    """What is wrong with the judgement of a connection, in words; either may be None."""
    if row is None:
        return ["no truth is known of it"]
    if connection is None:
        return ["is not reported"]
    says = told(connection)
    return [f"{word} is {says[word]}, but in truth {row[word]}"
            for word in disagreements(row, says)]


def pairs(rows, report):
    """(client, server, row, connection): each row and each connection once, None if alone."""
    rest = [(endpoint(c["client"]), endpoint(c["server"]), c) for c in report["connections"]]
    for row in rows:
        ends = (row["client"], row["server"])
        found = next((c for c in rest if c[:2] == ends), None)
        if found:
            rest.remove(found)
        yield *ends, row, found and found[2]
    for client, server, connection in rest:
        yield client, server, None, connection


def check(name, rows, report):
    """A line for each connection that is judged falsely, None for each that is not."""
    for client, server, row, connection in pairs(rows, report):
        faults = differences(row, connection)
        yield f"{name}: {client} > {server}: {'; '.join(faults)}" if faults else None


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
