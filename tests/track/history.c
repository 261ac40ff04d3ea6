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
