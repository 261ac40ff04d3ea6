# SPDX-License-Identifier: BSD-3-Clause
"""All sinks at once: what the wire says, and who stalls."""

import json
import os
import shutil
import time

from ends import Server, Socket, fields_of, params_of
from feed import CAPTURES, Feed, PRINTABLE, events_of, lines_of, numbers, same, within


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
        for _ in range(6):
            feed.do("judge 250", "tick 10")
        assert time.monotonic() - began < 30
        same(events_of([path]), (numbers(1500), []))
        began = time.monotonic()
        same(feed.close(), "no")
        assert time.monotonic() - began < 1.9
        for name in ("fifo.jsonl", "x.jsonl", "journal", "syslog"):
            assert any(name in said and "lost" in said for said in feed.said), (name, feed.said)
    same(json.loads(lines_of(path)[-2])["type"], "summary")
