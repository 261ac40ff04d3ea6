/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sequence numbers only move forward (modulo 2^32), so that retransmissions and keep-alive probes do
 * not lead the forger astray; all else is as the last segment had it.
 */
#include "samples/lab/forge_flow.h"

#include <netinet/in.h>
#include <string.h>

#include "base/cursor.h"

#define FLAG_FIN 0x01
#define FLAG_SYN 0x02
#define FLAG_RST 0x04
#define FLAG_ACK 0x10
#define OPTION_END 0
#define OPTION_NOP 1
#define OPTION_WINDOW_SCALE 3
#define OPTION_TIMESTAMPS 8
#define WINDOW_SCALE_MAX 14 /* RFC 7323 section 2.3 */
#define FRAGMENT_OFFSET 0x1fff
#define IPV4_MIN 20u
#define TCP_MIN 20u

struct segment {
	uint8_t source[16];
	uint16_t source_port;
	uint16_t ip_id;
	uint8_t ttl, tos;
	uint32_t tcp_len; /* header and payload */
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window;
	uint32_t payload_len;
	bool has_scale, has_timestamps;
	uint8_t window_scale;
	uint32_t tsval;
};

static bool read_ipv4(struct cursor *c, struct segment *s)
{
	uint32_t header_len = (cursor_u8(c) & 0xfu) * 4;
	uint32_t total_len;
	bool first_fragment, tcp;

	s->tos = cursor_u8(c);
	total_len = cursor_u16(c);
	s->ip_id = cursor_u16(c);
	first_fragment = (cursor_u16(c) & FRAGMENT_OFFSET) == 0;
	s->ttl = cursor_u8(c);
	tcp = cursor_u8(c) == IPPROTO_TCP;
	cursor_skip(c, 2);
	cursor_copy(c, s->source, 4);
	cursor_skip(c, 4);
	if (header_len < IPV4_MIN || total_len < header_len)
		return false;
	cursor_skip(c, header_len - IPV4_MIN);
	s->tcp_len = total_len - header_len;
	return first_fragment && tcp;
}

/* SSH hosts send no extension headers. */
static bool read_ipv6(struct cursor *c, struct segment *s)
{
	bool tcp;

	s->tos = (uint8_t)(cursor_u32(c) >> 20);
	s->tcp_len = cursor_u16(c);
	tcp = cursor_u8(c) == IPPROTO_TCP;
	s->ttl = cursor_u8(c);
	cursor_copy(c, s->source, 16);
	cursor_skip(c, 16);
	return tcp;
}

static void read_option(struct cursor *option, uint8_t kind, struct segment *s)
{
	if (kind == OPTION_WINDOW_SCALE) {
		s->window_scale = cursor_u8(option);
		s->has_scale = !option->short_read;
	} else if (kind == OPTION_TIMESTAMPS) {
		s->tsval = cursor_u32(option);
		s->has_timestamps = !option->short_read;
	}
}

static void read_options(struct cursor *c, struct segment *s)
{
	while (cursor_left(c) != 0) {
		uint8_t kind = cursor_u8(c), len;
		struct cursor option;

		if (kind == OPTION_END)
			return;
		if (kind == OPTION_NOP)
			continue;
		len = cursor_u8(c);
		if (len < 2)
			return;
		option = cursor_slice(c, len - 2u);
		read_option(&option, kind, s);
	}
}

static bool read_tcp(struct cursor *c, struct segment *s)
{
	uint32_t header_len;
	struct cursor options;

	s->source_port = cursor_u16(c);
	cursor_skip(c, 2);
	s->seq = cursor_u32(c);
	s->ack = cursor_u32(c);
	header_len = (cursor_u8(c) >> 4) * 4u;
	s->flags = cursor_u8(c);
	s->window = cursor_u16(c);
	cursor_skip(c, 4);
	if (c->short_read || header_len < TCP_MIN || header_len > s->tcp_len)
		return false;
	options = cursor_slice(c, header_len - TCP_MIN);
	read_options(&options, s);
	s->payload_len = s->tcp_len - header_len;
	return !c->short_read;
}

static bool read_segment(const uint8_t *ip, size_t len, int family, struct segment *s)
{
	struct cursor c = cursor_over(ip, len);
	uint8_t version = len != 0 ? ip[0] >> 4 : 0;

	if (version != (family == AF_INET ? 4 : 6))
		return false;
	return (version == 4 ? read_ipv4(&c, s) : read_ipv6(&c, s)) && read_tcp(&c, s);
}

static bool came_from(const struct segment *s, const struct address *address)
{
	size_t len = address->family == AF_INET ? 4 : 16;

	return s->source_port == address->port && memcmp(s->source, address->ip, len) == 0;
}

static bool is_later(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) > 0;
}

static void learn_tcp(struct half *half, const struct segment *s)
{
	uint32_t end = s->seq + s->payload_len + ((s->flags & FLAG_SYN) != 0) +
		       ((s->flags & FLAG_FIN) != 0);

	if (!half->seen || is_later(end, half->next))
		half->next = end;
	if ((s->flags & FLAG_ACK) != 0 && (!half->acknowledges || is_later(s->ack, half->ack))) {
		half->ack = s->ack;
		half->acknowledges = true;
	}
	if ((s->flags & FLAG_SYN) != 0) {
		half->syn_seen = true;
		half->scaled = s->has_scale;
		half->window_scale = s->window_scale;
		if (half->window_scale > WINDOW_SCALE_MAX)
			half->window_scale = WINDOW_SCALE_MAX;
	}
	half->window = s->window;
	half->timestamps = s->has_timestamps;
	half->tsval = s->tsval;
	half->seen = true;
}

void flow_see(struct flow *flow, const uint8_t *ip, size_t len, bool leaving)
{
	struct segment s = { 0 };
	enum end from;
	struct half *half;

	if (!read_segment(ip, len, flow->address[CLIENT].family, &s) || (s.flags & FLAG_RST) != 0)
		return;
	if (came_from(&s, &flow->address[CLIENT]))
		from = CLIENT;
	else if (came_from(&s, &flow->address[SERVER]))
		from = SERVER;
	else
		return;
	if ((s.flags & (FLAG_SYN | FLAG_ACK)) == FLAG_SYN)
		memset(flow->half, 0, sizeof(flow->half)); /* the ports are used again */
	half = &flow->half[from];
	learn_tcp(half, &s);
	half->ttl = leaving || s.ttl == 0 ? s.ttl : (uint8_t)(s.ttl - 1);
	half->tos = s.tos;
	half->ip_id = s.ip_id;
	flow->payload[from] += s.payload_len;
}

/*
 * RFC 5961 section 3.2: a reset works only with exactly the number that its receiver expects next.
 * That is what follows the last of the sender that passed here, acknowledged or not: on its way to
 * the receiver it is ahead of our reset. If a segment before it was lost, the receiver expects less,
 * but Linux takes the end of what it has acknowledged selectively too (tcp_validate_incoming()).
 * Only where we saw less of the sender than the receiver did, the receiver's word is the newer one.
 */
bool flow_expects(const struct flow *flow, enum end end, uint32_t *seq)
{
	const struct half *sender = &flow->half[!end], *receiver = &flow->half[end];

	if (!sender->seen && !receiver->acknowledges)
		return false;
	if (!sender->seen || (receiver->acknowledges && is_later(receiver->ack, sender->next)))
		*seq = receiver->ack;
	else
		*seq = sender->next;
	return true;
}

/* RFC 7323 section 2.2: a scale holds only if both SYNs had one. */
uint32_t flow_window(const struct flow *flow, enum end end)
{
	const struct half *half = &flow->half[end], *other = &flow->half[!end];

	if (!half->syn_seen || !other->syn_seen)
		return 0;
	if (!half->scaled || !other->scaled)
		return half->window;
	return (uint32_t)half->window << half->window_scale;
}
