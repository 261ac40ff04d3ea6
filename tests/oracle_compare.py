# SPDX-License-Identifier: BSD-3-Clause
"""Sets beside each other what rstscope and tshark tell of a capture.

Connections are matched by their two ends and their time. Null on either side is an answer, too:
"not seen". It agrees with null only.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Optional

import oracle_ssh
from oracle_tshark import RST

FIELDS = ("frames", "frames used", "connection", "packets", "retransmissions", "resets",
          "reset sender", "identification", "negotiated", "hassh", "hassh_server",
          "host key type", "host key fingerprint")


@dataclass
class Pair:
    """One connection as both see it; either may be missing."""
    capture: object
    report: Optional[dict]
    connection: Optional[dict]
    stream: Optional[object]

    def end(self, side):
        end = self.connection[side]
        return (end["ip"], str(end["port"]))

    def said(self, side):
        return self.stream.said.get(self.end(side))


@dataclass
class Finding:
    """One comparison; parts: what it sums up; rule: the class of a difference, or None."""
    path: str
    field: str
    what: str
    ours: object
    theirs: object
    pair: Pair
    frame: Optional[int] = None
    side: Optional[str] = None
    parts: tuple = ()
    rule: Optional[str] = None

    @property
    def agrees(self):
        return self.ours == self.theirs

    def __str__(self):
        where = f" frame {self.frame}" if self.frame else ""
        return f"{self.path}{where}: {self.what}: ours {self.ours}, theirs {self.theirs}"


# ---- which is which ----

def ends_of(connection):
    return frozenset((connection[side]["ip"], str(connection[side]["port"]))
                     for side in ("client", "server"))


def overlap(connection, stream):
    return (min(connection["last_ns"], stream.last_ns) -
            max(connection["first_ns"], stream.first_ns))


def take_best(connection, streams):
    """The stream that begins with it, or shares the most time; it is taken from the list."""
    shared = [s for s in streams if overlap(connection, s) >= 0]
    best = max(shared, default=None, key=lambda s: (s.first_ns == connection["first_ns"],
                                                    overlap(connection, s)))
    if best is not None:
        streams.remove(best)
    return best


def speaks_ssh(stream):
    return any(said.identification for said in stream.said.values())


def pairs_of(report, capture):
    """Pairs, then what only tshark takes for SSH."""
    rest = defaultdict(list)
    for stream in capture.streams.values():
        rest[stream.ends].append(stream)
    for connection in report["connections"]:
        yield Pair(capture, report, connection, take_best(connection, rest[ends_of(connection)]))
    for streams in rest.values():
        for stream in streams:
            if speaks_ssh(stream):
                yield Pair(capture, report, None, stream)


# ---- what is compared ----

def frames(path, report, capture):
    """All frames, and those that brought a segment: the rest is skipped, each for a reason."""
    pair = Pair(capture, report, None, None)
    total = sum(entry["packets"] for entry in report["inputs"])
    skipped = sum(sum(entry["skipped"].values()) for entry in report["inputs"])
    yield Finding(path, "frames", "frames", total, capture.frames, pair)
    yield Finding(path, "frames used", "frames with a segment", total - skipped, capture.tcp, pair)


def tcp(path, pair, side):
    mine = pair.stream.of(pair.end(side))
    repeats = [segment.frame for segment in mine if segment.repeat]
    resets = [segment.frame for segment in mine if segment.flags & RST]
    course = pair.connection["tcp"]
    letter = {"client": "R", "server": "r"}[side]
    first = mine[0].frame if mine else pair.stream.segments[0].frame

    yield Finding(path, "packets", f"packets of the {side}", pair.connection["packets"][side],
                  len(mine), pair, first, side)
    if course["retransmissions"][side] is not None:
        yield Finding(path, "retransmissions", f"retransmissions of the {side}",
                      course["retransmissions"][side], len(repeats), pair,
                      repeats[0] if repeats else first, side)
    yield Finding(path, "reset sender", f"the {side} resets", letter in (course["history"] or ""),
                  bool(resets), pair, resets[0] if resets else first, side)


def told_of(pair):
    """{(field, what, side): value} of what rstscope tells of SSH."""
    ssh = pair.connection["ssh"]
    if ssh is None:
        return {}
    key = ssh["server"]["host_key"] or {"type": None, "fingerprint": None}
    told = {("identification", "identification", side): ssh[side]["identification"]
            for side in ("client", "server")}
    told["hassh", "hassh", "client"] = ssh["client"]["hassh"]
    told["hassh_server", "hasshServer", "server"] = ssh["server"]["hassh_server"]
    told["host key type", "host key", "server"] = key["type"]
    told["host key fingerprint", "host key", "server"] = key["fingerprint"]
    for name in oracle_ssh.AGREED:
        kind, _, side = name.partition(".")
        value = ssh["negotiated"][kind]
        told["negotiated", name, side or None] = value[side] if side else value
    return told


def seen_by(pair):
    """The same of tshark."""
    client, server = pair.said("client"), pair.said("server")
    seen = {("identification", "identification", side): said and said.identification
            for side, said in (("client", client), ("server", server))}
    seen["hassh", "hassh", "client"] = client and client.hassh
    seen["hassh_server", "hasshServer", "server"] = server and server.hassh
    key = server.key if server else None
    seen["host key type", "host key", "server"] = key and key["type"]
    seen["host key fingerprint", "host key", "server"] = oracle_ssh.fingerprint(key)
    chosen = oracle_ssh.agreed(client and client.kexinit, server and server.kexinit)
    for name in oracle_ssh.AGREED:
        seen["negotiated", name, name.partition(".")[2] or None] = chosen.get(name)
    return seen


def ssh(path, pair):
    """What neither has seen is no comparison."""
    told, seen = told_of(pair), seen_by(pair)
    frame = pair.stream.segments[0].frame
    for key in seen:
        if told.get(key) is not None or seen[key] is not None:
            name, what, side = key
            yield Finding(path, name, what + (f" of the {side}" if side else ""), told.get(key),
                          seen[key], pair, frame, side)


def both(path, pair):
    """All about a connection that both see."""
    for side in ("client", "server"):
        yield from tcp(path, pair, side)
    yield from ssh(path, pair)


def resets(path, report, capture, pairs):
    """Of all connections together: each for itself is not in the report."""
    seen = sum(segment.flags & RST != 0 for pair in pairs for segment in pair.stream.segments)
    return Finding(path, "resets", "resets", report["summary"]["resets"], seen,
                   Pair(capture, report, None, None), parts=tuple(pairs))


def findings(path, report, capture):
    """Every comparison of one capture; report: None where rstscope refuses to read it."""
    if report is None:
        yield Finding(path, "frames", "frames", 0, capture.frames, Pair(capture, None, None, None))
        return
    yield from frames(path, report, capture)
    known = []
    for pair in pairs_of(report, capture):
        ends = pair.stream.ends if pair.stream else ends_of(pair.connection)
        yield Finding(path, "connection", " and ".join(":".join(end) for end in sorted(ends)),
                      pair.connection is not None, pair.stream is not None, pair,
                      pair.stream.segments[0].frame if pair.stream else None)
        if pair.connection is not None and pair.stream is not None:
            known.append(pair)
            yield from both(path, pair)
    if known:
        yield resets(path, report, capture, known)
