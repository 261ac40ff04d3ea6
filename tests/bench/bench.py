#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""bench.py: how fast the program is, and in how much memory, beside what else reads captures.

Each measurement is a row of pairs: the yardstick (a bare libpcap loop over the same file, or the
decompressor), then the program; what counts is the median of the ratios within the pairs, as both
halves of a pair meet the machine in the same mood. All files are read once before, so they come
from the page cache. Output goes to /dev/null.

The captures are written to a scratch folder by generate.c, which see, and stay there for the next run.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = ROOT / "build/tests/bench"
SAMPLES = ROOT / "build/samples"
MANY_FRAMES = 170  # a file: 10,000 files of "bastion"
SETS = ["bastion", "pcapng", "gzip", "zstd", "haystack", "long", "storm", "many", "syns"]
SSH_FIELDS = ["-e", "frame.number", "-e", "ip.src", "-e", "tcp.srcport", "-e", "ssh.protocol",
              "-e", "ssh.message_code"]


def others(path):
    """What else there is, as name: command."""
    return {
        "tcpdump -w 'tcp port 22'": ["tcpdump", "-r", path, "-w", "/dev/null", "tcp port 22"],
        "tcptrace": ["tcptrace", "-n", path],
        "ndpiReader": ["ndpiReader", "-q", "-i", path],
        "tshark conversations": ["tshark", "-n", "-q", "-r", path, "-z", "conv,tcp"],
        "tshark resets": ["tshark", "-n", "-r", path, "-Y", "tcp.flags.reset == 1"],
        "tshark SSH fields": ["tshark", "-n", "-r", path, "-Y", "ssh", "-T", "fields", *SSH_FIELDS],
    }


class Scratch:
    """The folder, and what generate wrote into it."""

    def __init__(self, folder, scale):
        self.folder = pathlib.Path(folder)
        self.scale = scale
        self.counts = {}
        self.folder.mkdir(parents=True, exist_ok=True)

    def write(self, of, ending="pcap", how="pcap", scale=1.0):
        """The path of set `of`, written if it is not there."""
        path = self.folder / f"{of}-{self.scale * scale:g}.{ending}"
        note = path.with_name(path.name + ".count")
        if not (path.exists() and note.exists()):
            if ending == "files":
                path.mkdir(exist_ok=True)
            done = subprocess.run(
                [BENCH / "generate", of, path, SAMPLES, str(self.scale * scale), how],
                check=True, capture_output=True, text=True)
            note.write_text(done.stdout)
        self.counts[str(path)] = [int(word) for word in note.read_text().split()]
        return str(path)

    def pack(self, path, ending, command):
        """A compressed twin."""
        packed = path + ending
        if not os.path.exists(packed):
            with open(path, "rb") as plain, open(packed + ".part", "wb") as out:
                subprocess.run(command, stdin=plain, stdout=out, check=True)
            os.rename(packed + ".part", packed)
        self.counts[packed] = self.counts[path]
        return packed


class Run:
    """One run of a command: seconds on the wall and of the processor, peak KiB."""

    def __init__(self, command):
        words = subprocess.run([BENCH / "once", *command], check=True, capture_output=True,
                               text=True).stdout.split()
        self.wall, self.cpu = float(words[0]), float(words[1])
        self.peak = int(words[2])
        # 1 and 3 say what was found, not that it failed.
        if int(words[3]) not in (0, 1, 3):
            sys.exit(f"bench: {command[0]} ended with status {words[3]}")


def pairs(yardstick, command, count):
    """count pairs of runs: [(yardstick's, command's)]."""
    return [(Run(yardstick), Run(command)) for _ in range(count)]


def size_of(path):
    if os.path.isdir(path):
        return sum(entry.stat().st_size for entry in os.scandir(path))
    return os.path.getsize(path)


class Table:
    """Markdown, a row as soon as it is measured."""

    def __init__(self, scratch, count):
        self.scratch = scratch
        self.count = count

    def head(self, title, path):
        frames, connections = self.scratch.counts[path]
        print(f"\n**{title}**: {size_of(path) / 1e6:,.0f} MB, {frames:,} packets, "
              f"{connections:,} connections\n")
        print("| program | wall | CPU | wall ratio | CPU ratio | packets/s | MB/s | peak |")
        print("|---|---|---|---|---|---|---|---|")

    def row(self, name, path, yardstick, command, count=None):
        if shutil.which(command[0]) is None:
            return None
        runs = pairs(yardstick, command, count or self.count)
        wall = statistics.median(run.wall for _, run in runs)
        cpu = statistics.median(run.cpu for _, run in runs)
        ratio = statistics.median(run.wall / first.wall for first, run in runs)
        cpu_ratio = statistics.median(run.cpu / max(first.cpu, 1e-6) for first, run in runs)
        peak = max(run.peak for _, run in runs)
        print(f"| {name} | {wall:.3f} s | {cpu:.3f} s | {ratio:.2f} | {cpu_ratio:.2f} | "
              f"{self.scratch.counts[path][0] / wall:,.0f} | {size_of(path) / 1e6 / wall:,.0f} | "
              f"{peak / 1024:.1f} MiB |", flush=True)
        return wall

    def program(self, binary, path, yardstick):
        self.row("rstscope read", path, yardstick, [binary, "read", "-q", path])
        self.row("rstscope read -f jsonl --all", path, yardstick,
                 [binary, "read", "-q", "-f", "jsonl", "--all", path])


def measure(table, scratch, name, options):
    """One set: its table, and the program beside the others."""
    binary = options.binary
    ways = {
        "pcapng": lambda: scratch.write("bastion", "pcapng", "pcapng"),
        "gzip": lambda: scratch.pack(scratch.write("bastion"), ".gz", ["gzip", "-1"]),
        "zstd": lambda: scratch.pack(scratch.write("bastion"), ".zst", ["zstd", "-q", "-T0"]),
        "many": lambda: scratch.write("bastion", "files", str(MANY_FRAMES)),
    }
    path = ways[name]() if name in ways else scratch.write(name)
    loop = [str(BENCH / "loop"), path]
    if name in ("gzip", "zstd"):
        loop = [name, "-dc", path]
    elif name in ("many", "pcapng"):
        loop = [str(BENCH / "loop"), scratch.write("bastion")]
    subprocess.run(["cat", path] if os.path.isfile(path) else ["true"],
                   stdout=subprocess.DEVNULL, check=True)
    table.head(name, path)
    table.row(f"{name} -dc" if name in ("gzip", "zstd") else "bare libpcap loop", path, loop, loop)
    table.program(binary, path, loop)
    if name in ("bastion", "haystack", "long", "storm") and not options.alone:
        for other, command in others(path).items():
            table.row(other, path, loop, command, 1 if "tshark" in other else 3)


def instructions(command):
    """How many callgrind counts: exact, whatever else the machine does, and fifty times slower."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        sys.exit(f"bench: callgrind counted nothing: {done.stderr.strip()}")
    return int(found[1])


# What may grow, the set in which it does, and how the program is asked.
GROWING = [
    ("packets", "long", []),
    ("packets of sessions", "bastion", []),
    ("connections", "storm", []),
    ("resets", "resets", []),
    ("rows of text", "resets", ["-f", "text", "--all"]),
    ("rows of JSON", "resets", ["-f", "jsonl", "--all"]),
    ("rows of HTML", "resets", ["-f", "html", "--all"]),
]
LINEAR = 2.1


def linear(scratch, binary, count, counted):
    """time(2N) / time(N), by processor time, or by instructions."""
    unit = "instructions" if counted else "time"
    print(f"\n| what grows | set | {unit}(2N) / {unit}(N) | packets(2N) / packets(N) |")
    print("|---|---|---|---|")
    for what, name, how in GROWING:
        half, whole = (scratch.write(name, scale=scale) for scale in (0.25, 0.5))
        commands = [[binary, "read", "-q", *how, path] for path in (half, whole)]
        if counted:
            ratio = instructions(commands[1]) / instructions(commands[0])
        else:
            ratio = statistics.median(two.cpu / max(one.cpu, 1e-6)
                                      for one, two in pairs(*commands, count))
        frames = scratch.counts[whole][0] / scratch.counts[half][0]
        verdict = "" if ratio <= LINEAR else f", more than {LINEAR}"
        print(f"| {what} | {name} | {ratio:.2f}{verdict} | {frames:.2f} |", flush=True)


def start(binary, scratch, count):
    """What it costs to begin: --version, and a capture of some 5 MB."""
    small = scratch.write("bastion", scale=0.004 / scratch.scale)
    print("\n| start | wall |\n|---|---|")
    for what, command in (("--version", [binary, "--version"]),
                          (f"a capture of {size_of(small) / 1e6:.1f} MB",
                           [binary, "read", "-q", small])):
        wall = statistics.median(Run(command).wall for _ in range(5 * count))
        print(f"| {what} | {wall * 1000:.1f} ms |", flush=True)


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(f"{os.cpu_count()} x {cpu}, {memory:.0f} GiB, {os.uname().sysname} {os.uname().release}; "
          f"load {os.getloadavg()[0]:.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help=" ".join(SETS))
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "rstscope-bench"))
    parser.add_argument("--scale", type=float, default=1.0, help="0.01: a hundredth, in seconds")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--binary", default=str(ROOT / "build/rstscope"))
    parser.add_argument("--instructions", action="store_true",
                        help="of linear: count them with callgrind, for a busy machine; mind --scale")
    parser.add_argument("--alone", action="store_true", help="without the other programs")
    options = parser.parse_args()
    unknown = set(options.sets) - set(SETS) - {"linear", "start"}
    if unknown:
        parser.error(f"no such set: {' '.join(sorted(unknown))}")
    scratch = Scratch(options.folder, options.scale)
    machine()
    for name in options.sets or [*SETS, "linear", "start"]:
        if name == "linear":
            linear(scratch, options.binary, options.pairs, options.instructions)
        elif name == "start":
            start(options.binary, scratch, options.pairs)
        else:
            measure(Table(scratch, options.pairs), scratch, name, options)


if __name__ == "__main__":
    main()
