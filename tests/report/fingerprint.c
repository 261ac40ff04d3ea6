/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/fingerprint.h"

#include <criterion/criterion.h>

#include "tests/support.h"

Test(report_fingerprint, hassh_has_lower_case_digits)
{
	static const uint8_t bytes[] = { 0x00, 0x0f, 0xab, 0xff };
	char buffer[FINGERPRINT_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));

	fingerprint_add_hex(&t, bytes, sizeof(bytes));
	cr_expect_str_eq(buffer, "000fabff");
}

/* As ssh-keygen -l printed it for an ed25519 key. */
Test(report_fingerprint, host_keys_are_printed_as_ssh_keygen_does)
{
	struct bytes b = hex("4a6d348198f003b8780e1dc33e26584eefb279459a2fc45322dc3bea406d6fcb");
	char buffer[FINGERPRINT_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));

	fingerprint_add_sha256(&t, b.at, b.len);
	cr_expect_str_eq(buffer, "SHA256:Sm00gZjwA7h4Dh3DPiZYTu+yeUWaL8RTItw76kBtb8s");
	bytes_free(b);
}

/* RFC 4648 section 10, without the padding. */
Test(report_fingerprint, base64_ends_with_what_is_left_over)
{
	static const char *const rows[] = {
		"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"
	};

	for (size_t len = 0; len < 7; len++) {
		struct bytes b = bytes_copy("foobar", len);
		char buffer[FINGERPRINT_SIZE];
		struct text t = text_in(buffer, sizeof(buffer));

		fingerprint_add_sha256(&t, b.at, b.len);
		cr_expect_str_eq(buffer + 7, rows[len]);
		bytes_free(b);
	}
}
