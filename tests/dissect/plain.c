/* SPDX-License-Identifier: BSD-3-Clause */
/* The short way and the walk say the same, of usual frames and of what was made of them. */
#include <criterion/criterion.h>
#include <pcap/dlt.h>
#include <string.h>

#include "dissect/inside.h"
#include "tests/support.h"

#define TIMESTAMPS "01 01 080a 11111111 22222222"
#define LIKE_TIMESTAMPS "08 0a 11111111 22222222 01 01"
#define SACK "01 01 05 0a 00000001 00000002"

static void expect_same_segment(const struct segment *a, const struct segment *b)
{
	cr_expect_eq(a->seq, b->seq);
	cr_expect_eq(a->ack, b->ack);
	cr_expect_eq(a->flags, b->flags);
	cr_expect_eq(a->checksum, b->checksum);
	cr_expect_eq(a->header_len, b->header_len);
	cr_expect_eq(a->window, b->window);
	cr_expect_eq(a->has_options, b->has_options);
	cr_expect_eq(a->has_timestamps, b->has_timestamps);
	cr_expect_eq(a->tsval, b->tsval);
	cr_expect_eq(a->tsecr, b->tsecr);
	cr_expect_eq(a->has_mss | a->has_wscale | a->sack_permitted | a->has_mptcp,
		     b->has_mss | b->has_wscale | b->sack_permitted | b->has_mptcp);
	cr_expect_eq(a->sacks, b->sacks);
	cr_expect_arr_eq(a->sack, b->sack, sizeof(a->sack));
	cr_expect_eq(a->payload, b->payload);
	cr_expect_eq(a->payload_len, b->payload_len);
	cr_expect_eq(a->payload_wire_len, b->payload_wire_len);
}

static void expect_same_packet(const struct packet *a, const struct packet *b)
{
	cr_expect_eq(a->kind, b->kind);
	cr_expect_eq(a->mark.number, b->mark.number);
	cr_expect_eq(a->mark.input, b->mark.input);
	cr_expect_eq(a->time_ns, b->time_ns);
	cr_expect_eq(a->layers, b->layers);
	cr_expect_arr_eq(a->layer, b->layer, sizeof(a->layer));
	cr_expect_eq(a->vlans, b->vlans);
	cr_expect_eq(a->tunnel, b->tunnel);
	cr_expect_eq(a->cut, b->cut);
	cr_expect(endpoint_equal(&a->src, &b->src));
	cr_expect(endpoint_equal(&a->dst, &b->dst));
	cr_expect_eq(a->ttl, b->ttl);
	cr_expect_eq(a->tos, b->tos);
	cr_expect_eq(a->has_ip_id, b->has_ip_id);
	cr_expect_eq(a->ip_id, b->ip_id);
	cr_expect_eq(a->df, b->df);
	expect_same_segment(&a->tcp, &b->tcp);
}

static uint32_t frame_missing;
static int frame_link_type;

static bool both_ways(struct bytes b)
{
	struct frame frame = frame_of(frame_link_type, b);
	struct packet plain, walked;
	enum skip why, walk_why;

	frame.number = 4711;
	frame.input = 3;
	frame.time_ns = -5;
	frame.wire_len += frame_missing;
	(void)dissect(&frame, &walked, &walk_why);
	if (!plain_read(&frame, &plain, &why))
		return false;
	cr_expect_eq(why, walk_why, "%s, not %s", skip_name(why), skip_name(walk_why));
	if (why == SKIP_NONE)
		expect_same_packet(&plain, &walked);
	return true;
}

static void compare(struct bytes b)
{
	(void)both_ways(b);
}

#define USUAL 9

/* What is read in one step; each with a byte of padding behind it. */
static void make_usual(struct bytes sample[USUAL])
{
	sample[0] = ethernet(0x0800, ipv4(6, tcp(TCP_ACK, TIMESTAMPS, hex(""))));
	sample[1] = ethernet(0x86dd, ipv6(6, tcp(TCP_PSH | TCP_ACK, TIMESTAMPS, hex("535348"))));
	sample[2] = ethernet(0x0800, ipv4(6, tcp(TCP_SYN, "020405b4 0402 0101", hex(""))));
	sample[3] = ethernet(0x0800, ipv4(6, tcp(TCP_ACK, SACK, hex("aa"))));
	sample[4] = ethernet(0x0800, ipv4(6, tcp(TCP_ACK, LIKE_TIMESTAMPS, hex("aa"))));
	sample[5] = ethernet(0x86dd, ipv6(6, tcp(TCP_RST, "", hex(""))));
	sample[6] = ethernet(0x0800, ipv4(17, hex("c000 01bb 000a 0000 aabb")));
	sample[7] = ethernet(0x86dd, ipv6(17, hex("c000 01bb 000a 0000 aabb")));
	sample[8] = ethernet(0x0800, ipv4(6, tcp(TCP_FIN | TCP_ACK, "", hex("aa bb"))));
	for (size_t i = 0; i < USUAL; i++)
		sample[i] = bytes_join(sample[i], hex("77"));
}

static void for_each_usual(void (*check)(struct bytes))
{
	struct bytes sample[USUAL];

	make_usual(sample);
	frame_link_type = DLT_EN10MB;
	for (size_t i = 0; i < USUAL; i++) {
		check(sample[i]);
		bytes_free(sample[i]);
	}
}

static void is_read(struct bytes b)
{
	cr_expect(both_ways(b));
}

Test(dissect_plain, a_usual_frame_is_read_in_one_step_as_a_walk_reads_it)
{
	frame_missing = 0;
	for_each_usual(is_read);
}

static void change_everything(struct bytes b)
{
	feed_every_change(b, b.len, compare);
}

Test(dissect_plain, a_frame_with_any_byte_changed_is_read_as_a_walk_reads_it)
{
	frame_missing = 0;
	for_each_usual(change_everything);
}

static void cut_everywhere(struct bytes b)
{
	frame_missing = 0;
	feed_every_cut(b, compare);
	frame_missing = 2000;
	feed_every_cut(b, compare);
}

Test(dissect_plain, a_frame_cut_anywhere_is_read_as_a_walk_reads_it)
{
	for_each_usual(cut_everywhere);
}

static void is_walked(struct bytes b)
{
	cr_expect_not(both_ways(b));
	bytes_free(b);
}

Test(dissect_plain, what_is_not_usual_is_left_to_the_walk)
{
	struct bytes piece = ethernet(0x0800, ipv4(6, tcp(TCP_ACK, "", hex("aa"))));

	frame_missing = 0;
	frame_link_type = DLT_EN10MB;
	put_u16(piece, 14 + 6, 0x2000);
	is_walked(piece);
	is_walked(ethernet(0x8100,
			   bytes_join(hex("0064 0800"), ipv4(6, tcp(TCP_ACK, "", hex("aa"))))));
	is_walked(ethernet(0x0800, ipv4(17, hex("c000 12b5 0010 0000 0800000000000100"))));
	is_walked(ethernet(0x0800, ipv4(1, hex("0800 0000 00000000"))));
	is_walked(ethernet(0x86dd, ipv6(60, bytes_join(hex("06 00 01040000 0000"),
						       tcp(TCP_ACK, "", hex(""))))));
	frame_link_type = DLT_LINUX_SLL;
	is_walked(ethernet(0x0800, ipv4(6, tcp(TCP_ACK, "", hex("")))));
}
