#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""redact_frames.py [BINARY]: what --redact promises of the frames in -o NAME.pcapng.

No address, MAC address, name or text of the input is in the file, as text or as the bytes they are; the
names and comments that a pcapng input may hold are in no form at all. Frames keep number, time and
length, and tshark, where installed, finds them well formed, their checksums as before and the Community
IDs that the redacted JSON says.
"""

import collections
import ipaddress
import os
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import evidence  # noqa: E402 (the line above must come first)
import redact  # noqa: E402

ETHERNET = 1
NOBODY = (b"\0" * 6, b"\xff" * 6)
TSHARK_STEP = 8
# What people write into captures, and drivers and resolvers with them.
WRITTEN = {"section": "for customer-zebra", "name": "wan-zebra0", "description": "Zebra Uplink 7",
           "comment": "alice saw this", "host": "bastion.zebra.example"}


def macs_of(frames):
    """Of stations; a group's tells of a protocol."""
    found = set()
    for f in frames:
        if f.link == ETHERNET and len(f.data) >= 14:
            found |= {f.data[:6], f.data[6:12]}
    return {mac for mac in found if mac not in NOBODY and not mac[0] & 1}


def way_of(frame):
    return frame.time_ns, frame.wire_len, frame.link, frame.packet_id


def replaced(report):
    """The addresses that stand in the redacted report: one may be what another was."""
    return redact.addresses(report)


def check_gone(count, name, path, whole, frames, report_plain, report_redacted):
    """A frame at a time: across the edge of two, any bytes may meet."""
    _, hosts, words = redact.originals(report_plain)
    raw = {h.packed for h in hosts - replaced(report_redacted)} | macs_of(evidence.source_frames(path))
    left = {word for word in words if word.encode() in whole}
    left |= {data.hex() for data in raw if any(data in f.data for f in frames)}
    comments = " ".join(text for f in frames for text in f.comments)
    left |= {str(h) for h in redact.addresses(comments) & hosts}
    left |= {os.path.basename(path)} if os.path.basename(path).encode() in whole else set()
    count.check(f"{name}: is left:", not left, sorted(left)[:4])


def encrypted(redacted, frames):
    """Frames that show payload, of a side whose NEWKEYS was before; of Ethernet and plain IPv4."""
    last = {}
    for c in redacted["connections"]:
        for e in c["timeline"]:
            if e["event"] == "newkeys":
                server = e["from"] == "server"
                ends = (c["server"], c["client"]) if server else (c["client"], c["server"])
                if ":" not in ends[0]["ip"]:
                    last[evidence.on_wire(*ends)] = e["frame"]
    return len(last), [
        f.packet_id for f in frames
        if f.link == ETHERNET and f.data[12:15] == b"\x08\0\x45" and f.data[23] == 6
        and f.packet_id > last.get(f.data[26:38], 2**32) and len(f.data) > 34 + (f.data[46] >> 4) * 4]


def tshark(path, *fields):
    options = [part for field in fields for part in ("-e", field)]
    done = subprocess.run(["tshark", "-n", "-r", path, "--enable-protocol", "communityid",
                           "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
                           "-T", "fields", *options], capture_output=True, text=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def check_tshark(count, name, before, after, redacted):
    """before: the evidence as it is. A segment that was cut has a checksum that cannot be tested."""
    fields = ("ip.checksum.status", "tcp.checksum.status", "_ws.malformed", "communityid", "tcp.stream")
    old, new = tshark(before, *fields), tshark(after, *fields)
    count.check(f"{name}: tshark: other frames", len(old) == len(new) > 0)
    for i, (was, now) in enumerate(zip(old, new)):
        now = now + [""] * (len(fields) - len(now))
        was = was + [""] * (len(fields) - len(was))
        fine = (was[0] == now[0] and (now[1] == was[1] or "2" in now[1]) and now[2] <= was[2]
                and was[4] == now[4])
        count.check(f"{name}: tshark: frame {i + 1}:", fine, (was, now))
    ids = {row[3] for row in new if len(row) > 3 and row[3] and "," not in row[3]}
    said = {c["community_id"].removeprefix("redacted:") for c in evidence.odd_of(redacted)}
    count.check(f"{name}: Community IDs", said <= ids, (sorted(ids)[:2], sorted(said)[:2]))


def check_each(count, binary, folder, key):
    followed = 0
    for i, source in enumerate(redact.captures()):
        if not source.endswith((".pcap", ".pcap.xz")):
            continue
        path = redact.named(folder, source)
        name = os.path.basename(path)
        _, _, plain, _, out = evidence.run(binary, [path], folder)
        before, report_plain = os.path.join(folder, "before.pcapng"), redact.run(
            binary, None, "json", path)[1]
        os.replace(out, before)
        _, section, frames, redacted, out = evidence.run(binary, [path], folder, "--redact=" + key)
        with open(out, "rb") as file:
            whole = file.read()
        with open(os.path.join(folder, "out.json"), encoding="ascii") as file:
            check_gone(count, name, path, whole, frames, report_plain, file.read())
        count.check(f"{name}: other frames than without --redact",
                    [way_of(f) for f in frames] == [way_of(f) for f in plain])
        count.check(f"{name}: more than was captured",
                    all(len(new.data) <= len(old.data) for new, old in zip(frames, plain)))
        count.check(f"{name}: it is not said", any("Redacted: " in text for text in section))
        sides, shown = encrypted(redacted, frames)
        followed += sides
        count.check(f"{name}: encrypted bytes are shown", not shown, shown[:4])
        if frames and i % TSHARK_STEP == 0 and evidence.has_tshark():
            check_tshark(count, name, before, out, redacted)
        os.unlink(path)
    count.check("no NEWKEYS was seen", followed > 20, followed)


# ---- a pcapng with names ----

def option(code, data):
    return struct.pack("<HH", code, len(data)) + data + b"\0" * (-len(data) % 4)


def block(kind, body):
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def with_names(frames, out):
    said = {key: text.encode() for key, text in WRITTEN.items()}
    host = ipaddress.ip_address("192.0.2.10").packed + said["host"] + b"\0"
    with open(out, "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
                         + option(1, said["section"]) + option(0, b"")))
        file.write(block(1, struct.pack("<HHI", frames[0].link, 0, 0) + option(2, said["name"])
                         + option(3, said["description"]) + option(9, b"\x09") + option(0, b"")))
        file.write(block(4, option(1, host) + option(0, b"")))
        for f in frames:
            file.write(block(6, struct.pack("<IIIII", 0, f.time_ns >> 32, f.time_ns & 0xFFFFFFFF,
                                            len(f.data), f.wire_len)
                             + f.data + b"\0" * (-len(f.data) % 4)
                             + option(1, said["comment"]) + option(0, b"")))


def check_written(count, binary, folder, key):
    """What a pcapng says besides frames: interfaces get other names, the same for all frames."""
    path, out = os.path.join(folder, "zebra.pcapng"), os.path.join(folder, "theirs.pcapng")
    with_names(evidence.source_frames("samples/captures/kill-9-idle-session.pcap"), path)
    for form in redact.FORMATS + ("pcapng",):
        arguments = ["-o", out] if form == "pcapng" else ["-f", form]
        done = subprocess.run([binary, "read", "--redact=" + key, "--all", *arguments, path],
                              capture_output=True)
        shown = done.stdout + done.stderr.replace(path.encode(), b"")
        if form == "pcapng":
            with open(out, "rb") as file:
                shown += file.read()
        count.check(f"{form}: status {done.returncode}", done.returncode == 0)
        left = [text for text in [*WRITTEN.values(), "zebra"] if text.encode() in shown]
        count.check(f"{form}: names of a pcapng are left:", not left, left)
    with open(out, "rb") as file:
        names = collections.Counter(f.name for f in evidence.pcapng_read(file.read())[1])
    count.check("an interface has not one name", len(names) == 1
                and len(next(iter(names))) == len(WRITTEN["name"]), names)


def check_input_stays(count, binary, folder, key):
    """What a redacted report calls an input says nothing of where it is."""
    path = os.path.join(folder, "input.pcapng")
    with_names(evidence.source_frames("samples/captures/kill-9-idle-session.pcap"), path)
    size = os.path.getsize(path)
    done = subprocess.run([binary, "read", "--redact=" + key, "-o", path, path], capture_output=True)
    count.check("an input was replaced", done.returncode == 4 and os.path.getsize(path) == size)


def main():
    count = evidence.Count()
    if not evidence.has_tshark():
        print("redact_frames: skipped: no tshark")
        count.skipped += 1
    with tempfile.TemporaryDirectory() as folder:
        key = os.path.join(folder, "key")
        with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            file.write(bytes(range(32)))
        check_each(count, BINARY, folder, key)
        check_written(count, BINARY, folder, key)
        check_input_stays(count, BINARY, folder, key)
    print(f"{count.passed} passed, {count.failed} failed"
          + (f", {count.skipped} skipped" if count.skipped else ""))
    return count.failed != 0


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.abspath("build/rstscope")
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    sys.exit(main())
