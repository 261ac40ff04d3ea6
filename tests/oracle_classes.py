# SPDX-License-Identifier: BSD-3-Clause
"""Why rstscope and tshark differ, where both have their reasons: a rule for each heading of
docs/oracle.md. A rule asks for the very circumstances that the page tells, so that another
difference of the same field is not excused with it."""

from oracle_tshark import RST

# As track/copy.c and track/track.c state them: two copies of a packet are closer than the first,
# a closed connection is judged when the second is over, one that ended oddly later.
COPY_NS = 10_000_000
LINGER_NS = 5_000_000_000

# track/table.h: so many segments are kept of a flow that may become a connection.
FLOW_STUBS = 3
KNOWN_PORT = "22"

# RFC 9293 section 3.4.
SPACE = 2**32

# RFC 4253 section 4.2: with CR LF.
IDENTIFICATION_MAX = 255

FIN = 0x01

# Of micro- and nanoseconds, and Kuznetzov's, in both orders of bytes.
PCAP_MAGICS = {bytes.fromhex(magic) for magic in (
    "a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "a1b2cd34", "34cdb2a1")}
CAPTURE_MAGICS = PCAP_MAGICS | {b"\n\r\r\n"}

CLEAR_TEXT = ("negotiated", "hassh", "hassh_server", "host key type", "host key fingerprint")


def copies_of(segments):
    """Those that came twice within the time, without the first."""
    latest, copies = {}, []
    for segment in segments:
        before = latest.get(segment.same)
        if before is not None and segment.time_ns - before <= COPY_NS:
            copies.append(segment)
        latest[segment.same] = segment.time_ns
    return copies


def both_known(finding):
    return finding.pair.connection is not None and finding.pair.stream is not None


def segments_of(finding):
    """The sender's, or all where the finding is of the whole connection."""
    pair = finding.pair
    return pair.stream.of(pair.end(finding.side)) if finding.side else pair.stream.segments


def tshark_stops(finding):
    """Its own words, so that a failure of another kind is told."""
    trouble = finding.pair.capture.trouble
    return (("damaged or corrupt" in trouble or "unknown or unsupported" in trouble) and
            finding.field in ("frames", "frames used") and finding.ours > finding.theirs)


def refused_header(finding):
    """The first eight bytes of a file that rstscope refuses; None of one that it reads."""
    if finding.pair.report is not None or finding.field != "frames":
        return None
    with open(finding.path, "rb") as file:
        return file.read(8)


def other_format(finding):
    header = refused_header(finding)
    return header is not None and header[:4] not in CAPTURE_MAGICS


def other_version(finding):
    header = refused_header(finding)
    return (header is not None and header[:4] in PCAP_MAGICS and
            header[4:] not in (b"\0\2\0\4", b"\2\0\4\0"))


def no_network(finding):
    header = refused_header(finding)
    return header is not None and header[:4] in PCAP_MAGICS and finding.pair.capture.tcp == 0


def lacks(finding, own):
    """We use as many frames less as there are of one kind; those of others may come along."""
    capture = finding.pair.capture
    sums = {getattr(capture, own)}
    for other in {"unread", "quoted", "alone", "headless", "overlong"} - {own}:
        sums |= {known + getattr(capture, other) for known in sums}
    return (finding.field == "frames used" and getattr(capture, own) != 0 and
            finding.theirs - finding.ours in sums)


def unread_tunnel(finding):
    return lacks(finding, "unread")


def redirect(finding):
    return lacks(finding, "quoted")


def first_alone(finding):
    return lacks(finding, "alone")


def pcapng_block(finding):
    """Frames of Wireshark that carry no packet."""
    blocks = finding.pair.capture.blocks
    return finding.field == "frames" and blocks != 0 and finding.theirs - finding.ours == blocks


def no_header(finding):
    return lacks(finding, "headless")


def udp_of_zero(finding):
    bad = finding.pair.capture.bad_udp
    return finding.field == "frames used" and bad != 0 and finding.ours - finding.theirs == bad


def resets_of(segments):
    return sum(segment.flags & RST != 0 for segment in segments)


def overlong(finding):
    """Packets whose IPv4 header claims more than the frame had on the wire."""
    if finding.field != "packets":
        return lacks(finding, "overlong")
    return finding.theirs - finding.ours == sum(s.overlong for s in segments_of(finding))


def contradiction(finding):
    """Segments that Wireshark put together from fragments that overlap."""
    skipped = [entry["skipped"] for entry in (finding.pair.report or {}).get("inputs", ())]
    refused = sum(reasons.get("fragment_overlap", 0) for reasons in skipped)
    return (finding.field == "frames used" and
            0 < finding.theirs - finding.ours <= min(refused, finding.pair.capture.gathered))


def captured_twice(finding):
    """Repeated, or reset once more, only by copies of a packet."""
    if finding.field == "resets":
        copies = [s for pair in finding.parts for s in copies_of(pair.stream.segments)]
        return finding.theirs - finding.ours == resets_of(copies)
    if finding.field != "retransmissions" or not both_known(finding):
        return False
    copies = sum(s.repeat for s in copies_of(segments_of(finding)))
    return copies != 0 and finding.theirs - finding.ours == copies


def is_first(segment, segments):
    """Nothing of it was captured before."""
    for other in segments:
        if other is segment:
            return True
        behind = (segment.seq - other.seq) % SPACE
        if behind < other.length or (-behind) % SPACE < segment.length and other.length:
            return False
    return True


def acknowledged_first(finding):
    """Spurious retransmissions of what was captured once."""
    if finding.field != "retransmissions" or not both_known(finding):
        return False
    mine = segments_of(finding)
    late = [s for s in mine if s.repeat and s.length and is_first(s, mine)]
    return bool(late) and finding.theirs - finding.ours == len(late)


def counted(field, segments):
    """What the field would be of these segments alone; None for the other fields."""
    return {"packets": len(segments), "retransmissions": sum(s.repeat for s in segments),
            "reset sender": resets_of(segments) != 0}.get(field)


def passed_over(pair):
    """Between the handshake and the first word of SSH on a port that nothing made known."""
    segments, server = pair.stream.segments, pair.end("server")
    if server[1] == KNOWN_PORT:
        return []
    if pair.connection["ssh"] is None:
        known = any(server in other.said for other in pair.capture.streams.values())
        return segments[FLOW_STUBS:] if known else []
    words = {event["frame"] for event in pair.connection["timeline"]
             if event["event"] in ("identification", "text")}
    first = next((i for i, s in enumerate(segments) if s.frame in words), len(segments))
    return segments[FLOW_STUBS:first]


def rest_after_verdict(pair):
    """What came after the connection was judged; empty unless its end was long before."""
    rest = [s for s in pair.stream.segments if s.time_ns > pair.connection["last_ns"]]
    end = next((s for s in pair.stream.segments if s.flags & (FIN | RST)), None)
    if not rest or end is None or rest[0].time_ns - end.time_ns < LINGER_NS:
        return []
    return rest


def after_the_verdict(finding):
    if finding.field == "resets":
        rest = [s for pair in finding.parts for s in rest_after_verdict(pair)]
        return finding.theirs - finding.ours == resets_of(rest)
    rest = rest_after_verdict(finding.pair) if both_known(finding) else []
    here = [s for s in segments_of(finding) if s not in rest] if rest else []
    if finding.field in ("identification", *CLEAR_TEXT):
        return bool(rest) and finding.ours is None and not any(s.length for s in here)
    return bool(rest) and finding.ours == counted(finding.field, here)


def unknown_port(finding):
    """A flow that was not yet known to be SSH: its first segments are all that is kept."""
    if finding.field == "resets":
        late = [s for pair in finding.parts for s in passed_over(pair)]
        return finding.theirs - finding.ours == resets_of(late)
    late = passed_over(finding.pair) if both_known(finding) else []
    here = [s for s in segments_of(finding) if s not in late] if late else []
    return bool(late) and finding.ours == counted(finding.field, here)


def server_first(finding):
    """What the server says before the client's identification, or without any."""
    if finding.field not in CLEAR_TEXT or not both_known(finding) or finding.theirs is not None:
        return False
    client, server = finding.pair.said("client"), finding.pair.said("server")
    if client is None or client.identification is None:
        return True
    return (finding.field in ("negotiated", "hassh_server") and server is not None and
            server.kexinit is None and server.identification is not None and
            server.identification_frame < client.identification_frame)


def text_before(finding):
    """The server said something before its identification."""
    if not both_known(finding) or finding.theirs is not None:
        return False
    notice = (finding.pair.connection["ssh"] or {}).get("notice")
    return (notice is not None and notice["from"] == "server" and
            finding.field in ("identification", *CLEAR_TEXT))


def long_identification(finding):
    """More than RFC 4253 section 4.2 allows for: what fits is kept."""
    ours, theirs = finding.ours, finding.theirs
    return (finding.field == "identification" and ours is not None and
            len(ours) >= IDENTIFICATION_MAX - len("\r\n") and
            (theirs is None or theirs.startswith(ours)))


def reversed_roles(finding):
    """The one who opened the connection is the server of SSH, by its key."""
    if finding.field not in CLEAR_TEXT or not both_known(finding):
        return False
    timeline = finding.pair.connection["timeline"]
    return any(event["event"] == "reversed_roles" for event in timeline)


def key_of(finding):
    """The host key that tshark has not enough of for a fingerprint, or None."""
    if finding.field != "host key fingerprint" or finding.theirs is not None:
        return None
    server = finding.pair.said("server")
    return server and server.key


def broken_key(finding):
    return key_of(finding) is not None and finding.pair.said("server").key_malformed


def certificate(finding):
    return key_of(finding) is not None and "-cert-" in key_of(finding)["type"]


# In the order in which they are asked; the names are the headings of docs/oracle.md.
RULES = {
    "tshark stops": tshark_stops,
    "Another file format": other_format,
    "Another version": other_version,
    "A link without a network": no_network,
    "A tunnel that is not read": unread_tunnel,
    "A segment in a redirect": redirect,
    "A first fragment alone": first_alone,
    "A block without a packet": pcapng_block,
    "A TCP header that is none": no_header,
    "A UDP length of zero": udp_of_zero,
    "An IP length beyond the frame": overlong,
    "Fragments that contradict each other": contradiction,
    "Captured twice": captured_twice,
    "Acknowledged before it was captured": acknowledged_first,
    "After the verdict": after_the_verdict,
    "Before it was known to be SSH": unknown_port,
    "The server speaks first": server_first,
    "Text before the identification": text_before,
    "A long identification": long_identification,
    "Roles reversed": reversed_roles,
    "A key that is none": broken_key,
    "A certificate": certificate,
}


def class_of(finding):
    """The name of its class, or None when it is not explained."""
    return next((name for name, rule in RULES.items() if rule(finding)), None)
