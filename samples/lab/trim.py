#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Cuts a capture down to headers and the few bytes that matter, as tcpdump -s would have.

SSH speaks in the clear only at first: identification strings and the key exchange, up to NEWKEYS.
Of each direction that stays; of what is encrypted, the few bytes of each segment that may be the
length of a packet. The length on the wire stays said, and packets that are not TCP stay whole.
"""

import argparse

from packets import Connections, apart, read, segment_of, write

CLEAR, KEEP = 4096, 4
# RFC 4253 section 6 leaves a packet of one byte no other shape: its length, padding and number.
NEWKEYS, NEWKEYS_LEN = b"\x00\x00\x00\x0c\x0a\x15", 16


def trim(source, target, clear=CLEAR, keep=KEEP):
    """Writes source to target with the payload of each stream up to its NEWKEYS, but no more than
    `clear` bytes, and `keep` bytes of each later segment."""
    capture = read(source)
    known = Connections()
    ends = {}  # (connection, end): how much of what it says stays
    for packet in capture.packets:
        segment = segment_of(packet, capture.link)
        if segment:
            connection = known.of(segment)
            offset = apart(segment.stream, connection.begins[segment.source])
            stream = (connection, segment.source)
            found = packet.frame.find(NEWKEYS, segment.payload, segment.end)
            if found >= 0 and stream not in ends:
                ends[stream] = min(clear, offset + found - segment.payload + NEWKEYS_LEN)
            _cut(packet, segment, max(keep, ends.get(stream, clear) - offset))
    write(target, capture)


def _cut(packet, segment, kept):
    """A frame that needs no cut keeps its padding too."""
    if segment.payload + kept < segment.end:
        del packet.frame[segment.payload + kept:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--clear", type=int, default=CLEAR, help="bytes of each direction")
    parser.add_argument("--keep", type=int, default=KEEP, help="bytes of each later segment")
    words = parser.parse_args()
    trim(words.source, words.target, words.clear, words.keep)


if __name__ == "__main__":
    main()
