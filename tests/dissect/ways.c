/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/dissect/ways.h"

#include <criterion/criterion.h>
#include <string.h>

#define PAYLOAD "53 53 48"
#define PAYLOAD_LEN 3
#define NAMES_MAX 256

static struct bytes frame_bytes(const struct way *way)
{
	struct bytes inner = bytes_join(hex(way->header), ipv4(6, tcp(TCP_ACK, "", hex(PAYLOAD))));

	return way->protocol != 0 ? ipv4(way->protocol, inner) : inner;
}

enum skip follow(const struct way *way, struct packet *packet, struct bytes *b)
{
	struct frame frame;
	enum skip why;

	*b = frame_bytes(way);
	frame = frame_of(way->link_type, *b);
	dissect(&frame, packet, &why);
	return why;
}

static void join_layers(const struct packet *packet, char joined[NAMES_MAX])
{
	joined[0] = '\0';
	for (uint8_t i = 0; i < packet->layers; i++) {
		strcat(joined, i == 0 ? "" : " ");
		strcat(joined, layer_name(packet->layer[i]));
	}
}

static void expect_way(const struct way *way)
{
	char layers[NAMES_MAX];
	struct packet packet;
	struct bytes b;
	enum skip why = follow(way, &packet, &b);

	cr_expect_str_eq(skip_name(why), way->why, "%s: %s", way->what, skip_name(why));
	if (why == SKIP_NONE) {
		join_layers(&packet, layers);
		cr_expect_str_eq(layers, way->layers, "%s: %s", way->what, layers);
		cr_expect_eq(packet.tcp.seq, TEST_SEQ, "%s", way->what);
		cr_expect_eq(packet.tcp.payload_len, PAYLOAD_LEN, "%s", way->what);
		cr_expect_eq(packet.src.port, TEST_SPORT, "%s", way->what);
	}
	bytes_free(b);
}

/* Used as soon as the TCP header is there; before that, the capture is to blame. */
static void expect_cuts(const struct way *way)
{
	struct bytes b = frame_bytes(way);
	bool used = strcmp(way->why, "none") == 0;

	for (size_t len = 0; len < b.len; len++) {
		struct bytes cut = bytes_copy(b.at, len);
		struct frame frame = frame_of(way->link_type, cut);
		struct packet packet;
		enum skip why;

		frame.wire_len = (uint32_t)b.len;
		dissect(&frame, &packet, &why);
		if (!used)
			cr_expect_neq(why, SKIP_NONE, "%s, %zu bytes", way->what, len);
		else
			cr_expect_eq(why, len + PAYLOAD_LEN < b.len ? SKIP_cut : SKIP_NONE,
				     "%s, %zu bytes: %s", way->what, len, skip_name(why));
		frame.wire_len = 0; /* the same without a capture to blame */
		dissect(&frame, &packet, &why);
		cr_expect_neq(why, SKIP_NONE, "%s, %zu bytes", way->what, len);
		bytes_free(cut);
	}
	bytes_free(b);
}

void expect_ways(const struct way *way, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		expect_way(&way[i]);
		expect_cuts(&way[i]);
	}
}

uint64_t tunnel_of(const struct way *way, bool turned)
{
	struct bytes b = frame_bytes(way);
	struct frame frame;
	struct packet packet;
	enum skip why;

	if (turned) {
		put_u32(b, 12, 0xc6336402);
		put_u32(b, 16, 0xc0000201);
	}
	frame = frame_of(way->link_type, b);
	cr_assert_eq(dissect(&frame, &packet, &why), DISSECT_OK, "%s", way->what);
	bytes_free(b);
	return packet.tunnel;
}
