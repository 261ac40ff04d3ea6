#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""evidence.py [BINARY]: what -o NAME.pcapng writes, read back twice.

Once by the few lines here, which know blocks and nothing else: each frame has the bytes, the time,
the lengths and the link type of the frame it says it was; all frames of odd connections are there,
none of a healthy one but what shows something; each frame of evidence has its words beside it. And
once by tshark, where installed: the same comments, and nothing malformed that was not before.
"""

import glob
import ipaddress
import json
import os
import struct
import subprocess
import sys
import tempfile
from collections import namedtuple

sys.dont_write_bytecode = True
from frames import PCAP, unpacked  # noqa: E402 (the line above must come first)

Frame = namedtuple("Frame", "time_ns wire_len data link snap name comments packet_id")
HEALTHY = ("orderly_close", "still_open")
LAB_STEP = 15     # of the captures of the lab each fifteenth: some of most kinds
TSHARK_STEP = 6   # and of all that each sixth is shown to tshark, which takes half a second
MEMORY_KIB = 40 * 1024
BIG_LEN = 50_000_000


# ---- reading captures ----

def pcap_frames(data):
    order, header = PCAP[data[:4]]
    snap, link = struct.unpack_from(order + "II", data, 16)
    unit = 1 if data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d") else 1000
    at = 24
    while at + header <= len(data):
        seconds, units, length, wire = struct.unpack_from(order + "IIII", data, at)
        if at + header + length > len(data):
            return
        yield Frame(seconds * 10**9 + units * unit, wire, data[at + header:at + header + length],
                    link, snap, "", [], None)
        at += header + length


def options(data):
    at, found = 0, []
    while at < len(data):
        code, length = struct.unpack_from("<HH", data, at)
        if code == 0:
            assert at + 4 == len(data), "something behind the end of options"
            return found
        found.append((code, data[at + 4:at + 4 + length]))
        at += 4 + (length + 3) // 4 * 4
    assert not data, "options without an end"
    return found


def texts(found, code):
    return [value.decode("ascii") for number, value in found if number == code]


def pcapng_read(data):
    """(comments of the section, its frames): strict, as only our own writer is read."""
    at, interfaces, frames, section = 0, [], [], []
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        assert length % 4 == 0 and data[at + length - 4:at + length] == data[at + 4:at + 8], "block"
        body = data[at + 8:at + length - 4]
        if kind == 0x0A0D0D0A:
            section = texts(options(body[16:]), 1)
        elif kind == 1:
            link, _, snap = struct.unpack_from("<HHI", body)
            found = options(body[8:])
            assert (9, b"\x09") in found, "not in nanoseconds"
            interfaces.append((link, snap, "".join(texts(found, 2)), texts(found, 1)))
        elif kind == 6:
            number, high, low, captured, wire = struct.unpack_from("<IIIII", body)
            link, snap, name, _ = interfaces[number]
            found = options(body[20 + (captured + 3) // 4 * 4:])
            ids = [struct.unpack("<Q", value)[0] for code, value in found if code == 5]
            frames.append(Frame(high << 32 | low, wire, body[20:20 + captured], link, snap, name,
                                texts(found, 1), ids[0]))
        at += length
    return section, frames


def source_frames(path):
    with open(path, "rb") as file:
        data = unpacked(file.read())
    if data[:4] in PCAP:
        return list(pcap_frames(data))
    return pcapng_read(data)[1]


# ---- what is asked ----

class Count:
    passed = failed = skipped = 0

    def check(self, what, holds, detail=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{os.path.basename(sys.argv[0])}: {what} {detail}"[:400])


def run(binary, paths, folder, *more):
    out, report = os.path.join(folder, "out.pcapng"), os.path.join(folder, "out.json")
    for old in (out, report):
        if os.path.exists(old):
            os.unlink(old)
    done = subprocess.run([binary, "read", "-o", out, "-o", report, *more, *paths],
                          capture_output=True, text=True)
    with open(out, "rb") as file:
        section, frames = pcapng_read(file.read())
    with open(report, encoding="ascii") as file:
        return done, section, frames, json.load(file), out


def odd_of(report):
    return [c for c in report["connections"] if c["verdict"]["cause"] not in HEALTHY]


def check_frames(count, name, frames, sources):
    """Each is what it says it was, and they come in their order."""
    wrong = []
    for frame in frames:
        source = sources[frame.packet_id >> 32][(frame.packet_id & 0xFFFFFFFF) - 1]
        if frame[:5] != source[:5] or frame.name != source.name:
            wrong.append(frame.packet_id)
    count.check(f"{name}: frames differ from those of the input:", not wrong, wrong[:5])
    ids = [f.packet_id for f in frames]
    count.check(f"{name}: a frame is there twice", len(ids) == len(set(ids)))
    for number in {i >> 32 for i in ids}:
        own = [i for i in ids if i >> 32 == number]
        count.check(f"{name}: frames are out of order", own == sorted(own))


def check_words(count, name, section, frames, report):
    """For one input: the verdict in the section, and the evidence beside its frames."""
    by_number = {f.packet_id: f for f in frames}
    lost = []
    for c in odd_of(report):
        v = c["verdict"]
        sentence = v["sentence"].rstrip(".")
        count.check(f"{name}: no verdict of {c['id']} in the section",
                    any(sentence in text for text in section), section)
        count.check(f"{name}: no verdict of {c['id']} beside a frame",
                    any(sentence in text for f in frames for text in f.comments))
        if len(v["evidence"]) > 4:
            continue  # more than twelve frames: not all have words
        against = v["against"] if sum(len(e["frames"]) for e in v["against"]) <= 4 else []
        for e in v["evidence"] + against:
            for number in e["frames"]:
                words = by_number[number].comments if number in by_number else []
                if not any(e["text"] in text for text in words):
                    lost.append((number, e["text"]))
    count.check(f"{name}: evidence without words beside it:", not lost, lost[:2])
    count.check(f"{name}: comments without the number before",
                all(f.comments[0].startswith(f"frame {f.packet_id} of ") for f in frames if f.comments))


def check_whole(count, name, frames, report):
    """No fewer frames than the odd connections have; without any, none at all."""
    wanted = sum(sum(c["packets"].values()) for c in odd_of(report))
    count.check(f"{name}: {len(frames)} frames of {wanted}", len(frames) >= wanted)
    if not odd_of(report):
        count.check(f"{name}: frames although nothing was odd", not frames)


def on_wire(one, other):
    """Both addresses, then both ports: so they stand in a packet without IP options."""
    hosts = b"".join(ipaddress.ip_address(end["ip"]).packed for end in (one, other))
    return hosts + struct.pack(">HH", one["port"], other["port"])


def ways_of(connections):
    return {on_wire(c[one], c[other]) for c in connections
            for one, other in (("client", "server"), ("server", "client"))}


def check_no_more(count, name, frames, report):
    """Of a healthy connection only what shows something."""
    odd = ways_of(odd_of(report))
    healthy = ways_of(report["connections"]) - odd
    extra = [f.packet_id for f in frames if not f.comments and any(way in f.data for way in healthy)
             and not any(way in f.data for way in odd)]
    count.check(f"{name}: frames of healthy connections:", not extra, extra[:5])


def tshark_fields(path, *fields):
    arguments = [part for field in fields for part in ("-e", field)]
    done = subprocess.run(["tshark", "-n", "-r", path, "-T", "fields", "-E", "aggregator=|",
                           *arguments], capture_output=True, text=True)
    return done.returncode, [line.split("\t") for line in done.stdout.splitlines()]


def check_tshark(count, name, out, frames, path):
    status, rows = tshark_fields(out, "frame.packet_id", "frame.time_epoch", "frame.comment",
                                 "_ws.malformed")
    count.check(f"{name}: tshark: status {status}", status == 0)
    wanted = [[str(f.packet_id), f"{f.time_ns // 10**9}.{f.time_ns % 10**9:09}",
               "|".join(f.comments)] for f in frames]
    # An odd name of a file has a backslash, which tshark doubles.
    count.check(f"{name}: tshark reads something else",
                [row[:3] for row in rows] == wanted, (rows[:1], wanted[:1]))
    _, before = tshark_fields(path, "frame.number", "_ws.malformed")
    malformed = {row[0] for row in before if len(row) > 1 and row[1]}
    count.check(f"{name}: malformed now",
                all(row[0] in malformed for row in rows if len(row) > 3 and row[3]))


# ---- which captures ----

def has_tshark():
    try:
        return subprocess.run(["tshark", "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def check_each(count, binary, folder, tshark):
    paths = sorted(glob.glob("samples/captures/*.pcap") + glob.glob("build/samples/*.pcap"))
    paths += sorted(glob.glob("samples/lab/captures/*.pcap.xz"))[::LAB_STEP]
    for i, path in enumerate(paths):
        name = os.path.basename(path)
        _, section, frames, report, out = run(binary, [path], folder)
        check_frames(count, name, frames, [source_frames(path)])
        check_words(count, name, section, frames, report)
        check_whole(count, name, frames, report)
        check_no_more(count, name, frames, report)
        if tshark and i % TSHARK_STEP == 0:
            check_tshark(count, name, out, frames, path)
    count.check("no captures", len(paths) > 50)


def check_several(count, binary, folder):
    """Three points of one lab, and one of them again as our own output: interfaces stay apart."""
    paths = sorted(glob.glob("samples/lab/captures/*.pcap.xz"))
    kinds = {path.rsplit(".", 3)[0] for path in paths}
    for kind in sorted(kinds)[::40]:
        group = [path for path in paths if path.rsplit(".", 3)[0] == kind]
        _, _, frames, report, out = run(binary, group, folder)
        check_frames(count, kind, frames, [source_frames(path) for path in group])
        again = os.path.join(folder, "again.pcapng")
        os.replace(out, again)
        _, _, frames, _, _ = run(binary, [again], folder)
        check_frames(count, f"{kind} again", frames, [source_frames(again)])


def arp(time_s, sender, target):
    data = (b"\xff" * 6 + b"\2\0\0\0\0\1" + b"\x08\x06" + b"\0\1\x08\0\6\4\0\1" + b"\2\0\0\0\0\1"
            + ipaddress.ip_address(sender).packed + b"\0" * 6 + ipaddress.ip_address(target).packed)
    return struct.pack("<IIII", time_s, 0, len(data), len(data)) + data


def check_arp(count, binary, folder):
    """Who has the server? Of interest around the end, and not an hour later."""
    with open("samples/captures/path-lost.pcap", "rb") as file:
        data = file.read()
    frames = list(pcap_frames(data))
    count.check("path-lost.pcap: not little-endian Ethernet", data[:1] != b"\xa1"
                and frames[0].link == 1)
    _, _, before, report, _ = run(binary, ["samples/captures/path-lost.pcap"], folder)
    client, server = (odd_of(report)[0][side]["ip"] for side in ("client", "server"))
    end = frames[-1].time_ns // 10**9
    path = os.path.join(folder, "arp.pcap")
    with open(path, "wb") as file:
        file.write(data + arp(end + 5, client, server) + arp(end + 6, "192.0.2.77", server)
                   + arp(end + 7, "192.0.2.77", "192.0.2.78") + arp(end + 3600, client, server))
    _, _, after, _, _ = run(binary, [path], folder)
    added = sorted({f.packet_id for f in after} - {f.packet_id for f in before})
    count.check("ARP around the end", added == [len(frames) + 1, len(frames) + 2], added)


def status_of(binary, folder, *arguments, **more):
    return subprocess.run([binary, "read", *arguments], capture_output=True, cwd=folder, **more)


def check_refusals(count, binary, folder):
    good = os.path.abspath("samples/captures/kill-9-idle-session.pcap")
    with open(good, "rb") as file:
        done = status_of(binary, folder, "-o", "x.pcapng", "-", stdin=file)
        count.check("standard input: read in spite of it", file.tell() == 0)
    count.check("standard input: not status 4", done.returncode == 4)
    count.check("standard input: no reason", b"needs it twice" in done.stderr, done.stderr)
    done = status_of(binary, folder, "-f", "pcapng", good)
    count.check("-f pcapng: not status 2", done.returncode == 2)
    count.check("-f pcapng: no advice", b"-o " in done.stderr, done.stderr)
    os.mkfifo(os.path.join(folder, "fifo"))
    done = status_of(binary, folder, "-o", "x.pcapng", "fifo", timeout=20)
    count.check("a pipe: not status 4", done.returncode == 4 and b"fifo" in done.stderr)
    with open(good, "rb") as file, open(os.path.join(folder, "input.pcapng"), "wb") as copy:
        copy.write(file.read())
    before = os.path.getsize(os.path.join(folder, "input.pcapng"))
    done = status_of(binary, folder, "-o", "input.pcapng", "input.pcapng")
    count.check("an input as output: not status 4", done.returncode == 4, done.stderr)
    count.check("an input as output: changed",
                os.path.getsize(os.path.join(folder, "input.pcapng")) == before)
    count.check("a refusal left files", sorted(os.listdir(folder)) == ["fifo", "input.pcapng"],
                os.listdir(folder))


def big_capture(path):
    """Odd sessions again and again, each at other ports and a later hour."""
    with open("samples/captures/kill-9-idle-session.pcap", "rb") as file:
        data = file.read()
    order, _ = PCAP[data[:4]]
    size, hour = 24, 0
    with open(path, "wb") as file:
        file.write(data[:24])
        while size < BIG_LEN:
            at = 24
            while at < len(data):
                seconds, units, length, wire = struct.unpack_from(order + "IIII", data, at)
                file.write(struct.pack(order + "IIII", seconds + 600 * hour, units, length, wire))
                file.write(data[at + 16:at + 16 + length])
                size += 16 + length
                at += 16 + length
            hour += 1


def check_big(count, binary, folder):
    path, out = os.path.join(folder, "big.pcap"), os.path.join(folder, "big.pcapng")
    big_capture(path)
    code = ("import resource, subprocess, sys; s = subprocess.run(sys.argv[1:]).returncode; "
            "print(s, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    done = subprocess.run([sys.executable, "-c", code, binary, "read", "-o", out, path],
                          capture_output=True, text=True, timeout=120)
    status, memory = (int(word) for word in done.stdout.split())
    count.check(f"50 MB: status {status}", status == 0, done.stderr)
    count.check(f"50 MB: {memory} KiB of memory", memory < MEMORY_KIB)
    count.check("50 MB: hardly anything written", os.path.getsize(out) > BIG_LEN / 2)


def main():
    binary = os.path.abspath(BINARY)
    count, tshark = Count(), has_tshark()
    if not tshark:
        print("evidence: skipped: no tshark")
        count.skipped += 1
    with tempfile.TemporaryDirectory() as folder:
        check_refusals(count, binary, folder)
    with tempfile.TemporaryDirectory() as folder:
        check_each(count, binary, folder, tshark)
        check_several(count, binary, folder)
        check_arp(count, binary, folder)
        check_big(count, binary, folder)
    print(f"{count.passed} passed, {count.failed} failed"
          + (f", {count.skipped} skipped" if count.skipped else ""))
    return count.failed != 0


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "build/rstscope"
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    sys.exit(main())
