/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SOCKS. What either side says can be told from its own bytes alone: in version 5 the sub-negotiation
 * of a password has a version byte of its own. Only CONNECT carries SSH.
 */
#include <string.h>

#include "base/cursor.h"
#include "dissect/ssh_prelude.h"

#define VERSION_4 4
#define VERSION_5 5
#define CONNECT 1

#define GRANTED_4 90 /* SOCKS 4, in the answer */

#define PASSWORD_VERSION 1 /* RFC 1929 */

enum method { METHOD_NONE = 0, METHOD_PASSWORD = 2 }; /* RFC 1928 section 3 */

enum address_type { TYPE_IPV4 = 1, TYPE_NAME = 3, TYPE_IPV6 = 4 }; /* section 5 */

/* RFC 1928 section 3: IANA assigned what is below 10; the rest is nobody's or private. */
#define METHOD_ASSIGNED 10
#define METHODS_MAX 8

static void address_from(struct cursor *c, struct address *ip, uint8_t family)
{
	ip->family = family;
	cursor_copy(c, ip->bytes, family == 4 ? 4 : sizeof(ip->bytes));
}

/* ---- version 4 ---- */

/* Text that ends with a zero byte, which is not a part of it. */
static struct ssh_slice text_of(struct cursor *c)
{
	const uint8_t *end = memchr(c->at, '\0', cursor_left(c));
	struct ssh_slice text = { c->at, 0 };

	if (end == NULL) {
		c->short_read = true;
		return text;
	}
	text.len = (size_t)(end - c->at);
	cursor_skip(c, text.len + 1);
	return text;
}

/* 4a: the address 0.0.0.x, with x not 0, says that a name follows. */
static bool stands_for_name(const struct address *ip)
{
	static const uint8_t zeros[3];

	return memcmp(ip->bytes, zeros, sizeof(zeros)) == 0 && ip->bytes[3] != 0;
}

/* The name of the user is for the proxy's rules, and not kept. */
ssize_t prelude_socks4(const uint8_t *bytes, size_t len, struct prelude *prelude)
{
	struct cursor c = cursor_over(bytes, len);
	uint8_t version = cursor_u8(&c), command = cursor_u8(&c);

	if (!c.short_read && (version != VERSION_4 || command != CONNECT))
		return -1;
	prelude->at.port = cursor_u16(&c);
	address_from(&c, &prelude->at.ip, 4);
	(void)text_of(&c); /* who asks */
	if (stands_for_name(&prelude->at.ip)) {
		prelude->at.ip = (struct address){ .family = 0 };
		prelude->name = text_of(&c);
	}
	return prelude_used(&c, len);
}

ssize_t prelude_socks4_answer(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	uint8_t version = cursor_u8(&c), code = cursor_u8(&c);

	if (!c.short_read && (version != 0 || code != GRANTED_4))
		return -1;
	cursor_skip(&c, 2 + 4); /* port and address, which mean nothing here */
	return prelude_used(&c, len);
}

/* ---- version 5 ---- */

/* Section 3. Methods that a later RFC might assign are in; what merely begins alike is not. */
static bool read_methods(struct cursor *c)
{
	uint8_t version = cursor_u8(c), count = cursor_u8(c);
	bool fits = version == VERSION_5 && count != 0 && count <= METHODS_MAX;

	for (uint8_t i = 0; i < count && !c->short_read; i++)
		fits = cursor_u8(c) < METHOD_ASSIGNED && fits;
	return fits;
}

bool prelude_socks5_begins(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);

	return read_methods(&c) && !c.short_read && cursor_left(&c) == 0;
}

/* Section 5. */
static bool read_address(struct cursor *c, struct prelude *prelude)
{
	struct cursor name;

	switch (cursor_u8(c)) {
	case TYPE_IPV4:
		address_from(c, &prelude->at.ip, 4);
		break;
	case TYPE_IPV6:
		address_from(c, &prelude->at.ip, 6);
		break;
	case TYPE_NAME:
		name = cursor_slice(c, cursor_u8(c));
		prelude->name = (struct ssh_slice){ name.at, cursor_left(&name) };
		break;
	default:
		return false;
	}
	prelude->at.port = cursor_u16(c);
	return true;
}

/* Sections 4 and 6: a request and its answer have the same form. */
static bool read_request(struct cursor *c, uint8_t code, struct prelude *prelude)
{
	uint8_t version = cursor_u8(c), said = cursor_u8(c), reserved = cursor_u8(c);

	if (version != VERSION_5 || said != code || reserved != 0)
		return false;
	return read_address(c, prelude);
}

/* The version byte ahead: a password comes, or the request. */
static bool password_is_next(const struct cursor *c)
{
	struct cursor copy = *c;

	return cursor_u8(&copy) == PASSWORD_VERSION;
}

/* False is final when the bytes were enough to tell, so short_read is asked first. */
static ssize_t verdict(const struct cursor *c, size_t len, bool fits)
{
	if (c->short_read)
		return 0;
	return fits ? prelude_used(c, len) : -1;
}

ssize_t prelude_socks5(const uint8_t *bytes, size_t len, struct prelude *prelude)
{
	struct cursor c = cursor_over(bytes, len);

	if (!read_methods(&c))
		return verdict(&c, len, false);
	if (password_is_next(&c)) {
		cursor_skip(&c, 1);
		cursor_skip(&c, cursor_u8(&c)); /* who */
		cursor_skip(&c, cursor_u8(&c)); /* the password, which is not kept */
	}
	return verdict(&c, len, read_request(&c, CONNECT, prelude));
}

/* The server names the method before it knows what is asked, so both answers are one stream. */
ssize_t prelude_socks5_answer(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	struct prelude unused = { .kind = PRELUDE_socks5 };
	uint8_t version = cursor_u8(&c), method = cursor_u8(&c);

	if (!c.short_read &&
	    (version != VERSION_5 || (method != METHOD_NONE && method != METHOD_PASSWORD)))
		return -1;
	if (method == METHOD_PASSWORD) {
		uint8_t said = cursor_u8(&c), status = cursor_u8(&c);

		if (!c.short_read && (said != PASSWORD_VERSION || status != 0))
			return -1;
	}
	return verdict(&c, len, read_request(&c, 0, &unused));
}
