/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sink_note.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/report/example.h"

static const struct sinks_options none;

static struct note note_of(const struct conn *conn, const struct verdict *v)
{
	struct note note;

	note_of_event(&note, &none, 12, conn, v);
	return note;
}

static struct note example_note(void)
{
	struct conn conn;
	struct verdict v;

	example_conn(&conn);
	example_verdict(&v);
	return note_of(&conn, &v);
}

Test(report_sink_note, an_event_is_one_sentence_with_who_it_is_about)
{
	const struct note note = example_note();

	cr_expect_eq(strncmp(note.message,
			     "198.51.100.7:51514 to 192.0.2.10:22, reset: A box on the path", 61),
		     0, "%s", note.message);
	cr_expect_not_null(strstr(note.message, "did not send (likely, 94 %)."), "%s",
			   note.message);
	cr_expect_null(strstr(note.message, "frame"), "frames of a live capture are in no file");
	cr_expect_null(strchr(note.message, '\n'));
}

Test(report_sink_note, fields_have_the_words_of_the_contract)
{
	static const struct {
		enum note_field field;
		const char *value;
	} rows[] = {
		{ NOTE_event, "12" },          { NOTE_cause, "idle_timeout" },
		{ NOTE_who, "middlebox" },     { NOTE_family, "middlebox_idle_timeout" },
		{ NOTE_ending, "reset" },      { NOTE_sure, "likely" },
		{ NOTE_confidence, "0.9470" }, { NOTE_client_port, "51514" },
		{ NOTE_phase, "session" },     { NOTE_server, "192.0.2.10" },
		{ NOTE_connection, "3" },      { NOTE_detail, "" },
		{ NOTE_folded, "" },           { NOTE_last_event, "" },
	};
	const struct note note = example_note();

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_str_eq(note.value[rows[i].field], rows[i].value);
	cr_expect_str_eq(note.cause, "idle_timeout");
}

Test(report_sink_note, each_cause_has_an_id_of_its_own)
{
	for (int i = 0; i <= CAUSE_COUNT; i++) {
		const char *id = note_id((enum cause_id)i);

		cr_assert_not_null(id, "%s has no row in message_ids.def",
				   cause_name((enum cause_id)i));
		cr_expect_eq(strlen(id), 32);
		cr_expect_eq(strspn(id, "0123456789abcdef"), 32, "%s", id);
		for (int j = 0; j < i; j++)
			cr_expect_str_neq(id, note_id((enum cause_id)j));
	}
}

Test(report_sink_note, who_was_logged_in_is_more_than_a_notice)
{
	struct conn conn;
	struct verdict v;

	example_conn(&conn);
	example_verdict(&v);
	cr_expect_eq(note_of(&conn, &v).severity, NOTE_WARNING);
	conn.ssh.phase = SSH_PHASE_AUTH;
	cr_expect_eq(note_of(&conn, &v).severity, NOTE_NOTICE);
	example_healthy(&conn, &v, 1);
	cr_expect_eq(note_of(&conn, &v).severity, NOTE_INFO);
}

Test(report_sink_note, whatever_a_text_holds_the_note_is_printable)
{
	struct conn conn;
	struct verdict v;
	struct note note;
	size_t len = 0;

	example_conn(&conn);
	example_verdict(&v);
	for (int byte = 255; byte > 0; byte--)
		v.sentence[len++] = (char)byte;
	v.sentence[len] = '\0';
	memset(v.detail, '\n', sizeof(v.detail) - 1);
	note = note_of(&conn, &v);
	example_is_printable(note.message);
	cr_expect_null(strchr(note.message, '\n'));
	cr_expect_null(strchr(note.value[NOTE_detail], '\n'));
	cr_expect_eq(strlen(note.value[NOTE_detail]), 4 * (sizeof(v.detail) - 1), "nothing is cut");
}

Test(report_sink_note, a_redacted_id_is_marked)
{
	const struct sinks_options redacted = { .report = { .redacted = true } };
	struct conn conn;
	struct verdict v;
	struct note note;

	example_conn(&conn);
	example_verdict(&v);
	note_of_event(&note, &redacted, 1, &conn, &v);
	cr_expect_eq(strncmp(note.value[NOTE_community_id], "redacted:1:", 11), 0);
}

Test(report_sink_note, what_was_folded_is_counted_and_says_which)
{
	const struct fold fold = {
		.first = 201, .last = 1434, .count = 1234, .worst = NOTE_WARNING
	};
	struct note note;

	note_of_fold(&note, &fold, 10 * NS_PER_S);
	cr_expect_str_eq(note.message,
			 "1,234 more connections ended within 11 s, too many to be told "
			 "one by one here (events 201 to 1434).");
	cr_expect_eq(note.severity, NOTE_WARNING);
	cr_expect_str_eq(note.id, note_id(CAUSE_COUNT));
	cr_expect_str_eq(note.value[NOTE_folded], "1234");
	cr_expect_str_eq(note.value[NOTE_cause], "");
}
