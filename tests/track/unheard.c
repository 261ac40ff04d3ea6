/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

TestSuite(track_unheard);

#define HOUR_NS (3600 * NS_PER_S)

static const struct unheard *at_end(struct wire *wire, enum side side)
{
	return &wire_conn(wire)->peer[side].unheard;
}

/* The server's output is acknowledged, and sent again all the same. */
static void output_in_vain(struct talk *talk, int times, int64_t every_ns)
{
	talk_open(talk);
	talk_login(talk);
	talk_data(talk, SERVER, KEY_LEN);
	for (int i = 0; i < times; i++) {
		wire_wait(talk->wire, every_ns);
		talk_again(talk, SERVER, KEY_LEN);
		talk_ack(talk, CLIENT);
	}
}

/* Keep-alives of the client: one octet back, without data; the server answers each. */
static void probe(struct talk *talk, int64_t after_ns)
{
	wire_wait(talk->wire, after_ns);
	talk_at(talk, CLIENT, -1, none());
	talk_ack(talk, SERVER);
}

Test(track_unheard, who_repeats_what_was_acknowledged_does_not_hear_and_it_is_silent_for_it)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct unheard *u;

	output_in_vain(&talk, 4, NS_PER_S);
	u = at_end(wire, SERVER);
	cr_expect_eq(u->repeats, 3, "after the first");
	cr_expect_eq(u->answers, 4);
	cr_expect_eq(u->len, KEY_LEN);
	cr_expect_not(u->probe);
	cr_expect_eq(wire->conn->end.ending, ENDING_silent);
	cr_expect_eq(wire->conn->end.side, CLIENT, "whose answers are lost");
	cr_expect_eq(wire->conn->end.mark.number, u->last.number);
	wire_free(wire);
}

Test(track_unheard, a_repeat_or_two_may_cross_with_the_answer)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	output_in_vain(&talk, 2, NS_PER_S);
	cr_expect_eq(wire_conn(wire)->end.ending, ENDING_open);
	wire_free(wire);
}

Test(track_unheard, a_burst_that_is_sent_again_is_no_silence)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	output_in_vain(&talk, 4, NS_PER_MS);
	cr_expect_eq(wire_conn(wire)->end.ending, ENDING_open);
	wire_free(wire);
}

Test(track_unheard, who_goes_on_has_heard)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	output_in_vain(&talk, 4, NS_PER_S);
	talk_data(&talk, SERVER, KEY_LEN);
	cr_expect_eq(at_end(wire, SERVER)->mark.number, 0);
	cr_expect_eq(wire->conn->end.ending, ENDING_open);
	wire_free(wire);
}

Test(track_unheard, who_acknowledges_something_new_has_heard)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	output_in_vain(&talk, 4, NS_PER_S);
	talk_data(&talk, CLIENT, KEY_LEN);
	cr_expect_eq(at_end(wire, SERVER)->mark.number, 0);
	wire_free(wire);
}

Test(track_unheard, probes_are_counted_with_the_silence_before_the_first)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct unheard *u;

	talk_open(&talk);
	talk_login(&talk);
	probe(&talk, 2 * HOUR_NS);
	for (int i = 0; i < 8; i++)
		probe(&talk, 75 * NS_PER_S);
	u = at_end(wire, CLIENT);
	cr_expect(u->probe);
	cr_expect_eq(u->repeats, 8);
	cr_expect_eq(u->answers, 9);
	cr_expect_geq(u->silence_ns, 2 * HOUR_NS);
	cr_expect_eq(wire->conn->end.ending, ENDING_open, "each probe was answered");
	wire_free(wire);
}

Test(track_unheard, a_closed_window_is_asked_after_as_long_as_it_is_closed)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	talk.window[SERVER] = 0;
	talk_ack(&talk, SERVER);
	for (int i = 0; i < 6; i++)
		probe(&talk, NS_PER_S << i);
	cr_expect_eq(at_end(wire, CLIENT)->mark.number, 0);
	wire_free(wire);
}

Test(track_unheard, what_was_never_acknowledged_is_not_unheard)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	for (int i = 0; i < 4; i++) {
		wire_wait(wire, NS_PER_S);
		talk_again(&talk, SERVER, KEY_LEN);
	}
	cr_expect_eq(at_end(wire, SERVER)->mark.number, 0);
	cr_expect_eq(wire->conn->end.ending, ENDING_silent, "it waits");
	wire_free(wire);
}
