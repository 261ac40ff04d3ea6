/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

#include "base/base64.h"
#include "tests/support.h"

static void expect(struct bytes bytes, const char *wanted)
{
	char out[64];

	memset(out, '#', sizeof(out));
	base64(out, bytes.at, bytes.len);
	cr_expect_str_eq(out, wanted, "%zu bytes are %s, not %s", bytes.len, wanted, out);
	cr_expect_eq(strlen(out) + 1, BASE64_SIZE(bytes.len));
	bytes_free(bytes);
}

/* RFC 4648 section 10 */
Test(base_base64, agrees_with_the_examples_of_the_rfc)
{
	static const char text[] = "foobar";
	static const char *const wanted[] = { "",         "Zg==",     "Zm8=",    "Zm9v",
					      "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy" };

	for (size_t len = 0; len < sizeof(text); len++)
		expect(bytes_copy(text, len), wanted[len]);
}

Test(base_base64, every_digit_has_its_place)
{
	expect(hex("00 10 83 10 51 87 20 92 8b 30 d3 8f 41 14 93 51 55 97 61 96 9b 71 d7 9f"),
	       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef");
	expect(hex("82 18 a3 92 59 a7 a2 9a ab b2 db af c3 1c b3 d3 5d b7 e3 9e bb f3 df bf"),
	       "ghijklmnopqrstuvwxyz0123456789+/");
}
