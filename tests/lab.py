#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lab.py: do the lab's tools change in a capture what they should, and nothing else?

A story says who sends what when, in milliseconds of true time. It is written twice: as a short wait
would show it, and as a long one would. Stretching the first must give the second, byte for byte;
every checksum of both is computed in full here, by code that shares nothing with the tools.
"""

import contextlib
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from ipaddress import ip_address
from typing import NamedTuple

LAB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "samples", "lab")
sys.path.insert(0, LAB)
sys.dont_write_bytecode = True
import packets  # noqa: E402
import stretch  # noqa: E402
import trim  # noqa: E402

MS, SECOND = 10**6, 10**9
START = 1_800_000_000 * SECOND
ENDS = {4: {"c": ("192.0.2.10", 40001), "s": ("198.51.100.22", 22), "r": ("192.0.2.1", 0)},
        6: {"c": ("2001:db8:1::10", 40001), "s": ("2001:db8:2::22", 22), "r": ("2001:db8::1", 0)}}
PEER = {"c": "s", "s": "c"}
S, F, R, A = 2, 1, 4, 16
HOURS = 7_201_937
C, V = 3_000_000_000, 1_000_000_000  # the clocks of client and server at the start
PADDED, ODD = b"\x01\x01%s", b"\x03\x03\x07%s\x01\x00\x00"  # where the option stands


class Event(NamedTuple):
    ms: int
    side: str
    flags: int = A
    echo: int = None  # when the value was sent that TSecr echoes
    text: bytes = b""
    raw: tuple = None  # TSval, TSecr as they are, of no clock; () for no option
    options: bytes = PADDED
    quoted: bool = False  # in an ICMP error of the router
    lost: bool = False  # seen by nobody
    seq: int = None


# A greeting, a key, ten seconds of silence around 10 s, and an echo of a value from before it.
STORY = (Event(0, "c", S), Event(60, "s", S | A, 0), Event(120, "c", A, 60),
         Event(1000, "c", A, 60, b"key"), Event(1060, "s", A, 1000, b"echo"),
         Event(1120, "c", A, 1060), Event(20_000, "s", A, 1120, b"more"),
         Event(20_060, "c", A, 20_000), Event(20_100, "c", F | A, 20_000),
         Event(20_160, "s", A, 20_100), Event(20_200, "s", R, raw=()))
HUSH = ((10_000, HOURS),)


def ones(data):
    """The sum that an RFC 1071 receiver makes: 0xffff if the checksum inside is right."""
    total = sum(struct.unpack(f">{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    return (total - 1) % 0xffff + 1


def with_checksum(data, at, pseudo=b""):
    return data[:at] + struct.pack(">H", 0xffff - ones(pseudo + data)) + data[at + 2:]


def pseudo_header(source, target, protocol, data):
    return (ip_address(source[0]).packed + ip_address(target[0]).packed +
            struct.pack(">IHBB", len(data), 0, 0, protocol))


def ip(source, target, protocol, data):
    ends = ip_address(source[0]).packed + ip_address(target[0]).packed
    if len(ends) == 32:
        return struct.pack(">IHBB", 6 << 28, len(data), protocol, 63) + ends + data
    head = struct.pack(">BBHIBBH", 0x45, 0, 20 + len(data), 0x4000, 63, protocol, 0) + ends
    return with_checksum(head, 10) + data


def tcp(source, target, seq, event, values):
    options = event.options % (b"\x08\x0a" + struct.pack(">II", *values)) if values else b""
    data = struct.pack(">HHIIBBHI", source[1], target[1], seq % 2**32, 77,
                       (20 + len(options)) << 2, event.flags, 501, 0) + options + event.text
    return ip(source, target, 6, with_checksum(data, 16, pseudo_header(source, target, 6, data)))


def icmp(source, target, quoted):
    if ":" not in source[0]:
        return ip(source, target, 1, with_checksum(struct.pack(">BBHI", 3, 10, 0, 0) + quoted, 2))
    data = struct.pack(">BBHI", 1, 1, 0, 0) + quoted
    return ip(source, target, 58, with_checksum(data, 2, pseudo_header(source, target, 58, data)))


def frames(story, hush=(), family=4, clocks=(C, V), at="c", delay_ms=30, ends=None):
    """[(time, IP packet)] as they pass the vantage c or s, when the silences were that long."""
    ends = ends or ENDS[family]
    clock = dict(zip("cs", clocks))
    seqs = {"c": 2**32 - 2, "s": 4_000}

    def true(ms):
        return ms + sum(extra for instant, extra in hush if ms > instant)

    def reading(side, ms):
        return (clock[side] + true(ms)) % 2**32

    for event in story:
        source, target = ends[event.side], ends[PEER[event.side]]
        echo = reading(PEER[event.side], event.echo) if event.echo is not None else 0
        values = (reading(event.side, event.ms), echo) if event.raw is None else event.raw
        seq = seqs[event.side] if event.seq is None else event.seq
        frame = tcp(source, target, seq, event, values)
        if event.seq is None:
            seqs[event.side] += len(event.text) + bool(event.flags & (S | F))
        if event.quoted:
            frame = icmp(ends["r"], source, frame)
        if not event.lost:
            late = 0 if event.side == at else delay_ms
            yield START + (event.ms + late) * MS + (true(event.ms) - event.ms) * MS, frame


def ethernet(frame):
    kind = b"\x08\x00" if frame[0] >> 4 == 4 else b"\x86\xdd"
    return (bytes(range(12)) + kind + frame).ljust(60, b"\0")


def pcap(records, link=101, order="=", magic=0xa1b23c4d, unit=1, snap=None):
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, link)
    for time, frame in records:
        frame = ethernet(frame) if link == 1 else frame
        data += struct.pack(order + "4I", time // SECOND, time % SECOND // unit,
                            len(frame[:snap]), len(frame)) + frame[:snap]
    return data


class LabTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def put(self, data, name="source"):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def get(self, name="target"):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def records(self):
        capture = packets.read(os.path.join(self.folder, "target"))
        return [(packet.time, bytes(packet.frame), packet.length) for packet in capture.packets]

    def stretched(self, data, hush=HUSH):
        silences = [(START + ms * MS, extra * MS) for ms, extra in hush]
        stretch.stretch(self.put(data), os.path.join(self.folder, "target"), silences)
        return self.get()

    def holds(self, story=STORY, hush=HUSH, link=101, snap=None, **how):
        """Stretching what the short wait shows gives what the long one would have shown."""
        short = pcap(frames(story, **how), link, snap=snap)
        self.assertEqual(self.stretched(short, hush).hex(" ", 4),
                         pcap(frames(story, hush, **how), link, snap=snap).hex(" ", 4))

    def trimmed(self, data, **how):
        trim.trim(self.put(data), os.path.join(self.folder, "target"), **how)
        return self.records()


class Stretch(LabTest):
    def test_times_values_and_echoes_move(self):
        self.holds()

    def test_ipv6(self):
        self.holds(family=6)

    def test_ethernet_with_padding(self):
        self.holds(link=1)

    def test_clocks_wrap_before_in_and_after_the_silence(self):
        for ahead in (500, 1_060, 5_000, 20_060, 3_000_000, HOURS + 20_050):
            self.holds(clocks=(2**32 - ahead, V))
            self.holds(clocks=(C, 2**32 - ahead))

    def test_values_with_the_highest_bit(self):
        self.holds(clocks=(2**31 - 1_000, 2**31 - HOURS - 10_000))

    def test_several_silences_add_up(self):
        self.holds(hush=((30, 1_000), (600, 59_000), (10_000, HOURS), (20_130, 17)))

    def test_nothing_is_to_be_stretched(self):
        self.holds(hush=())

    def test_capture_begins_after_the_silence(self):
        """Echoes are of values from before it, or of after it but before the first reading."""
        self.holds([event._replace(lost=event.ms < 10_000 or event.ms == 20_060)
                    for event in STORY[:8] + (Event(20_090, "s", A, 20_060),) + STORY[8:]])

    def test_capture_begins_in_the_middle(self):
        self.holds([event._replace(lost=event.ms < 1_000) for event in STORY])

    def test_echoed_segments_are_missing(self):
        for missing in (0, 60, 1_000, 1_060, 1_120, 20_000):
            self.holds([event._replace(lost=event.ms == missing) for event in STORY])

    def test_one_direction_is_missing(self):
        for side in "cs":
            self.holds([event._replace(lost=event.side == side) for event in STORY])

    def test_the_vantages_agree_also_behind_a_nat(self):
        inside = ENDS[4]
        outside = {**inside, "c": ("203.0.113.1", 1024)}
        lost = [event._replace(lost=event.ms in (1_120, 20_060)) for event in STORY]
        views = (dict(story=STORY, at="c", ends=inside), dict(story=lost, at="s", ends=outside),
                 dict(story=STORY, at="s", ends=outside))
        files = [(self.put(pcap(frames(**view)), f"from{i}"), os.path.join(self.folder, f"to{i}"))
                 for i, view in enumerate(views)]
        stretch.stretch_all(files, [(START + 10_000 * MS, HOURS * MS)])
        for i, view in enumerate(views):
            self.assertEqual(self.get(f"to{i}"), pcap(frames(hush=HUSH, **view)))

    def test_a_segment_on_its_way_at_an_instant_is_refused(self):
        files = [(self.put(pcap(frames(STORY, at=at)), at), os.devnull) for at in "cs"]
        for ms, refused in ((990, False), (1_010, True), (1_040, False), (1_080, True)):
            with self.assertRaises(ValueError) if refused else contextlib.nullcontext():
                stretch.stretch_all(files, [(START + ms * MS, SECOND)])

    def test_a_forged_copy_of_old_values_stays_old(self):
        forged = Event(20_050, "s", R | A, raw=(V + 1_060, C + 1_000))
        self.holds(STORY[:7] + (forged,) + STORY[7:])

    def test_an_option_at_an_odd_offset(self):
        self.holds([event._replace(options=ODD) for event in STORY])

    def test_a_zero_that_stands_for_no_value_stays(self):
        refused = Event(20_130, "s", R | A, raw=(V, 0))
        self.holds(STORY[:-1] + (refused,), clocks=(2**32 - 3_000_000, V))

    def test_a_zero_that_is_a_value_moves(self):
        self.holds(clocks=(C, 2**32 - 20_000))

    def test_no_echo_without_ack(self):
        again = Event(20_150, "c", S, raw=(C + 20_150 + HOURS, V + 20_000))
        short = again._replace(raw=(C + 20_150, V + 20_000))
        self.assertEqual(self.stretched(pcap(frames(STORY[:9] + (short,)))),
                         pcap(frames(STORY[:9] + (again,), HUSH)))

    def test_ports_used_again_have_other_clocks(self):
        def told(hush_ms):
            mine, other = 30_000 + hush_ms + 77, 30_060 + hush_ms + 12
            return STORY + (Event(30_000, "c", S, raw=(mine, 0), seq=1_000_000),
                            Event(30_060, "s", S | A, raw=(other, mine), seq=7))
        clocks = (2**30, 2**31)
        self.assertEqual(self.stretched(pcap(frames(told(0), clocks=clocks))),
                         pcap(frames(told(HOURS), HUSH, clocks=clocks)))

    def test_what_an_icmp_error_quotes_moves_too(self):
        for family in (4, 6):
            error = Event(20_050, "c", A, 1_060, b"key", quoted=True)
            self.holds(STORY[:7] + (error, error._replace(options=ODD)) + STORY[7:], family=family)

    def test_a_quote_of_eight_bytes_stays(self):
        quote = icmp(ENDS[4]["r"], ENDS[4]["c"], list(frames(STORY))[3][1][:28])
        self.stretched(pcap([(START + 20_000 * MS, quote)]))
        self.assertEqual(self.records(), [(START + (20_000 + HOURS) * MS, quote, len(quote))])

    def test_wrong_checksums_stay_wrong_by_as_much(self):
        def residues(damage):
            records = [(t, f[:36] + bytes((f[36] ^ damage, f[37] ^ damage)) + f[38:])
                       for t, f in frames(STORY)]
            self.stretched(pcap(records))
            for before, after in zip(records, self.records()):
                yield tuple(ones(f[12:20] + struct.pack(">HH", 6, len(f) - 20) + f[20:])
                            for f in (before[1], after[1]))
        for damage in (0, 0x5a, 0xff):
            for before, after in residues(damage):
                self.assertEqual(before, after)
                self.assertEqual(damage == 0, after == 0xffff)

    def test_cut_frames(self):
        """After 53 bytes the option at an odd offset is whole, but its last word is not."""
        for snap in (53, 54, 60):
            self.holds(snap=snap)
            self.holds([event._replace(options=ODD) for event in STORY], snap=snap)
        self.holds(snap=52)

    def test_a_cut_option_stays(self):
        for snap in (0, 1, 20, 33, 40, 45, 51):
            short = pcap(frames(STORY), snap=snap)
            self.stretched(short)
            self.assertEqual([frame for _, frame, _ in self.records()],
                             [frame[:snap] for _, frame in frames(STORY)])

    def test_ip_options(self):
        def longer(records):
            return [(time, b"\x46" + frame[1:3] + bytes((frame[3] + 4,)) + frame[4:20] +
                     b"\x01\x01\x01\x00" + frame[20:]) for time, frame in records]
        self.assertEqual(self.stretched(pcap(longer(frames(STORY)))),
                         pcap(longer(frames(STORY, HUSH))))

    def test_other_packets_stay(self):
        def changed(at, new):
            return key[:at] + new + key[at + len(new):]
        key = list(frames(STORY))[3][1]
        others = [b"", b"\x45", bytes(60), changed(0, b"\x55"), changed(6, b"\x00\x10"),
                  changed(9, b"\x11"),  # a fragment; UDP
                  changed(32, b"\x40"),  # a TCP header shorter than a TCP header
                  changed(40, b"\x00\x02"),  # options end before
                  changed(40, b"\x1e\x0c"),  # another option that looks so inside
                  changed(40, b"\x05\x00"), changed(43, b"\x09"),  # broken ones
                  ip(ENDS[4]["s"], ENDS[4]["c"], 1, bytes(8) + key)]  # the echo of a ping
        self.stretched(pcap([(START + 11_000 * MS, other) for other in others]))
        self.assertEqual([frame for _, frame, _ in self.records()], others)

    def test_gaps(self):
        path = self.put(pcap(frames(STORY)))
        self.assertEqual(
            stretch.gaps(path, START, START + 10_560 * MS, 500 * MS),
            [(START + 560 * MS, 880 * MS)])
        self.assertEqual(
            stretch.gaps(path, START + 600 * MS, START + 30_000 * MS, 500 * MS),
            [(START + 10_575 * MS, 18_910 * MS)])

    def test_command_line(self):
        target = os.path.join(self.folder, "target")
        subprocess.run([sys.executable, "-B", os.path.join(LAB, "stretch.py"),
                        self.put(pcap(frames(STORY))), target, "1800000010.000000001+7201.937"],
                       check=True)
        self.assertEqual(self.get(), pcap(frames(STORY, HUSH)))


class Trim(LabTest):
    def segments(self, *texts, start=2**32 - 5, **how):
        """A SYN at start, then payloads of these lengths."""
        story, seq = [Event(0, "c", S, seq=start)], start + 1
        for ms, size in enumerate(texts, 1):
            story.append(Event(ms, "c", A, 0, bytes(size), seq=seq))
            seq += size
        return list(frames(story, **how))

    def payloads(self, records, head=52):
        return [len(frame) - head for _, frame, _ in records]

    def test_the_clear_bytes_stay_across_the_wrap(self):
        records = self.segments(4, 60, 36, 100, 16, 3)
        after = self.trimmed(pcap(records), clear=90, keep=16)
        self.assertEqual(self.payloads(after), [0, 4, 60, 26, 16, 16, 3])
        self.assertEqual([(t, length) for t, _, length in after],
                         [(t, len(frame)) for t, frame in records])
        for (_, frame, _), (_, whole) in zip(after, records):
            self.assertTrue(whole.startswith(frame))

    def test_a_small_end_of_the_clear_bytes_does_not_cut_below_keep(self):
        after = self.trimmed(pcap(self.segments(85, 40)), clear=90, keep=16)
        self.assertEqual(self.payloads(after), [0, 85, 16])

    def test_the_usual_sizes(self):
        after = self.trimmed(pcap(self.segments(1_400, 1_400, 1_400, 1_400)))
        self.assertEqual(self.payloads(after), [0, 1_400, 1_400, 4_096 - 2_800, 4])

    def test_ipv6_in_ethernet(self):
        after = self.trimmed(pcap(self.segments(60, 40, family=6), 1), clear=50)
        self.assertEqual(self.payloads(after, 14 + 40 + 32), [0, 50, 4])

    def test_padding_stays(self):
        after = self.trimmed(pcap(frames([Event(0, "s", R, raw=())]), 1), clear=0, keep=0)
        self.assertEqual([len(frame) for _, frame, _ in after], [60])

    def test_the_clear_ends_with_newkeys_of_each_direction(self):
        newkeys = b"\x00\x00\x00\x0c\x0a\x15" + bytes(10)
        story = [Event(0, "c", S), Event(1, "s", S | A, 0),
                 Event(2, "c", A, 1, bytes(40) + newkeys + bytes(50)),
                 Event(3, "c", A, 1, bytes(60)), Event(4, "s", A, 2, bytes(60)),
                 Event(5, "s", A, 3, newkeys), Event(6, "s", A, 3, bytes(60))]
        after = self.trimmed(pcap(frames(story)))
        self.assertEqual(self.payloads(after), [0, 0, 56, 4, 60, 16, 4])

    def test_what_looks_like_newkeys_later_is_not_kept(self):
        newkeys = b"\x00\x00\x00\x0c\x0a\x15" + bytes(10)
        story = [Event(0, "c", S), Event(1, "c", A, 0, newkeys), Event(2, "c", A, 0, newkeys)]
        self.assertEqual(self.payloads(self.trimmed(pcap(frames(story)))), [0, 16, 4])

    def test_directions_have_their_own_bytes(self):
        story = [Event(0, "c", S), Event(1, "s", S | A, 0), Event(2, "c", A, 1, bytes(100)),
                 Event(3, "s", A, 2, bytes(100)), Event(4, "s", A, 2, bytes(100))]
        after = self.trimmed(pcap(frames(story)), clear=120)
        self.assertEqual(self.payloads(after), [0, 0, 100, 100, 20])

    def test_the_first_segment_is_missing(self):
        story = [Event(0, "c", S), Event(1, "s", S | A, 0),
                 Event(2, "c", A, 1, bytes(100), lost=True), Event(3, "c", A, 1, bytes(100))]
        after = self.trimmed(pcap(frames(story)), clear=120)
        self.assertEqual(self.payloads(after), [0, 0, 20])

    def test_a_syn_with_text(self):
        after = self.trimmed(pcap(frames([Event(0, "c", S, text=bytes(60))])), clear=50)
        self.assertEqual(self.payloads(after), [50])

    def test_a_syn_that_an_older_connection_answers_first(self):
        story = [Event(0, "c", S, seq=9), Event(1, "s", A, 0, seq=1_000_000),
                 Event(2, "c", R, raw=()), Event(3, "c", S, seq=9),
                 Event(4, "s", S | A, 3, seq=2_000_000),
                 Event(5, "s", A, 3, bytes(100), seq=2_000_001)]
        after = self.trimmed(pcap(frames(story)), clear=90)
        self.assertEqual(self.payloads(after)[3:], [0, 0, 90])

    def test_first_seen_in_the_middle(self):
        story = [Event(1, "c", A, 0, bytes(100), seq=5_000), Event(2, "s", A, 0, bytes(300)),
                 Event(3, "c", A, 0, bytes(100), seq=5_100),
                 Event(4, "c", A, 0, bytes(40), seq=4_960)]
        after = self.trimmed(pcap(frames(story)), clear=150)
        self.assertEqual(self.payloads(after), [100, 150, 50, 40])

    def test_a_new_syn_starts_anew_but_a_copy_of_the_first_does_not(self):
        first = 2**32 - 5
        for start, seq, kept in ((first, first + 401, 4), (1_000, 1_001, 100)):
            story = [Event(9, "s", A, 0, bytes(400)), Event(10, "c", S, seq=start),
                     Event(11, "c", A, 0, bytes(100), seq=seq), Event(12, "s", A, 0, bytes(100))]
            after = self.trimmed(pcap(self.segments(200, 200) + list(frames(story))), clear=400)
            self.assertEqual(self.payloads(after), [0, 200, 200, 400, 0, kept, kept])

    def test_other_packets_stay_whole(self):
        segment = self.segments(500)[1][1]
        error = icmp(ENDS[4]["r"], ENDS[4]["c"], segment)
        broken = segment[:32] + b"\x40" + segment[33:]
        after = self.trimmed(pcap([(START, error), (START, broken)]), clear=0, keep=0)
        self.assertEqual([frame for _, frame, _ in after], [error, broken])
        other = pcap([(START, segment)], 1).replace(b"\x08\x00\x45", b"\x88\x47\x45")
        self.trimmed(other, clear=0, keep=0)
        self.assertEqual(self.get(), other)

    def test_cut_frames_do_not_grow(self):
        after = self.trimmed(pcap(self.segments(500, 500), snap=60), clear=0)
        self.assertEqual([len(frame) for _, frame, _ in after], [52, 56, 56])

    def test_command_line(self):
        target = os.path.join(self.folder, "target")
        subprocess.run([sys.executable, "-B", os.path.join(LAB, "trim.py"), "--clear=8", "--keep=3",
                        self.put(pcap(self.segments(9, 9))), target], check=True)
        self.assertEqual(self.payloads(self.records()), [0, 8, 3])


class Files(LabTest):
    def test_every_byte_order_and_unit_is_read(self):
        whole = [(time - time % 1_000, frame) for time, frame in frames(STORY)]
        for order in "<>":
            for magic, unit in ((0xa1b23c4d, 1), (0xa1b2c3d4, 1_000)):
                self.assertEqual(self.stretched(pcap(whole, 1, order, magic, unit), ()),
                                 pcap(whole, 1))

    def test_what_is_no_capture_is_refused(self):
        for data in (b"", b"text that is long enough to be one", pcap([])[:23], pcap([], 113)):
            with self.assertRaises(ValueError):
                packets.read(self.put(data))

    def test_a_record_being_written_ends_the_capture(self):
        data = pcap(frames(STORY))
        for missing in (1, 30, 56):
            self.assertEqual(len(packets.read(self.put(data[:-missing])).packets), len(STORY) - 1)

    def test_connections_are_named(self):
        for family, ends in ((4, ("192.0.2.10:40001", "198.51.100.22:22")),
                             (6, ("[2001:db8:1::10]:40001", "[2001:db8:2::22]:22"))):
            path = self.put(pcap(frames(STORY[:1], family=family)))
            self.assertEqual(packets.connections(path), {ends, ends[::-1]})

    @unittest.skipUnless(shutil.which("tcpdump"), "tcpdump is not there")
    def test_tcpdump_reads_it(self):
        self.stretched(pcap(frames(STORY)))
        trim.trim(os.path.join(self.folder, "target"), os.path.join(self.folder, "target"), 0, 2)
        said = subprocess.run(["tcpdump", "-nnttvv", "-r", "-"], input=self.get(), check=True,
                              capture_output=True).stdout.decode()
        self.assertEqual(said.count("1800007221."), 2)
        self.assertIn(f"TS val {C + 20_060 + HOURS} ecr {V + 20_000 + HOURS}", said)
        self.assertNotIn("incorrect", said)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    bad = len(result.failures) + len(result.errors)
    skips = f", {len(result.skipped)} skipped" if result.skipped else ""
    print(f"{result.testsRun - bad - len(result.skipped)} passed, {bad} failed{skips}")
    sys.exit(bad > 0 or result.testsRun == 0)
