/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Observations that many causes ask for, always in the same words: commands that run as they stand,
 * with this connection's addresses, port and time.
 */
#include <stdio.h>
#include <string.h>

#include "classify/inside.h"

/* RFC 1918, RFC 6598, RFC 4193: behind a NAT the other end knows this one by another address. */
static bool is_private(const struct address *ip)
{
	const uint8_t *b = ip->bytes;

	if (ip->family == 6)
		return (b[0] & 0xfe) == 0xfc;
	return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168) ||
	       (b[0] == 100 && (b[1] & 0xc0) == 64);
}

/*
 * Clear text is in the first 2000 octets of a frame. ICMP is captured whole: it names neither end as
 * its sender.
 */
void settle_capture(const struct facts *f, struct verdict *v, enum where where, const char *words)
{
	const struct address *other = where == WHERE_SERVER ? &f->client.ip : &f->server.ip;
	struct names n = names_of(f);
	char host[64] = "";

	if (!is_private(other))
		snprintf(host, sizeof(host), " and host %s",
			 where == WHERE_SERVER ? n.client_ip : n.server_ip);
	settle(v, words, "tcpdump -ni any -s 2000 -w %s.pcap '(tcp port %u%s) or icmp or icmp6'",
	       where_name(where), f->server.port, host);
}

/* Clocks of hosts differ, and a log line is written before or after the segment. */
#define LOG_AROUND_NS (60 * NS_PER_S)

static void add_minutes(char *out, size_t size, int64_t time_ns)
{
	struct text t = text_in(out, size);

	clock_add_utc(&t, time_ns);
}

void settle_log(const struct facts *f, struct verdict *v, const char *words, const char *units,
		const char *filter)
{
	char since[32], until[32];

	add_minutes(since, sizeof(since), f->end.time_ns - LOG_AROUND_NS);
	add_minutes(until, sizeof(until), f->end.time_ns + LOG_AROUND_NS);
	settle(v, words, "journalctl%s --since '%s' --until '%s'%s%s", units, since, until,
	       filter[0] != '\0' ? " | " : "", filter);
}

/* The server's sshd is among those who said something: nobody is to be sent to its log again. */
static bool server_log_was_read(const struct facts *f)
{
	for (uint8_t i = 0; f->noted != NULL && i < f->noted->count; i++) {
		const struct noted *n = &f->noted->at[i];

		if (n->side == NOTE_OF_SERVER && strncmp(n->note->process, "sshd", 4) == 0)
			return true;
	}
	return false;
}

void settle_server_log(const struct facts *f, struct verdict *v, const char *words,
		       const char *filter)
{
	if (server_log_was_read(f))
		return;
	settle_log(f, v, words, " -u ssh -u sshd", filter);
}
