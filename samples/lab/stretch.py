#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Makes a silence of seconds one of hours, so that no reader of the capture can tell.

A lab cannot wait for a limit of two hours. It waits some seconds, and here all that came later
moves away: the times of packets, and the clocks of both ends that TCP timestamps (RFC 7323) show.

A timestamp is a time of its sender's clock, which ticks 1000 times a second (Linux). One reading
of that clock, the first TSval of that end in a capture, therefore tells when any other value was
sent, be it a TSval or the peer's echo of one, be the segment that bore it captured or lost:

    sent = time of the reading + (value - value of the reading) ms, modulo 2^32

A value moves by what the silences before the moment it was *sent* add. So an echo moves as the
TSval it echoes did, and captures of the same run agree without knowing of each other, also across
a NAT. A reading is late by the delay of the path, which does no harm as long as no segment is on
its way at an instant; and it would be on its way for hours then.

Checksums are mended by the difference alone (RFC 1624): right ones stay right, wrong ones wrong,
and cut frames need no exception.
"""

import argparse
import struct
from decimal import Decimal
from typing import NamedTuple

from packets import (ACK, SECOND_NS, Connection, Connections, Packet, Segment, apart, quoted_by,
                     read, segment_of, write)

TICK_NS = 1_000_000
# By more than this no path delays a reading: a value that is further ahead is of no clock.
LATE_NS = 60 * SECOND_NS
TIMESTAMPS, TIMESTAMPS_LEN = 8, 10


class Stamp(NamedTuple):
    """A timestamp option in a packet: the segment's own, or in what an ICMP error quotes."""

    packet: Packet
    segment: Segment
    connection: Connection
    at: int  # where TSval is in the frame, TSecr behind it

    @property
    def values(self):
        return struct.unpack_from(">II", self.packet.frame, self.at)

    @property
    def clocks(self):
        """The clocks that TSval and TSecr are of."""
        return ((self.connection, self.segment.source), (self.connection, self.segment.destination))

    @property
    def echoes(self):
        """TSecr means nothing without ACK (RFC 7323 section 3.2)."""
        return bool(self.segment.flags & ACK)


def stretch(source, target, silences):
    """silences: [(instant_ns, extra_ns)]; each packet later than an instant moves by its extra."""
    capture = read(source)
    stamps = list(_stamps(capture))
    clocks = _clocks(stamps)
    for stamp in stamps:
        _move_values(stamp, clocks, silences)
    for packet in capture.packets:
        packet.time += _extra(packet.time, silences)
    write(target, capture)


def stretch_all(files, silences):
    """files: [(source, target)], captured at once at several vantages.

    Raises ValueError when a segment was on its way at an instant.
    """
    extras = {}
    for source, _ in files:
        for segment, time in _sightings(read(source)).items():
            extra = _extra(time, silences)
            if extras.setdefault(segment, extra) != extra:
                raise ValueError(f"{source}: a silence begins while a segment is on its way")
    for source, target in files:
        stretch(source, target, silences)


def _sightings(capture):
    """{segment: when it was first seen}, in words that a NAT leaves alone."""
    seen = {}
    for packet in capture.packets:
        segment = segment_of(packet, capture.link)
        for stamp in _stamp(packet, segment, None) if segment else ():
            seen.setdefault((segment.seq, segment.flags, stamp.values), packet.time)
    return seen


def gaps(source, start_ns, end_ns, longer_ns):
    """[(middle, length)] of the pauses longer than longer_ns whose middle is in the window."""
    times = sorted(packet.time for packet in read(source).packets)
    pauses = [((a + b) // 2, b - a) for a, b in zip(times, times[1:]) if b - a > longer_ns]
    return [(middle, length) for middle, length in pauses if start_ns <= middle <= end_ns]


def _extra(time, silences):
    return sum(extra for instant, extra in silences if instant < time)


def _stamps(capture):
    known = Connections()
    for packet in capture.packets:
        segment = segment_of(packet, capture.link) or quoted_by(packet, capture.link)
        if segment:
            yield from _stamp(packet, segment, known.of(segment))


def _stamp(packet, segment, connection):
    """None or one: an option that is not wholly in a cut frame stays as it is."""
    frame, at = packet.frame, segment.tcp + 20
    end = min(segment.payload, len(frame))
    while at + 1 < end and frame[at]:
        length = 1 if frame[at] == 1 else frame[at + 1]
        if frame[at] == TIMESTAMPS and length == TIMESTAMPS_LEN and at + length <= end:
            yield Stamp(packet, segment, connection, at + 2)
            return
        at += max(length, 1)


def _clocks(stamps):
    """{clock: (time, value)}: the first TSval of an end; if none is here, the first echo of one.

    What a NAT let slip shows the end's connection under another name: the value was sent there.
    """
    readings, sent = {}, {}
    for stamp in stamps:
        readings.setdefault(stamp.clocks[0], (stamp.packet.time, stamp.values[0]))
        sent.setdefault((stamp.segment.source, stamp.values[0]), stamp.packet.time)
    for stamp in stamps:
        if stamp.echoes:
            value = stamp.values[1]
            time = sent.get((stamp.segment.destination, value), stamp.packet.time)
            readings.setdefault(stamp.clocks[1], (time, value))
    return readings


def _move_values(stamp, clocks, silences):
    def moved(value, clock):
        time, reading = clocks[clock]
        sent = time + apart(value, reading) * TICK_NS
        if sent > stamp.packet.time + LATE_NS:
            return value  # made up, or a zero for want of a value
        return (value + _extra(sent, silences) // TICK_NS) % 2**32

    own, echo = stamp.values
    own_clock, echoed_clock = stamp.clocks
    new = moved(own, own_clock), moved(echo, echoed_clock) if stamp.echoes else echo
    if new != stamp.values:
        _replace(stamp, new)


def _replace(stamp, values):
    """The checksum takes up the change. So does a quoted one, which is why that of ICMP stays."""
    frame, tcp = stamp.packet.frame, stamp.segment.tcp
    odd = (stamp.at - tcp) % 2  # words count from the header
    words = slice(stamp.at - odd, stamp.at + 8 + odd)
    before = _sum(frame[words])
    struct.pack_into(">II", frame, stamp.at, *values)
    check = struct.unpack_from(">H", frame, tcp + 16)[0]
    # RFC 1624, equation 3: HC' = ~(~HC + ~m + m')
    mended = ~_fold((~check & 0xffff) + (~before & 0xffff) + _sum(frame[words])) & 0xffff
    struct.pack_into(">H", frame, tcp + 16, mended)


def _sum(data):
    even = bytes(data) + b"\0" * (len(data) % 2)
    return _fold(sum(struct.unpack(f">{len(even) // 2}H", even)))


def _fold(total):
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return total


def _nanoseconds(seconds):
    return int(Decimal(seconds) * SECOND_NS)


def _silence(word):
    instant, extra = word.split("+")
    return _nanoseconds(instant), _nanoseconds(extra)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("silences", nargs="+", type=_silence, metavar="INSTANT+EXTRA",
                        help="both in seconds; the instant since 1970, as tcpdump -tt shows it")
    words = parser.parse_args()
    stretch(words.source, words.target, words.silences)


if __name__ == "__main__":
    main()
