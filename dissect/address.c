/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>

#include "dissect/packet.h"

void address_add(struct text *t, const struct address *ip)
{
	const uint8_t *b = ip->bytes;
	char out[INET6_ADDRSTRLEN] = "unknown";

	if (ip->family == 4) {
		for (int i = 0; i < 4; i++) {
			text_add_bytes(t, ".", i != 0);
			text_add_digits(t, b[i], 1);
		}
		return;
	}
	if (ip->family == 6)
		inet_ntop(AF_INET6, ip->bytes, out, sizeof(out));
	text_add(t, "%s", out);
}

void endpoint_add(struct text *t, const struct endpoint *end)
{
	bool brackets = end->ip.family == 6;

	text_add_bytes(t, "[", brackets);
	address_add(t, &end->ip);
	text_add_bytes(t, "]:" + !brackets, 1U + brackets);
	text_add_digits(t, end->port, 1);
}
