/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Everything here reads bytes and keeps nothing: what has happened so far is track/ssh.c's business.
 */
#include "dissect/ssh.h"

#include <string.h>

#include "base/cursor.h"
#include "dissect/packet.h"

static const char prefix[] = "SSH-";

#define PREFIX_LEN (sizeof(prefix) - 1)

bool ssh_identification_begins(const uint8_t *bytes, size_t len)
{
	return memcmp(bytes, prefix, len < PREFIX_LEN ? len : PREFIX_LEN) == 0;
}

ssize_t ssh_line_parse(const uint8_t *bytes, size_t len, struct ssh_line *line)
{
	size_t searched = len < SSH_LINE_MAX ? len : SSH_LINE_MAX;
	const uint8_t *lf = searched != 0 ? memchr(bytes, '\n', searched) : NULL;
	size_t text_len;

	if (lf == NULL)
		return len >= SSH_LINE_MAX ? -1 : 0;
	text_len = (size_t)(lf - bytes);
	line->text = (struct ssh_slice){ bytes, text_len };
	if (text_len > 0 && bytes[text_len - 1] == '\r')
		line->text.len--;
	line->is_identification =
		text_len >= PREFIX_LEN && ssh_identification_begins(bytes, text_len);
	return (ssize_t)text_len + 1;
}

unsigned ssh_identification_versions(struct ssh_slice text)
{
	struct cursor c = cursor_over(text.at, text.len);
	const uint8_t *at;

	cursor_skip(&c, PREFIX_LEN);
	at = c.at;
	if (cursor_left(&c) >= 5 && memcmp(at, "1.99-", 5) == 0) /* RFC 4253 section 5.1 */
		return SSH_VERSION_1 | SSH_VERSION_2;
	if (cursor_left(&c) >= 2 && memcmp(at, "1.", 2) == 0)
		return SSH_VERSION_1;
	if (cursor_left(&c) >= 2 && memcmp(at, "2.", 2) == 0)
		return SSH_VERSION_2;
	return 0;
}

/* RFC 4253 section 6: uint32 length, byte padding length, payload, padding. */
ssize_t ssh_message_parse(const uint8_t *bytes, size_t len, struct ssh_message *message)
{
	struct cursor c = cursor_over(bytes, len);
	uint32_t packet_len = cursor_u32(&c);
	uint8_t padding_len = cursor_u8(&c);

	message->wire_len = 0;
	if (c.short_read)
		return 0;
	/* At least four bytes of padding and one of payload. */
	if (packet_len > SSH_PACKET_MAX || padding_len < 4 ||
	    packet_len < (uint32_t)padding_len + 2)
		return -1;
	message->wire_len = 4 + (size_t)packet_len;
	if (len < message->wire_len)
		return 0;
	message->number = cursor_u8(&c);
	message->body.len = packet_len - padding_len - 2;
	message->body.at = cursor_bytes(&c, message->body.len);
	return (ssize_t)message->wire_len;
}

/* RFC 4251 section 5: string and name-list are a uint32 length and so many bytes. */
static struct ssh_slice string_of(struct cursor *c)
{
	struct cursor slice = cursor_slice(c, cursor_u32(c));

	return (struct ssh_slice){ slice.at, cursor_left(&slice) };
}

bool ssh_kexinit_parse(struct ssh_slice body, struct ssh_kexinit *kexinit)
{
	struct cursor c = cursor_over(body.at, body.len);

	cursor_skip(&c, 16); /* cookie */
	for (size_t i = 0; i < SSH_KEXINIT_LISTS; i++)
		kexinit->list[i] = string_of(&c);
	cursor_skip(&c, 1 + 4); /* first_kex_packet_follows, reserved */
	return !c.short_read;
}

bool ssh_disconnect_parse(struct ssh_slice body, struct ssh_disconnect_body *disconnect)
{
	struct cursor c = cursor_over(body.at, body.len);

	disconnect->code = cursor_u32(&c);
	disconnect->description = string_of(&c);
	return !c.short_read;
}

/* Takes the first name off a name-list; false when the list is empty. */
static bool name_next(struct ssh_slice *list, struct ssh_slice *name)
{
	const uint8_t *comma;

	if (list->len == 0)
		return false;
	comma = memchr(list->at, ',', list->len);
	*name = *list;
	if (comma == NULL) {
		list->len = 0;
		return true;
	}
	name->len = (size_t)(comma - list->at);
	list->len -= name->len + 1;
	list->at = comma + 1;
	return true;
}

static bool slice_is(struct ssh_slice slice, const void *text, size_t len)
{
	return slice.len == len && memcmp(slice.at, text, len) == 0;
}

static bool list_has(struct ssh_slice list, struct ssh_slice wanted)
{
	struct ssh_slice name;

	while (name_next(&list, &name)) {
		if (slice_is(name, wanted.at, wanted.len))
			return true;
	}
	return false;
}

bool ssh_negotiate(const struct ssh_kexinit *client, const struct ssh_kexinit *server, size_t index,
		   struct ssh_slice *chosen)
{
	struct ssh_slice left = client->list[index];

	while (name_next(&left, chosen)) {
		if (list_has(server->list[index], *chosen))
			return true;
	}
	return false;
}

struct cipher {
	const char *name;
	size_t block_len, tag_len;
	bool length_outside;
};

static const struct cipher ciphers[] = {
#define SSH_CIPHER(name, block_len, tag_len, length_outside)                                       \
	{ name, block_len, tag_len, length_outside },
#include "dissect/ssh_ciphers.def"
#undef SSH_CIPHER
};

struct mac {
	const char *name;
	size_t len;
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
		if (slice_is(name, ciphers[i].name, strlen(ciphers[i].name)))
			return &ciphers[i];
	}
	return NULL;
}

static const struct mac *mac_of(struct ssh_slice name)
{
	for (size_t i = 0; i < sizeof(macs) / sizeof(macs[0]); i++) {
		if (slice_is(name, macs[i].name, strlen(macs[i].name)))
			return &macs[i];
	}
	return NULL;
}

bool ssh_cipher_is_aead(struct ssh_slice name)
{
	const struct cipher *cipher = cipher_of(name);

	return cipher != NULL && cipher->tag_len != 0;
}

size_t ssh_wire_len(struct ssh_slice cipher_name, struct ssh_slice mac_name, size_t payload_len)
{
	const struct cipher *cipher = cipher_of(cipher_name);
	const struct mac *mac = mac_of(mac_name);
	bool length_outside;
	size_t padded, tag_len;

	if (cipher == NULL || (cipher->tag_len == 0 && mac == NULL))
		return 0;
	tag_len = cipher->tag_len != 0 ? cipher->tag_len : mac->len;
	length_outside = cipher->tag_len != 0 ? cipher->length_outside : mac->length_outside;
	/* Padding length byte, payload, at least four bytes of padding; RFC 4253 section 6. */
	padded = (length_outside ? 0u : 4u) + 1 + payload_len + 4;
	padded = (padded + cipher->block_len - 1) / cipher->block_len * cipher->block_len;
	return (length_outside ? 4u : 0u) + padded + tag_len;
}

const char *ssh_message_name(uint8_t number)
{
	switch (number) {
#define SSH_MESSAGE(n, name, source)                                                               \
	case n:                                                                                    \
		return name;
#include "dissect/ssh_messages.def"
#undef SSH_MESSAGE
	default:
		return "";
	}
}

const char *ssh_disconnect_name(uint32_t code)
{
	switch (code) {
#define SSH_DISCONNECT(n, name)                                                                    \
	case n:                                                                                    \
		return name;
#include "dissect/ssh_disconnects.def"
#undef SSH_DISCONNECT
	default:
		return "";
	}
}
