# SPDX-License-Identifier: BSD-3-Clause
"""What tshark tells of a capture: its frames, and its TCP streams with what SSH says in them.

One run of tshark for a capture, over all frames, without any preferences of the user. Of SSH it
shows the lists and the parts of keys; what follows from those (RFC 4253 section 7.1, fingerprints)
is worked out in oracle_ssh.py.
"""

import lzma
import os
import subprocess
import tempfile
from dataclasses import dataclass, field

# Between the values of one field in one frame: in no name-list, and tshark escapes it elsewhere.
BETWEEN = "\x1f"

LISTS = ("kex_algorithms", "server_host_key_algorithms",
         "encryption_algorithms_client_to_server", "encryption_algorithms_server_to_client",
         "mac_algorithms_client_to_server", "mac_algorithms_server_to_client",
         "compression_algorithms_client_to_server", "compression_algorithms_server_to_client")
KEY_PARTS = ("type", "rsa.e", "rsa.n", "dsa.p", "dsa.q", "dsa.g", "dsa.y", "ecdsa.id", "ecdsa.q",
             "eddsa.key", "data")
REPEATS = ("tcp.analysis.retransmission", "tcp.analysis.fast_retransmission",
           "tcp.analysis.spurious_retransmission")
FIELDS = ("frame.number", "frame.time_epoch", "frame.protocols", "ip.src", "ip.dst", "ipv6.src",
          "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.stream", "tcp.flags", "tcp.seq_raw",
          "tcp.len", "tcp.window_size_value", "ip.id", "ip.bogus_ip_length",
          "ip.frag_offset", "ip.flags.mf", "icmp.type", "_ws.malformed",
          "ssh.protocol", "ssh.kex.hassh", "ssh.kex.hasshserver", *REPEATS,
          *("ssh." + name for name in LISTS), *("ssh.host_key." + part for part in KEY_PARTS))
COLUMN = {name: i for i, name in enumerate(FIELDS)}
PREFERENCES = ("tcp.desegment_tcp_streams:TRUE", "tcp.analyze_sequence_numbers:TRUE",
               "tcp.reassemble_out_of_order:TRUE", "ssh.desegment_buffers:TRUE")

RST = 0x04
ICMP_REDIRECT = "5"  # RFC 792: no error, though it quotes a packet
# What Wireshark looks into and rstscope does not.
UNREAD_TUNNELS = {"ayiya", "ipcomp", "netlink"}
XZ_MAGIC = b"\xfd7zXZ\0"


@dataclass
class Segment:
    """One TCP segment; same: what only a copy of the packet shares; overlong: see Capture."""
    frame: int
    time_ns: int
    src: tuple
    flags: int
    seq: int
    length: int
    repeat: bool
    same: str
    overlong: bool


@dataclass
class Said:
    """What one end said in the clear: lists of the first KEXINIT, parts of the first host key."""
    identification: str = None
    identification_frame: int = None
    hassh: str = None
    kexinit: dict = None
    key: dict = None
    key_malformed: bool = False


@dataclass
class Stream:
    """As tshark counts them: a new one when a SYN reuses the ports."""
    ends: frozenset
    segments: list = field(default_factory=list)
    said: dict = field(default_factory=dict)

    @property
    def first_ns(self):
        return self.segments[0].time_ns

    @property
    def last_ns(self):
        return max(segment.time_ns for segment in self.segments)

    def of(self, end):
        return [segment for segment in self.segments if segment.src == end]


@dataclass
class Capture:
    """frames: all that it reads; tcp: those with a segment, whole or quoted.

    unread: those of them with a tunnel that rstscope does not look into. quoted: those whose
    segment is quoted by an ICMP redirect. alone: those of which it reads the first fragment by
    itself. headless: those in which it sees no TCP header to the end. blocks: frames that are
    blocks of pcapng without a packet: without a time, and of no link type. bad_udp: frames where it
    stops at the UDP header. overlong: those with a segment whose IPv4 header claims more than the
    frame had. gathered: those with a segment that it put together in a later fragment.
    """
    frames: int = 0
    tcp: int = 0
    unread: int = 0
    quoted: int = 0
    alone: int = 0
    headless: int = 0
    blocks: int = 0
    bad_udp: int = 0
    overlong: int = 0
    gathered: int = 0
    streams: dict = field(default_factory=dict)
    trouble: str = ""


def nanoseconds(text):
    """Of frame.time_epoch, which has nine digits after the point."""
    whole, _, part = text.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 10**9 + sign * int(part.ljust(9, "0")[:9])


class Line:
    """One frame: its fields, each with all its values in the order of the layers."""

    def __init__(self, text):
        self.columns = text.split("\t")

    def all(self, name):
        value = self.columns[COLUMN[name]]
        return value.split(BETWEEN) if value else []

    def one(self, name):
        return next(iter(self.all(name)), None)

    def has(self, *names):
        return any(self.columns[COLUMN[name]] for name in names)


def at(values, index, default=None):
    return values[index] if index < len(values) else default


def segments_of(line):
    """(stream, src, dst, flags, index, carries SSH) of each TCP segment not quoted by ICMP."""
    layers = (line.one("frame.protocols") or "").split(":")
    count = {"ip": -1, "ipv6": -1, "tcp": -1}
    around, quoted = None, False
    for i, layer in enumerate(layers):
        count[layer] = count.get(layer, -1) + 1
        if layer in ("ip", "ipv6"):
            around = layer
        quoted = quoted or layer in ("icmp", "icmpv6")
        if layer != "tcp" or quoted or around is None:
            continue
        index = count["tcp"]
        ends = [(at(line.all(f"{around}.{way}"), count[around]),
                 at(line.all(f"tcp.{way}port"), index)) for way in ("src", "dst")]
        stream, flags = at(line.all("tcp.stream"), index), at(line.all("tcp.flags"), index)
        if stream is None or flags is None or any(None in end for end in ends):
            continue
        rest = layers[i + 1:]
        says = "ssh" in (rest[:rest.index("tcp")] if "tcp" in rest else rest)
        yield stream, ends[0], ends[1], int(flags, 16), index, says


def first_of(line, prefix, names):
    """The first value of each field, or None when the first field is not there."""
    if not line.has(prefix + names[0]):
        return None
    return {name: line.one(prefix + name) for name in names}


def hear(said, line):
    """Keeps what is said for the first time: RFC 4253 allows for a second key exchange."""
    if said.identification is None and line.has("ssh.protocol"):
        said.identification = line.one("ssh.protocol")
        said.identification_frame = int(line.one("frame.number"))
    said.hassh = said.hassh or line.one("ssh.kex.hassh") or line.one("ssh.kex.hasshserver")
    said.kexinit = said.kexinit or first_of(line, "ssh.", LISTS)
    if said.key is None:
        said.key = first_of(line, "ssh.host_key.", KEY_PARTS)
        said.key_malformed = line.has("_ws.malformed")


def is_gathered(line):
    return any(int(offset) for offset in line.all("ip.frag_offset"))


def is_alone(line):
    return not is_gathered(line) and any(flag in ("1", "True") for flag in line.all("ip.flags.mf"))


def is_overlong(line):
    return line.has("ip.bogus_ip_length") and not is_gathered(line)


def is_unread(protocols):
    """Aruba's GRE carries 802.11 in a form of its own."""
    return "gre:wlan" in protocols or not UNREAD_TUNNELS.isdisjoint(protocols.split(":"))


def take_layers(capture, line):
    layers = (line.one("frame.protocols") or "").split(":")
    capture.blocks += layers in ([""], ["data"]) and not line.has("frame.time_epoch")
    capture.bad_udp += layers[-1] == "udp" and line.has("_ws.malformed")
    if "tcp" not in layers:
        return
    capture.tcp += 1
    capture.unread += is_unread(":".join(layers))
    capture.quoted += ICMP_REDIRECT in line.all("icmp.type")
    capture.alone += is_alone(line)
    capture.headless += not (line.has("tcp.window_size_value") or "icmp" in layers or
                             "icmpv6" in layers)
    capture.overlong += is_overlong(line)
    capture.gathered += is_gathered(line)


def take(capture, line):
    number = int(line.one("frame.number"))
    capture.frames += 1
    take_layers(capture, line)
    for name, src, dst, flags, index, says in segments_of(line):
        stream = capture.streams.setdefault(name, Stream(frozenset((src, dst))))
        length = at(line.all("tcp.len"), index)
        seq = int(at(line.all("tcp.seq_raw"), index, 0))
        same = (src, dst, flags, seq, length, line.all("ip.id")[-1:])
        stream.segments.append(Segment(
            number, nanoseconds(line.one("frame.time_epoch")), src, flags, seq, int(length or 0),
            line.has(*REPEATS), str(same), is_overlong(line)))
        if says:
            hear(stream.said.setdefault(src, Said()), line)


def command_of(path, ports):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", f"aggregator={BETWEEN}"]
    for name in FIELDS:
        command += ["-e", name]
    for preference in PREFERENCES:
        command += ["-o", preference]
    for port in sorted(ports):
        command += ["-d", f"tcp.port=={port},ssh"]
    return command


def run_on(path, ports, settings):
    environment = {**os.environ, "WIRESHARK_CONFIG_DIR": settings, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command_of(path, ports), capture_output=True, timeout=300, check=False,
                          env=environment)


def run(path, ports, settings):
    """tshark reads all that packs a capture but xz."""
    with open(path, "rb") as file:
        packed = file.read(len(XZ_MAGIC)) == XZ_MAGIC
    if not packed:
        return run_on(path, ports, settings)
    with tempfile.NamedTemporaryFile(dir=settings) as plain, lzma.open(path) as file:
        plain.write(file.read())
        plain.flush()
        return run_on(plain.name, ports, settings)


def ask(path, ports, settings):
    """A Capture. ports: those to read SSH on besides 22; settings: an empty folder."""
    capture, done = Capture(), run(path, ports, settings)
    if done.returncode:
        errors = done.stderr.decode("ascii", "replace").split()
        capture.trouble = " ".join(errors) or f"status {done.returncode}"
    for text in done.stdout.decode("utf-8", "replace").split("\n"):
        if text:
            take(capture, Line(text))
    return capture
