/* SPDX-License-Identifier: BSD-3-Clause */
/* Sizes are those of chacha20-poly1305, as measured with OpenSSH 9.2. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

enum { ASK_CLIENT = 52, ANSWER_SERVER = 28, ASK_SERVER = 60, ANSWER_CLIENT = 36, CLOSE_LEN = 36 };

static const uint32_t ask_len[] = { ASK_CLIENT, ASK_SERVER };
static const uint32_t answer_len[] = { ANSWER_CLIENT, ANSWER_SERVER };

static void login(struct talk *talk)
{
	talk_open(talk);
	talk_login(talk);
	talk_key(talk);
}

/* A question after a silence, from the last segment on. */
static void ask(struct talk *talk, enum side side, int64_t silence_ms)
{
	wire_wait(talk->wire, silence_ms * NS_PER_MS - STEP_NS);
	talk_say(talk, side, TCP_PSH | TCP_ACK, cipher_text(ask_len[side]));
}

static void answer(struct talk *talk, enum side side)
{
	talk_say(talk, side, TCP_PSH | TCP_ACK, cipher_text(answer_len[side]));
}

/* ---- keepalive ---- */

Test(track_ssh_course, questions_and_answers_at_an_interval_are_keepalives)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		WITH_TALK;

		login(&talk);
		for (int i = 0; i < 5; i++) {
			ask(&talk, side, 15000);
			answer(&talk, !side);
		}
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.alive[side].answered, 5, "side %d: %u", side,
			     conn->ssh.alive[side].answered);
		cr_expect_eq(conn->ssh.alive[side].unanswered, 0);
		cr_expect_geq(conn->ssh.alive[side].interval_ms, 14990);
		cr_expect_leq(conn->ssh.alive[side].interval_ms, 15010);
		cr_expect_eq(conn->ssh.alive[!side].answered, 0);
		wire_free(wire);
	}
}

Test(track_ssh_course, questions_without_an_answer_are_counted_to_the_end)
{
	WITH_TALK;
	uint32_t last;

	login(&talk);
	for (int i = 0; i < 6; i++) {
		ask(&talk, CLIENT, 15000);
		if (i < 3)
			answer(&talk, SERVER);
	}
	last = wire->frame;
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	answer(&talk, SERVER); /* too late: who asked has gone */
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.alive[CLIENT].answered, 3);
	cr_expect_eq(conn->ssh.alive[CLIENT].unanswered, 3);
	cr_expect_eq(conn->ssh.alive[CLIENT].last_mark.number, last);
	wire_free(wire);
}

Test(track_ssh_course, whoever_speaks_again_lives)
{
	WITH_TALK;

	login(&talk);
	for (int i = 0; i < 3; i++)
		ask(&talk, CLIENT, 15000);
	talk_data(&talk, SERVER, 100);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.alive[CLIENT].unanswered, 0);
	wire_free(wire);
}

/* It may be anything: what comes of it tells. */
Test(track_ssh_course, one_unanswered_packet_of_that_size_is_one_question)
{
	WITH_TALK;

	login(&talk);
	ask(&talk, CLIENT, 15000);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.alive[CLIENT].unanswered, 1);
	cr_expect_float_eq((double)conn->ssh.alive[CLIENT].interval_ms, 15000, 500);
	cr_expect_eq(conn->ssh.alive[CLIENT].answered, 0);
	wire_free(wire);
}

Test(track_ssh_course, another_interval_begins_the_count_anew)
{
	WITH_TALK;

	login(&talk);
	for (int i = 0; i < 3; i++) {
		ask(&talk, CLIENT, i < 2 ? 15000 : 30000);
		answer(&talk, SERVER);
	}
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.alive[CLIENT].answered, 1);
	cr_expect_geq(conn->ssh.alive[CLIENT].interval_ms, 29000);
	wire_free(wire);
}

Test(track_ssh_course, a_question_needs_a_silence_before_it)
{
	WITH_TALK;

	login(&talk);
	for (int i = 0; i < 5; i++) {
		ask(&talk, CLIENT, 800);
		answer(&talk, SERVER);
	}
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.alive[CLIENT].answered, 0);
	wire_free(wire);
}

Test(track_ssh_course, an_answer_of_another_size_is_none)
{
	WITH_TALK;

	login(&talk);
	for (int i = 0; i < 5; i++) {
		ask(&talk, CLIENT, 15000);
		talk_data(&talk, SERVER, ANSWER_SERVER + 8);
	}
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.alive[CLIENT].answered, 0);
	wire_free(wire);
}

/* ---- goodbye ---- */

static uint32_t goodbye_frame(const char *compression, size_t last, size_t after)
{
	WITH_TALK;
	struct offer offer = openssh_offer;
	uint32_t behind;

	offer.list[SSH_COMPRESSION_C2S] = compression;
	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &offer);
	talk_kexinit(&talk, SERVER, &offer);
	talk_say(&talk, SERVER, TCP_ACK, ssh_packet(21, none()));
	talk_say(&talk, CLIENT, TCP_ACK, ssh_packet(21, none()));
	talk_say(&talk, CLIENT, TCP_ACK, cipher_text(last));
	if (after != 0)
		talk_say(&talk, CLIENT, TCP_ACK, cipher_text(after));
	conn = wire_conn(wire);
	behind = conn->ssh.goodbye_mark.number == 0 ?
			 0 :
			 wire->frame + 1 - conn->ssh.goodbye_mark.number;
	wire_free(wire);
	return behind;
}

Test(track_ssh_course, the_clients_last_packet_may_be_a_goodbye)
{
	cr_expect_eq(goodbye_frame("none", GOODBYE_LEN, 0), 1);
	cr_expect_eq(goodbye_frame("none", CLOSE_LEN, GOODBYE_LEN), 1);
	cr_expect_eq(goodbye_frame("none", CLOSE_LEN + GOODBYE_LEN, 0), 1, "in one segment");
	cr_expect_eq(goodbye_frame("none", GOODBYE_LEN, 36), 0, "not the last");
	cr_expect_eq(goodbye_frame("none", GOODBYE_LEN + 8, 0), 0);
	cr_expect_eq(goodbye_frame("none", CLOSE_LEN, 0), 0);
	cr_expect_eq(goodbye_frame("zlib", GOODBYE_LEN, 0), 0, "sizes mean nothing");
}

/* ---- rekeying ---- */

/* On the wire: 4 of length, whole blocks of 8, 16 of tag (OpenSSH's PROTOCOL.chacha20poly1305). */
static size_t kexinit_wire_len(size_t less)
{
	struct bytes body = ssh_kexinit_body(&openssh_offer);
	size_t payload = 1 + body.len - less;

	bytes_free(body);
	return 4 + (1 + payload + 4 + 7) / 8 * 8 + 16;
}

static uint32_t rekeys_of(size_t client, size_t server, int64_t between_ns)
{
	WITH_TALK;
	uint32_t rekeys;

	login(&talk);
	talk_data(&talk, CLIENT, client);
	wire_wait(wire, between_ns);
	talk_data(&talk, SERVER, server);
	conn = wire_conn(wire);
	rekeys = conn->ssh.rekeys;
	wire_free(wire);
	return rekeys;
}

Test(track_ssh_course, packets_of_the_size_of_kexinit_from_both_sides_are_a_rekeying)
{
	size_t len = kexinit_wire_len(0);

	cr_expect_eq(rekeys_of(len, len, 0), 1);
	cr_expect_eq(rekeys_of(kexinit_wire_len(40), len, 0), 1, "without the first one's markers");
	cr_expect_eq(rekeys_of(len, kexinit_wire_len(11), NS_PER_S), 1);
	cr_expect_eq(rekeys_of(len, len, 31 * NS_PER_S), 0, "too late");
	cr_expect_eq(rekeys_of(len, 100, 0), 0, "one side alone");
	cr_expect_eq(rekeys_of(len + 8, len, 0), 0);
}

/* ---- hidden keystrokes ---- */

static bool is_obfuscated(int keys, int64_t rhythm_ms)
{
	WITH_TALK;
	bool obfuscated;

	login(&talk);
	for (int i = 0; i < keys; i++) {
		talk_say(&talk, CLIENT, TCP_ACK, cipher_text(KEY_LEN));
		talk_say(&talk, SERVER, TCP_ACK, cipher_text(KEY_LEN));
		wire_wait(wire, (rhythm_ms - 2) * NS_PER_MS);
	}
	conn = wire_conn(wire);
	obfuscated = conn->ssh.obfuscated;
	wire_free(wire);
	return obfuscated;
}

Test(track_ssh_course, keystrokes_at_the_rhythm_of_a_machine_are_obfuscated)
{
	cr_expect(is_obfuscated(40, 20));
	cr_expect_not(is_obfuscated(10, 20), "a burst");
	cr_expect_not(is_obfuscated(40, 100), "somebody types");
	cr_expect_not(is_obfuscated(40, 5), "somebody pastes");
}
