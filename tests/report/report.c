/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/report.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/report/example.h"

Test(report_report, the_ending_of_a_name_chooses_the_format)
{
	cr_expect_str_eq(report_format_of("out.txt"), "text");
	cr_expect_str_eq(report_format_of("a.b/out.json"), "json");
	cr_expect_str_eq(report_format_of(".jsonl"), "jsonl");
	cr_expect_str_eq(report_format_of("out.ecs.jsonl"), "ecs");
	cr_expect_str_eq(report_format_of("out.ocsf.jsonl"), "ocsf");
	cr_expect_str_eq(report_format_of("ecs.jsonl"), "jsonl");
	cr_expect_str_eq(report_format_of("out.xml"), "junit");
	cr_expect_null(report_format_of("out.jso"));
	cr_expect_null(report_format_of("json"));
	cr_expect_null(report_format_of("out.txt.gz"));
	cr_expect_null(report_format_of(""));
}

Test(report_report, no_ending_hides_another)
{
	for (size_t i = 0; report_formats()[i] != NULL; i++)
		cr_expect_str_eq(report_format_of(report_endings()[i]), report_formats()[i]);
}

Test(report_report, the_first_format_is_text_and_the_list_ends)
{
	const char *const *names = report_formats();
	size_t count = 0;

	cr_expect_str_eq(names[0], "text");
	while (names[count] != NULL)
		count++;
	cr_expect_eq(count, 9);
}

/* What has neither head nor end is empty without a connection: then nothing is lost. */
static bool is_stream(const char *format)
{
	return strcmp(format, "ecs") == 0 || strcmp(format, "ocsf") == 0;
}

/* printf() succeeds on a full disk; only flushing tells. */
Test(report_report, a_full_disk_is_told_in_every_format)
{
	static const struct report_options options;
	struct conn conn;
	struct verdict verdict;

	example_conn(&conn);
	example_verdict(&verdict);
	for (const char *const *name = report_formats(); *name != NULL; name++) {
		for (int connections = 0; connections < 40; connections += 39) {
			FILE *full = fopen("/dev/full", "w");
			struct report *report;

			cr_assert_not_null(full);
			report = report_begin(*name, full, &options);
			for (int i = 0; i < connections; i++)
				report_each(report, &conn, &verdict);
			cr_expect_eq(report_end(report, example_totals(39, 0)),
				     connections == 0 && is_stream(*name), "%s", *name);
			fclose(full);
		}
	}
}

Test(report_report, every_format_is_printable_ascii_for_a_hostile_peer)
{
	static const char said[] = "\033]0;owned\a\xe2\x80\xae\"</script>\n\0--"; /* U+202E in it */
	/* A test case tells only of what fails. */
	static const struct report_options options = { .all = true, .fail_on = { .reset = true } };
	struct conn conn;
	struct verdict verdict;

	example_conn(&conn);
	example_verdict(&verdict);
	for (int side = CLIENT; side <= SERVER; side++) {
		struct ssh_half *half = &conn.ssh.half[side];

		for (int i = 0; i < SSH_IDENTIFICATION_MAX; i++)
			half->identification.at[i] = (char)(side == CLIENT ? i : 255 - i);
		half->identification.len = SSH_IDENTIFICATION_MAX;
		memcpy(half->text.at, said, sizeof(said));
		half->text.len = sizeof(said);
	}
	memset(conn.ssh.negotiated[SSH_KEX].at, '"', SSH_NAME_MAX);
	conn.ssh.negotiated[SSH_KEX].len = SSH_NAME_MAX;
	memset(conn.history, 0x80, sizeof(conn.history));
	conn.ssh.disconnect = (struct ssh_disconnect){ .seen = true };
	EXAMPLE_PUT(conn.ssh.disconnect.description, "\xc2\x9b"
						     "31m");
	example_event(&conn, EVENT_TEXT, FROM_SERVER, 6, 49, 1, 31);
	strcpy(verdict.sentence, "It said \"\033[31m\xff\".");
	for (const char *const *name = report_formats(); *name != NULL; name++) {
		char *text = example_report(*name, &options, &conn, &verdict);

		example_is_printable(text);
		cr_expect(strcmp(*name, "svg") == 0 || strcmp(*name, "junit") == 0 ||
				  strstr(text, "]0;owned") != NULL,
			  "%s", *name);
		free(text);
	}
}

/* ---- words ---- */

#define TOLD_MANY 120

/* What a verdict is before somebody asks for its words. */
static struct verdict wordless(const struct verdict *verdict)
{
	struct verdict v = *verdict;

	v.detail[0] = v.sentence[0] = '\0';
	v.evidences = v.againsts = v.settles = v.limits = v.frames = 0;
	return v;
}

/* Healthy ones among as many odd ones; with and without words at first. */
static char *report_of_many(const char *format, bool in_steps, size_t *asked)
{
	static const struct report_options options;
	static struct conn conn;
	static struct verdict verdict, before;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin(format, out, &options);

	for (uint64_t i = 0; i < TOLD_MANY; i++) {
		example_conn(&conn);
		example_verdict(&verdict);
		if (i % 2 == 0)
			example_healthy(&conn, &verdict, i);
		conn.id = i + 1;
		before = in_steps ? wordless(&verdict) : verdict;
		if (!in_steps) {
			report_each(report, &conn, &verdict);
		} else if (report_count(report, &conn, &before)) {
			report_tell(report, &conn, &verdict);
			++*asked;
		}
	}
	cr_assert(report_end(report, example_totals(TOLD_MANY / 2, TOLD_MANY / 2)));
	fclose(out);
	return text;
}

Test(report_report, words_are_asked_for_when_they_are_told_and_only_then)
{
	for (const char *const *name = report_formats(); *name != NULL; name++) {
		size_t asked = 0;
		char *at_once = report_of_many(*name, false, NULL);
		char *in_steps = report_of_many(*name, true, &asked);

		cr_expect_str_eq(in_steps, at_once, "%s", *name);
		cr_expect_gt(asked, 0, "%s", *name);
		if (strcmp(*name, "html") == 0 || strcmp(*name, "md") == 0)
			cr_expect_leq(asked, TOLD_MANY / 2, "%s tells who is well", *name);
		if (strcmp(*name, "text") == 0)
			cr_expect_lt(asked, 10, "a page");
		if (strcmp(*name, "svg") == 0)
			cr_expect_eq(asked, 40, "a picture has so many lanes");
		free(at_once);
		free(in_steps);
	}
}
