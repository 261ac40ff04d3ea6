/* SPDX-License-Identifier: BSD-3-Clause */
/* commands/evidence_find.c: which frames of the second reading belong to what ended oddly. */
#include <criterion/criterion.h>

#include "base/clock.h"
#include "commands/evidence_inside.h"

#define SECONDS(n) ((n)*NS_PER_S)

static const struct report_options options = { .inputs = 1, .paths = (const char *[]){ "a.pcap" } };

static struct endpoint end_of(uint8_t host, uint16_t port)
{
	return (struct endpoint){ { 4, { 192, 0, 2, host } }, port };
}

/* From one frame to another, a frame each second; the end is the last. */
static void add(struct evidence_kept *k, enum cause_id cause, uint32_t first, uint32_t last)
{
	struct conn conn = { .first = { first, 0 },
			     .last = { last, 0 },
			     .first_ns = SECONDS(first),
			     .last_ns = SECONDS(last) };
	struct verdict verdict = { .cause = cause, .sentence = "It ended." };

	conn.end.ending = ENDING_reset;
	conn.end.mark = conn.last;
	conn.end.time_ns = conn.last_ns;
	conn.peer[CLIENT].at = end_of(9, 50000);
	conn.peer[SERVER].at = end_of(2, 22);
	evidence_add(k, &conn, &conn, &verdict);
}

static struct evidence_kept *kept(void)
{
	struct evidence_kept *k = evidence_new(&options, NULL, NULL);

	add(k, CAUSE_server_crash, 3, 5);
	evidence_prepare(k);
	return k;
}

static bool has(struct evidence_kept *k, uint32_t number, uint8_t flags)
{
	const struct packet p = { .mark = { number, 0 },
				  .time_ns = SECONDS(number),
				  .src = end_of(number % 2 ? 9 : 2, number % 2 ? 50000 : 22),
				  .dst = end_of(number % 2 ? 2 : 9, number % 2 ? 22 : 50000),
				  .tcp = { .flags = flags } };

	return evidence_has_packet(k, &p, &(bool){ false });
}

Test(commands_evidence_find, a_connection_is_all_between_its_first_and_its_last_frame)
{
	struct evidence_kept *k = kept();

	cr_expect_not(has(k, 2, TCP_ACK), "before it");
	for (uint32_t number = 3; number <= 5; number++)
		cr_expect(has(k, number, TCP_ACK), "frame %u", number);
	cr_expect(has(k, 6, TCP_RST), "what follows at once");
	cr_expect_not(has(k, 11, TCP_ACK), "what follows much later");
	cr_expect_not(has(k, 7, TCP_ACK), "and then nothing, wherever a clock steps");
	evidence_free(k);
}

/* Of one that spoke from frame 3 on; the client's NEWKEYS is 5, the server's was not seen. */
static bool is_clear(struct evidence_kept *k, uint32_t number)
{
	const bool up = number % 2;
	const struct packet p = { .mark = { number, 0 },
				  .time_ns = SECONDS(number),
				  .src = up ? end_of(9, 50000) : end_of(2, 22),
				  .dst = up ? end_of(2, 22) : end_of(9, 50000) };
	bool clear;

	cr_expect(evidence_has_packet(k, &p, &clear));
	return clear;
}

Test(commands_evidence_find, a_side_speaks_in_the_clear_up_to_its_newkeys)
{
	struct evidence_kept *k = evidence_new(&options, NULL, NULL);
	struct conn conn = { .first = { 3, 0 }, .last = { 9, 0 }, .last_ns = SECONDS(9) };
	struct verdict verdict = { .cause = CAUSE_server_crash, .sentence = "It ended." };

	conn.peer[CLIENT].at = end_of(9, 50000);
	conn.peer[SERVER].at = end_of(2, 22);
	conn.ssh.phase = SSH_PHASE_KEX;
	conn.ssh.half[CLIENT].identification_mark.number = 3;
	conn.ssh.half[CLIENT].newkeys_mark.number = 5;
	conn.ssh.half[SERVER].identification_mark.number = 4;
	evidence_add(k, &conn, &conn, &verdict);
	for (int reading = 0; reading < 2; reading++) {
		evidence_prepare(k);
		cr_expect(is_clear(k, 3));
		cr_expect(is_clear(k, 5), "NEWKEYS itself");
		cr_expect_not(is_clear(k, 7));
		cr_expect(is_clear(k, 8), "the server's");
	}
	evidence_free(k);
}

Test(commands_evidence_find, of_a_side_that_was_joined_late_nothing_is_clear)
{
	struct evidence_kept *k = kept();

	cr_expect_not(is_clear(k, 3));
	evidence_free(k);
}

Test(commands_evidence_find, other_ports_are_another_connection)
{
	struct evidence_kept *k = kept();
	struct packet p = { .mark = { 3, 0 }, .src = end_of(9, 50001), .dst = end_of(2, 22) };

	cr_expect_not(evidence_has_packet(k, &p, &(bool){ false }));
	p.mark.number = 4;
	cr_expect_not(evidence_has_packet(k, &p, &(bool){ false }));
	evidence_free(k);
}

Test(commands_evidence_find, what_begins_on_the_same_ports_is_not_part_of_it)
{
	struct evidence_kept *k = kept();

	for (uint32_t number = 3; number <= 5; number++)
		has(k, number, TCP_ACK);
	cr_expect_not(has(k, 6, TCP_SYN));
	cr_expect_not(has(k, 7, TCP_ACK));
	evidence_free(k);
}

/* The second one begins, by its clock, before the first. */
Test(commands_evidence_find, two_on_the_same_ports_are_found_although_the_clock_steps_back)
{
	struct evidence_kept *k = evidence_new(&options, NULL, NULL);

	add(k, CAUSE_server_crash, 3, 5);
	add(k, CAUSE_server_crash, 10, 12);
	k->odd[1].first_ns = SECONDS(1);
	evidence_prepare(k);
	cr_expect(has(k, 4, TCP_ACK) == false && has(k, 3, TCP_SYN) && has(k, 5, TCP_RST));
	cr_expect(has(k, 10, TCP_SYN));
	cr_expect(has(k, 11, TCP_ACK));
	evidence_free(k);
}

Test(commands_evidence_find, of_healthy_connections_nothing_is_kept)
{
	struct evidence_kept *k = evidence_new(&options, NULL, NULL);

	add(k, CAUSE_orderly_close, 3, 5);
	add(k, CAUSE_still_open, 3, 5);
	evidence_prepare(k);
	cr_expect_eq(k->odds, 0);
	cr_expect_not(has(k, 3, TCP_SYN));
	evidence_free(k);
}

Test(commands_evidence_find, beyond_the_limit_connections_are_counted_and_left_out)
{
	struct evidence_kept *k = evidence_new(&options, NULL, NULL);

	for (uint32_t i = 0; i < EVIDENCE_CONNS_MAX + 2; i++)
		add(k, CAUSE_server_crash, 10 * i + 1, 10 * i + 3);
	evidence_prepare(k);
	cr_expect_eq(k->odds, EVIDENCE_CONNS_MAX);
	cr_expect_eq(k->left_out, 2);
	cr_expect(has(k, 10 * (EVIDENCE_CONNS_MAX - 1) + 1, TCP_SYN));
	cr_expect(has(k, 10 * (EVIDENCE_CONNS_MAX - 1) + 3, TCP_RST));
	cr_expect_not(has(k, 10 * EVIDENCE_CONNS_MAX + 1, TCP_SYN));
	evidence_free(k);
}

static bool told(const struct evidence_kept *k, enum telling telling, uint8_t a, uint8_t b,
		 int64_t second)
{
	const struct address about[2] = { end_of(a, 0).ip, end_of(b, 0).ip };

	return evidence_has_telling(k, telling, about, SECONDS(second));
}

Test(commands_evidence_find, neighbours_count_within_a_minute_of_the_end)
{
	struct evidence_kept *k = kept();

	cr_expect(told(k, TELLING_NEIGHBOUR, 77, 2, 65), "the server");
	cr_expect(told(k, TELLING_NEIGHBOUR, 9, 77, -55), "the client");
	cr_expect_not(told(k, TELLING_NEIGHBOUR, 77, 2, 66), "too late");
	cr_expect_not(told(k, TELLING_NEIGHBOUR, 77, 2, -56), "too early");
	cr_expect_not(told(k, TELLING_NEIGHBOUR, 77, 78, 5), "others");
	cr_expect_not(told(k, TELLING_NOTHING, 9, 2, 5), "something else");
	evidence_free(k);
}

Test(commands_evidence_find, ends_that_follow_one_another_are_watched_to_the_last)
{
	struct evidence_kept *k = evidence_new(&options, NULL, NULL);

	add(k, CAUSE_server_crash, 1, 5);
	add(k, CAUSE_server_crash, 10, 100);
	add(k, CAUSE_server_crash, 1000, 1005);
	evidence_prepare(k);
	cr_expect(told(k, TELLING_NEIGHBOUR, 77, 2, 0));
	cr_expect(told(k, TELLING_NEIGHBOUR, 77, 2, 160));
	cr_expect_not(told(k, TELLING_NEIGHBOUR, 77, 2, 161), "between them");
	cr_expect_not(told(k, TELLING_NEIGHBOUR, 77, 2, 944), "between them");
	cr_expect(told(k, TELLING_NEIGHBOUR, 77, 2, 945));
	evidence_free(k);
}

/* As in a file that is another one now. */
Test(commands_evidence_find, a_frame_of_other_ends_does_not_begin_a_connection)
{
	struct evidence_kept *k = kept();
	struct packet p = { .mark = { 20, 0 }, .src = end_of(9, 50000), .dst = end_of(2, 22) };

	add(k, CAUSE_server_crash, 20, 25);
	k->odd[1].end[0].port = 23;
	evidence_prepare(k);
	cr_expect_not(evidence_has_packet(k, &p, &(bool){ false }));
	evidence_free(k);
}

Test(commands_evidence_find, fragments_count_between_both_hosts_while_it_lasts)
{
	struct evidence_kept *k = kept();

	cr_expect(told(k, TELLING_FRAGMENT, 9, 2, 4));
	cr_expect(told(k, TELLING_FRAGMENT, 2, 9, 5));
	cr_expect_not(told(k, TELLING_FRAGMENT, 2, 9, 6));
	cr_expect_not(told(k, TELLING_FRAGMENT, 2, 77, 4));
	evidence_free(k);
}

Test(commands_evidence_find, a_frame_has_its_notes_in_the_order_they_were_made)
{
	struct evidence_kept *k = evidence_new(&options, NULL, NULL);
	struct note *note;
	size_t count;

	add(k, CAUSE_server_crash, 1, 5);
	add(k, CAUSE_server_crash, 3, 9);
	add(k, CAUSE_server_crash, 2, 5);
	evidence_prepare(k);
	note = evidence_notes(k, (struct mark){ 5, 0 }, &count);
	cr_assert_eq(count, 2);
	cr_expect_lt(note[0].order, note[1].order);
	evidence_notes(k, (struct mark){ 5, 1 }, &count);
	cr_expect_eq(count, 0, "of another input");
	evidence_free(k);
}
