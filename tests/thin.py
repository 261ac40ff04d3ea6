#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""A capture that lacks frames does not make rstscope surer than the complete one.

Captures of known truth are thinned: each frame is dropped with a chance of 1, 5 or 20 %, by dice that
fall the same each time. Of a connection that was judged rightly from the complete capture, a wrong
verdict from the thinned one should not have more confidence. Where the frame that told is gone and
left no trace, nobody can know that: so it holds of all but one in 300, and a connection that is
said to be still open is not counted, which is what a capture without its end shows. No rate may raise
the mean confidence. Loud wrong verdicts are listed.
"""

import argparse
import glob
import lzma
import os
import random
import struct
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True
import truth  # noqa: E402 (the line above must come first)
from outcomes import GOOD, LOUD, Outcome, report  # noqa: E402

RATES = (1, 5, 20)
BLIND = 300        # one in so many may be wrong and surer: nothing shows the loss
BLIND_LEAST = 3    # of a quick run, where one situation stands for many
SAMPLE = 40        # of a quick run: each so many-th capture
LOUD_SHOWN = 20
HEADER_LEN, RECORD_LEN = 24, 16  # of classic pcap: the file's, and each frame's
MAGICS = (0xa1b2c3d4, 0xa1b23c4d)  # of microseconds and nanoseconds
SETS = (("build/samples", "build/samples/*.truth"),
        ("samples/captures", "samples/captures/truth.tsv"),
        ("samples/lab/captures", "samples/lab/truth.tsv"))


def frames_of(path):
    """The file's header, and each frame with the header of its own."""
    with (lzma.open if path.endswith(".xz") else open)(path, "rb") as file:
        data = file.read()
    order = next((o for o in "<>" if struct.unpack(o + "I", data[:4])[0] in MAGICS), None)
    if order is None:
        sys.exit(f"thin: {path}: no classic pcap")
    frames, at = [], HEADER_LEN
    while at + RECORD_LEN <= len(data):
        end = at + RECORD_LEN + struct.unpack(order + "I", data[at + 8:at + 12])[0]
        frames.append(data[at:end])
        at = end
    return data[:HEADER_LEN], frames


def thinned(name, frames, percent, seed):
    dice = random.Random(f"{seed} {percent} {name}")
    return [frame for frame in frames if dice.random() * 100 >= percent]


def outcomes_at(binary, folder, captures, percent, seed):
    """{connection: Outcome} of all captures, with that share of their frames dropped."""
    def judged(capture):
        name, path, rows = capture
        header, frames = frames_of(path)
        copy = os.path.join(folder, f"{name}.pcap")
        with open(copy, "wb") as file:
            file.writelines([header, *thinned(name, frames, percent, seed)])
        said = report(binary, copy)
        os.unlink(copy)
        return [Outcome(name, *pair) for pair in truth.pairs(rows, said)]

    with ThreadPoolExecutor(max_workers=2) as pool:
        return {o.key: o for part in pool.map(judged, captures) for o in part}


def captures_of(every):
    """(name, path, rows of its truth)"""
    found = []
    for folder, pattern in SETS:
        rows = truth.rows_of(sorted(glob.glob(pattern)))
        paths = {truth.name_of(path): path for path in glob.glob(f"{folder}/*.pcap*")}
        found += [(name, paths[name], rows[name]) for name in sorted(rows) if name in paths]
    return found[::every]


def is_wrong(outcome):
    """Other words for the ending are no mistake: the frame that ended it may be what is lacking."""
    answer = f"{outcome.says['who']}/{outcome.says['cause']}"
    return (answer != f"{outcome.row['who']}/{outcome.row['cause']}"
            and answer not in outcome.also and outcome.says["cause"] != "unexplained")


def mean(numbers):
    return sum(numbers) / len(numbers)


def compare(complete, thin, percent):
    """What is wrong at this rate, in lines; and prints what was measured."""
    both = [(complete[key], o) for key, o in thin.items()
            if key in complete and o.row and o.says and complete[key].says]
    wrong = [(c, o) for c, o in both if c.grade in GOOD and is_wrong(o)]
    was, now = (mean([pair[i].confidence for pair in both]) for i in (0, 1))
    loud = sorted((o.confidence, o, c) for c, o in wrong if o.confidence >= LOUD)
    print(f"{percent} %: {len(both)} connections, mean confidence {was:.3f} to {now:.3f}, "
          f"{len(wrong)} became wrong, {len(loud)} of them loudly")
    taken = Counter((o.row["cause"], o.says["cause"]) for _, o, _ in loud)
    for (true, told), count in taken.most_common(LOUD_SHOWN):
        names = [o.file for _, o, _ in loud if (o.row["cause"], o.says["cause"]) == (true, told)]
        print(f"    {count} of {true} told as {told}, as {names[-1]}")
    surer = [f"{o.file} {o.client}: {o.says['cause']} {o.confidence:.3f}, but {c.confidence:.3f} "
             f"for {c.says['cause']} with all frames"
             for c, o in wrong if o.confidence > c.confidence and o.says["cause"] != "still_open"]
    for line in surer:
        print(f"    surer: {line}")
    faults = []
    if len(surer) > max(BLIND_LEAST, len(both) // BLIND):
        faults.append(f"{percent} %: {len(surer)} of {len(both)} became wrong and surer")
    if now > was:
        faults.append(f"{percent} %: the mean confidence rose")
    return faults


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", default="build/rstscope")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--quick", action="store_true", help=f"one capture in {SAMPLE}")
    return parser.parse_args(arguments)


def main(arguments):
    options = options_of(arguments)
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    captures = captures_of(SAMPLE if options.quick else 1)
    if not captures:
        sys.exit("thin: no captures of known truth")
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        complete = outcomes_at(options.binary, folder, captures, 0, options.seed)
        for percent in RATES:
            thin = outcomes_at(options.binary, folder, captures, percent, options.seed)
            faults += compare(complete, thin, percent)
    for fault in faults:
        print(f"thin: {fault}")
    print(f"{2 * len(RATES) - len(faults)} passed, {len(faults)} failed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
