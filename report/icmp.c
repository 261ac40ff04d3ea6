/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Numbers stay beside the words: firewalls answer with codes that mean something else on paper, and
 * whoever configured them knows the number.
 */
#include "report/icmp.h"

#include <stddef.h>

static const struct {
	uint8_t version, type, code;
	const char *words;
} errors[] = {
#define ICMP_ERROR(version, type, code, words) { version, type, code, words },
#include "report/icmp_errors.def"
#undef ICMP_ERROR
};

void icmp_add_words(struct text *t, bool is_v6, uint8_t type, uint8_t code)
{
	uint8_t version = is_v6 ? 6 : 4;
	const char *words = "an error";

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].version == version && errors[i].type == type &&
		    errors[i].code == code)
			words = errors[i].words;
	}
	text_add(t, "%s (type %u, code %u)", words, type, code);
}
