#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""sinks.py [FEED [BINARY]]: is an event ever lost without a word, and does one sink ever stop another?

FEED (tests/sinks/feed.c) gives the verdicts of captures to the sinks and turns their clock. Here are
the other ends: directories that go away, disks that are full, a journal and servers of syslog that
do not read.
"""

import glob
import json
import os
import re
import resource
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time

FEED = sys.argv[1] if len(sys.argv) > 1 else "build/tests/sinks/feed"
BINARY = sys.argv[2] if len(sys.argv) > 2 else "build/rstscope"
CAPTURES = [f"build/samples/{name}.pcap" for name in
            ("idle_timeout", "server_crash", "protocol_error", "orderly_close")]
PRINTABLE = re.compile(rb"[\x20-\x7e]*")
SYSLOG = re.compile(
    r'<(?P<pri>\d{1,3})>1 (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (?P<host>[\x21-\x7e]+) '
    r'(?P<app>[\x21-\x7e]{1,48}) (?P<pid>\d+) (?P<id>[\x21-\x7e]{1,32}) '
    r'\[(?P<sd>[^ =\]"]{1,32})(?P<params>(?: [^ =\]"]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\] (?P<msg>.*)')
QUEUE = 8 << 20   # of a file of events


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


# ---- files ----

def events_are_the_lines_of_jsonl(directory):
    path = within(directory, "events.jsonl")
    with Feed("-o", path) as feed:
        read = subprocess.run([BINARY, "read", "-f", "jsonl", *CAPTURES[:1]], capture_output=True)
    with Feed("-o", path, captures=CAPTURES[:1]) as feed:
        wanted = [line for line in read.stdout.split(b"\n") if line.startswith(b'{"type":"conn')]
        assert wanted
        feed.do(f"judge {len(wanted)}")
        same(feed.close(), "ok")
    lines = lines_of(path)
    same(lines[1:-2], wanted, "lines")
    same(json.loads(lines[-2])["type"], "summary")
    same(stat.S_IMODE(os.stat(path).st_mode), 0o600, "mode")


def each_line_is_as_the_schema_has_it(directory):
    path = within(directory, "events.jsonl")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Feed("-o", path) as feed:
        feed.do("judge 5")
        resource.prlimit(feed.pid, resource.RLIMIT_FSIZE, (os.path.getsize(path), limits[1]))
        feed.do("judge 1")
        resource.prlimit(feed.pid, resource.RLIMIT_FSIZE, limits)
        feed.do("judge 1")
        feed.close()
    assert any(b'"type":"lost"' in line for line in lines_of(path))
    said = subprocess.run([sys.executable, "tests/schema.py", "docs/report.schema.json", path],
                          capture_output=True, text=True)
    if said.returncode == 77:
        raise Skipped("python's jsonschema is not there")
    same((said.returncode, said.stdout), (0, ""))


def a_file_that_is_full_is_moved_aside_and_none_is_lost(directory):
    with Feed("-o", within(directory, "events.jsonl"), "-C", "100000") as feed:
        for _ in range(100):
            feed.do("judge 3", "tick 1")
        same(feed.close(), "ok")
        same(feed.said, [])
    files = all_files(directory)
    assert len(files) > 10, files
    same(files[-1], within(directory, "events.jsonl"), "the one that is written is listed last")
    same(events_of(files), (numbers(300), []))
    assert all(os.path.getsize(path) <= 100000 for path in files)


def a_limit_below_one_line_still_has_a_line_in_each_file(directory):
    with Feed("-o", within(directory, "events.jsonl"), "-C", "10") as feed:
        feed.do("judge 5")
        same(feed.close(), "ok")
    same(len(all_files(directory)), 5)
    same(events_of(all_files(directory)), (numbers(5), []))


def of_full_files_the_newest_are_kept(directory):
    for name in ("events-0000001.jsonl", "events-000000x1.jsonl", "other-00000001.jsonl"):
        open(within(directory, name), "w").close()   # not ours, whatever they look like
    with Feed("-o", within(directory, "events.jsonl"), "-C", "10", "-W", "3") as feed:
        feed.do("judge 20")
        same(feed.close(), "ok")
    ours = [name for name in sorted(os.listdir(directory)) if re.search(r"ts-\d{8}\.", name)]
    same(ours, [f"events-{number:08}.jsonl" for number in (17, 18, 19)])
    same(len(os.listdir(directory)), 3 + 1 + 3, "files of others stay")
    with Feed("-o", within(directory, "events.jsonl"), "-C", "10", "-W", "1") as feed:
        feed.do("judge 2")
        feed.close()
    assert os.path.exists(within(directory, "events-00000021.jsonl")), os.listdir(directory)
    assert not os.path.exists(within(directory, "events-00000019.jsonl")), "-W counts older runs"


def a_file_is_moved_aside_after_its_time(directory):
    with Feed("-o", within(directory, "events.jsonl"), "-G", "60") as feed:
        feed.do("judge 1", "tick 59", "judge 1")
        same(len(all_files(directory)), 1)
        feed.do("tick 2")
        same(len(all_files(directory)), 2, "after 61 s")
        feed.do("tick 600")
        same(len(all_files(directory)), 2, "an empty file is not moved")
        feed.do("judge 1")
        same(feed.close(), "ok")
    same(events_of(all_files(directory)), (numbers(3), []))


def a_thousand_reopened_files_lose_nothing(directory):
    path = within(directory, "events.jsonl")
    moved = []
    with Feed("-o", path, captures=CAPTURES[2:3]) as feed:
        for i in range(1000):
            feed.do("judge 1")
            moved.append(within(directory, f"moved.{i:04}"))
            os.rename(path, moved[-1])
            if i % 3 == 0:
                feed.do("judge 1")   # logrotate moves first and tells later
            feed.do("reopen")
        feed.do("judge 1")
        same(feed.close(), "ok")
        same(feed.said, [])
        same(events_of(moved + [path]), (numbers(1000 + 334 + 1), []))


def reopening_what_was_not_moved_changes_nothing(directory):
    path = within(directory, "events.jsonl")
    with Feed("-o", path) as feed:
        feed.do("judge 1", *["reopen"] * 50, "judge 1")
        same(feed.close(), "ok")
        same(feed.said, [])
    same(sum(b'"type":"events"' in line for line in lines_of(path)), 1)
    same(events_of([path]), (numbers(2), []))


def a_second_run_goes_on_behind_the_first(directory):
    path = within(directory, "events.jsonl")
    for _ in range(2):
        with Feed("-o", path) as feed:
            feed.do("judge 2")
            same(feed.close(), "ok")
    same([json.loads(line)["type"] for line in lines_of(path)[:-1]],
         ["events", "connection", "connection", "summary"] * 2)


def a_line_torn_at_any_byte_has_nothing_glued_to_it(directory):
    path = within(directory, "events.jsonl")
    whole = b'{"type":"connection","id":1}\n'
    for cut in range(1, len(whole) + 1):
        for old in all_files(directory):
            os.unlink(old)
        with open(path, "wb") as file:
            file.write(whole + whole[:cut])
        with Feed("-o", path, captures=CAPTURES[2:3]) as feed:
            feed.do("judge 1")
            same(feed.close(), "ok")
        if cut == len(whole):   # nothing was torn
            same(all_files(directory), [path])
            continue
        aside = within(directory, "events-00000001.jsonl")
        same(all_files(directory), [aside, path], f"cut at {cut}")
        with open(aside, "rb") as file:
            same(file.read(), whole + whole[:cut], "what was there")
        same(events_of([path]), ([1], []))


def a_full_disk_keeps_events_waiting(directory):
    if os.geteuid() != 0:
        raise Skipped("a small disk needs root")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory], check=True)
    try:
        path, ballast = within(directory, "events.jsonl"), within(directory, "ballast")
        with open(ballast, "wb") as file:
            file.write(b"x" * 40000)
        with Feed("-o", path) as feed:
            for _ in range(20):
                feed.do("judge 1", "tick 1")
            full, _ = events_of([path])
            assert 0 < len(full) < 20, full   # and each line is whole
            assert len(feed.said) == 1 and "No space left" in feed.said[0], feed.said
            feed.do("tick 70", "tick 3")
            assert len(feed.said) == 2, "said once a minute"
            os.unlink(ballast)
            feed.do("tick 3")
            more, lost = events_of([path])
            assert len(more) > len(full) and not lost
            same(feed.close(), "no", "the rest found no room")
            assert "lost" in feed.said[-1], feed.said
        same(events_of([path])[0], numbers(len(more)))
    finally:
        subprocess.run(["umount", directory], check=True)


def what_a_disk_refuses_for_good_is_counted_and_said_in_the_file(directory):
    path = within(directory, "events.jsonl")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Feed("-o", path) as feed:
        feed.do("judge 2")
        resource.prlimit(feed.pid, resource.RLIMIT_FSIZE, (os.path.getsize(path) + 100, limits[1]))
        feed.do("judge 3")
        same(events_of([path])[0], numbers(2), "whole lines only")
        resource.prlimit(feed.pid, resource.RLIMIT_FSIZE, limits)
        feed.do("judge 1")
        same(feed.close(), "no")
        assert "3 of 6 events were lost" in feed.said[-1], feed.said
    same(events_of([path]), ([1, 2, 6], [3, 4, 5]))


def whichever_write_fails_no_event_is_lost_without_a_word(directory):
    if shutil.which("strace") is None:
        raise Skipped("strace is not there")
    for error in ("EIO", "ENOSPC", "EINTR", "EDQUOT"):
        for when in range(1, 10):
            path = within(directory, f"events.{error}.{when}.jsonl")
            traced = [FEED, "-o", path, *CAPTURES[2:3]]
            said = subprocess.run(
                ["strace", "-qq", "-f", "-o", "/dev/null", "-P", path, "-e", "trace=write", "-e",
                 f"inject=write:error={error}:when={when}", *traced],
                input="judge 1\n" * 6 + "tick 3\nclose\n", capture_output=True, text=True)
            found, lost = events_of([path])
            same(sorted(found + lost), numbers(6), (error, when))
            # The line that begins the file, six events, the summary; and nothing fails in the ninth.
            same(len(lost), 1 if error == "EIO" and when < 8 else 0, (error, when))
            whole = said.stdout.splitlines()[-1]
            summed_up = json.loads(lines_of(path)[-2])["type"] == "summary"
            same(whole, "ok" if summed_up and not lost else "no", (error, when, said.stdout))
            if error == "EINTR":
                same(whole, "ok", "it is tried again at once")


def events_wait_for_a_directory_that_was_removed(directory):
    logs = within(directory, "logs")
    os.mkdir(logs)
    with Feed("-o", within(logs, "events.jsonl")) as feed:
        feed.do("judge 2")
        shutil.rmtree(logs)
        for _ in range(40):
            feed.do("judge 1", "tick 1")
        same(len(feed.said), 1, feed.said)
        assert "events.jsonl: cannot be opened: No such file" in feed.said[0], feed.said
        os.mkdir(logs)
        feed.do("tick 3", "judge 1")
        same(feed.close(), "ok")
    same(events_of([within(logs, "events.jsonl")]), (list(range(3, 44)), []))


def a_signal_does_not_wait_for_the_next_try(directory):
    logs = within(directory, "logs")
    os.mkdir(logs)
    with Feed("-o", within(logs, "events.jsonl")) as feed:
        shutil.rmtree(logs)
        feed.do("judge 1")
        os.mkdir(logs)
        feed.do("tick 1")
        same(os.listdir(logs), [], "tried again after two seconds")
        feed.do("reopen")
        same(events_of([within(logs, "events.jsonl")]), ([1], []))
        same(feed.close(), "ok")


def a_file_that_was_removed_is_made_anew(directory):
    path = within(directory, "events.jsonl")
    with Feed("-o", path) as feed:
        feed.do("judge 2")
        os.unlink(path)
        feed.do("judge 2")
        same(feed.close(), "ok")
    same(events_of([path]), ([3, 4], []))


def a_queue_that_is_full_loses_and_says_which(directory):
    logs = within(directory, "logs")
    path = within(logs, "events.jsonl")
    os.mkdir(logs)
    with Feed("-o", path) as feed:
        feed.do("judge 1")
        length = os.path.getsize(path)
        shutil.rmtree(logs)
        total = 3 * QUEUE // length
        feed.do(f"judge {total}")
        os.mkdir(logs)
        feed.do("tick 3", "judge 1")
        same(feed.close(), "no")
        assert re.search(rf" [1-9]\d* of {total + 2} events were lost", feed.said[-1]), feed.said
    found, lost = events_of([path])
    same(sorted(found + lost), list(range(2, total + 3)), "each is told or said to be lost")
    assert len(found) > 100 and len(lost) > 100, (len(found), len(lost))


def names_that_are_not_ours_are_left_alone(directory):
    path, other = within(directory, "events.jsonl"), within(directory, "other")
    open(other, "w").close()
    os.symlink(other, path)
    for reason in ("cannot be opened", "hard link"):
        with Feed("-o", path) as feed:
            same(feed.began, "no")
            assert path in feed.said[0] and reason in feed.said[0], feed.said
        same(os.path.getsize(other), 0)
        os.unlink(path)
        os.link(other, path)
    os.unlink(path)
    os.mkdir(path)
    with Feed("-o", path) as feed:
        same(feed.began, "no")
    with Feed("-o", within(directory, "no/events.jsonl")) as feed:
        same(feed.began, "no")
        assert "its directory: No such file" in feed.said[0], feed.said


def two_do_not_write_one_file(directory):
    path = within(directory, "events.jsonl")
    with Feed("-o", path) as first:
        with Feed("-o", path) as second:
            same(second.began, "no")
            assert "another rstscope" in second.said[0], second.said
        first.do("judge 1")
        same(first.close(), "ok")
    with Feed("-o", path) as third:
        same(third.began, "ok")


def directories_are_told_for_the_sandbox(directory):
    with Feed("-o", within(directory, "events.jsonl"), "-m", within("/tmp", "m.prom")) as feed:
        same([feed.do(f"directory {i}") for i in range(3)], [os.path.realpath(directory), "/tmp", "no"])
        feed.process.kill()


# ---- FIFOs ----

def a_fifo_gets_what_waited_when_its_reader_comes(directory):
    path, file = within(directory, "fifo.jsonl"), within(directory, "events.jsonl")
    os.mkfifo(path)
    with Feed("-o", path, "-o", file) as feed:
        feed.do("judge 3", "tick 3")
        assert len(feed.said) == 1 and "nobody reads" in feed.said[0], feed.said
        same(events_of([file]), (numbers(3), []), "the file does not wait")
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        feed.do("tick 3")
        text = os.read(reader, 1 << 20)
        same([json.loads(line)["type"] for line in text.splitlines()], ["events"] + 3 * ["connection"])
        # It stalls: what the pipe takes no more waits here, a line in part.
        feed.do("judge 40", "tick 3")
        same(len(events_of([file])[0]), 43)
        text = b""
        for _ in range(100):
            try:
                text += os.read(reader, 1 << 16)
            except BlockingIOError:
                break
            feed.do("tick 1")
        same(len([json.loads(line) for line in text.splitlines()]), 40)
        # It goes, and another comes.
        os.close(reader)
        feed.do("judge 1")
        reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        feed.do("tick 3")
        lines = os.read(reader, 1 << 20).splitlines()
        same(json.loads(lines[0])["first_event"], 44)
        feed.close()
        os.close(reader)


# ---- journal ----

class Socket:
    """A socket of datagrams in the file system: the journal, or syslog of this host."""

    def __init__(self, path, buffer=None):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.bind(path)
        self.socket.setblocking(False)

    def all(self):
        got = []
        while True:
            try:
                got.append(self.socket.recv(1 << 16))
            except BlockingIOError:
                return got

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def fields_of(datagram):
    """As journald reads it: lines, each NAME=VALUE; a line without = would begin binary data."""
    assert datagram.endswith(b"\n")
    fields = {}
    for line in datagram[:-1].split(b"\n"):
        name, equals, value = line.partition(b"=")
        assert equals and re.fullmatch(rb"[A-Z][A-Z0-9_]{0,63}", name), line
        assert PRINTABLE.fullmatch(value), line
        assert name not in fields, line
        fields[name.decode()] = value.decode()
    return fields


def the_journal_gets_a_message_with_fields(directory):
    with Socket(within(directory, "journal")) as journal, Feed(
            "-j", journal.path, "-a", captures=CAPTURES[:1]) as feed:
        feed.do("judge 2")
        same(feed.close(), "ok")
        messages = [fields_of(datagram) for datagram in journal.all()]
    same([int(fields["RSTSCOPE_EVENT"]) for fields in messages], numbers(2))
    ids = {fields["RSTSCOPE_CAUSE"]: fields["MESSAGE_ID"] for fields in messages}
    same(len(set(ids.values())), len(ids), "one MESSAGE_ID for each cause")
    odd = next(fields for fields in messages if fields["RSTSCOPE_WHO"] == "middlebox")
    assert re.fullmatch(r"[0-9a-f]{32}", odd["MESSAGE_ID"])
    same((odd["PRIORITY"], odd["RSTSCOPE_WHO"], odd["RSTSCOPE_CLIENT"], odd["RSTSCOPE_SERVER_PORT"]),
         ("4", "middlebox", "198.51.100.7", "22"))
    assert odd["MESSAGE"].startswith("198.51.100.7:51234 to 203.0.113.22:22, "), odd["MESSAGE"]
    same({fields["PRIORITY"] for fields in messages
          if fields["RSTSCOPE_FAMILY"] == "none"}, {"6"})


def what_waits_at_the_end_is_handed_on(directory):
    with Socket(within(directory, "journal")) as journal, \
            Feed("-j", journal.path, captures=CAPTURES[2:3]) as feed:
        feed.do("judge 60")
        feed.process.stdin.write("close\n")
        feed.process.stdin.flush()
        told = []
        while len(told) < 60 and feed.process.poll() is None:
            told += journal.all()
        told += journal.all()
        same((feed.answer(), len(told)), ("ok", 60))


def healthy_ones_go_to_the_journal_only_when_asked_for(directory):
    with Socket(within(directory, "journal")) as journal, Feed("-j", journal.path) as feed:
        feed.do("judge 20")
        feed.close()
        families = {fields_of(datagram)["RSTSCOPE_FAMILY"] for datagram in journal.all()}
    assert families and "none" not in families, families


def a_flood_of_events_is_told_as_one_number(directory):
    path = within(directory, "events.jsonl")
    with Socket(within(directory, "journal"), 1 << 22) as journal, \
            Feed("-j", journal.path, "-o", path, captures=CAPTURES[2:3]) as feed:
        messages = []
        for _ in range(20):
            feed.do("judge 250", "tick 0")
            messages += journal.all()
        for _ in range(20):
            feed.do("tick 0")
            messages += journal.all()
        same(len(messages), 200, "the first of them")
        feed.do("tick 11")
        told = [fields_of(datagram) for datagram in journal.all()]
        same(len(told), 1)
        assert told[0]["MESSAGE"].startswith("4,800 more connections"), told
        same((told[0]["RSTSCOPE_EVENT"], told[0]["RSTSCOPE_LAST_EVENT"], told[0]["RSTSCOPE_FOLDED"]),
             ("201", "5000", "4800"))
        feed.do("judge 1")
        same(len(journal.all()), 1, "afterwards they are told again")
        feed.do("judge 400")
        told = []
        for _ in range(40):
            told += journal.all()
            feed.do("tick 0")
        same(len(told), 200 - 1, "so many may come at once")
        same(feed.close(), "ok", "folded is not lost")
        last = fields_of(journal.all()[-1])
        same(last["RSTSCOPE_LAST_EVENT"], "5401", "what is folded at the end is told")
    same(events_of([path]), (numbers(5401), []))


def a_journal_that_does_not_read_is_waited_for(directory):
    path = within(directory, "events.jsonl")
    with Socket(within(directory, "journal")) as journal, \
            Feed("-j", journal.path, "-o", path, captures=CAPTURES[2:3]) as feed:
        feed.do("judge 100")
        same(events_of([path]), (numbers(100), []), "the file does not wait")
        messages = []
        for _ in range(100):
            got = journal.all()
            messages += got
            feed.do("tick 1")
        same([int(fields_of(datagram)["RSTSCOPE_EVENT"]) for datagram in messages], numbers(100))
        feed.do("judge 150")
        began = time.monotonic()
        same(feed.close(), "no", "nobody reads")
        assert time.monotonic() - began < 1.8, "the end does not wait for ever"
        assert "lost" in feed.said[-1], feed.said


REAL_JOURNAL = """
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal /run/log/journal
/lib/systemd/systemd-journald >/dev/null 2>&1 &
journald=$!
trap 'kill $journald; wait $journald || true' EXIT
for _ in $(seq 50); do [ -S /run/systemd/journal/socket ] && break; sleep 0.1; done
printf 'judge 2\nhostile\nclose\n' | "$1" -j /run/systemd/journal/socket "$2" >&2
for _ in $(seq 50); do
	journalctl -q -D /run/log/journal -o json SYSLOG_IDENTIFIER=rstscope >/run/told
	[ "$(wc -l </run/told)" -ge 2 ] && break
	sleep 0.1
done
cat /run/told
"""


def the_real_journal_takes_each_field(directory):
    del directory
    if os.geteuid() != 0 or not os.path.exists("/lib/systemd/systemd-journald"):
        raise Skipped("a journal of one's own needs root and systemd-journald")
    said = subprocess.run(["unshare", "--mount", "--propagation", "private", "bash", "-c", REAL_JOURNAL,
                           "journal", os.path.abspath(FEED), os.path.abspath(CAPTURES[0])],
                          capture_output=True, text=True)
    if "mount" in said.stderr:
        raise Skipped(said.stderr.strip()[:100])
    told = [json.loads(line) for line in said.stdout.splitlines()]
    same([fields["RSTSCOPE_EVENT"] for fields in told], ["1", "3"], said.stderr)
    same([fields["PRIORITY"] for fields in told], ["4", "4"])
    same(told[1]["RSTSCOPE_DETAIL"], r'a"b\c]d\x0ae\x9b31m\xe2\x80\xae')
    assert all(isinstance(value, str) for fields in told for value in fields.values()), "bytes"


def a_journal_that_is_not_there_is_said_at_once(directory):
    with Feed("-j", within(directory, "journal")) as feed:
        same(feed.began, "no")
        assert "journal: cannot be connected to: No such file" in feed.said[0], feed.said


def a_log_that_was_started_anew_is_found_again(directory):
    path = within(directory, "log")
    with Socket(path) as log, Feed("-s", path) as feed:
        feed.do("judge 1")
        same(len(log.all()), 1)
        log.socket.close()
        os.unlink(path)
        feed.do("judge 2", "tick 1")
        assert len(feed.said) == 1, feed.said
        with Socket(path) as log:
            feed.do("tick 3")
            same([params_of(datagram)["event"] for datagram in log.all()], ["2", "3"])
            log.socket.close()
            os.unlink(path)
            with Socket(path) as log:   # so fast that nobody has to wait
                feed.do("judge 1")
                same(len(log.all()), 1)
                same(feed.close(), "ok")


# ---- syslog ----

def params_of(datagram):
    match = SYSLOG.fullmatch(datagram.decode("ascii"))
    assert match, datagram
    assert len(datagram) <= 2048
    pairs = re.findall(r' ([^ =\]"]+)="((?:[^"\\\]]|\\["\\\]])*)"', match["params"])
    params = {name: re.sub(r'\\(["\\\]])', r"\1", value) for name, value in pairs}
    same(len(params), len(pairs), "each once")
    return {**params, **{"_" + name: match[name] for name in ("pri", "app", "id", "sd", "msg", "pid")}}


def syslog_is_rfc_5424(directory):
    with Socket(within(directory, "log")) as log, Feed("-s", log.path, captures=CAPTURES[:1]) as feed:
        feed.do("judge 2")
        same(feed.close(), "ok")
        got = [params_of(datagram) for datagram in log.all()]
    same(len(got), 1)
    same((got[0]["_pri"], got[0]["_app"], got[0]["_pid"], got[0]["_id"], got[0]["_sd"]),
         (str(3 * 8 + 4), "rstscope", str(feed.pid), got[0]["cause"], "rstscope@32473"))
    assert 0 < float(got[0]["confidence"]) <= 1 and got[0]["client"] in got[0]["_msg"], got


def syslog_goes_over_udp(directory):
    del directory
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as server:
            try:
                server.bind((address, 0))
            except OSError as why:
                raise Skipped(f"{address}: {why}") from why
            server.settimeout(5)
            where = f"[{address}]" if ":" in address else address
            with Feed("-s", f"udp:{where}:{server.getsockname()[1]}") as feed:
                feed.do("judge 1")
                same(params_of(server.recv(4096))["event"], "1")
                same(feed.close(), "ok")


class Server:
    """A server of syslog over TCP that reads when it is told to."""

    def __init__(self, port=0, buffer=None):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if buffer is not None:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.listener.bind(("127.0.0.1", port))
        self.listener.listen()
        self.listener.settimeout(5)
        self.port = self.listener.getsockname()[1]
        self.client, self.bytes = None, b""

    def accept(self):
        self.client, _ = self.listener.accept()
        self.client.settimeout(0.15)

    def read(self):
        """The records that are whole: RFC 6587 section 3.4.1."""
        try:
            while (more := self.client.recv(1 << 16)):
                self.bytes += more
        except TimeoutError:
            pass
        got = []
        while (match := re.match(rb"([1-9]\d{0,4}) ", self.bytes)):
            end = match.end() + int(match[1])
            if end > len(self.bytes):
                break
            got.append(params_of(self.bytes[match.end():end]))
            self.bytes = self.bytes[end:]
        return got

    def close(self):
        for one in (self.client, self.listener):
            if one is not None:
                one.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def syslog_goes_over_tcp_with_octet_counting(directory):
    del directory
    with Server() as server, Feed("-s", f"tcp:127.0.0.1:{server.port}") as feed:
        feed.do("judge 12", "tick 0")
        server.accept()
        feed.do("tick 1")
        got = [params["event"] for params in server.read()]
        assert got and got == sorted(got, key=int), got
        feed.do("hostile")
        assert "forged" in server.read()[0]["_msg"]
        same(server.bytes, b"")
        same(feed.close(), "ok")


def a_server_that_comes_later_or_anew_gets_what_waited(directory):
    del directory
    with Server() as server:
        port = server.port
    with Feed("-s", f"tcp:127.0.0.1:{port}", captures=CAPTURES[2:3]) as feed:
        same(feed.began, "ok", "that it is down is no reason not to start")
        feed.do("judge 2", "tick 3", "tick 3")
        assert len(feed.said) == 1 and "refused" in feed.said[0], feed.said
        for first in (1, 4):
            with Server(port) as server:
                feed.do("tick 3")
                server.accept()
                feed.do("judge 1", "tick 1")
                same([params["event"] for params in server.read()],
                     [str(first), str(first + 1), str(first + 2)])
            feed.do("judge 2", "tick 1")
        feed.process.kill()


def a_server_that_does_not_read_stops_nobody(directory):
    path = within(directory, "events.jsonl")
    with Server(buffer=2048) as server, Feed(
            "-s", f"tcp:127.0.0.1:{server.port}", "-o", path, captures=CAPTURES[2:3]) as feed:
        feed.do("judge 1", "tick 1")
        server.accept()
        total = 1
        began = time.monotonic()
        for _ in range(60):   # as many as the rate lets through; more than buffers and queue have room for
            feed.do("judge 200", "tick 10")
            total += 200
        assert time.monotonic() - began < 30
        same(events_of([path]), (numbers(total), []), "the file does not wait")
        assert any("events are lost" in said for said in feed.said), feed.said
        events = []
        for _ in range(200):
            got = server.read() if events or not server.bytes else []
            events += [int(params["event"]) for params in got]
            feed.do("tick 0")
            if not got:
                break
        same(events, sorted(set(events)), "each once, in order")
        same(feed.close(), "no")


def only_numbers_name_a_server(directory):
    del directory
    for where in ("udp:localhost:514", "udp:192.0.2.1", "tcp:192.0.2.1:http", "udp::514", "udp:[::1]",
                  "smtp:192.0.2.1:25", "tcp:192.0.2.1:", ""):
        with Feed("-s", where) as feed:
            same(feed.began, "no", where)
            assert "syslog" in feed.said[0], feed.said


# ---- what the wire says ----

def hostile_words_stay_words(directory):
    paths = {name: within(directory, name) for name in ("events.jsonl", "events.ecs.jsonl", "m.prom")}
    with Socket(within(directory, "journal")) as journal, Socket(within(directory, "log")) as log, \
            Feed("-j", journal.path, "-s", log.path, "-o", paths["events.jsonl"],
                 "-o", paths["events.ecs.jsonl"], "-m", paths["m.prom"]) as feed:
        feed.do("hostile")
        same(feed.close(), "ok")
        told, logged = journal.all(), log.all()
    same((len(told), len(logged)), (1, 1), "one event is one message")
    fields, params = fields_of(told[0]), params_of(logged[0])
    same(fields["RSTSCOPE_DETAIL"], r'a"b\c]d\x0ae\x9b31m\xe2\x80\xae')
    same(params["detail"], fields["RSTSCOPE_DETAIL"], "after the quoting of syslog")
    assert r"\xe2\x80\xae" in fields["MESSAGE"] and r"\x0a<11>1 - forged" in fields["MESSAGE"]
    same(events_of([paths["events.jsonl"]]), ([1], []))
    same(len(lines_of(paths["events.ecs.jsonl"])), 2)
    for path in paths.values():
        for line in lines_of(path):
            assert PRINTABLE.fullmatch(line), line


# ---- metrics ----

def python_with(module):
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode == 0:
            return python
    raise Skipped(f"python's {module} is not there")


def samples_of(path):
    samples = {}
    with open(path) as file:
        for line in file:
            if not line.startswith("#"):
                name, value = line.rstrip("\n").rsplit(" ", 1)
                assert name not in samples, name
                samples[name] = float(value)
    return samples


def metrics_count_what_was_judged(directory):
    path = within(directory, "m.prom")
    with Feed("-m", path, "-o", within(directory, "events.jsonl")) as feed:
        feed.do("judge 10", "tick 0")
        same(feed.close(), "ok")
    samples = samples_of(path)
    lines = [json.loads(line) for line in lines_of(within(directory, "events.jsonl"))[:-1]]
    events = [line for line in lines if line["type"] == "connection"]
    same(samples["rstscope_connections_total"], 10)
    for event in events:
        cause, who = event["verdict"]["cause"], event["verdict"]["who"]
        same(samples[f'rstscope_verdicts_total{{cause="{cause}",who="{who}"}}'],
             sum(e["verdict"]["cause"] == cause and e["verdict"]["who"] == who for e in events))
    idle = [event["idle_before_end_s"] for event in events if event["idle_before_end_s"] is not None]
    same(samples["rstscope_idle_before_end_seconds_count"], len(idle))
    assert abs(samples["rstscope_idle_before_end_seconds_sum"] - sum(idle)) < 1e-6
    for limit in (1, 30, 600):
        same(samples[f'rstscope_idle_before_end_seconds_bucket{{le="{limit}.0"}}'],
             sum(value <= limit for value in idle))
    rtt = [event["tcp"]["rtt_ms"] for event in events if event["tcp"]["rtt_ms"] is not None]
    same(samples["rstscope_rtt_seconds_count"], len(rtt))
    same(samples['rstscope_rtt_seconds_bucket{le="0.05"}'], sum(value <= 50 for value in rtt))
    same(stat.S_IMODE(os.stat(path).st_mode), 0o644, "the collector has another user")


def what_metrics_do_not_know_is_absent(directory):
    path = within(directory, "m.prom")
    with Feed("-m", path) as feed:
        feed.close()
        assert not any("frames" in name for name in samples_of(path)), "nothing was captured"
    with Feed("-m", path) as feed:
        feed.do("tick 15")
        samples = samples_of(path)
        same(samples['rstscope_frames_dropped_total{interface="eth0",by="kernel"}'], 7)
        assert 'rstscope_frames_dropped_total{interface="eth0",by="interface"}' not in samples
        same(samples[r'rstscope_frames_dropped_total{interface="a\\\"b",by="interface"}'], 3)
        feed.close()


def metrics_are_what_their_parsers_read(directory):
    path = within(directory, "m.prom")
    python = python_with("prometheus_client.openmetrics.parser")
    with Feed("-m", path, "-o", within(directory, 'a"b\\c\n.jsonl')) as feed:
        feed.do("judge 10", "tick 0")
        feed.close()
    for parser in ("prometheus_client.openmetrics.parser", "prometheus_client.parser"):
        read = subprocess.run(
            [python, "-c", f"import sys, {parser} as parser\n"
             "for family in parser.text_string_to_metric_families(open(sys.argv[1]).read()):\n"
             "    print(family.name, family.type, len(family.samples))", path],
            capture_output=True, text=True)
        same(read.stderr, "", parser)
        assert "rstscope_rtt_seconds histogram 14" in read.stdout, read.stdout


def metrics_are_what_promtool_reads(directory):
    if shutil.which("promtool") is None:
        raise Skipped("promtool is not there")
    path = within(directory, "m.prom")
    with Feed("-m", path) as feed:
        feed.do("judge 10", "tick 15")
        feed.close()
    with open(path) as file:
        said = subprocess.run(["promtool", "check", "metrics"], stdin=file, capture_output=True, text=True)
    # It knows OpenMetrics' names of counters only without their help; nothing else may be wrong.
    wrong = [line for line in said.stderr.splitlines() if not line.endswith("_total no help text")]
    same(wrong, [], "promtool")


def metrics_are_replaced_as_a_whole_and_not_too_often(directory):
    path = within(directory, "m.prom")
    open(path + ".part", "w").close()   # of a run that was killed
    with Feed("-m", path) as feed:
        feed.do("tick 0")
        first = os.stat(path).st_ino
        feed.do("judge 1", "tick 14")
        same(os.stat(path).st_ino, first, "not yet")
        same(samples_of(path)["rstscope_connections_total"], 0)
        with open(path) as old:
            feed.do("tick 1")
            same(samples_of(path)["rstscope_connections_total"], 1)
            assert old.read().endswith("# EOF\n"), "who reads the old one reads all of it"
        same(feed.close(), "ok")
    same(os.listdir(directory), ["m.prom"])


def metrics_that_cannot_be_written_are_said_and_tried_again(directory):
    logs = within(directory, "logs")
    os.mkdir(logs)
    with Feed("-m", within(logs, "m.prom")) as feed:
        shutil.rmtree(logs)
        feed.do("tick 20", "tick 20")
        same(len(feed.said), 1)
        assert "m.prom: cannot be written: No such file" in feed.said[0], feed.said
        os.mkdir(logs)
        feed.do("tick 20")
        assert samples_of(within(logs, "m.prom"))
        shutil.rmtree(logs)
        same(feed.close(), "no", "the last version is not there")


def all_that_can_stall_stalls_and_the_file_has_all(directory):
    path, fifo, gone = (within(directory, name) for name in ("events.jsonl", "fifo.jsonl", "gone"))
    os.mkfifo(fifo)
    os.mkdir(gone)
    with Socket(within(directory, "journal")) as journal, Server(buffer=2048) as server, \
            Feed("-o", fifo, "-o", within(gone, "x.jsonl"), "-o", path, "-j", journal.path,
                 "-s", f"tcp:127.0.0.1:{server.port}", "-m", within(gone, "m.prom"),
                 captures=CAPTURES[2:3]) as feed:
        shutil.rmtree(gone)
        began = time.monotonic()
        for _ in range(20):
            feed.do("judge 250", "tick 10")
        assert time.monotonic() - began < 30
        same(events_of([path]), (numbers(5000), []))
        began = time.monotonic()
        same(feed.close(), "no")
        assert time.monotonic() - began < 1.9
        for name in ("fifo.jsonl", "x.jsonl", "journal", "syslog"):
            assert any(name in said and "lost" in said for said in feed.said), (name, feed.said)
    same(json.loads(lines_of(path)[-2])["type"], "summary")


def main():
    passed = failed = skipped = 0
    tests = [value for value in globals().values()
             if getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("directory",)
             and value.__code__.co_argcount == 1 and value is not all_files]
    for test in tests:
        with tempfile.TemporaryDirectory() as directory:
            try:
                test(directory)
                passed += 1
            except Skipped as why:
                print(f"skipped: {test.__name__}: {why}")
                skipped += 1
            except Exception as why:
                print(f"{test.__name__}: line {why.__traceback__.tb_next.tb_lineno}: "
                      f"{type(why).__name__} {str(why)[:600]}")
                failed += 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
