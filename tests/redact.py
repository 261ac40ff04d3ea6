#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""redact.py BINARY [CAPTURE...]: what --redact promises, on real captures and in every format.

Nothing of the original is in any output: addresses (as text and in hex), comments of identification
strings, texts, descriptions, what a proxy was asked for, host keys, Community IDs, names of files. The
verdicts are those without it. The same key gives the same bytes, another key gives others.
"""

import base64
import glob
import hashlib
import ipaddress
import json
import lzma
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
FORMATS = ("text", "json", "jsonl", "md", "html", "svg", "ecs", "ocsf", "junit")
ADDRESS = re.compile(r"[0-9a-fA-F:.]{3,45}")
# Names of programs and texts that say nothing of their owner: rows of dissect/*.def.
SHORTEST = 5  # letters; a shorter word is in every report by chance


def rows(name):
    with open(os.path.join(ROOT, "dissect", name)) as f:
        return re.findall(r'^SSH_\w+\("(.*)"\)', f.read(), re.M)


KNOWN_TEXTS = rows("ssh_known_texts.def")


def run(binary, key, form, path):
    command = [binary, "read", "-q", "--all", "-f", form]
    if key:
        command.append("--redact=" + key)
    done = subprocess.run(command + [path], capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode("ascii" if form != "html" else "utf-8")


def addresses(text):
    """The addresses that stand in a text, as objects: one way of writing is as good as another."""
    found = set()
    for word in ADDRESS.findall(text):
        for part in (word, word.strip(".:"), word.rsplit(":", 1)[0]):
            try:
                found.add(ipaddress.ip_address(part))
            except ValueError:
                pass
    return found


def names_nobody(address):
    return address.is_loopback or address.is_unspecified or str(address) == "255.255.255.255"


def is_told(text):
    return any(text.startswith(known) for known in KNOWN_TEXTS)


def words_of(report):
    """What names somebody in a report that was not redacted; all of it must be gone."""
    words = set()
    for conn in report["connections"]:
        ends = {ipaddress.ip_address(conn[side]["ip"]) for side in ("client", "server")}
        if not all(names_nobody(end) for end in ends):
            words.add(conn["community_id"])
        ssh = conn["ssh"] or {}
        for side in ("client", "server"):
            half = ssh.get(side) or {}
            identification = half.get("identification") or ""
            words.add(identification.partition(" ")[2])
            key = half.get("host_key")
            words.add(key["fingerprint"] if key else "")
        for key, field in (("notice", "text"), ("disconnect", "description")):
            said = (ssh.get(key) or {}).get(field) or ""
            words.add("" if is_told(said) else said)
        for event in conn["timeline"]:
            match = re.search(r" (?:to|for) (\S+):\d+", event["text"])
            if event["event"] == "proxy_request" and match:
                words.add(match.group(1))
    return {w for w in words if len(w) >= SHORTEST}


def judged(report):
    fields = ("who", "cause", "family", "detail", "confidence", "sure")
    return [
        (c["id"], c["ending"], c["tcp"], [c["verdict"][f] for f in fields],
         [(e["decibans"], e["frames"]) for e in c["verdict"]["evidence"] + c["verdict"]["against"]],
         [(e["frame"], e["event"], e["offset_s"]) for e in c["timeline"]])
        for c in report["connections"]
    ]


def community_id_is_marked(conn):
    """It begins with a mark, and is made of the addresses that are shown: the specification's way."""
    ends = [(ipaddress.ip_address(conn[side]["ip"]).packed, conn[side]["port"].to_bytes(2, "big"))
            for side in ("client", "server")]
    low, high = sorted(ends)
    flow = b"\0\0" + low[0] + high[0] + b"\x06\0" + low[1] + high[1]
    digest = base64.b64encode(hashlib.sha1(flow).digest()).decode()
    return conn["community_id"] == "redacted:1:" + digest


def originals(plain):
    report = json.loads(plain)
    return report, {a for a in addresses(plain) if not names_nobody(a)}, words_of(report)


def leaks(output, hosts, words, name):
    """What of the original is in an output, addresses also as the octets they are."""
    left = {str(a) for a in addresses(output) & hosts}
    left |= {w for w in words if w in output}
    left |= {name} if name in output else set()
    lower = output.lower()
    for host in hosts:
        if host.packed.hex() in lower and host.version == 6:
            left.add(host.packed.hex())
    return left


def check(binary, key, other, path):
    """The complaints about one capture."""
    wrong = []
    name = os.path.basename(path)
    status, plain = run(binary, None, "json", path)
    if status not in (0, 3):
        return None
    report, hosts, words = originals(plain)
    for form in FORMATS:
        _, output = run(binary, key, form, path)
        for left in sorted(leaks(output, hosts, words, name))[:3]:
            wrong.append("%s: '%s' is left in %s" % (name, left, form))
        if form == "json":
            redacted = json.loads(output)
            if not all(community_id_is_marked(c) for c in redacted["connections"]):
                wrong.append("%s: a Community ID is not that of the other addresses" % name)
            if judged(redacted) != judged(report):
                wrong.append("%s: another verdict when redacted" % name)
            if run(binary, key, form, path)[1] != output:
                wrong.append("%s: the same key gives another report" % name)
            if hosts and run(binary, other, form, path)[1] == output:
                wrong.append("%s: another key gives the same report" % name)
    return wrong


def named(folder, path):
    """A copy, unpacked, with a name that no report has by chance."""
    out = os.path.join(folder, "customer-" + os.path.basename(path))
    opened = lzma.open(path) if path.endswith(".xz") else open(path, "rb")
    with opened as packed, open(out, "wb") as plain:
        plain.write(packed.read())
    return out


def captures():
    paths = sorted(glob.glob(os.path.join(ROOT, "samples/captures/*.pcap*")))
    paths += sorted(glob.glob(os.path.join(ROOT, "build/samples/*.pcap")))
    return paths + sorted(glob.glob(os.path.join(ROOT, "samples/lab/captures/*.pcap.xz")))[::40]


def check_key_file(binary, folder, path):
    """The key that does not exist is made, for its owner alone, and is not printed."""
    wrong = []
    key = os.path.join(folder, "made.key")
    command = [binary, "read", "-f", "json", "--redact=" + key, path]
    done = subprocess.run(command, capture_output=True)
    again = subprocess.run(command, capture_output=True)
    if not os.path.exists(key) or os.path.getsize(key) != 32:
        return ["no key of 32 octets is made"]
    if os.stat(key).st_mode & 0o777 != 0o600:
        wrong.append("the key is not for its owner alone")
    if b"made.key" not in done.stderr or b"made.key" in again.stderr:
        wrong.append("it is not said, once, that a key was made")
    if done.stdout != again.stdout:
        wrong.append("the key that was made is not the one that is used")
    for content in (b"", b"x" * 31, b"x" * 33):
        bad = os.path.join(folder, "bad.key")
        with open(bad, "wb") as f:
            f.write(content)
        done = subprocess.run([binary, "read", "--redact=" + bad, path], capture_output=True)
        if done.returncode != 4 or done.stdout or b"bad.key" not in done.stderr:
            wrong.append("%d octets are taken as a key" % len(content))
    random = [subprocess.run([binary, "read", "--redact", path], capture_output=True).stdout
              for _ in range(2)]
    if random[0] == random[1] or not random[0]:
        wrong.append("without a file, the key is the same in two runs")
    return wrong


def main():
    binary, paths = sys.argv[1], sys.argv[2:] or captures()
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        keys = []
        for i in (1, 2):
            keys.append(os.path.join(folder, "key%d" % i))
            with open(os.open(keys[-1], os.O_CREAT | os.O_WRONLY, 0o600), "wb") as f:
                f.write(bytes([i]) * 32)
        results = [check(binary, keys[0], keys[1], named(folder, p)) for p in paths]
        results.append(check_key_file(binary, folder, named(folder, paths[0])))
    for wrong in results:
        if wrong is None:
            continue
        passed, failed = passed + (not wrong), failed + bool(wrong)
        for line in wrong:
            print("redact: " + line)
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main())
