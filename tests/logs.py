#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""logs.py [BINARY]: what --log changes in a verdict, and what it must not.

Captures whose truth is known, with logs beside them: one recorded from OpenSSH 9.2 together with its
packets, the others written as the programs write them. A log of the right host and time makes a
verdict surer or settles it; one of another host, another day or another clock leaves the report what
it is without.
"""

import json
import os
import subprocess
import sys
import tempfile

BINARY = sys.argv[1] if len(sys.argv) > 1 else "build/rstscope"
RECORDED = "tests/data/logs/sshd-9.2"
SAMPLES = "build/samples/"

# The scenarios' client and server.
CLIENT, SERVER = "198.51.100.7", "203.0.113.22"
LISTENS = f"Mar  5 08:00:00 bastion sshd[600]: Server listening on {SERVER} port 22.\n"
REFUSED = f"Mar  5 09:00:01 bastion sshd[812]: refused connect from {CLIENT} ({CLIENT})\n"
GOODBYE = (
    f"Mar  5 09:00:01 bastion sshd[812]: Received disconnect from {CLIENT} port 51234:11: bye\n"
    f"Mar  5 09:00:01 bastion sshd[812]: Disconnected from user bob {CLIENT} port 51234\n"
)
DROPPED = (
    f"Mar  5 09:00:01 bastion sshd[600]: drop connection #9 from [{CLIENT}]:51234 "
    f"on [{SERVER}]:22 past MaxStartups\n"
)

passed = failed = 0


def expect(what, good, got=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"logs: {what} {got}")


def run(*args):
    return subprocess.run(
        [BINARY, "read", *args], capture_output=True, timeout=60, env={**os.environ, "TZ": "UTC"}
    )


def read(capture, *args):
    done = run("-q", "-f", "json", "-p", "2299", *args, capture)
    if done.returncode != 0:
        raise SystemExit(f"logs: {args} {capture}: status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def written(folder, text, name="a.log"):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def verdicts(report):
    return {c["client"]["port"]: c["verdict"] for c in report["connections"]}


def said(verdict):
    return [e for e in verdict["evidence"] if " said " in e["text"] and not e["frames"]]


def check_recorded():
    """The packets of some ends are cut, as a snap length of 256 does; sshd says what they were."""
    before = verdicts(read(RECORDED + ".pcap"))
    report = read(RECORDED + ".pcap", "--log", RECORDED + ".log")
    after = verdicts(report)
    log = report["logs"][0]
    expect("its clock is found", log["clock"] == "found" and abs(log["offset_s"]) < 1, log)
    expect("with most connections", log["compared"] >= 10, log)
    expect("no line is damaged", log["damaged"] == 0 and log["lines"] == 59, log)
    changed = [p for p in after if after[p]["cause"] != before[p]["cause"]]
    expect("one verdict is mended", len(changed) == 1, changed)
    mended = after[changed[0]]
    expect(
        "it is the key exchange that failed",
        mended["cause"] == "protocol_error" and mended["detail"] == "no_common_algorithm",
        mended,
    )
    expect("sshd is quoted", "sshd[" in mended["sentence"] and said(mended), mended["sentence"])
    expect("evidence of a log has no filter", all(e["filter"] is None for e in said(mended)))
    dropped = [v for v in after.values() if v["detail"] == "max_startups"]
    expect("both that were dropped are named", len(dropped) == 2 and all(map(said, dropped)))


def same(a, b):
    return verdicts(a) == verdicts(b)


def check_decisive(folder):
    rows = (
        ("access_denied", LISTENS + REFUSED, "access_denied", "likely", "certain"),
        ("orderly_close_one_sided", GOODBYE, "orderly_close", "likely", "likely"),
        ("unexplained_midstream", DROPPED, "resource_exhaustion", "unexplained", "likely"),
    )
    for name, text, cause, was, now in rows:
        before = verdicts(read(f"{SAMPLES}{name}.pcap"))[51234]
        after = verdicts(read(f"{SAMPLES}{name}.pcap", "--log", written(folder, text)))[51234]
        expect(f"{name} was {was}", before["sure"] == was, before["sure"])
        expect(f"{name} is {now}", after["sure"] == now and after["cause"] == cause, after)
        expect(f"{name} is surer", after["confidence"] > before["confidence"], after["confidence"])


def check_strangers(folder):
    """Another host, another client, another hour, another day, another program."""
    capture = SAMPLES + "access_denied.pcap"
    before = read(capture)
    for why, text in {
        "another host": LISTENS.replace(SERVER, "203.0.113.99") + REFUSED,
        "a host that is not known": REFUSED,
        "another client": LISTENS + REFUSED.replace(CLIENT, "198.51.100.8"),
        "an hour later": (LISTENS + REFUSED).replace("09:00", "10:00"),
        "a day before": (LISTENS + REFUSED).replace("Mar  5", "Mar  4"),
        "another program": (LISTENS + REFUSED).replace("sshd", "cron"),
        "a user called so": LISTENS
        + f"Mar  5 09:00:01 bastion sshd[812]: Invalid user refused connect from {CLIENT} from 192.0.2.9 port 7\n",
    }.items():
        after = read(capture, "--log", written(folder, text))
        expect(f"{why} changes nothing", same(before, after))
        expect(f"of {why} nothing is used", after["logs"][0]["used"] == 0, after["logs"])


def check_clocks(folder):
    capture = SAMPLES + "orderly_close_one_sided.pcap"
    before = read(capture)
    ahead = GOODBYE.replace("09:00:01", "09:07:01")
    odd = read(capture, "--log", written(folder, ahead))
    expect("an odd clock is not believed", odd["logs"][0]["clock"] == "not_believed", odd["logs"])
    expect("and changes nothing", same(before, odd))
    done = run("--log", written(folder, ahead), capture)
    expect("what to do about it is said", b"--log-offset 4" in done.stderr, done.stderr)
    given = read(capture, "--log-offset", "420", "--log", written(folder, ahead))
    expect("unless it is given", given["logs"][0]["clock"] == "given", given["logs"])
    expect("then it counts", said(verdicts(given)[51234]))
    zone = read(capture, "--log", written(folder, GOODBYE.replace("09:00:01", "11:00:01")))
    log = zone["logs"][0]
    expect("a zone is found", log["clock"] == "found" and 7195 < log["offset_s"] < 7205, log)
    expect("and its lines count", said(verdicts(zone)[51234]))


def check_hidden(folder):
    path = written(folder, LISTENS + GOODBYE, "secret.log")
    for form in ("text", "json", "md", "html"):
        done = run("-q", "-f", form, "--redact", "--log", path, SAMPLES + "orderly_close.pcap")
        words = done.stdout + done.stderr
        for secret in (b"bob", CLIENT.encode(), SERVER.encode(), b"secret", b"51234:11"):
            expect(f"{form} redacts {secret}", secret not in words)
        expect(f"{form} is written", done.returncode == 0 and done.stdout, done.stderr)


def check_refusals(folder):
    capture = SAMPLES + "orderly_close.pcap"
    log = written(folder, GOODBYE)
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    for why, args, status, word in (
        ("no such log", ["--log", folder + "/none"], 4, b"No such file"),
        ("a folder", ["--log", folder], 4, b"directory"),
        ("no known form", ["--log", capture], 4, b"form is not known"),
        ("an empty one", ["--log", written(folder, "", "empty")], 4, b"form is not known"),
        ("a device", ["--log", os.devnull], 4, b"neither a file nor a pipe"),
        ("a pipe without a writer", ["--log", fifo], 4, b"form is not known"),
        ("a log as output", ["--log", log, "-o", written(folder, GOODBYE, "b.txt")], 0, b""),
        ("no number", ["--log-offset", "soon"], 2, b"seconds"),
        ("no end of numbers", ["--log-offset", "inf"], 2, b"seconds"),
        ("too many", ["--log", log] * 17, 2, b"at most 16"),
    ):
        done = run(*args, capture)
        expect(f"{why}: status", done.returncode == status, (done.returncode, done.stderr))
        expect(f"{why}: words", word in done.stderr, done.stderr)
    text = written(folder, GOODBYE, "c.txt")
    done = run("--log", text, "-o", text, capture)
    with open(text, encoding="utf-8") as file:
        expect("a log is not written over", done.returncode == 4 and file.read() == GOODBYE)


def check_schema(folder):
    report = os.path.join(folder, "r.json")
    lines = os.path.join(folder, "r.jsonl")
    run("-q", "-p", "2299", "-o", report, "-o", lines, "--log", RECORDED + ".log", RECORDED + ".pcap")
    done = subprocess.run(
        [sys.executable, "tests/schema.py", "docs/report.schema.json", report, lines],
        capture_output=True,
    )
    expect("the schema is kept", done.returncode in (0, 77), done.stdout)


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    with tempfile.TemporaryDirectory() as folder:
        check_recorded()
        check_decisive(folder)
        check_strangers(folder)
        check_clocks(folder)
        check_hidden(folder)
        check_refusals(folder)
        check_schema(folder)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
