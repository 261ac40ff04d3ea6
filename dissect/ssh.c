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
	size_t text_len = lf != NULL ? (size_t)(lf - bytes) : searched;

	/* RFC 4253 section 4.2: no null character; without this, binary would pass for a long line. */
	if (text_len != 0 && memchr(bytes, '\0', text_len) != NULL)
		return -1;
	if (lf == NULL)
		return len >= SSH_LINE_MAX ? -1 : 0;
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
struct ssh_slice ssh_string_of(struct cursor *c)
{
	struct cursor slice = cursor_slice(c, cursor_u32(c));

	return (struct ssh_slice){ slice.at, cursor_left(&slice) };
}

bool ssh_slice_is(struct ssh_slice slice, const char *text)
{
	return slice.len == strlen(text) && memcmp(slice.at, text, slice.len) == 0;
}

bool ssh_kexinit_parse(struct ssh_slice body, struct ssh_kexinit *kexinit)
{
	struct cursor c = cursor_over(body.at, body.len);

	cursor_skip(&c, SSH_COOKIE_LEN);
	for (size_t i = 0; i < SSH_KEXINIT_LISTS; i++)
		kexinit->list[i] = ssh_string_of(&c);
	kexinit->follows = cursor_u8(&c) != 0; /* first_kex_packet_follows */
	cursor_skip(&c, 4);                    /* reserved */
	return !c.short_read;
}

bool ssh_disconnect_parse(struct ssh_slice body, struct ssh_disconnect_body *disconnect)
{
	struct cursor c = cursor_over(body.at, body.len);

	disconnect->code = cursor_u32(&c);
	disconnect->description = ssh_string_of(&c);
	return !c.short_read;
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
