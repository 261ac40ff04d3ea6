/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;

static void expect(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "no \"%s\" in:\n%s", part, text);
}

/* A report of `odd` times the example, then `healthy` others, one server for each `per_server`. */
static char *report_of(int odd, int healthy, int per_server, const struct report_options *options)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("text", out, options);

	example_conn(&conn);
	example_verdict(&verdict);
	for (int i = 0; i < odd; i++)
		report_each(report, &conn, &verdict);
	for (int i = 0; i < healthy; i++) {
		example_healthy(&conn, &verdict, (uint64_t)i + 4);
		conn.peer[SERVER].at.port = (uint16_t)(22 + i / per_server);
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals((uint64_t)odd, (uint64_t)healthy)));
	fclose(out);
	return text;
}

Test(report_text, the_answer_comes_first_and_the_frames_are_named)
{
	static const struct report_options options;
	char *text = report_of(1, 7, 7, &options);

	cr_expect_eq(strncmp(text, "rstscope ", 9), 0);
	expect(text, ": 8 SSH connections, 1 ended oddly\n");
	expect(text, "  12,034 frames from 2026-11-04 09:45:27 UTC, for 1004 s\n");
	expect(text, "#3  198.51.100.7:51514 -> 192.0.2.10:22  reset\n");
	expect(text, "\n  sure   likely, 94 %\n");
	expect(text, "\n    +17  The reset came 1 ms after");
	expect(text, "(frames 71, 72)\n");
	expect(text, "       - 7 connections to 192.0.2.10:22: ");
	expect(text, "(frames 400 to 1050)\n");
	expect(text, "       34  not IP\n");
	cr_expect_null(strstr(text, "\033"));
	free(text);
}

Test(report_text, only_commands_are_wider_than_eighty_columns)
{
	static const struct report_options options = { .all = true };
	char *text, *command;

	text = report_of(1, 2, 1, &options);
	while ((command = strstr(text, "tcpdump ")) != NULL) {
		cr_expect_eq(strncmp(command, verdict.settle[0].command,
				     strlen(verdict.settle[0].command)),
			     0);
		memset(command, '\n', strcspn(command, "\n"));
	}
	cr_expect_leq(example_widest(text), EXAMPLE_COLUMNS);
	free(text);
}

Test(report_text, silence_and_missing_events_are_visible)
{
	static const struct report_options options = { .events = true };
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	for (uint32_t i = 0; i < 200; i++)
		example_event(&conn, EVENT_DATA, i % 2 != 0 ? FROM_CLIENT : FROM_SERVER, 80 + i,
			      352900 + i, 1, i);
	text = example_report("text", &options, &conn, &verdict);
	expect(text, " . .  352 s of silence\n");
	expect(text, " . .  118 events not kept\n"); /* 14 + 200 - 32 - 64 */
	expect(text, "      0.049000       6  server sends its identification");
	expect(text, "    353.099000     279  client sends data, 199 B\n");
	free(text);
}

Test(report_text, the_course_is_a_picture_unless_each_event_is_asked_for)
{
	static const struct report_options options = { .events = true };
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	text = example_report("text", NULL, &conn, &verdict);
	expect(text, "|<--------- RST ----------#                        | !\n");
	cr_expect_null(strstr(text, "Events ("));
	cr_expect_null(strstr(text, "seems to reset"));
	free(text);
	text = example_report("text", &options, &conn, &verdict);
	expect(text, "|<--------- RST ----------#                        | !\n");
	expect(text, "server seems to reset the connection (RST)");
	free(text);
}

Test(report_text, lines_are_as_wide_as_the_terminal_within_reason)
{
	static const size_t asked[][2] = { { 20, 72 }, { 72, 72 }, { 100, 100 }, { 500, 120 } };

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct report_options options = { .columns = asked[i][0], .events = true };
		char *text, *command;

		example_conn(&conn);
		example_verdict(&verdict);
		text = example_report("text", &options, &conn, &verdict);
		command = strstr(text, "tcpdump ");
		memset(command, '\n', strcspn(command, "\n"));
		cr_expect_eq(example_widest(text), asked[i][1], "asked for %zu, got %zu",
			     asked[i][0], example_widest(text));
		free(text);
	}
}

static void expect_rows(const char *via, const char *use)
{
	static const struct report_options options = { .all = true };
	char *text = example_report("text", &options, &conn, &verdict);

	if (via != NULL)
		expect(text, via);
	if (use != NULL)
		expect(text, use);
	cr_expect(via != NULL || strstr(text, "\n  via ") == NULL);
	cr_expect(use != NULL || strstr(text, "\n  use ") == NULL);
	free(text);
}

Test(report_text, a_proxy_on_the_way_is_told)
{
	example_conn(&conn);
	example_verdict(&verdict);
	expect_rows(NULL, NULL);
	EXAMPLE_PUT(conn.ssh.prelude_target, "host.example:22");
	conn.ssh.prelude = PRELUDE_socks5;
	expect_rows("\n  via    a proxy (SOCKS 5), to host.example:22\n", NULL);
	conn.ssh.prelude = PRELUDE_proxy_protocol;
	expect_rows("\n  via    a proxy (PROXY protocol), for host.example:22\n", NULL);
	conn.ssh.prelude_target.len = 0;
	expect_rows("\n  via    a proxy (PROXY protocol)\n", NULL);
}

Test(report_text, what_the_session_was_used_for_is_told)
{
	example_conn(&conn);
	example_verdict(&verdict);
	conn.ssh.keys = SSH_KEYS_MIN;
	expect_rows(NULL, "\n  use    interactive\n");
	conn.ssh.obfuscated = true;
	expect_rows(NULL, "\n  use    interactive, with keystrokes hidden among others\n");
	conn.ssh.keys = 0;
	conn.ssh.half[SERVER].bulk_bytes = 2900000;
	expect_rows(NULL, "\n  use    2.9 MB in bulk from the server\n");
	conn.ssh.keys = SSH_KEYS_MIN;
	conn.ssh.obfuscated = false;
	conn.ssh.half[SERVER].bulk_bytes = 0;
	conn.ssh.half[CLIENT].bulk_bytes = 5000000;
	expect_rows(NULL, "\n  use    interactive, and 5.0 MB in bulk from the client\n");
}

Test(report_text, healthy_connections_beyond_the_room_for_them_are_counted)
{
	static const struct report_options options;
	char *text = report_of(0, 500, 5, &options);

	expect(text, ": 500 SSH connections, none ended oddly\n");
	expect(text, "       - 5 connections to 192.0.2.10:85: ");
	cr_expect_null(strstr(text, "192.0.2.10:86"));
	expect(text, "       - and 180 connections to other servers\n"); /* 500 - 64 * 5 */
	free(text);
}

Test(report_text, all_shows_healthy_ones_in_full)
{
	static const struct report_options options = { .all = true };
	char *text = report_of(0, 1, 1, &options);

	expect(text, "#4  198.51.100.7:51514 -> 192.0.2.10:22  closed\n");
	expect(text, "Timeline");
	cr_expect_null(strstr(text, "--all"));
	free(text);
}

Test(report_text, no_connection_at_all_is_explained)
{
	char *text = example_report("text", NULL, NULL, NULL);

	expect(text, ": 0 SSH connections\n");
	expect(text, "12,034 frames, 12000 of them TCP");
	expect(text, "-p PORT");
	cr_expect_null(strstr(text, "Totals"));
	free(text);
}

Test(report_text, with_several_files_a_frame_names_its_file)
{
	static const char *const paths[] = { "client.pcap", "server.pcap" };
	static const struct report_options options = { .events = true,
						       .inputs = 2,
						       .paths = paths };
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	verdict.evidence[0].mark[1].input = 1;
	text = example_report("text", &options, &conn, &verdict);
	expect(text, "(frames 1:71, 2:72)");
	expect(text, "      0.000000     1:1  client asks for");
	free(text);
}

Test(report_text, colour_adds_sequences_and_takes_nothing_away)
{
	static const struct report_options plain, coloured = { .color = true };
	char *want = report_of(1, 1, 1, &plain), *text = report_of(1, 1, 1, &coloured);
	size_t len = 0;

	cr_expect_not_null(strstr(text, "\033[1m"));
	for (char *at = text; *at != '\0'; at++) {
		if (*at == '\033')
			at += strcspn(at, "m");
		else
			text[len++] = *at;
	}
	text[len] = '\0';
	cr_expect_str_eq(text, want);
	free(text);
	free(want);
}

static struct evidence mark_of_who(const char *words, int decibans)
{
	struct evidence e = { .decibans = decibans, .about = ABOUT_WHO };

	strcpy(e.text, words);
	return e;
}

Test(report_text, who_and_why_have_their_own_evidence_and_sums)
{
	const char *why, *who;
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	verdict.prior = 2;
	verdict.sum = 24;
	verdict.alternative[0].sum = 9;
	verdict.who_prior = -3;
	verdict.who_probability = 0.913;
	verdict.evidence[verdict.evidences++] = verdict.evidence[1];
	verdict.evidence[1] = mark_of_who("Its TTL is another.", 12);
	verdict.against[verdict.againsts++] = verdict.against[0];
	verdict.against[0] = mark_of_who("Its clock is the host's.", -15);
	text = example_report("text", NULL, &conn, &verdict);
	why = strstr(text, "\n  Why idle_timeout (in decibans");
	who = strstr(text, "\n  Who middlebox (the marks");
	cr_assert(why != NULL && who != NULL && why < who, "%s", text);
	expect(why, "\n     +2  before a packet");
	expect(why, "\n     -4  The reset has the TTL");
	expect(why, "\n    +24  in all; server_crash has +9, unexplained has +0\n");
	cr_expect_gt(strstr(why, "Its TTL is another"), who);
	expect(who, "\n    -15  Its clock is the host's.\n    +12  Its TTL is another.\n"
		    "     -6  in all; the confidence counts it as 91 %\n");
	free(text);
}

Test(report_text, a_verdict_without_marks_of_who_says_nothing_of_them)
{
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	text = example_report("text", NULL, &conn, &verdict);
	cr_expect_null(strstr(text, "\n  Who "));
	free(text);
}
