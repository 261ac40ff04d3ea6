# SPDX-License-Identifier: BSD-3-Clause
"""Captures made of others: one connection as many, or with other words in it. Classic pcap of Ethernet,
IPv4 and TCP, as the samples are; checksums are made anew, as a wrong one is not believed."""

import pathlib
import struct

NANOSECONDS = (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
LITTLE = (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1")


def read(path):
    """Its header, byte order, ticks per second, and [ticks, frame, length on the wire]."""
    data = pathlib.Path(path).read_bytes()
    order = "<" if data[:4] in LITTLE else ">"
    second, frames, at = 10 ** (9 if data[:4] in NANOSECONDS else 6), [], 24
    while at < len(data):
        s, part, kept, length = struct.unpack(order + "4I", data[at:at + 16])
        frames.append((s * second + part, data[at + 16:at + 16 + kept], length))
        at += 16 + kept
    return data[:24], order, second, frames


def write(path, header, order, second, frames):
    with open(path, "wb") as file:
        file.write(header)
        for ticks, frame, length in frames:
            file.write(struct.pack(order + "4I", *divmod(ticks, second), len(frame), length) + frame)


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data[:len(data) & ~1])) + (data[-1] << 8 if len(data) & 1 else 0)
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def summed(ip, tcp):
    ip[10:12] = tcp[16:18] = b"\0\0"
    ip[10:12] = checksum(ip).to_bytes(2, "big")
    tcp[16:18] = checksum(ip[12:20] + b"\0\6" + len(tcp).to_bytes(2, "big") + tcp).to_bytes(2, "big")
    return bytes(ip) + bytes(tcp)


def parts(frame):
    return bytearray(frame[14:34]), bytearray(frame[34:14 + int.from_bytes(frame[16:18], "big")])


def moved(frame, old, new):
    """With one address in place of the other."""
    ip, tcp = parts(frame)
    for at in (12, 16):
        if ip[at:at + 4] == old:
            ip[at:at + 4] = new
    return frame[:14] + summed(ip, tcp)


def multiply(path, out, count, apart_us):
    """The capture of one connection, count times, each by another client and so much later."""
    header, order, second, frames = read(path)
    client, rows = frames[0][1][26:30], []
    for i in range(count):
        new = bytes([10, i >> 16 & 255, i >> 8 & 255, i & 255])
        rows += [(t + i * apart_us * second // 1000000, moved(f, client, new), n) for t, f, n in frames]
    write(out, header, order, second, sorted(rows, key=lambda row: row[0]))


def said(path, out, old, new):
    """With other words of the same length in what was sent; how often."""
    header, order, second, frames = read(path)
    found, rows = 0, []
    assert len(old) == len(new)
    for ticks, frame, length in frames:
        if old in frame:
            ip, tcp = parts(frame)
            found, frame = found + 1, frame[:14] + summed(ip, bytearray(bytes(tcp).replace(old, new)))
        rows.append((ticks, frame, length))
    write(out, header, order, second, rows)
    return found
