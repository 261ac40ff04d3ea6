# SPDX-License-Identifier: BSD-3-Clause
"""The file of metrics: its numbers, its parsers, and when it cannot be written."""

import json
import os
import shutil
import stat
import subprocess
import sys

from feed import Feed, Skipped, lines_of, same, within


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
