# SPDX-License-Identifier: BSD-3-Clause
"""Files and FIFOs of events: disks that are full, directories that go away, lines that were torn."""

import json
import os
import re
import resource
import shutil
import stat
import subprocess
import sys

from feed import (BINARY, CAPTURES, FEED, Feed, Skipped, all_files, events_of, lines_of, numbers, same,
                  within)


QUEUE = 8 << 20   # of a file of events


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
    # The sanitizer's search for leaks cannot be traced.
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
    for error in ("EIO", "ENOSPC", "EINTR", "EDQUOT"):
        for when in range(1, 10):
            path = within(directory, f"events.{error}.{when}.jsonl")
            traced = [FEED, "-o", path, *CAPTURES[2:3]]
            said = subprocess.run(
                ["strace", "-qq", "-f", "-o", "/dev/null", "-P", path, "-e", "trace=write", "-e",
                 f"inject=write:error={error}:when={when}", *traced],
                input="judge 1\n" * 6 + "tick 3\nclose\n", capture_output=True, text=True,
                env=environment)
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
    other = within(directory, "other")
    os.mkdir(other)
    with Feed("-o", within(directory, "events.jsonl"), "-m", within(other, "m.prom")) as feed:
        same([feed.do(f"directory {i}") for i in range(3)],
             [os.path.realpath(directory), os.path.realpath(other), "no"])
        feed.process.kill()


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
