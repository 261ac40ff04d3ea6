/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "tests/report/example.h"

/* What explain prints of one cause (id), or of all (-1), or of the timers (-2). */
static char *explained(int id)
{
	static char *text;
	static size_t len;
	FILE *out = open_memstream(&text, &len);

	if (id == -1)
		report_explain_all(out);
	else if (id == -2)
		report_explain_timers(out);
	else
		report_explain_cause(out, (enum cause_id)id);
	fclose(out);
	return text;
}

static void expect(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "no \"%s\" in:\n%s", part, text);
}

/* A heading, and below it how the words begin. */
static void expect_part(const char *text, const char *title, const char *words)
{
	char part[80];

	snprintf(part, sizeof(part), "\n%s\n  %.25s", title, words);
	expect(text, part);
}

/* Commands are copied, so they are as long as they are. */
static void blank_commands(char *text, const struct remedy *remedy)
{
	for (int i = 0; i < REMEDY_STEPS_MAX && remedy->step[i].text != NULL; i++) {
		char first[512], *at;

		if (remedy->step[i].command[0] == '\0')
			continue;
		snprintf(first, sizeof(first), "      %s", remedy->step[i].command);
		first[strcspn(first, "\n")] = '\0';
		at = strstr(text, first);
		cr_assert_not_null(at, "%s", first);
		memmove(at, at + strcspn(at, "\n"), strlen(at + strcspn(at, "\n")) + 1);
	}
}

Test(report_explain, each_cause_is_told_in_four_parts_of_eighty_columns)
{
	for (int i = 0; i < CAUSE_COUNT; i++) {
		char *text = explained(i);

		expect(text, cause_title((enum cause_id)i));
		expect_part(text, "What it means", cause_meaning((enum cause_id)i));
		expect_part(text, "How it is decided", cause_decided((enum cause_id)i));
		expect_part(text, "What looks like it", cause_mimics((enum cause_id)i));
		expect(text, "\nWhat to do\n  ");
		example_is_printable(text);
		blank_commands(text, cause_remedy((enum cause_id)i));
		cr_expect_leq(example_widest(text), EXAMPLE_COLUMNS, "%s",
			      cause_name((enum cause_id)i));
		free(text);
	}
}

Test(report_explain, all_causes_stand_under_their_families)
{
	char *text = explained(-1);

	for (int i = 0; i < CAUSE_COUNT; i++)
		expect(text, cause_name((enum cause_id)i));
	expect(text, "\nprotocol_error: ");
	cr_expect_leq(example_widest(text), EXAMPLE_COLUMNS);
	expect(strstr(text, "\nnone: "), "orderly_close");
	cr_expect_null(strstr(strstr(text, "\nnone: "), "idle_timeout"));
	free(text);
}

Test(report_explain, a_family_lists_its_causes_and_no_others)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	report_explain_family(out, family_row(0));
	fclose(out);
	expect(text, "\n  idle_timeout ");
	cr_expect_null(strstr(text, "orderly_close"));
	free(text);
}

Test(report_explain, each_timer_has_its_manner_setting_and_source)
{
	char *text = explained(-2);

	for (size_t i = 0; idle_timer(i) != NULL; i++) {
		char lead[32];

		snprintf(lead, sizeof(lead), "\n%7lld s  %s", (long long)idle_timer(i)->seconds,
			 idle_timer(i)->vendor);
		expect(text, lead);
	}
	expect(text, "Azure, NAT Gateway: resets who speaks next\n           setting: ");
	expect(text, "           source: ");
	cr_expect_leq(example_widest(text), EXAMPLE_COLUMNS);
	free(text);
}
