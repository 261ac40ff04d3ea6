/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

#include "report/escape.h"

static const char *markdown(const char *words)
{
	static char buffer[512];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_markdown(&t, words);
	return buffer;
}

static const char *mermaid(const char *words)
{
	static char buffer[512];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_mermaid(&t, words);
	return buffer;
}

Test(report_escape_markdown, nothing_stays_markup)
{
	cr_expect_str_eq(markdown("a|b"), "a&#124;b", "the cell ends");
	cr_expect_str_eq(markdown("<img src=x>"), "&#60;img src=x&#62;");
	cr_expect_str_eq(markdown("**b** _i_ ~s~"),
			 "&#42;&#42;b&#42;&#42; \\_i\\_ &#126;&#8203;s&#126;");
	cr_expect_str_eq(markdown("`c` [l](u) $m$"), "&#96;c&#96; \\[l\\](u) &#36;&#8203;m&#36;");
	cr_expect_str_eq(markdown("&amp; \\x1b"), "&#38;&#8203;amp; &#92;x1b");
	cr_expect_str_eq(markdown("{{ x }}"), "\\{\\{ x \\}\\}", "a template's");
}

Test(report_escape_markdown, no_beginning_is_a_block)
{
	cr_expect_str_eq(markdown("# h"), "&#35;&#8203; h");
	cr_expect_str_eq(markdown("- a"), "&#45; a");
	cr_expect_str_eq(markdown("+ a"), "&#43; a");
	cr_expect_str_eq(markdown("==="), "&#61;==");
	cr_expect_str_eq(markdown("12. a"), "12&#46; a");
	cr_expect_str_eq(markdown("1) a"), "1&#41; a");
	cr_expect_str_eq(markdown("    a"), "&#32;   a");
	cr_expect_str_eq(markdown("0.5 s - 1.5 s (a) + 2 = 1."), "0.5 s - 1.5 s (a) + 2 = 1.");
}

Test(report_escape_markdown, nobody_is_called_and_nothing_is_linked)
{
	cr_expect_str_eq(markdown("@everyone"), "@&#8203;everyone");
	cr_expect_str_eq(markdown("see #12"), "see #&#8203;12");
	cr_expect_str_eq(markdown("http://x"), "http:&#8203;//x");
	cr_expect_str_eq(markdown("WWW.x"), "W&#8203;WW.x");
	cr_expect_str_eq(markdown("!1 $2 &3 %4 ~bug ^a"),
			 "!&#8203;1 &#36;&#8203;2 &#38;&#8203;3 %&#8203;4 &#126;&#8203;bug "
			 "^&#8203;a");
	cr_expect_str_eq(markdown("%\"m\" ~\"l\""), "%&#8203;\"m\" &#126;&#8203;\"l\"");
	cr_expect_str_eq(markdown("GH-1 high-1 ssh-2"), "G&#8203;H-1 high-1 ssh-2");
	cr_expect_str_eq(markdown("[[wiki]]"), "\\[&#8203;\\[wiki\\]\\]");
	cr_expect_str_eq(markdown("95 % sure! (a & b)"), "95 % sure! (a &#38; b)");
	cr_expect_str_eq(markdown("2001:db8::1 at 11:05:01, 0.5 s"),
			 "2001:db8::1 at 11:05:01, 0.5 s", "addresses and times can be copied");
}

Test(report_escape_markdown, no_word_becomes_a_picture)
{
	cr_expect_str_eq(markdown(":tada: :+1: a:x_y:b"),
			 ":&#8203;tada: :&#8203;+1: a:&#8203;x\\_y:b");
	cr_expect_str_eq(markdown("2001:db8:b::1"), "2001:db8:&#8203;b::1", "a letter in a square");
	cr_expect_str_eq(markdown("fd00:100:99::1"), "fd00:&#8203;100:99::1", "a hundred points");
	cr_expect_str_eq(markdown("[2001:db8::a]:22 at 12:30:00"),
			 "\\[2001:db8::a\\]:22 at 12:30:00");
}

Test(report_escape_markdown, every_byte_comes_out_printable)
{
	for (int byte = 1; byte < 256; byte++) {
		char in[2] = { (char)byte, '\0' };

		for (const char *at = markdown(in); *at != '\0'; at++)
			cr_assert(*at >= ' ' && *at <= '~', "byte %d", byte);
		for (const char *at = mermaid(in); *at != '\0'; at++)
			cr_assert(*at >= ' ' && *at <= '~', "byte %d", byte);
	}
}

Test(report_escape_markdown, a_label_cannot_end_its_statement)
{
	cr_expect_str_eq(mermaid("a;b: c#d"), "a#59;b#58; c#35;d");
	cr_expect_str_eq(mermaid("end\nnote"), "end#10;note");
	cr_expect_str_eq(mermaid("SSH-2.0-x_1 (2), 5/6+7"), "SSH-2.0-x_1 (2), 5/6+7");
}
