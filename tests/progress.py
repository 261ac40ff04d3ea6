#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""progress.py BINARY: the line that tells how far reading is, and Ctrl-C.

The binary is given a terminal of its own, and a file that takes long: it is stopped for more than a
second in the middle of it, so that the test does not depend on how fast the machine is.
"""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

SAMPLE = "samples/captures/normal-logout.pcap"
FILE_BYTES = 96 << 20
TICKS = 2  # a fraction of what the file takes, and more than all that comes before
PAUSE_S = 1.3  # longer than what is done without a line
PATIENCE_S = 60

passed = failed = 0


def check(what, good, detail=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"progress: {what}: {str(detail)[:300]!r}")


def write_large(path):
    with open(SAMPLE, "rb") as file:
        head, body = file.read(24), file.read()
    with open(path, "wb") as file:
        file.write(head + body * (FILE_BYTES // len(body)))


def has_worked(process, ticks):
    """Whether it has used so much of a processor: that the kernel tells everybody."""
    try:
        with open(f"/proc/{process.pid}/stat") as stat:
            return sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) >= ticks
    except OSError:
        return False


def is_within(process, path, offset):
    """Whether it has read so much of the file: the kernel tells, but of a sandbox only to root."""
    folder = f"/proc/{process.pid}/fd"
    try:
        for fd in os.listdir(folder):
            if os.readlink(f"{folder}/{fd}") == path:
                with open(f"/proc/{process.pid}/fdinfo/{fd}") as info:
                    return int(re.search(r"pos:\s*(\d+)", info.read())[1]) >= offset
    except PermissionError:
        return has_worked(process, TICKS)
    except (OSError, TypeError):
        pass
    return False


def stop_in_the_middle(process, path):
    """Stopped after its first megabyte; False when it was not caught there."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        if is_within(process, path, 1 << 20):
            process.send_signal(signal.SIGSTOP)
            return True
    return False


def drain(fd, process):
    """All that appears on the terminal until the program ends."""
    data = b""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        ready, _, _ = select.select([fd], [], [], 0.1)
        if not ready:
            if process.poll() is not None:
                break
            continue
        try:
            got = os.read(fd, 65536)
        except OSError:
            break
        if not got:
            break
        data += got
    return data


def run(binary, path, arguments, stdout, on_terminal=True, then=None, stdin=None):
    """Standard error on a terminal or in a pipe; what appeared there, and the exit status."""
    near, far = pty.openpty() if on_terminal else os.pipe()
    process = subprocess.Popen(
        [binary, "read", *arguments], stdin=stdin, stdout=far if stdout is None else stdout, stderr=far
    )
    os.close(far)
    check("not caught in the middle", stop_in_the_middle(process, path))
    time.sleep(PAUSE_S)
    if then is not None:
        process.send_signal(then)
    process.send_signal(signal.SIGCONT)
    data = drain(near, process)
    os.close(near)
    try:
        return data, process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return data, process.wait()


LINE = re.compile(rb"\rrstscope: (\d+) %, \d+\.\d MB/s(, \d+ (s|min|h) left)? *\r")


def check_line(binary, path):
    with open(os.devnull, "wb") as null:
        data, status = run(binary, path, [path], null)
        lines = LINE.findall(data)
        check("status", status == 0, status)
        check("no line on a terminal", lines, data)
        percents = [int(line[0]) for line in lines]
        check("percents go down", percents == sorted(percents), percents)
        check("no percent in range", all(0 <= p <= 100 for p in percents), percents)
        check("the line stays", re.search(rb"\r +\r\Z", data), data[-100:])
        check("escape sequences", b"\x1b" not in data, data)
        for what, arguments, terminal in (
            ("in a pipe", [path], False),
            ("with -q", ["-q", path], True),
        ):
            data, status = run(binary, path, arguments, null, terminal)
            check(f"something is said {what}", data == b"" and status == 0, data)
    # Lines of a report that appear meanwhile would be torn by it.
    data, status = run(binary, path, ["-f", "jsonl", path], None)
    check("a line is in a report", not LINE.search(data) and status == 0, data)


def report_of(out):
    out.seek(0)
    return json.load(out)


def check_interrupt(binary, path):
    for what, argument, stdin in (("a file", path, None), ("standard input", "-", path)):
        with tempfile.TemporaryFile() as out:
            file = open(stdin, "rb") if stdin else None
            data, status = run(
                binary, path, ["-f", "json", argument], out, then=signal.SIGINT, stdin=file
            )
            check(f"Ctrl-C in {what}: status", status == 3, status)
            check(f"Ctrl-C in {what}: it is not said", b"interrupted" in data, data)
            report = report_of(out)
            entry = report["inputs"][0]
            check(f"Ctrl-C in {what}: no note", "interrupted" in (entry["damaged"] or ""), entry)
            check(f"Ctrl-C in {what}: nothing read", entry["packets"] > 0, entry)
            check(f"Ctrl-C in {what}: all was read", entry["bytes"] < FILE_BYTES // 2, entry)
            check(f"Ctrl-C in {what}: no report", report["summary"]["connections"] > 0, report)
            if file:
                file.close()


def wait_for_read(process):
    """Until it waits for more of the pipe: it sleeps."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with open(f"/proc/{process.pid}/stat") as stat:
            if stat.read().rsplit(")", 1)[1].split()[0] == "S":
                return
        time.sleep(0.02)


def check_second(binary):
    """A pipe whose writer says no more: the first Ctrl-C waits for it, the second does not."""
    with open(SAMPLE, "rb") as file, open(os.devnull, "wb") as null:
        process = subprocess.Popen(
            [binary, "read", "-"], stdin=subprocess.PIPE, stdout=null, stderr=null
        )
        process.stdin.write(file.read())
        process.stdin.flush()
        time.sleep(0.3)
        wait_for_read(process)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        check("the first Ctrl-C ends a pipe", process.poll() is None)
        process.send_signal(signal.SIGINT)
        try:
            status = process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            status = None
        check("the second Ctrl-C does not end it", status == -signal.SIGINT, status)


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    binary = os.path.realpath(arguments[0])
    os.environ.update(TZ="UTC", LC_ALL="C")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.realpath(os.path.join(folder, "large.pcap"))
        write_large(path)
        check_line(binary, path)
        check_interrupt(binary, path)
    check_second(binary)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    sys.exit(main([os.path.abspath(argument) for argument in sys.argv[1:]]))
