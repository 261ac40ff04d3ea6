/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

enum { SEGMENT_LEN = 1448, WINDOW_ADJUST_LEN = KEY_LEN, ALIVE_LEN = 52, ANSWER_LEN = 28 };

#define WITH_SESSION                                                                               \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn;                                                                   \
	talk_open(&talk);                                                                          \
	talk_login(&talk)

static void expect_use(const struct conn *conn, bool typed, bool uploads, bool downloads)
{
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_eq(ssh_is_typed(&conn->ssh), typed, "%u keys", conn->ssh.keys);
	cr_expect_eq(ssh_is_bulk(&conn->ssh, CLIENT), uploads);
	cr_expect_eq(ssh_is_bulk(&conn->ssh, SERVER), downloads);
}

static void full_segments(struct talk *talk, enum side side, size_t len)
{
	for (size_t sent = 0; sent < len; sent += SEGMENT_LEN) {
		talk_data(talk, side, SEGMENT_LEN);
		/* The receiver makes room for more each few segments. */
		if (sent / SEGMENT_LEN % 20 == 19)
			talk_data(talk, !side, WINDOW_ADJUST_LEN);
	}
}

Test(track_ssh_use, keys_and_what_they_show_are_typing)
{
	WITH_SESSION;

	for (int i = 0; i < SSH_KEYS_MIN; i++) {
		wire_wait(wire, 150 * NS_PER_MS);
		talk_key(&talk);
	}
	conn = wire_conn(wire);
	expect_use(conn, true, false, false);
	wire_free(wire);
}

Test(track_ssh_use, a_key_or_two_are_none)
{
	WITH_SESSION;

	for (int i = 0; i < SSH_KEYS_MIN - 1; i++)
		talk_key(&talk);
	conn = wire_conn(wire);
	expect_use(conn, false, false, false);
	wire_free(wire);
}

/* Somebody types ahead of a slow line: the server shows it in one go. */
Test(track_ssh_use, keys_that_are_shown_together_are_one)
{
	WITH_SESSION;

	for (int i = 0; i < 20; i++)
		talk_data(&talk, CLIENT, KEY_LEN);
	talk_data(&talk, SERVER, KEY_LEN);
	conn = wire_conn(wire);
	expect_use(conn, false, false, false);
	cr_expect_eq(conn->ssh.keys, 1);
	wire_free(wire);
}

Test(track_ssh_use, full_segments_are_bulk_and_the_room_made_for_them_is_no_key)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		WITH_SESSION;
		full_segments(&talk, side, SSH_BULK_MIN);
		conn = wire_conn(wire);
		expect_use(conn, false, side == CLIENT, side == SERVER);
		wire_free(wire);
	}
}

Test(track_ssh_use, a_long_listing_is_not_bulk)
{
	WITH_SESSION;

	full_segments(&talk, SERVER, SSH_BULK_MIN / 2);
	conn = wire_conn(wire);
	expect_use(conn, false, false, false);
	wire_free(wire);
}

Test(track_ssh_use, what_is_sent_again_is_no_bulk)
{
	WITH_SESSION;

	full_segments(&talk, SERVER, SSH_BULK_MIN / 2);
	for (int i = 0; i < SSH_BULK_MIN / SEGMENT_LEN; i++)
		talk_again(&talk, SERVER, SEGMENT_LEN);
	conn = wire_conn(wire);
	expect_use(conn, false, false, false);
	wire_free(wire);
}

/* OpenSSH's ServerAliveInterval. */
Test(track_ssh_use, keepalives_are_not_keys)
{
	WITH_SESSION;

	for (int i = 0; i < 20; i++) {
		wire_wait(wire, 15 * NS_PER_S);
		talk_data(&talk, CLIENT, ALIVE_LEN);
		talk_data(&talk, SERVER, ANSWER_LEN);
	}
	conn = wire_conn(wire);
	expect_use(conn, false, false, false);
	cr_expect_eq(conn->ssh.alive[CLIENT].answered, 20);
	wire_free(wire);
}

/* As OpenSSH 10 sends it: a second of chaff after each key, one and PONG for PING. */
Test(track_ssh_use, chaff_is_typing_and_neither_keepalive_nor_goodbye)
{
	WITH_SESSION;

	for (int i = 0; i < 60; i++) {
		talk_data(&talk, CLIENT, KEY_LEN);
		talk_data(&talk, SERVER, KEY_LEN);
		wire_wait(wire, i % 30 == 29 ? 3 * NS_PER_S : 16 * NS_PER_MS);
	}
	conn = wire_conn(wire);
	expect_use(conn, true, false, false);
	cr_expect(conn->ssh.obfuscated);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		cr_expect_eq(conn->ssh.alive[side].answered, 0);
		cr_expect_eq(conn->ssh.alive[side].unanswered, 0);
	}
	cr_expect_eq(conn->ssh.goodbye_mark.number, 0);
	cr_expect_eq(conn->ssh.rekeys, 0);
	wire_free(wire);
}
