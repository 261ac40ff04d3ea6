/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A connection without the names of its owners. It is done here, before anything is judged or written,
 * so that no sentence, command, filter or picture that is made later can know them.
 *
 * Numbers stay: ports, times, TTLs, sequence numbers and VLANs tell of the machine and not whose it is.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "base/text.h"
#include "track/inside.h"

static void redact_address(const struct pseudonyms *p, struct address *address)
{
	if (address->family == 4)
		pseudonym_ipv4(p, address->bytes);
	else if (address->family == 6)
		pseudonym_ipv6(p, address->bytes);
}

/* ---- what a proxy was asked for: it was written down as ADDRESS:PORT, [ADDRESS]:PORT or NAME:PORT ---- */

static bool parse_address(const char *text, struct address *address)
{
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, address->bytes) == 1)
		address->family = 4;
	else if (inet_pton(AF_INET6, text, address->bytes) == 1)
		address->family = 6;
	return address->family != 0;
}

/* Where the port begins, with its colon; the length when there is none, as in a name that was cut. */
static size_t port_at(const char *text, size_t len)
{
	size_t at = len;

	while (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9')
		at--;
	return at > 0 && at < len && text[at - 1] == ':' ? at - 1 : len;
}

static void redact_target(const struct pseudonyms *p, struct ssh *ssh)
{
	char host[SSH_TARGET_MAX + 1], buffer[SSH_TARGET_MAX + 1];
	size_t len = ssh->prelude_target.len, port = port_at(ssh->prelude_target.at, len);
	size_t bracket = port > 1 && ssh->prelude_target.at[0] == '[';
	struct text t = text_in(buffer, sizeof(buffer));
	struct endpoint at = { .port = 0 };

	memcpy(host, ssh->prelude_target.at + bracket, port - 2 * bracket);
	host[port - 2 * bracket] = '\0';
	if (port == len || !parse_address(host, &at.ip)) {
		pseudonym_words(p, ssh->prelude_target.at, port);
		return;
	}
	memcpy(host, ssh->prelude_target.at + port, len - port);
	host[len - port] = '\0';
	at.port = (uint16_t)strtoul(host + 1, NULL, 10);
	redact_address(p, &at.ip);
	endpoint_add(&t, &at);
	ssh->prelude_target.len = (uint16_t)t.len;
	memcpy(ssh->prelude_target.at, buffer, t.len);
}

/* ---- the whole ---- */

void conn_redact(const struct pseudonyms *p, const struct conn *conn, struct conn *copy)
{
	*copy = *conn;
	for (enum side side = CLIENT; side <= SERVER; side++)
		redact_address(p, &copy->peer[side].at.ip);
	redact_address(p, &copy->icmp.from);
	redact_target(p, &copy->ssh);
	ssh_redact(p, &copy->ssh);
}
