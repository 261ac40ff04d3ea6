/* SPDX-License-Identifier: BSD-3-Clause */
/* What a cipher and a MAC make of the size of a packet, and whether its length can be read. */
#include <string.h>

#include "dissect/ssh.h"

#define PADDING_MIN 4 /* RFC 4253 section 6 */

enum length_field {
	PADDED,  /* encrypted as the rest, and a part of the whole blocks */
	OUTSIDE, /* in the clear, before the whole blocks */
	HIDDEN,  /* before the whole blocks, encrypted with a key of its own */
	CLEAR,   /* in the clear, and a part of the whole blocks */
};

struct cipher {
	const char *name;
	uint8_t block_len, tag_len;
	enum length_field length;
};

static const struct cipher ciphers[] = {
#define SSH_CIPHER(name, block_len, tag_len, length) { name, block_len, tag_len, length },
#include "dissect/ssh_ciphers.def"
#undef SSH_CIPHER
};

struct mac {
	const char *name;
	uint8_t len;
	bool length_outside;
};

static const struct mac macs[] = {
#define SSH_MAC(name, len, length_outside) { name, len, length_outside },
#include "dissect/ssh_macs.def"
#undef SSH_MAC
};

static const struct cipher *cipher_of(struct ssh_slice name)
{
	for (size_t i = 0; i < sizeof(ciphers) / sizeof(ciphers[0]); i++) {
		if (ssh_slice_is(name, ciphers[i].name))
			return &ciphers[i];
	}
	return NULL;
}

static const struct mac *mac_of(struct ssh_slice name)
{
	for (size_t i = 0; i < sizeof(macs) / sizeof(macs[0]); i++) {
		if (ssh_slice_is(name, macs[i].name))
			return &macs[i];
	}
	return NULL;
}

bool ssh_cipher_is_aead(struct ssh_slice name)
{
	const struct cipher *cipher = cipher_of(name);

	return cipher != NULL && cipher->tag_len != 0;
}

struct ssh_form ssh_form_of(struct ssh_slice cipher_name, struct ssh_slice mac_name)
{
	const struct cipher *cipher = cipher_of(cipher_name);
	const struct mac *mac = mac_of(mac_name);
	struct ssh_form form = { .known = false };

	if (cipher == NULL || (cipher->tag_len == 0 && mac == NULL))
		return form;
	form.known = true;
	form.block_len = cipher->block_len;
	form.tag_len = cipher->tag_len != 0 ? cipher->tag_len : mac->len;
	form.outside = cipher->tag_len != 0 ? cipher->length != PADDED : mac->length_outside;
	form.readable = cipher->length == CLEAR || (form.outside && cipher->length != HIDDEN);
	return form;
}

size_t ssh_form_wire_len(struct ssh_form form, size_t payload_len)
{
	size_t padded;

	if (!form.known)
		return 0;
	/* Padding length byte, payload, at least four bytes of padding; RFC 4253 section 6. */
	padded = (form.outside ? 0u : 4u) + 1 + payload_len + PADDING_MIN;
	padded = (padded + form.block_len - 1) / form.block_len * form.block_len;
	return (form.outside ? 4u : 0u) + padded + form.tag_len;
}

size_t ssh_form_packet_len(struct ssh_form form, uint32_t length)
{
	uint32_t padded = length + (form.outside ? 0u : 4u);

	if (!form.known || length > SSH_PACKET_MAX || length < 1 + 1 + PADDING_MIN ||
	    padded % form.block_len != 0)
		return 0;
	return 4 + (size_t)length + form.tag_len;
}

size_t ssh_wire_len(struct ssh_slice cipher, struct ssh_slice mac, size_t payload_len)
{
	return ssh_form_wire_len(ssh_form_of(cipher, mac), payload_len);
}
