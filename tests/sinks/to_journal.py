# SPDX-License-Identifier: BSD-3-Clause
"""The journal: what it is told, when it does not read, and the real one."""

import json
import os
import re
import subprocess
import time

from ends import Socket, fields_of
from feed import CAPTURES, FEED, Feed, Skipped, events_of, numbers, same, within


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
