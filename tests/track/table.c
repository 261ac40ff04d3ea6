/* SPDX-License-Identifier: BSD-3-Clause */
#include "track/table.h"

#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/slab.h"

/* The nth client of an endless supply. */
static struct packet nth_syn(uint32_t n)
{
	return (struct packet){
		.kind = PACKET_SEGMENT,
		.src = { { 4, { 10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n } }, 40000 },
		.dst = { { 4, { 198, 51, 100, 2 } }, 22 },
		.ttl = 50,
		.tcp = { .seq = n, .flags = TCP_SYN },
	};
}

static struct packet turned(struct packet p)
{
	struct endpoint src = p.src;

	p.src = p.dst;
	p.dst = src;
	return p;
}

/* ---- names ---- */

Test(track_table, a_name_is_good_as_long_as_its_flow_is_there)
{
	struct table *table = table_new();
	struct packet one = nth_syn(1), two = nth_syn(2);
	struct flow_name name = table_name(table, table_add(table, &one));

	cr_expect(table_has(table, name));
	table_remove(table, name.index);
	cr_expect_not(table_has(table, name));
	cr_expect_eq(table_add(table, &two), name.index, "the place is used again");
	cr_expect_not(table_has(table, name));
	table_free(table);
}

/* ---- finding ---- */

Test(track_table, a_flow_is_found_from_both_ends)
{
	struct table *table = table_new();
	struct packet p = nth_syn(1), back = turned(p), other = nth_syn(2);
	uint32_t at = table_add(table, &p);

	cr_expect_eq(table_find(table, &p), at);
	cr_expect_eq(table_find(table, &back), at);
	cr_expect_eq(table_find(table, &other), NO_INDEX);
	table_free(table);
}

Test(track_table, tags_keep_equal_addresses_apart)
{
	struct table *table = table_new();
	struct packet bare = nth_syn(1), zero = bare, one = bare, two = bare;
	uint32_t at;

	zero.vlans = one.vlans = two.vlans = 1;
	one.vlan[0] = 1;
	two.vlan[0] = 2;
	at = table_add(table, &one);
	cr_expect_eq(table_find(table, &one), at);
	cr_expect_eq(table_find(table, &two), NO_INDEX);
	cr_expect_eq(table_find(table, &bare), NO_INDEX);
	at = table_add(table, &zero);
	cr_expect_eq(table_find(table, &bare), NO_INDEX);
	cr_expect_eq(table_find(table, &zero), at);
	table_free(table);
}

Test(track_table, tunnels_keep_equal_addresses_apart)
{
	struct table *table = table_new();
	struct packet bare = nth_syn(1), one = bare, two = bare, back;
	uint32_t at[3];

	one.tunnel = 1;
	two.tunnel = UINT64_C(1) << 63;
	at[0] = table_add(table, &bare);
	at[1] = table_add(table, &one);
	cr_expect_eq(table_find(table, &two), NO_INDEX);
	at[2] = table_add(table, &two);
	back = turned(two);
	cr_expect_eq(table_find(table, &bare), at[0]);
	cr_expect_eq(table_find(table, &one), at[1]);
	cr_expect_eq(table_find(table, &back), at[2]);
	table_remove(table, at[1]);
	cr_expect_eq(table_find(table, &one), NO_INDEX);
	cr_expect_eq(table_find(table, &two), at[2]);
	table_free(table);
}

Test(track_table, on_the_same_ports_each_is_found_until_it_is_removed)
{
	struct table *table = table_new();
	struct packet one = nth_syn(1), two = nth_syn(2), back = turned(one);
	uint32_t at[2] = { table_add(table, &one), table_add(table, &two) };

	cr_expect_eq(table_find(table, &two), at[1]);
	cr_expect_eq(table_find(table, &one), at[0]);
	table_remove(table, at[0]);
	cr_expect_eq(table_find(table, &back), NO_INDEX, "though it was found last");
	cr_expect_eq(table_find(table, &two), at[1]);
	table_free(table);
}

Test(track_table, an_ipv4_address_is_not_the_beginning_of_an_ipv6_address)
{
	struct table *table = table_new();
	struct packet p = nth_syn(1), p6 = p;

	p6.src.ip.family = p6.dst.ip.family = 6;
	table_add(table, &p);
	cr_expect_eq(table_find(table, &p6), NO_INDEX);
	table_free(table);
}

Test(track_table, many_flows_are_all_found_and_removed_ones_are_not)
{
	struct table *table = table_new();
	uint32_t in_use = 0, at = NO_INDEX;

	for (uint32_t n = 0; n < 50000; n++) {
		struct packet p = nth_syn(n);

		table_add(table, &p);
	}
	for (uint32_t n = 0; n < 50000; n += 2) {
		struct packet p = nth_syn(n);

		table_remove(table, table_find(table, &p));
	}
	for (uint32_t n = 0; n < 50000; n++) {
		struct packet p = nth_syn(n);
		uint32_t index = table_find(table, &p);

		cr_assert_eq(index == NO_INDEX, n % 2 == 0, "flow %u", n);
		if (index != NO_INDEX)
			cr_assert(endpoint_equal(&table_flow(table, index)->end[0], &p.src));
	}
	while ((at = table_next(table, at)) != NO_INDEX)
		in_use++;
	cr_expect_eq(in_use, 25000);
	table_free(table);
}

/* ---- age ---- */

Test(track_table, the_oldest_is_the_one_that_was_touched_longest_ago)
{
	struct table *table = table_new();
	uint32_t at[4];

	cr_expect_eq(table_oldest(table), NO_INDEX);
	for (uint32_t n = 0; n < 4; n++) {
		struct packet p = nth_syn(n);

		at[n] = table_add(table, &p);
	}
	table_touch(table, at[0]);
	cr_expect_eq(table_oldest(table), at[1]);
	table_settle(table, at[1], FLOW_CONN); /* has a connection: does not age */
	cr_expect_eq(table_oldest(table), at[2]);
	table_touch(table, at[1]);
	table_remove(table, at[2]);
	cr_expect_eq(table_oldest(table), at[3]);
	table_remove(table, at[3]);
	table_settle(table, at[1], FLOW_DONE);
	cr_expect_eq(table_oldest(table), at[0]);
	table_remove(table, at[0]);
	cr_expect_eq(table_oldest(table), at[1]);
	table_free(table);
}

/* ---- floods ---- */

#define VICTIMS 500

static struct talk *victims_new(struct wire *wire)
{
	struct talk *victim = calloc(VICTIMS, sizeof(*victim));

	cr_assert(victim != NULL);
	for (uint32_t i = 0; i < VICTIMS; i++) {
		victim[i] = talk_from(wire, (uint16_t)(20000 + i), 22);
		talk_open(&victim[i]);
		talk_login(&victim[i]);
	}
	return victim;
}

/* Each goes on and closes: as connections that lost nothing. */
static void expect_victims_alive(struct talk *victim, struct wire *wire)
{
	uint32_t alive = 0, closed = 0;
	const struct conn *conn;

	for (uint32_t i = 0; i < VICTIMS; i++) {
		talk_key(&victim[i]);
		talk_close(&victim[i]);
	}
	wire_wait(wire, 10 * NS_PER_S);
	wire_feed(wire, &(struct packet){ .src = { { 4, { 1 } }, 1 }, .dst = { { 4, { 2 } }, 2 } });
	while ((conn = wire_finished(wire)) != NULL) {
		closed += conn->end.ending == ENDING_closed;
		alive += conn->end.ending == ENDING_closed && !conn->judged_early &&
			 conn->ssh.phase == SSH_PHASE_SESSION;
	}
	cr_expect_eq(alive, VICTIMS, "%u of %u closed", alive, closed);
	free(victim);
}

Test(track_table, established_connections_survive_a_flood_of_syns)
{
	struct wire *wire = wire_new();
	struct talk *victim = victims_new(wire);

	for (uint32_t n = 0; n < FLOWS_MAX + 50000; n++) {
		struct packet p = nth_syn(n);

		wire->now_ns -= STEP_NS - 1; /* fast */
		wire_feed(wire, &p);
		cr_assert_null(wire_finished(wire));
	}
	cr_expect_eq(track_counts(wire->track).evicted, 50000 + VICTIMS);
	cr_expect_eq(track_counts(wire->track).judged_early, 0);
	expect_victims_alive(victim, wire);
	wire_free(wire);
}

/* The server answers each SYN several times: enough for a connection each. */
Test(track_table, established_connections_survive_a_flood_that_the_server_answers)
{
	struct wire *wire = wire_new();
	struct talk *victim = victims_new(wire);

	for (uint32_t n = 0; n < SLOTS_MAX + 2000; n++) {
		struct packet p = nth_syn(n), answer = turned(p);

		wire->now_ns -= 5 * (STEP_NS - 1);
		wire_feed(wire, &p);
		answer.tcp.flags = TCP_SYN | TCP_ACK;
		answer.tcp.ack = p.tcp.seq + 1;
		for (int i = 0; i < 4; i++) {
			answer.has_ip_id = true;
			answer.ip_id++;
			wire_feed(wire, &answer);
			while (wire_finished(wire) != NULL)
				cr_assert(wire->conn->judged_early);
		}
	}
	cr_expect_eq(track_counts(wire->track).judged_early, 2000 + VICTIMS);
	expect_victims_alive(victim, wire);
	wire_free(wire);
}

Test(track_table, a_full_slab_hands_on_what_closed_before_what_is_open)
{
	struct wire *wire = wire_new();
	uint32_t early_closed = 0, early_open = 0;
	struct talk talk;

	for (uint32_t i = 0; i < SLOTS_MAX; i++) {
		talk = talk_from(wire, (uint16_t)(1024 + i), 22);
		wire->now_ns -= 6 * (STEP_NS - 1);
		talk_open(&talk);
		talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, cipher_text(10));
		talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(10));
		if (i % 16 == 0) {
			talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
			talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
		}
		cr_assert_null(wire_finished(wire));
	}
	for (uint32_t i = 0; i < SLOTS_MAX / 16 + 3; i++) {
		talk = talk_from(wire, (uint16_t)(20000 + i), 22);
		talk.end[CLIENT].ip.bytes[0]++;
		wire->now_ns -= 5 * (STEP_NS - 1);
		talk_open(&talk);
		talk_data(&talk, CLIENT, 10);
		talk_data(&talk, SERVER, 10);
		while (wire_finished(wire) != NULL) {
			early_closed += wire->conn->end.ending == ENDING_closed;
			early_open += wire->conn->end.ending == ENDING_open;
			cr_expect_eq(events_of(wire->conn, EVENT_CAPTURE_END), 0);
		}
	}
	cr_expect_eq(early_closed, SLOTS_MAX / 16);
	cr_expect_eq(early_open, 3);
	cr_expect_eq(track_counts(wire->track).judged_early, SLOTS_MAX / 16 + 3);
	wire_free(wire);
}
