#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""frames.py FILE...: how many frames a capture holds, counted by its records and blocks alone.

Second opinion on what capture/ hands on: it knows no link type, no interface and no library, only
where one record ends and the next begins. Counting ends where the framing does: at the end of the
file, at a record that it cuts, or at a length that cannot be. None: not a capture that we read."""

import gzip
import lzma
import struct
import subprocess
import sys

# Byte order, and length of a record's header: Kuznetzov's has 8 bytes more.
PCAP = {bytes.fromhex(magic): (order, length) for magic, order, length in (
    ("d4c3b2a1", "<", 16), ("a1b2c3d4", ">", 16), ("4d3cb2a1", "<", 16), ("a1b23c4d", ">", 16),
    ("34cdb2a1", "<", 24), ("a1b2cd34", ">", 24))}
PCAPNG = b"\n\r\r\n"
PCAPNG_PACKETS = (2, 3, 6)

# libpcap's MAXIMUM_SNAPLEN: longer records mean damage, unless the file's own limit is higher.
RECORD_MAX = 262144

PACKED = {b"\x1f\x8b": gzip.decompress, b"\xfd7zXZ\x00": lzma.decompress}
PACKED_BY_TOOL = {b"\x28\xb5\x2f\xfd": "zstd", b"\x04\x22\x4d\x18": "lz4"}


def unpacked(data):
    for magic, unpack in PACKED.items():
        if data.startswith(magic):
            return unpack(data)
    for magic, tool in PACKED_BY_TOOL.items():
        if data.startswith(magic):
            return subprocess.run([tool, "-dcq"], input=data, capture_output=True).stdout
    return data


def records(data):
    """Of a pcap file."""
    order, header = PCAP[data[:4]]
    version = struct.unpack_from(order + "HH", data, 4)
    most = max(RECORD_MAX, struct.unpack_from(order + "I", data, 16)[0])
    at, count = 24, 0
    while at + header <= len(data):
        length, on_wire = struct.unpack_from(order + "II", data, at + 8)
        if version < (2, 3) or (version == (2, 3) and length > on_wire):
            length = on_wire  # their order was turned round with version 2.3
        if length > most or at + header + length > len(data):
            break
        at += header + length
        count += 1
    return count


def blocks(data):
    """Of a pcapng file, those that hold a packet."""
    at, count, order = 0, 0, "<"
    while at + 12 <= len(data):
        if data[at:at + 4] == PCAPNG:
            order = "<" if data[at + 8:at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, length = struct.unpack_from(order + "II", data, at)
        length_read = (length + 3) // 4 * 4
        if length < 12 or at + length_read > len(data):
            break
        if struct.unpack_from(order + "I", data, at + length_read - 4)[0] != length:
            break
        at += length_read
        count += kind in PCAPNG_PACKETS
    return count


def frames(path):
    with open(path, "rb") as file:
        data = file.read()
    try:
        data = unpacked(data)
    except (EOFError, OSError, lzma.LZMAError):
        return None
    if data[:4] == PCAPNG:
        return blocks(data)
    if data[:4] not in PCAP or len(data) < 24:
        return None
    return records(data)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(frames(name), name, sep="\t")
