/* SPDX-License-Identifier: BSD-3-Clause */
/* RFC 9293 section 3.4: nothing may depend on where in the sequence space a connection lies. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

static const uint32_t isns[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xffffffff - 99 };

#define ISNS (sizeof(isns) / sizeof(isns[0]))

/* ---- conversations ---- */

static void a_session(struct talk *t)
{
	talk_session(t);
}

static void retransmissions_until_silence(struct talk *t)
{
	talk_open(t);
	talk_login(t);
	wire_wait(t->wire, 400 * NS_PER_S);
	talk_say(t, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	for (int i = 0; i < 5; i++) {
		wire_wait(t->wire, NS_PER_S);
		talk_again(t, CLIENT, KEY_LEN);
	}
}

static void a_reset_in_answer(struct talk *t)
{
	struct packet p;

	talk_open(t);
	talk_login(t);
	wire_wait(t->wire, 400 * NS_PER_S);
	talk_say(t, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	p = talk_packet(t, SERVER, TCP_RST);
	wire_feed(t->wire, &p);
}

static void resets_that_do_not_fit(struct talk *t)
{
	talk_open(t);
	talk_login(t);
	for (int32_t ahead = -2000; ahead <= 2000; ahead += 1000) {
		struct packet p = talk_packet(t, SERVER, TCP_RST);

		p.tcp.seq += (uint32_t)ahead * 1000u - 7;
		wire_feed(t->wire, &p);
	}
	wire_wait(t->wire, NS_PER_S);
	talk_key(t);
	talk_close(t);
}

static void segments_out_of_order(struct talk *t)
{
	talk_open(t);
	talk_login(t);
	talk_at(t, SERVER, 100, cipher_text(100));
	talk_at(t, SERVER, 0, cipher_text(100));
	t->next[SERVER] += 200;
	talk_ack(t, CLIENT);
	talk_at(t, SERVER, -1, none()); /* a keep-alive */
	talk_ack(t, CLIENT);
	talk_close(t);
}

static void a_gap_in_the_capture(struct talk *t)
{
	talk_open(t);
	talk_identify(t);
	t->uncaptured[CLIENT] = true;
	talk_kexinit(t, CLIENT, &openssh_offer);
	t->uncaptured[CLIENT] = false;
	talk_kexinit(t, SERVER, &openssh_offer);
	talk_data(t, CLIENT, 100);
	talk_data(t, CLIENT, 100);
	talk_close(t);
}

static void the_middle_of_a_session(struct talk *t)
{
	talk_data(t, SERVER, 36);
	talk_key(t);
	talk_close(t);
}

static void the_clients_half(struct talk *t)
{
	t->uncaptured[SERVER] = true;
	talk_session(t);
}

static void the_servers_half(struct talk *t)
{
	t->uncaptured[CLIENT] = true;
	talk_session(t);
}

static void a_refusal(struct talk *t)
{
	struct packet p;

	talk_syn(t);
	p = talk_packet(t, SERVER, TCP_RST | TCP_ACK);
	p.tcp.seq = 0;
	wire_feed(t->wire, &p);
}

static const struct {
	const char *name;
	void (*play)(struct talk *);
} scripts[] = {
#define SCRIPT(name)                                                                               \
	{                                                                                          \
#name, name                                                                        \
	}
	SCRIPT(a_session),
	SCRIPT(retransmissions_until_silence),
	SCRIPT(a_reset_in_answer),
	SCRIPT(resets_that_do_not_fit),
	SCRIPT(a_gap_in_the_capture),
	SCRIPT(segments_out_of_order),
	SCRIPT(the_clients_half),
	SCRIPT(the_middle_of_a_session),
	SCRIPT(the_servers_half),
	SCRIPT(a_refusal),
#undef SCRIPT
};

static void play(void (*script)(struct talk *), uint32_t client, uint32_t server,
		 char outcome[OUTCOME_MAX])
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_set_isn(&talk, client, server);
	script(&talk);
	outcome_of(wire_conn(wire), outcome);
	wire_expect_no_more(wire);
	wire_free(wire);
}

/* ---- each of them from each number ---- */

Test(track_any_isn, a_conversation_reads_the_same_at_any_initial_sequence_number)
{
	static char wanted[OUTCOME_MAX], outcome[OUTCOME_MAX];

	for (size_t s = 0; s < sizeof(scripts) / sizeof(scripts[0]); s++) {
		play(scripts[s].play, TEST_SEQ, TEST_ACK, wanted);
		for (size_t i = 0; i < ISNS; i++) {
			play(scripts[s].play, isns[i], isns[ISNS - 1 - i], outcome);
			cr_expect_str_eq(outcome, wanted, "%s from %u:\n%s\nand not:\n%s",
					 scripts[s].name, isns[i], outcome, wanted);
		}
	}
}
