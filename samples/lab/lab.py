#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lab.py [OPTIONS] [SCENARIO...]: breaks real SSH connections in known ways and captures them.

Each run (a scenario in one of its variations) is a process tree in mount, process and network
namespaces of its own; when its time is up or it is interrupted, all of it vanishes with them.
Results go to OUT: NAME-N.VANTAGE.pcap and truth.tsv.
"""

import argparse
import concurrent.futures
import lzma
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import packets  # noqa: E402
import run  # noqa: E402
import scenario  # noqa: E402

# The longest run waits for retransmissions; none needs half of this.
RUN_LIMIT_S = 180
HEADER = "file\tvantage\tclient\tserver\tending\twho\tcause\tdetail\talso\tshows"
TOOLS = ("ip", "nft", "ethtool", "tcpdump", "ss", "ps", "ssh", "sshd", "ssh-keygen", "unshare",
         "openssl", "sysctl")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="SCENARIO",
                        help="NAME, NAME-N (one variation) or a family; default: all")
    parser.add_argument("--out", help="default: build/lab/captures, build/lab/shifted")
    parser.add_argument("--jobs", type=int, default=6, help="runs at a time (they mostly wait)")
    parser.add_argument("--keep", action="store_true",
                        help="copy the captures and their truth to samples/lab/")
    parser.add_argument("--shift", metavar="SEED",
                        help="other delays and silences than the committed captures have")
    parser.add_argument("--list", action="store_true", help="say what there is, and end")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.keep and options.shift:
        parser.error("what is kept has the delays and silences that the scenarios state")
    options.out = options.out or ("build/lab/shifted" if options.shift
                                  else "build/lab/captures")
    return options


def chosen(names):
    """[(scenario, number)] in order; the words of the command line may be of three kinds."""
    known = scenario.load()
    every = [(s, n) for s in known.values() for n in range(1, len(s.variations) + 1)]
    if not names:
        return every
    picked = [(s, n) for s, n in every if {s.name, f"{s.name}-{n}", s.family} & set(names)]
    words = {word for s, n in picked for word in (s.name, f"{s.name}-{n}", s.family)}
    for name in names:
        if name not in words:
            sys.exit(f"lab.py: no such scenario: {name} (--list shows them)")
    return picked


def isolated(name, number, options):
    """The run in a process tree that dies as a whole; returns "" or what went wrong."""
    command = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "--mount-proc",
               "--propagation", "private",
               # A shell as the first process collects the orphans; a Python one would not.
               "sh", "-c", '"$@"; exit $?', "lab", sys.executable, os.path.abspath(__file__),
               "--out", options.out, "--one", name, str(number)]
    if options.shift:
        command += ["--shift", options.shift]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=RUN_LIMIT_S, text=True,
                              check=False, errors="replace")
    except subprocess.TimeoutExpired as late:
        return f"not done after {RUN_LIMIT_S} s\n{late.output or ''}"
    return done.stdout if done.returncode else ""


def attempt(one, options):
    which, number = one
    lack = which.lacks(number)
    if lack:
        return one, "skipped", lack
    began = time.monotonic()
    for name in os.listdir(options.out):
        if run_of(name) == f"{which.name}-{number}":
            os.remove(os.path.join(options.out, name))
    for _ in range(2):
        # Real kernels race: what a scenario could not bring about is tried once more.
        fault = isolated(which.name, number, options)
        if not fault:
            return one, "done", f"{time.monotonic() - began:.1f} s"
    return one, "failed", fault


def main():
    options = arguments()
    if options.one:
        name, number = options.one
        run.perform(scenario.load()[name], int(number), options.shift,
                    os.path.abspath(options.out))
        return 0
    os.chdir(os.path.dirname(os.path.dirname(HERE)))
    runs = chosen(options.names)
    if options.list:
        for which in dict.fromkeys(s for s, _ in runs):
            print(f"{which.family:9} {which.name:32} {len(which.variations)}  {which.about}")
        return 0
    prepare(options.out)
    results = perform_all(runs, options)
    return tell(results, options)


def prepare(out):
    if os.geteuid() != 0:
        sys.exit("lab.py: needs root: it makes network namespaces")
    for tool in TOOLS:
        if shutil.which(tool) is None:
            sys.exit(f"lab.py: needs {tool} (Debian: {scenario.PACKAGES.get(tool, tool)})")
    os.makedirs(out, exist_ok=True)


def perform_all(runs, options):
    results = []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        waiting = [pool.submit(attempt, one, options) for one in runs]
        try:
            for done in concurrent.futures.as_completed(waiting):
                (which, number), how, words = done.result()
                results.append((which, number, how, words))
                print(f"{how:8} {which.name}-{number}  {words.strip()}", flush=True)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            sys.exit(130)
    return results


def tell(results, options):
    count = {how: sum(r[2] == how for r in results) for how in ("done", "skipped", "failed")}
    done = {f"{which.name}-{number}": which.name for which, number, how, _ in results
            if how == "done"}
    rows = gather(options.out)
    mine = [row for row in rows if run_of(row) in done]
    print(f"{count['done']} runs of {len(set(done.values()))} scenarios, {count['skipped']} "
          f"skipped, {count['failed']} failed; {len(mine)} labelled connections")
    if options.keep:
        keep(options.out, set(done), mine)
    return 1 if count["failed"] else 0


def run_of(text):
    """Of a row of the truth or the name of a capture."""
    return text.split(".", 1)[0]


def gather(out):
    """truth.tsv of all that is in OUT, older runs included."""
    rows = []
    for name in os.listdir(out):
        if name.endswith(".tsv") and name != "truth.tsv":
            with open(os.path.join(out, name), encoding="ascii") as file:
                rows += file.read().splitlines()
    write_truth(os.path.join(out, "truth.tsv"), rows)
    return rows


def write_truth(path, rows):
    with open(path, "w", encoding="ascii") as file:
        print(HEADER, *sorted(rows), sep="\n", file=file)


def pack(source, target):
    """Half of a capture are names of algorithms. The same bytes in, the same bytes out."""
    with open(source, "rb") as file, open(target, "wb") as packed:
        packed.write(lzma.compress(file.read(), preset=9 | lzma.PRESET_EXTREME))


def keep(out, runs, rows):
    """Replaces what is committed of these runs; runs that are no more go as well."""
    captures, truth = os.path.join(HERE, "captures"), os.path.join(HERE, "truth.tsv")
    os.makedirs(captures, exist_ok=True)
    known = {f"{s.name}-{n}" for s in scenario.load().values()
             for n in range(1, len(s.variations) + 1)} - runs
    for name in os.listdir(captures):
        if run_of(name) not in known:
            os.remove(os.path.join(captures, name))
    for name in sorted(os.listdir(out)):
        path = os.path.join(out, name)
        # Where nothing passes there is nothing to keep.
        if name.endswith(".pcap") and run_of(name) in runs and packets.connections(path):
            pack(path, os.path.join(captures, name + ".xz"))
    rows = [row.replace(".pcap\t", ".pcap.xz\t", 1) for row in rows]
    if os.path.exists(truth):
        with open(truth, encoding="ascii") as file:
            rows = rows + [row for row in file.read().splitlines()[1:] if run_of(row) in known]
    write_truth(truth, rows)


if __name__ == "__main__":
    sys.exit(main())
