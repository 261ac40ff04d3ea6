/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

Test(track_history, letters_tell_the_side_and_are_written_once)
{
	struct conn conn = { 0 };

	history_add(&conn, CLIENT, 's');
	history_add(&conn, SERVER, 'h');
	history_add(&conn, CLIENT, 'd');
	history_add(&conn, CLIENT, 'd');
	history_add(&conn, SERVER, 'd');
	cr_expect_str_eq(conn.history, "ShDd");
}

Test(track_history, more_letters_than_fit_are_left_out)
{
	struct conn conn = { 0 };

	for (char letter = 'a'; letter <= 'z'; letter++) {
		history_add(&conn, CLIENT, letter);
		history_add(&conn, SERVER, letter);
	}
	cr_expect_eq(strlen(conn.history), CONN_HISTORY_MAX - 1);
}

/* Zeek's documentation of conn.log, field conn_state. */
Test(track_history, states_are_those_of_zeek)
{
	static const struct {
		const char *history, *state;
		enum side ended_by;
	} rows[] = {
		{ "S", "S0", CLIENT },         { "ShA", "S1", CLIENT },
		{ "ShADdFaf", "SF", CLIENT },  { "ShADdfFa", "SF", SERVER },
		{ "ShADdF", "S2", CLIENT },    { "ShADdf", "S3", SERVER },
		{ "Sr", "REJ", SERVER },       { "SR", "RSTOS0", CLIENT },
		{ "ShADdR", "RSTO", CLIENT },  { "ShADdr", "RSTR", SERVER },
		{ "ShADdRr", "RSTO", CLIENT }, { "ShADdRr", "RSTR", SERVER },
		{ "SF", "SH", CLIENT },        { "hf", "SHR", SERVER },
		{ "hr", "RSTRH", SERVER },     { "DdAa", "OTH", CLIENT },
		{ "DdR", "OTH", CLIENT },      { "", "OTH", CLIENT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct conn conn = { .end = { .side = rows[i].ended_by } };

		strcpy(conn.history, rows[i].history);
		cr_expect_str_eq(conn_state(&conn), rows[i].state, "%s", rows[i].history);
	}
}

Test(track_history, a_session_reads_as_zeek_writes_it)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_session(&talk);
	cr_expect_str_eq(wire_conn(wire)->history, "ShADadFf");
	cr_expect_str_eq(conn_state(wire->conn), "SF");
	wire_free(wire);
}

/* Zeek's documentation of conn.log, field history: which letters are written again. */
Test(track_history, what_is_common_is_written_again_at_powers_of_ten)
{
	static const char letters[] = "gtw";

	for (const char *letter = letters; *letter != '\0'; letter++) {
		struct conn conn = { 0 };
		size_t wanted = 0;

		for (uint32_t i = 1; i <= 1234; i++) {
			history_count(&conn, SERVER, *letter);
			wanted += i == 1 || i == 10 || i == 100 || i == 1000;
			cr_assert_eq(strlen(conn.history), wanted, "%c, %u", *letter, i);
		}
		history_count(&conn, CLIENT, *letter);
		cr_expect_eq(conn.history[4], *letter - 'a' + 'A');
	}
}

Test(track_history, flags_are_written_again_with_another_sequence_number)
{
	static const char letters[] = "fhrs";
	struct conn conn = { 0 };

	for (const char *letter = letters; *letter != '\0'; letter++) {
		history_flag(&conn, CLIENT, *letter, 0);
		history_flag(&conn, CLIENT, *letter, 0);
		history_flag(&conn, CLIENT, *letter, 7);
		history_flag(&conn, SERVER, *letter, 7);
	}
	cr_expect_str_eq(conn.history, "FFfHHhRRrSSs");
}

Test(track_history, what_the_capture_lacks_and_what_is_sent_again_are_letters)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_data(&talk, CLIENT, 100);
	wire_wait(wire, NS_PER_S);
	talk_again(&talk, CLIENT, 100);
	talk_data(&talk, SERVER, 50);
	talk.next[SERVER] += 50;
	talk_ack(&talk, CLIENT);
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none());
	talk.next[CLIENT]--;
	talk_say(&talk, CLIENT, TCP_FIN | TCP_ACK, none()); /* without payload: no t */
	cr_expect_str_eq(wire_conn(wire)->history, "ShADaTdgF");
	wire_free(wire);
}

Test(track_history, flags_that_do_not_go_together_and_turned_roles_are_letters)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct packet p;

	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	p = talk_packet(&talk, CLIENT, TCP_FIN | TCP_RST | TCP_ACK);
	wire_feed(wire, &p);
	cr_expect_str_eq(wire_conn(wire)->history, "^dIR");
	wire_free(wire);
}
