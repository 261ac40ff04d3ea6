# SPDX-License-Identifier: BSD-3-Clause
"""The program that gives events to the sinks (feed.c), and what all tests of them ask."""

import glob
import json
import os
import re
import subprocess
import sys


FEED = sys.argv[1] if len(sys.argv) > 1 else "build/tests/sinks/feed"
BINARY = sys.argv[2] if len(sys.argv) > 2 else "build/rstscope"
CAPTURES = [f"build/samples/{name}.pcap" for name in
            ("idle_timeout", "server_crash", "protocol_error", "orderly_close")]
PRINTABLE = re.compile(rb"[\x20-\x7e]*")


class Skipped(Exception):
    pass


class Feed:
    """The program, its answers, and what it had to say."""

    def __init__(self, *options, captures=CAPTURES, **how):
        self.process = subprocess.Popen(
            [FEED, *options, *captures], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **how)
        self.said = []
        self.pid = self.process.pid
        self.began = self.answer()

    def answer(self):
        for line in self.process.stdout:
            if not line.startswith("said "):
                return line.rstrip("\n")
            self.said.append(line[5:].rstrip("\n"))
        raise AssertionError(f"it ended with {self.process.wait()}")

    def do(self, *commands):
        result = None
        for command in commands:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
            result = self.answer()
        return result

    def close(self):
        result = self.do("close")
        assert self.process.wait(20) == 0
        return result

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        if self.process.poll() is None:
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.stdout.close()


def same(got, wanted, what=""):
    assert got == wanted, f"{what}: {got!r}, not {wanted!r}"


def within(directory, name):
    return os.path.join(directory, name)


def lines_of(path):
    with open(path, "rb") as file:
        return file.read().split(b"\n")


def events_of(paths, torn=()):
    """Numbers of the events in these files, one after the other; those that are said to be lost."""
    found, lost, number = [], [], None
    for path in paths:
        lines = lines_of(path)
        end = lines.pop()
        assert path in torn or end == b"", f"{path} ends in a piece of a line"
        for line in lines:
            assert PRINTABLE.fullmatch(line), line
            event = json.loads(line)
            if event["type"] == "events":
                assert number is None or event["first_event"] == number, (path, event, number)
                number = event["first_event"]
            elif event["type"] == "lost":
                same(event["first_event"], number, "the first that is lost")
                same(event["events"], event["last_event"] - event["first_event"] + 1)
                lost += range(event["first_event"], event["last_event"] + 1)
                number = event["last_event"] + 1
            elif event["type"] == "connection":
                found.append(number)
                number += 1
    return found, lost


def all_files(directory):
    return sorted(glob.glob(within(directory, "events*.jsonl")))


def numbers(count):
    return list(range(1, count + 1))
