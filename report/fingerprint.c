/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/fingerprint.h"

void fingerprint_add_hex(struct text *t, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text_add(t, "%02x", bytes[i]);
}

/* Three bytes are four letters; what is left over at the end is two or three. */
void fingerprint_add_sha256(struct text *t, const uint8_t *bytes, size_t len)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	text_add(t, "SHA256:");
	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16;
		size_t count = len - i < 3 ? len - i : 3;

		if (count > 1)
			three |= (uint32_t)bytes[i + 1] << 8;
		if (count > 2)
			three |= bytes[i + 2];
		for (size_t letter = 0; letter <= count; letter++)
			text_add(t, "%c", letters[three >> (18 - 6 * letter) & 63]);
	}
}
