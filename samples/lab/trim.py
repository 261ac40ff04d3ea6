#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Cuts a capture down to headers and the few bytes that matter, as tcpdump -s would have.

SSH speaks in the clear only at first: identification strings and the key exchange. Of each
direction the first bytes stay; of what is encrypted, a few of each segment. The length on the wire
stays said, and packets that are not TCP stay whole.
"""

import argparse

from packets import Connections, apart, read, segment_of, write

CLEAR, KEEP = 4096, 16


def trim(source, target, clear=CLEAR, keep=KEEP):
    """Writes source to target with all payload of the first `clear` bytes of each stream, and of
    each later segment `keep` bytes."""
    capture = read(source)
    known = Connections()
    for packet in capture.packets:
        segment = segment_of(packet, capture.link)
        if segment:
            begin = known.of(segment).begins[segment.source]
            _cut(packet, segment, max(keep, clear - apart(segment.stream, begin)))
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
