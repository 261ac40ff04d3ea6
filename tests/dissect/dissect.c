/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <pcap/dlt.h>
#include <string.h>

#include "dissect/dissect.h"
#include "tests/support.h"

#define OPTIONS "01 01 080a 11111111 22222222"

struct sample {
	const char *what;
	int link_type;
	struct bytes bytes;
	size_t header_len; /* what every single-byte change is tried on */
};

#define SAMPLES 12

static struct bytes short_segment(const char *header)
{
	return bytes_join(hex(header), ipv4(6, tcp(TCP_RST, "", hex(""))));
}

static void make_tunnels(struct sample samples[6])
{
	samples[0] = (struct sample){
		"Geneve", DLT_RAW,
		ipv4(17, short_segment("c000 17c1 0000 0000 0100 6558 00000100 01080000"
				       "020000000002 020000000001 8100 0064 0800")),
		98
	};
	samples[1] = (struct sample){ "GRE", DLT_RAW,
				      ipv4(47, short_segment("f000 0800 00000000 00000007 00000001"
							     "0800 00 04 c0000209 0000 00 00")),
				      88 };
	samples[2] = (struct sample){
		"GTP", DLT_RAW,
		ipv4(17, short_segment("0868 0868 0000 0000 36ff 0000 00000001 0000 00 85"
				       "01 0005 85 01 1005 00")),
		88
	};
	samples[3] = (struct sample){
		"802.11", DLT_IEEE802_11_RADIO,
		short_segment("0000 1100 03000000 0000000000000000 20"
			      "8801 3000 020000000001 020000000002 020000000003 1000 8000 0000"
			      "020000000001 020000000002 0030 aaaa03 000000 0800"),
		120
	};
	samples[4] =
		(struct sample){ "NFLOG", DLT_NFLOG,
				 short_segment("02 00 0000 0500 0a00 00 000000 2f00 0900"), 56 };
	samples[5] =
		(struct sample){ "MPLS", DLT_PPI,
				 short_segment("0000 0800 db000000 00064040 00064140 00000000"
					       "020000000002 020000000001 88e7 00000101"
					       "020000000002 020000000001 0040 aaaa03 000000 0800"),
				 100 };
}

/* One valid frame for each way through the room. */
static void make_samples(struct sample samples[SAMPLES])
{
	struct bytes quoted4 = ipv4(6, tcp(TCP_SYN, "020405b4", hex("")));
	struct bytes quoted6 =
		ipv6(60, bytes_join(hex("06 00 01040000 0000"), tcp(TCP_ACK, "", hex(""))));
	struct bytes chain = bytes_join(hex("2c 00 01040000 0000  06 00 0000 00000001"),
					tcp(TCP_PSH | TCP_ACK, OPTIONS, hex("5353 48")));
	struct bytes tags =
		bytes_join(hex("0064 8100 00c8 0800"),
			   ipv4(6, tcp(TCP_ACK, "05 0a 00000001 00000002 01 01", hex("aa"))));

	samples[0] = (struct sample){
		"IPv4 on Ethernet", DLT_EN10MB,
		ethernet(0x0800, ipv4(6, tcp(TCP_PSH | TCP_ACK, OPTIONS, hex("5353 48")))), 66
	};
	samples[1] = (struct sample){ "IPv6 with extensions", DLT_EN10MB,
				      ethernet(0x86dd, ipv6(0, chain)), 14 + 40 + 16 + 32 };
	samples[2] = (struct sample){ "two tags and SACK", DLT_EN10MB, ethernet(0x88a8, tags),
				      14 + 8 + 20 + 32 };
	samples[3] = (struct sample){ "ICMP error", DLT_RAW,
				      ipv4(1, bytes_join(hex("0303 0000 00000000"), quoted4)), 72 };
	samples[4] = (struct sample){
		"ICMPv6 error", DLT_NULL,
		bytes_join(hex("1e000000"),
			   ipv6(58, bytes_join(hex("0104 0000 00000000"), quoted6))),
		120
	};
	samples[5] =
		(struct sample){ "SLL2", DLT_LINUX_SLL2,
				 bytes_join(hex("0800 0000 00000002 0001 00 06 020000000001 0000"),
					    ipv4(6, tcp(TCP_RST, "", hex("")))),
				 60 };
	make_tunnels(samples + 6);
}

static int sample_link_type;
static uint32_t sample_missing;

/* What every caller relies on, whatever the bytes were. */
static void expect_a_sound_answer(struct bytes b)
{
	struct frame frame = frame_of(sample_link_type, b);
	struct packet p, again;
	enum skip why;
	enum dissect_result result;
	uint32_t sum = 0;

	frame.wire_len += sample_missing;
	result = dissect(&frame, &p, &why);
	cr_assert_lt(why, SKIP_COUNT);
	cr_assert_eq(result == DISSECT_OK, why == SKIP_NONE);
	if (result != DISSECT_OK)
		return;
	cr_assert_leq(p.layers, PACKET_LAYERS);
	cr_assert_leq(p.vlans, PACKET_VLANS);
	cr_assert_leq(p.tcp.sacks, PACKET_SACKS);
	cr_assert_leq(p.tcp.payload_len, p.tcp.payload_wire_len);
	cr_assert_leq(p.tcp.payload_len, b.len);
	for (uint32_t i = 0; i < p.tcp.payload_len; i++)
		sum += p.tcp.payload[i]; /* AddressSanitizer looks on */
	cr_assert_leq(sum, p.tcp.payload_len * 255u);
	cr_assert_eq(dissect(&frame, &again, &why), DISSECT_OK);
	cr_assert_eq(again.tcp.seq, p.tcp.seq, "same bytes, same answer");
}

static void for_each_sample(void (*check)(const struct sample *))
{
	struct sample samples[SAMPLES];

	make_samples(samples);
	for (size_t i = 0; i < SAMPLES; i++) {
		sample_link_type = samples[i].link_type;
		check(&samples[i]);
		bytes_free(samples[i].bytes);
	}
}

static void is_used(const struct sample *sample)
{
	struct frame frame = frame_of(sample->link_type, sample->bytes);
	struct packet p;
	enum skip why;

	cr_expect_eq(dissect(&frame, &p, &why), DISSECT_OK, "%s: %s", sample->what, skip_name(why));
}

Test(dissect_dissect, each_way_through_the_room_ends_in_a_packet)
{
	for_each_sample(is_used);
}

static void cut_everywhere(const struct sample *sample)
{
	sample_missing = 0;
	feed_every_cut(sample->bytes, expect_a_sound_answer);
	sample_missing = 2000;
	feed_every_cut(sample->bytes, expect_a_sound_answer);
}

Test(dissect_dissect, a_frame_cut_anywhere_gets_a_sound_answer)
{
	for_each_sample(cut_everywhere);
}

static void change_everything(const struct sample *sample)
{
	sample_missing = 0;
	feed_every_change(sample->bytes, sample->header_len, expect_a_sound_answer);
}

Test(dissect_dissect, any_changed_byte_gets_a_sound_answer)
{
	for_each_sample(change_everything);
}

static void change_behind_a_cut(struct bytes cut)
{
	feed_every_change(cut, cut.len, expect_a_sound_answer);
}

static void cut_and_change(const struct sample *sample)
{
	sample_missing = 0;
	if (sample->bytes.len < 80)
		feed_every_cut(sample->bytes, change_behind_a_cut);
}

Test(dissect_dissect, any_changed_byte_of_a_frame_cut_anywhere_gets_a_sound_answer)
{
	for_each_sample(cut_and_change);
}

Test(dissect_dissect, the_packet_carries_the_frames_mark_and_time)
{
	struct bytes b = ethernet(0x0800, ipv4(6, tcp(TCP_ACK, "", hex(""))));
	struct frame frame = frame_of(DLT_EN10MB, b);
	struct packet p;
	enum skip why;

	frame.number = 4711;
	frame.input = 3;
	frame.time_ns = -5;
	cr_assert_eq(dissect(&frame, &p, &why), DISSECT_OK);
	cr_expect_eq(p.mark.number, 4711);
	cr_expect_eq(p.mark.input, 3);
	cr_expect_eq(p.time_ns, -5);
	bytes_free(b);
}

Test(dissect_dissect, the_kind_of_failure_follows_from_its_reason)
{
	struct bytes b = ethernet(0x0800, ipv4(6, tcp(TCP_ACK, "", hex(""))));
	struct frame frame = frame_of(DLT_EN10MB, b);
	struct packet p;
	enum skip why;

	frame.len = 50;
	cr_expect_eq(dissect(&frame, &p, &why), DISSECT_TRUNCATED);
	frame.wire_len = 50;
	cr_expect_eq(dissect(&frame, &p, &why), DISSECT_MALFORMED);
	frame.link_type = DLT_USB_LINUX;
	cr_expect_eq(dissect(&frame, &p, &why), DISSECT_NOT_OURS);
	bytes_free(b);
}

Test(dissect_dissect, every_reason_and_layer_has_a_name_of_its_own)
{
	for (enum skip why = SKIP_NONE; why < SKIP_COUNT; why++) {
		cr_assert_neq(*skip_name(why), '\0');
		cr_assert_neq(*skip_text(why), '\0');
		for (enum skip other = SKIP_NONE; other < why; other++)
			cr_expect_str_neq(skip_name(why), skip_name(other));
	}
	cr_expect_str_eq(skip_name(SKIP_not_tcp), "not_tcp");
	for (uint8_t layer = 0; layer < LAYER_COUNT; layer++)
		cr_assert_neq(*layer_name(layer), '\0');
	cr_expect_str_eq(layer_name(LAYER_sll2), "sll2");
}
