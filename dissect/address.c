/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>

#include "dissect/packet.h"

void address_add(struct text *t, const struct address *ip)
{
	const uint8_t *b = ip->bytes;
	char out[INET6_ADDRSTRLEN] = "unknown";

	if (ip->family == 4) {
		text_add(t, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
		return;
	}
	if (ip->family == 6)
		inet_ntop(AF_INET6, ip->bytes, out, sizeof(out));
	text_add(t, "%s", out);
}

void endpoint_add(struct text *t, const struct endpoint *end)
{
	bool brackets = end->ip.family == 6;

	text_add(t, brackets ? "[" : "");
	address_add(t, &end->ip);
	text_add(t, "%s:%u", brackets ? "]" : "", end->port);
}
