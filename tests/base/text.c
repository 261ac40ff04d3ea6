/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

Test(base_text, appends_as_printf_does)
{
	char buffer[32];
	struct text t = text_in(buffer, sizeof(buffer));

	cr_expect_str_eq(buffer, "");
	text_add(&t, "frame %d", 12);
	text_add(&t, ", %s", "cut");
	cr_expect_str_eq(buffer, "frame 12, cut");
	cr_expect_eq(t.len, strlen(buffer));
}

Test(base_text, what_fits_exactly_is_not_cut)
{
	char buffer[8];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "1234567");
	cr_expect_str_eq(buffer, "1234567");
}

Test(base_text, what_does_not_fit_ends_in_dots)
{
	char buffer[8];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "12345678");
	cr_expect_str_eq(buffer, "1234...");
	text_add(&t, "more");
	cr_expect_str_eq(buffer, "1234...");
	cr_expect_eq(t.len, 7);
}

Test(base_text, the_smallest_buffer_holds_the_dots)
{
	char buffer[5];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "%s", "too long");
	cr_expect_str_eq(buffer, "t...");
}

Test(base_text, bytes_of_the_wire_reach_no_terminal)
{
	char buffer[128];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add_wire(&t, "a\x1b[31m\0\r\n\x7f\x9b~ \xc3\xa9", 15);
	cr_expect_str_eq(buffer, "a\\x1b[31m\\x00\\x0d\\x0a\\x7f\\x9b~ \\xc3\\xa9");
}

Test(base_text, every_byte_becomes_printable_ascii_and_no_two_are_written_alike)
{
	static char seen[256][8];

	for (unsigned int byte = 0; byte < 256; byte++) {
		uint8_t one = (uint8_t)byte;
		struct text t = text_in(seen[byte], sizeof(seen[byte]));

		text_add_wire(&t, &one, 1);
		for (const char *p = seen[byte]; *p != '\0'; p++)
			cr_expect(*p >= 0x20 && *p <= 0x7e, "byte %u", byte);
		for (unsigned int other = 0; other < byte; other++)
			cr_expect_str_neq(seen[byte], seen[other]);
	}
}

Test(base_text, a_backslash_of_the_wire_is_doubled)
{
	char buffer[16];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add_wire(&t, "\\x1b", 4);
	cr_expect_str_eq(buffer, "\\\\x1b");
}

Test(base_text, long_wire_text_is_cut_with_dots)
{
	char buffer[16], wire[4096];
	struct text t = text_in(buffer, sizeof(buffer));

	memset(wire, 0xff, sizeof(wire));
	text_add_wire(&t, wire, sizeof(wire));
	cr_expect_str_eq(buffer, "\\xff\\xff\\xff...");
}

Test(base_text, digits_are_those_of_printf)
{
	const uint64_t values[] = { 0, 7, 10, 99, 12345, UINT64_MAX };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		for (unsigned digits = 1; digits <= 20; digits++) {
			char buffer[32], want[32];
			struct text t = text_in(buffer, sizeof(buffer));

			text_add_digits(&t, values[i], digits);
			snprintf(want, sizeof(want), "%0*llu", (int)digits,
				 (unsigned long long)values[i]);
			cr_expect_str_eq(buffer, want);
		}
	}
}
