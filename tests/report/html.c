/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/escape.h"
#include "report/report.h"
#include "tests/report/example.h"

static struct conn conn;
static struct verdict verdict;

static void expect(const char *text, const char *part)
{
	cr_expect_not_null(strstr(text, part), "no \"%s\"", part);
}

/* By hand: under the sanitizers each strstr() reads a page of many megabytes to its end. */
static size_t count(const char *text, const char *part)
{
	size_t found = 0, len = strlen(part);

	for (const char *at = text; *at != '\0'; at++)
		found += *at == part[0] && strncmp(at, part, len) == 0;
	return found;
}

static char *report_of(const char *format, uint64_t odd)
{
	static const struct report_options options;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin(format, out, &options);

	for (uint64_t i = 0; i < odd; i++) {
		conn.id = i + 1;
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(odd, 1)));
	fclose(out);
	return text;
}

static void hostile(void)
{
	example_conn(&conn);
	example_verdict(&verdict);
	strcpy(verdict.sentence, "It said \"</script><img src=x onerror='a'>&\".");
	strcpy(verdict.evidence[0].text, "</td><script>alert(1)</script>");
	EXAMPLE_PUT(conn.ssh.half[SERVER].identification,
		    "SSH-2.0-</title><script>alert(2)</script>");
}

Test(report_html, nothing_of_the_wire_becomes_an_element)
{
	char *text;

	hostile();
	text = report_of("html", 1);
	cr_expect_eq(count(text, "<script"), 1);
	cr_expect_eq(count(text, "</script"), 1);
	cr_expect_eq(count(text, "<img"), 0);
	expect(text, "&#60;script&#62;alert(1)");
	expect(text, "&#60;script&#62;alert(2)");
	free(text);
	text = report_of("svg", 1);
	cr_expect_eq(count(text, "<script"), 0);
	expect(text, "&#60;/script&#62;&#60;img");
	free(text);
}

Test(report_html, every_byte_comes_out_printable_and_harmless)
{
	for (int byte = 1; byte < 256; byte++) {
		char in[2] = { (char)byte, '\0' }, buffer[32];
		struct text t = text_in(buffer, sizeof(buffer));

		escape_add_html(&t, in);
		cr_assert_null(strpbrk(buffer, "<>\"'"), "byte %d", byte);
		example_is_printable(buffer);
	}
}

Test(report_html, only_commands_have_lines)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_html_lines(&t, "a\n<b>\x1b");
	cr_expect_str_eq(buffer, "a\n&#60;b&#62;\\x1b");
	t = text_in(buffer, sizeof(buffer));
	escape_add_html(&t, "a\nb");
	cr_expect_str_eq(buffer, "a\\x0ab");
}

Test(report_html, the_page_asks_for_nothing_from_outside)
{
	char *text;

	hostile();
	text = report_of("html", 2);
	expect(text, "content=\"default-src 'none';style-src 'sha256-");
	expect(text, ";script-src 'sha256-");
	cr_expect_eq(count(text, " src="), count(text, "img src=x"), "only in what is quoted");
	cr_expect_eq(count(text, "href"), 0);
	cr_expect_eq(count(text, "style=\""), 0, "the policy would refuse it");
	cr_expect_eq(count(text, "url("), 0);
	free(text);
}

Test(report_html, many_are_told_in_lines_and_pages)
{
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	text = report_of("html", 1600);
	cr_expect_eq(count(text, "<article"), 500);
	cr_expect_eq(count(text, "<li id="), 1100);
	cr_expect_eq(count(text, "<details class=\"page\">"), 3);
	expect(text, "Odd connections 501 to 1000, a line each");
	expect(text,
	       "<h2>What they have in common, the gravest first</h2>\n<ul>\n<li><a href=\"#c1\">");
	cr_expect_eq(count(text, "<details"), count(text, "</details>"));
	cr_expect_eq(count(text, "<ul>"), count(text, "</ul>"));
	free(text);
}

/* As many as a scan makes, and then those who were logged in. */
static char *report_of_a_scan(uint64_t scanned, uint64_t sessions, bool all)
{
	const struct report_options options = { .all = all };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin("html", out, &options);

	example_conn(&conn);
	example_verdict(&verdict);
	for (uint64_t i = 0; i < scanned + sessions; i++) {
		conn.id = i + 1;
		conn.ssh.phase = i < scanned ? SSH_PHASE_IDENTIFICATION : SSH_PHASE_SESSION;
		report_each(report, &conn, &verdict);
	}
	cr_assert(report_end(report, example_totals(scanned + sessions, 0)));
	fclose(out);
	return text;
}

Test(report_html, a_page_has_an_end_and_a_scan_pushes_no_session_out)
{
	char *text = report_of_a_scan(50100, 2, false);

	cr_expect_eq(count(text, "<article"), 500);
	cr_expect_eq(count(text, "<li id="), 49502);
	expect(text, "<li id=\"c50000\"");
	cr_expect_null(strstr(text, "<li id=\"c50001\""));
	expect(text, "<li id=\"c50102\"");
	expect(text, "<p>Not listed: 100 more connections that ended oddly. The picture and the "
		     "totals count all of them, <code>--all</code> lists them.</p>");
	expect(text, "50102 ended oddly</h1>");
	free(text);
	text = report_of_a_scan(0, 60001, false);
	expect(text, "<p>Not listed: 1 more connection that");
	free(text);
}

Test(report_html, all_lists_however_many)
{
	char *text = report_of_a_scan(50100, 0, true);

	cr_expect_eq(count(text, "<article") + count(text, "<li id="), 50100);
	cr_expect_null(strstr(text, "Not listed"));
	free(text);
}

Test(report_html, the_sentence_is_seen_before_anything_is_unfolded)
{
	char *text;
	const char *sentence;

	example_conn(&conn);
	example_verdict(&verdict);
	text = report_of("html", 1);
	sentence = strstr(text, "<summary>#1 <span class=\"tag\">idle_timeout</span> "
				"<span class=\"sentence\">A box on the path");
	cr_expect_not_null(sentence);
	expect(text, "<title>SSH connections: ");
	expect(text, "<td>why</td><td>before a packet is looked at</td>");
	expect(text, "352 s of silence");
	free(text);
}

Test(report_html, the_end_is_told_in_words_and_not_by_colour_alone)
{
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	text = report_of("html", 1);
	cr_expect_eq(count(text, "RST (this ended it)</text>"), 1);
	free(text);
}

Test(report_html, many_that_end_at_once_are_marked_with_their_number)
{
	char *text;

	example_conn(&conn);
	example_verdict(&verdict);
	text = report_of("svg", 2);
	cr_expect_eq(count(text, "class=\"mass\""), 0);
	free(text);
	text = report_of("svg", 7);
	cr_expect_eq(count(text, "class=\"mass\""), 1);
	expect(text, ">7 within ");
	free(text);
}
