#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""No connection that was judged rightly is judged wrongly.

Those that are wrong or shy (outcomes.py) must stand in known_wrong.tsv, each with its reason, and
that list may only shrink: a row that is right now, or has no connection any more, fails as well.
"""

import argparse
import csv
import os
import sys

sys.dont_write_bytecode = True
import truth  # noqa: E402 (the line above must come first)
from outcomes import GOOD, outcomes_of  # noqa: E402

KNOWN = "tests/known_wrong.tsv"
KNOWN_COLUMNS = ("file", "client", "server", "reason")
UNWRITTEN = "new"  # the reason that --accept writes and the test refuses


def read_known(path):
    with open(path, encoding="ascii", newline="") as file:
        return list(csv.DictReader(file, restval="", delimiter="\t", quoting=csv.QUOTE_NONE))


def key_of(row):
    return tuple(row[column] for column in KNOWN_COLUMNS[:3])


def outcome_faults(outcomes, listed):
    """(key, what is wrong, or None if it is right or known)"""
    for o in outcomes:
        held = o.grade in GOOD or o.key in listed
        yield o.key, None if held else "; ".join(truth.differences(o.row, o.connection))


def list_faults(known, outcomes):
    """(key, why the row may not stand in the list, or None)"""
    exist = {o.key for o in outcomes}
    wrong = {o.key for o in outcomes if o.grade not in GOOD}
    for row in known:
        fault = None
        if key_of(row) not in exist:
            fault = "is listed, but there is no such connection any more: delete its row"
        elif key_of(row) not in wrong:
            fault = "is right now: delete its row"
        elif row["reason"].strip() in ("", UNWRITTEN):
            fault = "is listed without a reason: write why it is wrong"
        yield key_of(row), fault


def hold(sets, path):
    outcomes = [o for part in sets.values() if part for o in part]
    known = read_known(path)
    results = [*outcome_faults(outcomes, {key_of(row) for row in known}),
               *list_faults(known, outcomes)]
    failed = [(key, fault) for key, fault in results if fault]
    skipped = [name for name, part in sets.items() if part is None]
    for (file, client, server), fault in failed:
        print(f"hold: {file}: {client} > {server}: {fault}")
    for name in skipped:
        print(f"hold: {name}: skipped, it has no truth.tsv")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed"
          + (f", {len(skipped)} skipped" if skipped else ""))
    return 1 if failed else 0


def accept(sets, path):
    if None in sets.values():
        sys.exit("hold: the lab has no truth.tsv: its rows would be lost")
    reasons = {key_of(row): row["reason"] for row in read_known(path)}
    wrong = dict.fromkeys(o.key for part in sets.values() for o in part if o.grade not in GOOD)
    with open(path, "w", encoding="ascii") as file:
        for row in [KNOWN_COLUMNS, *((*key, reasons.get(key, UNWRITTEN)) for key in wrong)]:
            print(*row, sep="\t", file=file)
    return 0


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", default="build/rstscope")
    parser.add_argument("--lab", default="samples/lab", metavar="DIR")
    parser.add_argument("--list", default=KNOWN)
    parser.add_argument("--accept", action="store_true",
                        help="write the list anew: drop what is right, add what is wrong")
    return parser.parse_args(arguments)


def main(arguments):
    options = options_of(arguments)
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    try:
        sets = outcomes_of(options.binary, options.lab)
        return accept(sets, options.list) if options.accept else hold(sets, options.list)
    except OSError as error:
        sys.exit(f"hold: {error}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
