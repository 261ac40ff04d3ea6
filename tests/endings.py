#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""endings.py BINARY DIR: do we see each connection of a labelled collection end as its label says?

DIR/ENDINGS.tsv has a row for each connection, written by people who looked at the packets. Rows
that differ are printed, then the shares; status 1 under 95 %. Then the false alarms: connections
that ended well, of which a verdict says with confidence that something went wrong.
"""

import csv
import json
import os
import subprocess
import sys
from collections import defaultdict

WANTED = 0.95
CONFIDENT = ("certain", "likely")


def endings_of(label):
    """The words of the contract that agree with a label; the order of the tests matters."""
    if "then RST" in label or "later RST" in label:
        return {"closed", "reset"}
    if label.startswith("FIN"):
        return {"closed"}
    if label.startswith("RST"):
        return {"reset"}
    if label.startswith("no answer to SYN"):
        return {"unanswered"}
    if label.startswith("no close in capture") or label.startswith("no data, no close"):
        return {"open", "silent", "unanswered"}
    raise ValueError(f"ENDINGS.tsv has an ending that is not known here: {label}")


def who_of(label):
    """The words that agree. A label names the sender of a segment; nobody sends silence."""
    if label.startswith("nobody"):
        return {"none", "unknown", "network"}
    if label.startswith("not decidable"):
        return {"unknown"}
    word = label.split(" ", 1)[0]
    if word not in ("client", "server"):
        raise ValueError(f"ENDINGS.tsv names a side that is not known here: {label}")
    return {word}


def ended_well(row):
    """Still alive, or a session that its client left by FIN: nothing for anyone to mend."""
    if row["ending"].startswith("no close in capture"):
        return True
    return (row["ending"].startswith("FIN both ways") and row["who"].startswith("client")
            and "phase: after NEWKEYS" in row["note"])


def is_alarm(connection):
    """Something went wrong, says the verdict; a label cannot tell a login that never succeeded."""
    verdict = connection["verdict"]
    left = connection["ssh"] and connection["ssh"]["phase"] != "session" and \
        verdict["who"] == "client" and verdict["cause"] in ("auth_failure", "client_abort")
    return verdict["sure"] in CONFIDENT and verdict["family"] != "none" and not left


def key(client, server):
    """What tells connections apart; addresses as both sides write them, without brackets."""
    return tuple(end.replace("[", "").replace("]", "") for end in (client, server))


def reported(binary, path):
    """Our connections of one file: key -> list, in the order of their first frames."""
    run = subprocess.run([binary, "read", "-f", "json", path], capture_output=True, timeout=60,
                         check=False)
    found = defaultdict(list)
    if run.returncode not in (0, 3):
        print(f"{path}: status {run.returncode}: {run.stderr.decode('ascii', 'replace').strip()}")
        return found
    for connection in json.loads(run.stdout)["connections"]:
        ends = [f"{connection[side]['ip']}:{connection[side]['port']}"
                for side in ("client", "server")]
        found[key(*ends)].append(connection)
    return found


def read_labels(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def judge(row, connection):
    """(ending agrees, who agrees, what we say)"""
    if connection is None:
        return False, False, "not reported"
    verdict = connection["verdict"]
    says = f"{connection['ending']}, {verdict['who']}, {verdict['cause']} ({verdict['sure']})"
    return (connection["ending"] in endings_of(row["ending"]),
            verdict["who"] in who_of(row["who"]), says)


def name_of(row):
    return f"{row['file']}: {row['client ip:port']} > {row['server ip:port']}"


def main(binary, folder):
    labels = read_labels(os.path.join(folder, "ENDINGS.tsv"))
    ours = {file: reported(binary, os.path.join(folder, file))
            for file in dict.fromkeys(row["file"] for row in labels)}
    agreed = {"ending": 0, "who": 0, "both": 0}
    alarms, well = [], 0
    for row in labels:
        same = ours[row["file"]][key(row["client ip:port"], row["server ip:port"])]
        connection = same.pop(0) if same else None
        ending, who, says = judge(row, connection)
        agreed["ending"] += ending
        agreed["who"] += who
        agreed["both"] += ending and who
        if not (ending and who):
            print(f"{name_of(row)}: {row['ending']}, {row['who']}; we say: {says}")
        if connection and ended_well(row):
            well += 1
            if is_alarm(connection):
                alarms.append(f"{name_of(row)}: {row['ending']}; we say: {says}")
    print(f"{len(alarms)} false alarms among {well} connections that ended well")
    for line in alarms:
        print("  " + line)
    for word, count in agreed.items():
        print(f"{word} agrees in {count} of {len(labels)}: {100 * count / len(labels):.1f} %")
    enough = min(agreed["ending"], agreed["who"]) >= WANTED * len(labels)
    passed = sum((agreed["ending"] >= WANTED * len(labels), agreed["who"] >= WANTED * len(labels)))
    print(f"{passed} passed, {2 - passed} failed")
    return 0 if enough else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
