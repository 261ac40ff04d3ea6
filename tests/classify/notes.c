/* SPDX-License-Identifier: BSD-3-Clause */
/* What lines of logs change in a verdict, and what they must not. */
#include "tests/classify/facts_of.h"

#include <string.h>

TestSuite(classify_notes);

/* One line, that many seconds after the end. Static: facts point to it. */
static struct noted_conn *a_line(struct facts *f, enum note_kind kind, enum note_tie tie,
				 enum note_side side, double after_s)
{
	static struct noted_conn noted;
	static struct note note;

	memset(&noted, 0, sizeof(noted));
	memset(&note, 0, sizeof(note));
	note.kind = kind;
	note.pid = 812;
	strcpy(note.process, "sshd");
	strcpy(note.text, "words of it from user bob\n");
	note.text_len = (uint16_t)strlen(note.text);
	noted.count = 1;
	noted.at[0] = (struct noted){ &note, f->end.time_ns + (int64_t)(after_s * 1e9), tie, side };
	f->noted = &noted;
	return &noted;
}

static struct facts closed_by_server(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	return f;
}

Test(classify_notes, a_server_that_says_why_is_believed)
{
	static const struct {
		enum note_kind kind;
		enum cause_id cause;
		const char *detail;
	} rows[] = {
		{ NOTE_max_startups, CAUSE_resource_exhaustion, "max_startups" },
		{ NOTE_penalty, CAUSE_resource_exhaustion, "penalty" },
		{ NOTE_client_silent, CAUSE_keepalive_timeout, "client_alive" },
		{ NOTE_login_timeout, CAUSE_login_timeout, "" },
		{ NOTE_too_many_failures, CAUSE_auth_failure, "too_many_failures" },
		{ NOTE_bad_mac, CAUSE_protocol_error, "bad_mac" },
		{ NOTE_no_algorithm, CAUSE_protocol_error, "no_common_algorithm" },
		{ NOTE_oom, CAUSE_server_crash, "out_of_memory" },
		{ NOTE_crash, CAUSE_server_crash, "crash" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts f = closed_by_server();
		struct verdict v;

		a_line(&f, rows[i].kind, TIE_PORTS, NOTE_OF_SERVER, 0);
		v = verdict_of(&f);
		cr_expect_eq(v.cause, rows[i].cause, "%s: %s", note_words(rows[i].kind),
			     words_of(&v));
		cr_expect_leq(v.sure, SURE_LIKELY, "%s", words_of(&v));
		if (rows[i].detail[0] != '\0')
			cr_expect_str_eq(v.detail, rows[i].detail);
		cr_expect_not_null(strstr(v.sentence, "sshd[812] on the server said"), "%s",
				   v.sentence);
	}
}

Test(classify_notes, what_is_not_tied_closely_enough_changes_nothing)
{
	static const enum note_kind kinds[] = { NOTE_max_startups, NOTE_client_silent,
						NOTE_too_many_failures, NOTE_no_algorithm };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct facts f = closed_by_server();
		struct verdict before = verdict_of(&f), after;

		a_line(&f, kinds[i], TIE_HOST, NOTE_OF_SERVER, 0);
		after = verdict_of(&f);
		cr_expect_eq(before.cause, after.cause);
		cr_expect_float_eq(before.confidence, after.confidence, 1e-9);
		cr_expect_str_eq(before.sentence, after.sentence);
	}
}

Test(classify_notes, memory_that_is_short_elsewhere_on_the_host_is_weak)
{
	struct facts f = closed_by_server();

	a_line(&f, NOTE_oom, TIE_HOST, NOTE_OF_SERVER, 0);
	expect_gain(closed_by_server(), server_crash,
		    a_line(&then, NOTE_oom, TIE_HOST, NOTE_OF_SERVER, 0));
	cr_expect_lt(weigh(CAUSE_server_crash, &f), 25);
}

Test(classify_notes, what_was_said_long_before_the_end_did_not_end_it)
{
	struct facts f = closed_by_server();
	struct verdict before = verdict_of(&f), after;

	a_line(&f, NOTE_oom, TIE_PROCESS, NOTE_OF_SERVER, -20);
	after = verdict_of(&f);
	cr_expect_eq(before.cause, after.cause);
	cr_expect_float_eq(before.confidence, after.confidence, 1e-9);
}

Test(classify_notes, a_device_that_forgot_it_while_it_went_on_timed_it_out)
{
	struct facts f = facts_of_a_quiet_session(), bare;

	be_silent_for(&f, SECONDS(400), CLIENT);
	end_with_reset(&f, SERVER, BY_KERNEL);
	f.last_ns = f.end.time_ns;
	expect_gain(f, idle_timeout, a_line(&then, NOTE_flow_gone, TIE_PORTS, NOTE_OF_PATH, -60));
	/* After the end every device forgets it. */
	a_line(&f, NOTE_flow_gone, TIE_PORTS, NOTE_OF_PATH, 60);
	bare = f;
	bare.noted = NULL;
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), weigh(CAUSE_idle_timeout, &bare));
}

Test(classify_notes, a_kernel_that_says_so_sent_the_reset_and_one_that_received_it_did_not)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.reset.ttl = (uint8_t)(f.reset.ttl + 5);
	cr_expect_eq(origin_of(&f).who, WHO_MIDDLEBOX);
	a_line(&f, NOTE_sent_no_socket, TIE_PORTS, NOTE_OF_SERVER, 0);
	cr_expect_eq(origin_of(&f).who, WHO_SERVER);
	/* With two marks against it, it may have sent another one than was captured. */
	make_nearer(&f);
	cr_expect_neq(origin_of(&f).who, WHO_SERVER);

	f = facts_of_a_quiet_session();
	end_with_reset(&f, SERVER, BY_KERNEL);
	cr_expect_eq(origin_of(&f).who, WHO_SERVER);
	a_line(&f, NOTE_received_reset, TIE_PORTS, NOTE_OF_SERVER, 0);
	cr_expect_neq(origin_of(&f).who, WHO_SERVER);
	/* That the other end received it says nothing of who sent it. */
	a_line(&f, NOTE_received_reset, TIE_PORTS, NOTE_OF_CLIENT, 0);
	cr_expect_eq(origin_of(&f).who, WHO_SERVER);
}

Test(classify_notes, a_process_that_lives_to_tell_did_not_crash)
{
	expect_loss(closed_by_server(), server_crash,
		    a_line(&then, NOTE_reset_by_peer, TIE_PORTS, NOTE_OF_SERVER, 0));
}

Test(classify_notes, a_line_is_quoted_with_its_bytes_escaped)
{
	struct facts f = closed_by_server();
	struct verdict v;

	a_line(&f, NOTE_max_startups, TIE_PORTS, NOTE_OF_SERVER, 0);
	v = verdict_of(&f);
	cr_assert_geq(v.evidences, 1);
	cr_expect_str_eq(v.evidence[0].text,
			 "sshd[812] on the server said \"words of it from user bob\\x0a\".");
	cr_expect_eq(v.evidence[0].marks, 0);
}

Test(classify_notes, a_line_that_is_hidden_is_told_in_words_of_ours)
{
	struct facts f = closed_by_server();
	struct verdict v;

	a_line(&f, NOTE_max_startups, TIE_PORTS, NOTE_OF_SERVER, 0)->hidden = true;
	v = verdict_of(&f);
	cr_expect_null(strstr(v.sentence, "bob"), "%s", v.sentence);
	cr_expect_str_eq(
		v.evidence[0].text,
		"sshd[812] on the server said that it dropped the connection past MaxStartups.");
}

/* The longest and oddest lines there are: sums are shown, sentences end, nothing is lost. */
Test(classify_notes, every_kind_of_line_leaves_a_verdict_that_can_be_redone)
{
	for (int kind = 0; kind < NOTE_COUNT; kind++) {
		for (int tie = TIE_HOST; tie <= TIE_PORTS; tie++) {
			struct facts f = tie & 1 ? closed_by_server() : facts_of_a_quiet_session();
			struct noted_conn *noted;
			struct note *note;
			struct verdict v;

			if (!(tie & 1))
				end_with_reset(&f, SERVER, BY_SOCKET);
			use_long_addresses(&f);
			noted = a_line(&f, (enum note_kind)kind, (enum note_tie)tie, NOTE_OF_SERVER,
				       0);
			note = (struct note *)noted->at[0].note;
			memset(note->text, 0xff, sizeof(note->text));
			memset(note->process, 0xfe, sizeof(note->process) - 1);
			note->text_len = sizeof(note->text);
			note->pid = UINT32_MAX;
			v = verdict_of(&f);
			cr_expect_lt(strlen(v.sentence), sizeof(v.sentence) - 1, "%s", v.sentence);
		}
	}
}

Test(classify_notes, a_cause_that_saw_nothing_has_the_words_of_the_line_alone)
{
	struct facts f = closed_by_server();
	struct verdict v;

	a_line(&f, NOTE_client_silent, TIE_PROCESS, NOTE_OF_SERVER, 0);
	v = verdict_of(&f);
	cr_assert_eq(v.cause, CAUSE_keepalive_timeout, "%s", words_of(&v));
	cr_expect_not_null(strstr(v.sentence, cause_title(CAUSE_keepalive_timeout)), "%s",
			   v.sentence);
	cr_expect_eq(v.settles, 0, "it asks for what its rule would have: %s", v.settle[0].text);
}
