/* SPDX-License-Identifier: BSD-3-Clause */
/* The preludes in lines of text, HTTP and version 1 of the PROXY protocol; and its version 2. */
#include <arpa/inet.h>
#include <string.h>

#include "base/cursor.h"
#include "dissect/ssh_prelude.h"

/* ---- words of a line ---- */

/* Takes what stands before the next blank off the line. */
static struct ssh_slice word_of(struct ssh_slice *line)
{
	const uint8_t *blank = line->len != 0 ? memchr(line->at, ' ', line->len) : NULL;
	struct ssh_slice word = *line;

	if (blank == NULL) {
		line->len = 0;
		return word;
	}
	word.len = (size_t)(blank - line->at);
	line->len -= word.len + 1;
	line->at = blank + 1;
	return word;
}

static bool word_begins(struct ssh_slice word, const char *text)
{
	return word.len >= strlen(text) && memcmp(word.at, text, strlen(text)) == 0;
}

/* ---- HTTP ---- */

/* RFC 9112 section 2.1: lines up to an empty one. A yes to CONNECT has no body: RFC 9110 9.3.6. */
static ssize_t skip_fields(struct cursor *c, size_t len)
{
	struct ssh_slice line;

	while (prelude_line(c, &line)) {
		if (line.len == 0)
			return prelude_used(c, len);
	}
	return 0;
}

/* RFC 9112 section 3.2.3: host and port, no less. An address of IPv6 is in brackets. */
static bool split_authority(struct ssh_slice word, struct prelude *prelude)
{
	for (size_t i = word.len; i > 0; i--) {
		struct ssh_slice digits = { word.at + i, word.len - i };

		if (word.at[i - 1] != ':')
			continue;
		prelude->name = (struct ssh_slice){ word.at, i - 1 };
		return i > 1 && prelude_port(digits, &prelude->at.port);
	}
	return false;
}

ssize_t prelude_http(const uint8_t *bytes, size_t len, struct prelude *prelude)
{
	struct cursor c = cursor_over(bytes, len);
	struct ssh_slice line;

	if (!prelude_line(&c, &line))
		return 0;
	if (!ssh_slice_is(word_of(&line), "CONNECT") || !split_authority(word_of(&line), prelude) ||
	    !word_begins(line, "HTTP/1."))
		return -1;
	return skip_fields(&c, len);
}

ssize_t prelude_http_answer(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	struct ssh_slice line;

	if (!prelude_line(&c, &line))
		return 0;
	if (!word_begins(word_of(&line), "HTTP/1.") || line.len < 3 || !word_begins(line, "2"))
		return -1;
	return skip_fields(&c, len);
}

/* ---- PROXY, version 1: section 2.1 ---- */

#define PROXY_LINE_MAX 107 /* "UNKNOWN" with two addresses of IPv6, CR LF */

static bool read_address(struct ssh_slice word, uint8_t family, struct address *ip)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (word.len >= sizeof(text))
		return false;
	memcpy(text, word.at, word.len);
	ip->family = family;
	return inet_pton(family == 4 ? AF_INET : AF_INET6, text, ip->bytes) == 1;
}

/* The line ends within 107 octets, or it is another protocol. */
static ssize_t proxy_line(const uint8_t *bytes, size_t len, struct prelude *prelude)
{
	struct cursor c = cursor_over(bytes, len);
	struct ssh_slice line, kind, source;
	uint8_t family;

	if (!prelude_line(&c, &line))
		return len >= PROXY_LINE_MAX ? -1 : 0;
	(void)word_of(&line); /* "PROXY" */
	kind = word_of(&line);
	if (ssh_slice_is(kind, "UNKNOWN"))
		return prelude_used(&c, len);
	family = ssh_slice_is(kind, "TCP4") ? 4 : ssh_slice_is(kind, "TCP6") ? 6 : 0;
	source = word_of(&line);
	(void)word_of(&line); /* the address that the client asked for */
	if (family == 0 || !read_address(source, family, &prelude->at.ip) ||
	    !prelude_port(word_of(&line), &prelude->at.port))
		return -1;
	return prelude_used(&c, len);
}

/* ---- version 2: section 2.2 ---- */

#define SIGNATURE_LEN 12

enum { COMMAND_LOCAL = 0x20, COMMAND_PROXY = 0x21 }; /* with the version in the upper half */
enum { FAMILY_TCP4 = 0x11, FAMILY_TCP6 = 0x21 };

/* Its length counts the addresses and all TLVs behind them, which say nothing of SSH. */
static ssize_t proxy_header(const uint8_t *bytes, size_t len, struct prelude *prelude)
{
	struct cursor c = cursor_over(bytes, len), body;
	uint8_t command, family;
	size_t address_len;

	cursor_skip(&c, SIGNATURE_LEN);
	command = cursor_u8(&c);
	family = cursor_u8(&c);
	body = cursor_slice(&c, cursor_u16(&c));
	if (c.short_read)
		return 0;
	if (command != COMMAND_LOCAL && command != COMMAND_PROXY)
		return -1;
	/* What is sent of other families, and by LOCAL, is skipped: the receiver must do so, too. */
	if (command == COMMAND_PROXY && (family == FAMILY_TCP4 || family == FAMILY_TCP6)) {
		address_len = family == FAMILY_TCP4 ? 4 : 16;
		prelude->at.ip.family = family == FAMILY_TCP4 ? 4 : 6;
		cursor_copy(&body, prelude->at.ip.bytes, address_len);
		cursor_skip(&body, address_len);
		prelude->at.port = cursor_u16(&body);
		cursor_skip(&body, 2);
	}
	return body.short_read ? -1 : prelude_used(&c, len);
}

ssize_t prelude_proxy(const uint8_t *bytes, size_t len, struct prelude *prelude)
{
	struct cursor c = cursor_over(bytes, len);

	return cursor_u8(&c) == 'P' ? proxy_line(bytes, len, prelude) :
				      proxy_header(bytes, len, prelude);
}
