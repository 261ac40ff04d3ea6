# SPDX-License-Identifier: BSD-3-Clause
"""Classic pcap files in and out, and where the TCP header is in each packet.

Only what the lab's captures hold: Ethernet or raw IP, IPv4 and IPv6, TCP without extension headers,
and ICMP errors that quote such a TCP header. A packet of another kind has no segment and passes as
it is. Times are integers, nanoseconds since 1970.
"""

import ipaddress
import struct
from dataclasses import dataclass
from typing import NamedTuple

ETHERNET, RAW = 1, 101
NANO_MAGIC, MICRO_MAGIC = 0xa1b23c4d, 0xa1b2c3d4
SNAP_LEN = 262144
SECOND_NS = 1_000_000_000
TCP, ICMP, ICMP6 = 6, 1, 58
# The errors: destination unreachable, source quench, redirect, time exceeded, parameter problem;
# of ICMPv6 all types below 128 are (RFC 4443 section 2.1).
ERRORS = {ICMP: (3, 4, 5, 11, 12), ICMP6: range(1, 128)}
SYN, ACK = 0x02, 0x10


@dataclass
class Packet:
    time: int
    frame: bytearray
    length: int  # on the wire; the frame may be cut


@dataclass
class Capture:
    link: int
    packets: list


class Segment(NamedTuple):
    """What a TCP header says, and offsets into the frame."""

    source: tuple  # address, port
    destination: tuple
    seq: int
    flags: int
    tcp: int  # the header starts here,
    payload: int  # the payload here,
    end: int  # and ends here, by the IP header: what follows is padding of the link

    @property
    def ends(self):
        return frozenset((self.source, self.destination))

    @property
    def stream(self):
        """The sequence number of the first payload byte: a SYN has one of its own before it."""
        return self.seq + bool(self.flags & SYN)


def read(path):
    """A record that is not whole ends the capture: tcpdump may be writing it just now."""
    with open(path, "rb") as file:
        data = file.read()
    order, unit_ns = _kind(data, path)
    link = struct.unpack_from(order + "I", data, 20)[0]
    if link not in (ETHERNET, RAW):
        raise ValueError(f"{path}: link type {link} is neither Ethernet nor raw IP")
    return Capture(link, list(_records(data, order, unit_ns)))


def _kind(data, path):
    for order in "<>":
        for magic, unit_ns in ((NANO_MAGIC, 1), (MICRO_MAGIC, 1000)):
            if len(data) >= 24 and data[:4] == struct.pack(order + "I", magic):
                return order, unit_ns
    raise ValueError(f"{path} is not a pcap file")


def _records(data, order, unit_ns):
    header = struct.Struct(order + "4I")
    at = 24
    while at + header.size <= len(data):
        seconds, fraction, captured, length = header.unpack_from(data, at)
        at += header.size
        if at + captured > len(data):
            return
        yield Packet(seconds * SECOND_NS + fraction * unit_ns, bytearray(data[at:at + captured]),
                     length)
        at += captured


def write(path, capture):
    with open(path, "wb") as file:
        file.write(struct.pack("=IHHiIII", NANO_MAGIC, 2, 4, 0, 0, SNAP_LEN, capture.link))
        for packet in capture.packets:
            file.write(struct.pack("=4I", *divmod(packet.time, SECOND_NS), len(packet.frame),
                                   packet.length))
            file.write(packet.frame)


def segment_of(packet, link):
    """The segment that a packet is, or None."""
    return _segment(packet.frame, _ip_offset(packet.frame, link), packet.length)


def quoted_by(packet, link):
    """The segment that an ICMP error tells of, or None."""
    ip = _ip_header(packet.frame, _ip_offset(packet.frame, link), packet.length)
    if not ip or ip.start >= len(packet.frame):
        return None
    if packet.frame[ip.start] not in ERRORS.get(ip.protocol, ()):
        return None
    return _segment(packet.frame, ip.start + 8, packet.length)


class _Ip(NamedTuple):
    protocol: int
    source: bytes
    destination: bytes
    start: int  # of what IP carries
    end: int


def _ip_offset(frame, link):
    """Frames without IP get an offset beyond their end."""
    if link == RAW:
        return 0
    return 14 if frame[12:14] in (b"\x08\x00", b"\x86\xdd") else len(frame)


def _ip_header(frame, at, length):
    version = frame[at] >> 4 if at < len(frame) else 0
    if version == 4 and len(frame) >= at + 20:
        total, _, fragment = struct.unpack_from(">HHH", frame, at + 2)
        if fragment & 0x1fff:
            return None  # not the first fragment: no header inside
        return _Ip(frame[at + 9], bytes(frame[at + 12:at + 16]), bytes(frame[at + 16:at + 20]),
                   at + (frame[at] & 15) * 4, at + total if total else length)
    if version == 6 and len(frame) >= at + 40:
        total, protocol = struct.unpack_from(">HB", frame, at + 4)
        return _Ip(protocol, bytes(frame[at + 8:at + 24]), bytes(frame[at + 24:at + 40]),
                   at + 40, at + 40 + total if total else length)
    return None


def _segment(frame, at, length):
    ip = _ip_header(frame, at, length)
    if not ip or ip.protocol != TCP or len(frame) < ip.start + 20:
        return None
    source, destination, seq, _, size, flags = struct.unpack_from(">HHIIBB", frame, ip.start)
    payload = ip.start + (size >> 4) * 4
    if payload < ip.start + 20:
        return None
    return Segment((ip.source, source), (ip.destination, destination), seq, flags, ip.start,
                   payload, ip.end)


def apart(later, earlier):
    """The way from one 32-bit number to another, which may have wrapped between (RFC 1982)."""
    return (later - earlier + 2**31) % 2**32 - 2**31


class Connection:
    """Ports that are used again with a new SYN are another connection."""

    def __init__(self):
        self.begins = {}  # end: the sequence number where its stream begins


class Connections:
    """Tells the connections of one capture apart; wants its segments in their order."""

    def __init__(self):
        self.latest = {}

    def of(self, segment):
        connection = self.latest.get(segment.ends)
        opens = segment.flags & (SYN | ACK) == SYN
        if not connection or opens and connection.begins.get(segment.source) != segment.stream:
            connection = self.latest[segment.ends] = Connection()
        if segment.flags & SYN or segment.source not in connection.begins:
            connection.begins[segment.source] = segment.stream
        return connection


def connections(path):
    """{(end, other end)} of the TCP connections of a file, both ways round, as text."""
    capture = read(path)
    segments = (segment_of(packet, capture.link) for packet in capture.packets)
    ways = {(s.source, s.destination) for s in segments if s}
    return {tuple(map(_text, way)) for pair in ways for way in (pair, pair[::-1])}


def _text(end):
    address, port = ipaddress.ip_address(end[0]), end[1]
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
