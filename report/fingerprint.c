/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/fingerprint.h"

#include <assert.h>
#include <string.h>

#include "base/base64.h"

#define FINGERPRINT_LEN 32 /* SHA-256: none is longer */

void fingerprint_add_hex(struct text *t, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text_add(t, "%02x", bytes[i]);
}

void fingerprint_add_sha256(struct text *t, const uint8_t *bytes, size_t len)
{
	char letters[BASE64_SIZE(FINGERPRINT_LEN)];

	assert(len <= FINGERPRINT_LEN);
	base64(letters, bytes, len);
	text_add(t, "SHA256:%.*s", (int)strcspn(letters, "="), letters);
}
