/* SPDX-License-Identifier: BSD-3-Clause */
/* Text that is not ours: never read beyond its length, whatever is in it. */
#include <arpa/inet.h>
#include <string.h>

#include "logs/inside.h"

struct span span_of(const char *words)
{
	return (struct span){ words, strlen(words) };
}

bool span_begins(struct span s, const char *words)
{
	size_t len = strlen(words);

	return s.len >= len && memcmp(s.at, words, len) == 0;
}

static void advance(struct span *s, size_t len)
{
	s->at += len;
	s->len -= len;
}

bool span_take(struct span *s, const char *words)
{
	if (!span_begins(*s, words))
		return false;
	advance(s, strlen(words));
	return true;
}

bool span_number(struct span *s, uint64_t most, uint64_t *value)
{
	struct span rest = *s;

	*value = 0;
	while (rest.len != 0 && *rest.at >= '0' && *rest.at <= '9') {
		uint64_t digit = (uint64_t)(*rest.at - '0');

		if (digit > most || *value > (most - digit) / 10)
			return false;
		*value = *value * 10 + digit;
		advance(&rest, 1);
	}
	if (rest.len == s->len)
		return false;
	*s = rest;
	return true;
}

struct span span_until(struct span *s, char letter)
{
	const char *end = s->len != 0 ? memchr(s->at, letter, s->len) : NULL;
	struct span before = { s->at, end != NULL ? (size_t)(end - s->at) : s->len };

	advance(s, before.len + (end != NULL));
	return before;
}

void span_skip(struct span *s, char letter)
{
	while (s->len != 0 && *s->at == letter)
		advance(s, 1);
}

static const uint8_t mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff }; /* RFC 4291 2.5.5.2 */

bool span_address(struct span s, struct address *ip)
{
	char words[INET6_ADDRSTRLEN];
	struct span zone = s, bare = span_until(&zone, '%'); /* RFC 4007: "fe80::1%eth0" */

	memset(ip, 0, sizeof(*ip));
	if (bare.len >= sizeof(words))
		return false;
	span_copy(bare, words, sizeof(words));
	if (inet_pton(AF_INET, words, ip->bytes) == 1) {
		ip->family = 4;
		return true;
	}
	if (inet_pton(AF_INET6, words, ip->bytes) != 1)
		return false;
	ip->family = 6;
	if (memcmp(ip->bytes, mapped, sizeof(mapped)) == 0) {
		memmove(ip->bytes, ip->bytes + sizeof(mapped), 4);
		memset(ip->bytes + 4, 0, sizeof(ip->bytes) - 4);
		ip->family = 4;
	}
	return true;
}

size_t span_copy(struct span s, char *out, size_t size)
{
	size_t len = s.len < size ? s.len : size - 1;

	if (len != 0)
		memcpy(out, s.at, len);
	out[len] = '\0';
	for (size_t i = 0; i < len; i++) {
		if (out[i] == '\0')
			out[i] = '?';
	}
	return len;
}
