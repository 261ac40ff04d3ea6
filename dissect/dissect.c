/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way of a frame: link header and tags, IP headers, then TCP or an ICMP error about TCP. Each
 * step reads its header once through the cursor and leaves the rest to the next.
 */
#include "dissect/dissect.h"

#include <assert.h>

#include "dissect/inside.h"

static const struct {
	enum dissect_result result;
	const char *name, *text;
} skips[SKIP_COUNT] = {
	[SKIP_NONE] = { DISSECT_OK, "none", "used" },
#define SKIP(id, result, text) [SKIP_##id] = { result, #id, text },
#include "dissect/skips.def"
#undef SKIP
};

static const char *const layers[LAYER_COUNT] = {
#define LAYER(id, words) [LAYER_##id] = #id,
#include "dissect/layers.def"
#undef LAYER
};

static void keep_ip(const struct ip *ip, struct packet *packet)
{
	packet->src.ip = ip->src;
	packet->dst.ip = ip->dst;
	packet->ttl = ip->ttl;
	packet->tos = ip->tos;
	packet->has_ip_id = ip->has_id;
	packet->ip_id = ip->id;
	packet->df = ip->df;
}

static enum skip read_frame(const struct frame *frame, struct packet *packet)
{
	/* A wire length below the captured one is a lie of the file: nothing is missing then. */
	struct part part = {
		.at = cursor_over(frame->bytes, frame->len),
		.missing = frame->wire_len > frame->len ? frame->wire_len - frame->len : 0,
	};
	enum skip why = link_read(frame, &part, packet);
	struct ip ip;

	if (why == SKIP_NONE)
		why = ip_read(&part, &ip);
	if (why != SKIP_NONE)
		return why;
	keep_ip(&ip, packet);
	if (ip.protocol == IP_PROTOCOL_TCP)
		return tcp_read(&part, packet);
	if (ip.protocol == (ip.src.family == 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6))
		return icmp_read(&part, &ip, packet);
	return SKIP_not_tcp;
}

enum dissect_result dissect(const struct frame *frame, struct packet *packet, enum skip *why)
{
	*packet = (struct packet){
		.mark = { .number = frame->number, .input = frame->input },
		.time_ns = frame->time_ns,
	};
	*why = read_frame(frame, packet);
	return skips[*why].result;
}

const char *skip_name(enum skip why)
{
	assert(why < SKIP_COUNT);
	return skips[why].name;
}

const char *skip_text(enum skip why)
{
	assert(why < SKIP_COUNT);
	return skips[why].text;
}

const char *layer_name(uint8_t layer)
{
	assert(layer < LAYER_COUNT);
	return layers[layer];
}
