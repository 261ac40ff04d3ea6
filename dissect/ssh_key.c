/* SPDX-License-Identifier: BSD-3-Clause */
/* The hash runs over the blob where it lies; of a certificate, over what a plain key would say. */
#include "dissect/ssh_key.h"

#include <sha2.h>
#include <string.h>

#include "base/cursor.h"

struct certificate {
	const char *type, *plain;
	unsigned fields;
};

static const struct certificate certificates[] = {
#define SSH_CERTIFICATE(type, plain, fields) { type, plain, fields },
#include "dissect/ssh_certificates.def"
#undef SSH_CERTIFICATE
};

static const struct certificate *certificate_of(struct ssh_slice type)
{
	for (size_t i = 0; i < sizeof(certificates) / sizeof(certificates[0]); i++) {
		if (ssh_slice_is(type, certificates[i].type))
			return &certificates[i];
	}
	return NULL;
}

/* RFC 4251 section 6: printable ASCII, no comma; the limit is that of all names. */
static bool is_name(struct ssh_slice name)
{
	struct cursor c = cursor_over(name.at, name.len);

	while (cursor_left(&c) != 0) {
		uint8_t letter = cursor_u8(&c);

		if (letter <= ' ' || letter > '~' || letter == ',')
			return false;
	}
	return name.len != 0 && name.len <= SSH_ALGORITHM_NAME_MAX;
}

/* PROTOCOL.certkeys: a kind of certificate that came later than our rows. */
static bool is_other_certificate(struct ssh_slice type)
{
	static const char mark[] = "-cert-v";
	struct cursor c = cursor_over(type.at, type.len);

	for (; cursor_left(&c) >= sizeof(mark) - 1; cursor_skip(&c, 1)) {
		if (memcmp(c.at, mark, sizeof(mark) - 1) == 0)
			return true;
	}
	return false;
}

static void hash_name(SHA2_CTX *hash, const char *name)
{
	size_t len = strlen(name);
	const uint8_t length[4] = { 0, 0, 0, (uint8_t)len };

	SHA256Update(hash, length, sizeof(length));
	SHA256Update(hash, (const uint8_t *)name, len);
}

/* What the plain key would be: its name, and the fields as they are. c stands after the type. */
static bool hash_inside(SHA2_CTX *hash, const struct certificate *certificate, struct cursor *c)
{
	struct cursor fields;
	size_t left;

	(void)ssh_string_of(c); /* nonce */
	fields = *c;
	for (unsigned i = 0; i < certificate->fields; i++)
		(void)ssh_string_of(c);
	left = cursor_left(&fields) - cursor_left(c);
	hash_name(hash, certificate->plain);
	SHA256Update(hash, cursor_bytes(&fields, left), left);
	return !c->short_read;
}

bool ssh_key_parse(struct ssh_slice blob, struct ssh_key *key)
{
	struct cursor c = cursor_over(blob.at, blob.len);
	const struct certificate *certificate;
	SHA2_CTX hash;

	key->type = ssh_string_of(&c);
	if (c.short_read || cursor_left(&c) == 0 || !is_name(key->type))
		return false;
	certificate = certificate_of(key->type);
	SHA256Init(&hash);
	if (certificate == NULL && is_other_certificate(key->type))
		return false;
	if (certificate == NULL)
		SHA256Update(&hash, blob.at, blob.len);
	else if (!hash_inside(&hash, certificate, &c))
		return false;
	SHA256Final(key->fingerprint, &hash);
	return true;
}
