/* SPDX-License-Identifier: BSD-3-Clause */
/* Which kind it is tell the first bytes; no two kinds, and no SSH, begin alike. */
#include "dissect/ssh_prelude.h"

#include <string.h>

#include "base/cursor.h"

#define SOCKS4_BYTE 4
#define SOCKS5_BYTE 5

static const char http_begin[] = "CONNECT ";
static const char proxy_begin[] = "PROXY ";
static const char proxy2_begin[] = "\r\n\r\n\0\r\nQUIT\n";

/* All of it, where there are as many bytes; their beginning else. */
static bool begins(const uint8_t *bytes, size_t len, const char *text, size_t text_len)
{
	return memcmp(bytes, text, len < text_len ? len : text_len) == 0;
}

static enum prelude_kind kind_of(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	uint8_t first = cursor_u8(&c);

	if (c.short_read)
		return PRELUDE_none;
	if (first == SOCKS4_BYTE)
		return PRELUDE_socks4;
	if (first == SOCKS5_BYTE)
		return PRELUDE_socks5;
	if (begins(bytes, len, http_begin, sizeof(http_begin) - 1))
		return PRELUDE_http_connect;
	if (begins(bytes, len, proxy_begin, sizeof(proxy_begin) - 1) ||
	    begins(bytes, len, proxy2_begin, sizeof(proxy2_begin) - 1))
		return PRELUDE_proxy_protocol;
	return PRELUDE_none;
}

/*
 * A program writes the first message in one call, so the first segment has it, or enough of it. The
 * two kinds of SOCKS are short: all must fit, or any protocol that begins with such a byte would do.
 */
bool prelude_begins(const uint8_t *bytes, size_t len)
{
	struct prelude prelude;

	switch (kind_of(bytes, len)) {
	case PRELUDE_socks4:
		return prelude_socks4(bytes, len, &prelude) == (ssize_t)len;
	case PRELUDE_socks5:
		return prelude_socks5_begins(bytes, len);
	case PRELUDE_http_connect:
		return len >= sizeof(http_begin) - 1 && prelude_http(bytes, len, &prelude) >= 0;
	case PRELUDE_proxy_protocol:
		return prelude_proxy(bytes, len, &prelude) > 0;
	default:
		return false;
	}
}

ssize_t prelude_parse(const uint8_t *bytes, size_t len, struct prelude *prelude)
{
	ssize_t used = -1;

	*prelude = (struct prelude){ .kind = kind_of(bytes, len) };
	switch (prelude->kind) {
	case PRELUDE_socks4:
		used = prelude_socks4(bytes, len, prelude);
		break;
	case PRELUDE_socks5:
		used = prelude_socks5(bytes, len, prelude);
		break;
	case PRELUDE_http_connect:
		used = prelude_http(bytes, len, prelude);
		break;
	case PRELUDE_proxy_protocol:
		used = prelude_proxy(bytes, len, prelude);
		break;
	default:
		break;
	}
	return used == 0 && len >= PRELUDE_LEN_MAX ? -1 : used;
}

ssize_t prelude_answer_parse(const uint8_t *bytes, size_t len, enum prelude_kind kind)
{
	ssize_t used = -1;

	if (kind == PRELUDE_socks4)
		used = prelude_socks4_answer(bytes, len);
	else if (kind == PRELUDE_socks5)
		used = prelude_socks5_answer(bytes, len);
	else if (kind == PRELUDE_http_connect)
		used = prelude_http_answer(bytes, len);
	return used == 0 && len >= PRELUDE_LEN_MAX ? -1 : used;
}

bool prelude_is_answered(enum prelude_kind kind)
{
	static const bool answered[PRELUDE_KINDS] = {
#define PRELUDE(id, words, answered) [PRELUDE_##id] = answered,
#include "dissect/ssh_preludes.def"
#undef PRELUDE
	};

	return answered[kind];
}

const char *prelude_name(enum prelude_kind kind)
{
	static const char *const names[PRELUDE_KINDS] = {
		[PRELUDE_none] = "",
#define PRELUDE(id, words, answered) [PRELUDE_##id] = #id,
#include "dissect/ssh_preludes.def"
#undef PRELUDE
	};

	return names[kind];
}

const char *prelude_words(enum prelude_kind kind)
{
	static const char *const all[PRELUDE_KINDS] = {
		[PRELUDE_none] = "",
#define PRELUDE(id, words, answered) [PRELUDE_##id] = words,
#include "dissect/ssh_preludes.def"
#undef PRELUDE
	};

	return all[kind];
}

bool prelude_line(struct cursor *c, struct ssh_slice *line)
{
	const uint8_t *lf = memchr(c->at, '\n', cursor_left(c));

	if (lf == NULL) {
		c->short_read = true;
		return false;
	}
	line->len = (size_t)(lf - c->at);
	line->at = cursor_bytes(c, line->len);
	cursor_skip(c, 1);
	if (line->len != 0 && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool prelude_port(struct ssh_slice digits, uint16_t *port)
{
	struct cursor c = cursor_over(digits.at, digits.len);
	uint32_t value = 0;

	if (digits.len == 0 || digits.len > 5)
		return false;
	while (cursor_left(&c) != 0) {
		uint8_t digit = cursor_u8(&c);

		if (digit < '0' || digit > '9')
			return false;
		value = value * 10 + (digit - '0');
	}
	*port = (uint16_t)value;
	return value <= UINT16_MAX;
}
