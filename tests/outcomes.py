# SPDX-License-Identifier: BSD-3-Clause
"""What rstscope tells of each connection whose truth is known, beside that truth.

Three truth sets: build/samples (scenarios written by libnet), samples/captures and samples/lab
(real connections that were broken on purpose, the lab's from three vantage points). rstscope reads
each capture once, and each connection is

    right   ending, who and cause (and detail, where the truth gives one) are true
    fair    the ending is true, who and cause are another honest answer from this vantage ("also")
    shy     the ending is true, but it says unknown, unexplained where the packets do tell more
    wrong   anything else, or not reported, or reported though no truth knows of it
    loud    wrong with a confidence of 0.80 or more
"""

import glob
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Optional

sys.dont_write_bytecode = True
import truth  # noqa: E402 (the line above must come first)

GRADES = ("right", "fair", "shy", "wrong")
GOOD = ("right", "fair")
LOUD = 0.80


class Outcome(NamedTuple):
    """One connection: what is true of it, and what was told; one of them may be None."""
    file: str
    client: str
    server: str
    row: Optional[dict]
    connection: Optional[dict]

    @property
    def key(self):
        return self[:3]

    @property
    def says(self):
        return self.connection and truth.told(self.connection)

    @property
    def confidence(self):
        return self.connection["verdict"]["confidence"] if self.connection else 0.0

    @property
    def promised(self):
        """The probability that was given to the answer told and to those as honest as it.

        Where the packets leave two answers open, half each is the best that can be told, and either
        is good: what must come true is the sum.
        """
        if self.grade not in GOOD or not self.also:
            return self.confidence
        honest = {f"{self.row['who']}/{self.row['cause']}", *self.also}
        others = self.connection["verdict"]["alternatives"]
        return self.confidence + sum(other["confidence"] for other in others
                                     if f"{other['who']}/{other['cause']}" in honest)

    @property
    def also(self):
        """The other honest answers, "WHO/CAUSE"."""
        return self.row.get("also", "").split() if self.row else []

    @property
    def vantage(self):
        return self.row.get("vantage") or "-" if self.row else "-"

    @property
    def grade(self):
        if not self.row or not self.says:
            return "wrong"
        false = truth.disagreements(self.row, self.says)
        answer = f"{self.says['who']}/{self.says['cause']}"
        if not false:
            return "right"
        if "ending" in false:
            return "wrong"
        if answer in self.also:
            return "fair"
        return "shy" if answer == "unknown/unexplained" else "wrong"

    @property
    def loud(self):
        return self.grade == "wrong" and self.confidence >= LOUD

    def honest(self, word):
        """Is who, or cause, right or one of those listed?"""
        if not self.row or not self.says:
            return False
        listed = [answer.partition("/")[0 if word == "who" else 2] for answer in self.also]
        return self.says[word] in [self.row[word], *listed]


# ---- from the captures to outcomes ----

def report(binary, path):
    try:
        run = subprocess.run([binary, "read", "-f", "json", path], capture_output=True,
                             timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.exit(f"outcomes: {path}: {error}")
    if run.returncode not in (0, 3):
        sys.exit(f"outcomes: {path}: status {run.returncode}: "
                 f"{run.stderr.decode('ascii', 'replace').strip()[:300]}")
    return json.loads(run.stdout)


def truth_set(binary, folder, files):
    """Outcomes of the captures in a folder: those the truth names, and any that it does not."""
    rows = truth.rows_of(files)
    paths = {truth.name_of(path): path for path in glob.glob(f"{folder}/*.pcap*")}
    if missing := sorted(set(rows) - set(paths)):
        sys.exit(f"outcomes: {folder}: there is no capture {missing[0]}, but a truth of it")
    names = sorted(paths)
    with ThreadPoolExecutor(max_workers=2) as pool:
        reports = pool.map(lambda name: report(binary, paths[name]), names)
        return [Outcome(name, *pair) for name, said in zip(names, reports)
                for pair in truth.pairs(rows.get(name, []), said)]


def outcomes_of(binary, lab):
    """{name of the truth set: [Outcome]}; the lab is None when it has no truth yet."""
    scenarios = sorted(glob.glob("build/samples/*.truth"))
    if not scenarios:
        sys.exit("outcomes: no build/samples/*.truth; 'make samples' writes them")
    has_lab = os.path.exists(f"{lab}/truth.tsv")
    # The committed captures have a folder of their own; those of a run lie beside their truth.
    captures = f"{lab}/captures" if os.path.isdir(f"{lab}/captures") else lab
    return {
        "scenarios": truth_set(binary, "build/samples", scenarios),
        "captures": truth_set(binary, "samples/captures", ["samples/captures/truth.tsv"]),
        "lab": truth_set(binary, captures, [f"{lab}/truth.tsv"]) if has_lab else None,
    }
