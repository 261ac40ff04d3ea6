/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way of a frame: one header after another, from the link to TCP or to an ICMP error about TCP.
 * Each step reads its header once through the cursor and says which one is next. Nothing is deep
 * without a name, and PACKET_LAYERS bounds the names: so the walk ends.
 */
#include "dissect/dissect.h"

#include <assert.h>

#include "dissect/fragments.h"

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

static enum skip (*const steps[HEADER_COUNT])(struct walk *) = {
#define HEADER(id) [HEADER_##id] = take_##id,
#include "dissect/headers.def"
#undef HEADER
};

enum skip walk_name(struct walk *walk, enum layer layer)
{
	if (walk->packet->layers == PACKET_LAYERS)
		return SKIP_too_deep;
	walk->packet->layer[walk->packet->layers++] = (uint8_t)layer;
	return SKIP_NONE;
}

enum skip walk_until(struct walk *walk, enum header stop)
{
	enum skip why = SKIP_NONE;

	while (why == SKIP_NONE && walk->next != HEADER_none && walk->next != stop)
		why = steps[walk->next](walk);
	return why;
}

enum skip walk_through(struct walk *walk)
{
	return walk_until(walk, HEADER_none);
}

struct walk walk_begin(const struct frame *frame, struct packet *packet)
{
	*packet = (struct packet){
		.mark = { .number = frame->number, .input = frame->input },
		.time_ns = frame->time_ns,
	};
	return (struct walk){
		.part = {
			.at = cursor_over(frame->bytes, frame->len),
			/* A wire length below the captured one is a lie: nothing is missing then. */
			.missing = frame->wire_len > frame->len ? frame->wire_len - frame->len : 0,
		},
		.next = HEADER_link,
		.link_type = frame->link_type,
		.packet = packet,
	};
}

enum dissect_result dissect(const struct frame *frame, struct packet *packet, enum skip *why)
{
	struct walk walk = walk_begin(frame, packet);

	*why = walk_through(&walk);
	return skips[*why].result;
}

enum dissect_result dissect_joined(struct fragments *fragments, const struct frame *frame,
				   struct packet *packet, enum skip *why)
{
	struct walk walk;

	fragments_next(fragments, frame->time_ns);
	if (plain_read(frame, packet, why))
		return skips[*why].result;
	walk = walk_begin(frame, packet);
	*why = walk_through(&walk);
	/* A whole datagram may hold a tunnel, and that a fragment; the names of layers bound it. */
	while (*why == SKIP_fragment) {
		*why = fragments_add(fragments, &walk);
		if (*why != SKIP_NONE)
			break;
		*why = walk_through(&walk);
	}
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
