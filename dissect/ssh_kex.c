/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissect/ssh_kex.h"

#include <string.h>

#include "dissect/packet.h"

/* RFC 4253 section 12: "Key exchange method specific". */
#define KEX_NUMBER_MIN 30
#define KEX_NUMBER_MAX 49

enum family { DH, GEX, GSS, RSA, MQV, ECDH };

static const struct {
	const char *beginning;
	enum family family;
	uint8_t key_message;
} methods[] = {
#define SSH_KEX_METHOD(beginning, family, key_message, source) { beginning, family, key_message },
#include "dissect/ssh_kex_methods.def"
#undef SSH_KEX_METHOD
};

/* The last row fits all. */
static size_t method_of(struct ssh_slice name)
{
	size_t i = 0;

	for (;; i++) {
		size_t len = strlen(methods[i].beginning);

		if (len <= name.len && memcmp(methods[i].beginning, name.at, len) == 0)
			return i;
	}
}

uint8_t ssh_kex_key_message(struct ssh_slice method)
{
	return methods[method_of(method)].key_message;
}

bool ssh_is_kex_number(uint8_t number)
{
	return number >= KEX_NUMBER_MIN && number <= KEX_NUMBER_MAX;
}

const char *ssh_kex_message_name(const void *method, size_t len, uint8_t number)
{
	static const struct {
		enum family family;
		uint8_t number;
		const char *name;
	} messages[] = {
#define SSH_KEX_MESSAGE(family, number, name) { family, number, name },
#include "dissect/ssh_kex_messages.def"
#undef SSH_KEX_MESSAGE
	};
	struct ssh_slice name = { method, len };

	for (size_t i = 0; len != 0 && i < sizeof(messages) / sizeof(messages[0]); i++) {
		if (messages[i].number == number &&
		    messages[i].family == methods[method_of(name)].family)
			return messages[i].name;
	}
	return "";
}
