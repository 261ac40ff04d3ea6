# SPDX-License-Identifier: BSD-3-Clause
"""Syslog over each way: its form, servers that come and go, servers that do not read."""

import os
import re
import socket
import time

from ends import Server, Socket, params_of
from feed import CAPTURES, Feed, Skipped, events_of, numbers, same, within


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
        for _ in range(10):   # as many as the rate lets through; more than buffers and queue have room for
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


def a_record_that_a_lost_connection_had_in_part_begins_anew(directory):
    del directory
    with Server(buffer=2048) as server, Feed(
            "-s", f"tcp:127.0.0.1:{server.port}", captures=CAPTURES[2:3]) as feed:
        feed.do("judge 1", "tick 1")
        server.accept()
        feed.do("judge 150", "tick 1")
        before = server.read()
        assert server.bytes, "nothing was in part"
        server.close()
        with Server(server.port) as another:
            feed.do("tick 3", "tick 3")
            another.accept()
            feed.do("tick 3")
            events = [int(params["event"]) for params in another.read()]
        same(events, list(range(events[0], 152)), "whole records, from where the kernel had taken none")
        assert len(before) < events[0], (len(before), events[0])
        feed.process.kill()


def a_server_that_answers_no_connection_stops_nobody(directory):
    path = within(directory, "events.jsonl")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(4):   # they fill its queue; further SYNs are dropped
            waiting.append(socket.socket())
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(listener.getsockname())
        time.sleep(0.1)
        with Feed("-s", f"tcp:127.0.0.1:{listener.getsockname()[1]}", "-o", path) as feed:
            began = time.monotonic()
            feed.do("judge 5", "tick 1", "tick 1")
            same(events_of([path]), (numbers(5), []))
            same(feed.said, [], "it may yet answer")
            same(feed.close(), "no")
            assert time.monotonic() - began < 3
        for one in waiting:
            one.close()


def only_numbers_name_a_server(directory):
    del directory
    for where in ("udp:localhost:514", "udp:192.0.2.1", "tcp:192.0.2.1:http", "udp::514", "udp:[::1]",
                  "smtp:192.0.2.1:25", "tcp:192.0.2.1:", ""):
        with Feed("-s", where) as feed:
            same(feed.began, "no", where)
            assert "syslog" in feed.said[0], feed.said
