/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

#include "report/escape.h"

static const char *escaped(const char *words)
{
	static char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_xml(&t, words);
	return buffer;
}

Test(report_escape_xml, markup_becomes_text)
{
	cr_expect_str_eq(escaped("a & <b> \"c\" 'd'"),
			 "a &amp; &lt;b&gt; &quot;c&quot; &apos;d&apos;");
	cr_expect_str_eq(escaped("]]>"), "]]&gt;");
	cr_expect_str_eq(escaped("&amp;"), "&amp;amp;");
	cr_expect_str_eq(escaped("a\nb"), "a\nb");
}

/* XML 1.0 knows no way to write most of them. */
Test(report_escape_xml, every_byte_becomes_what_xml_can_hold)
{
	for (int byte = 1; byte < 256; byte++) {
		const char words[] = { (char)byte, '\0' };
		const char *out = escaped(words);

		for (const char *at = out; *at != '\0'; at++)
			cr_assert((*at >= 0x20 && *at <= 0x7e) || *at == '\n', "byte %d", byte);
		cr_expect_null(strpbrk(out, "<>\"'"), "byte %d: %s", byte, out);
		cr_expect(strchr(out, '&') == NULL || out[strlen(out) - 1] == ';', "byte %d", byte);
	}
	cr_expect_str_eq(escaped("\x1b\xe2\x80\xae"), "\\x1b\\xe2\\x80\\xae");
}
