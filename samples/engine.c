/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Plays the steps in order. A step's time is the earliest at which its maker can have answered what
 * the other side sent last, plus what the step asks for, plus a little chance; its payload is cut
 * into segments; hosts.c fills in the headers.
 */
#include "samples/engine.h"

#include <assert.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "samples/inside.h"
#include "samples/pcap_file.h"

#define START_US 1709629200000000 /* 2024-03-05 09:00:00 UTC */
#define NEXT_SEGMENT_US 20
#define JITTER_US 200
#define IPV6_EXTRA_LEN 20 /* its header is that much longer than IPv4's */
#define FRAME_MIN 60      /* IEEE 802.3, without the checksum */
#define MESSAGE_MAX ((size_t)4 * PAYLOAD_MAX)
#define TTL_BOX 64
#define IP_ID_BOX 0x6b1f

const char *engine_address(const struct scenario *scenario, enum end side)
{
	/* RFC 5737 and RFC 3849: addresses for documentation. */
	static const char *const addresses[2][2] = {
		{ "198.51.100.7", "203.0.113.22" },
		{ "2001:db8:51::7", "2001:db8:113::22" },
	};

	return addresses[scenario->ipv6][side];
}

uint16_t engine_port(uint8_t conn, enum end side)
{
	return side == SERVER ? 22 : (uint16_t)(51234 + 2 * conn);
}

/* The letters stand in the order of their bits in the header, FIN the lowest. */
static uint8_t flag_bits(const struct step *step, bool has_payload)
{
	static const char letters[] = "FSRP.";
	const char *flags = step->flags;
	unsigned int bits = 0;

	if (flags == NULL)
		flags = has_payload ? "P." : ".";
	for (; *flags != '\0'; flags++) {
		assert(strchr(letters, *flags) != NULL);
		bits |= 1u << (strchr(letters, *flags) - letters);
	}
	return (uint8_t)bits;
}

static size_t make_payload(struct play *play, const struct step *step, uint8_t out[MESSAGE_MAX])
{
	const struct ssh_packet packet = { step->ssh, step->from == CLIENT, step->kex,
					   &play->host_key };
	size_t len = step->text != NULL ? strlen(step->text) : 0;

	if (len != 0)
		memcpy(out, step->text, len);
	len += ssh_packet(&packet, &play->dice, out + len, MESSAGE_MAX - len);
	assert(len + step->encrypted <= MESSAGE_MAX);
	dice_bytes(&play->dice, out + len, step->encrypted);
	return len + step->encrypted;
}

/* Moves the clock to the time at which the step's (first) segment passes the capture point. */
static void advance(struct play *play, const struct step *step)
{
	const struct half *other = &play->half[step->conn][!step->from];
	int64_t due = play->now_us + NEXT_SEGMENT_US;

	if (!step->unprompted && other->count > step->answers) {
		int64_t answer =
			host_trigger(play, step)->time_us + 2 * maker_away_us(play->scenario, step);

		due = answer > due ? answer : due;
	}
	play->now_us = due + (int64_t)(dice_u32(&play->dice) % JITTER_US) +
		       (int64_t)step->after_ms * 1000 + (int64_t)step->silence_s * 1000000;
}

/* Ethernet pads what comes over a wire; the capturing host sees its own frames before that. */
static int write_frame(struct play *play, const struct step *step, uint8_t frame[FRAME_MAX],
		       size_t len)
{
	static const enum hides hidden[2] = { HIDES_CLIENT, HIDES_SERVER };

	if (len == 0)
		return -1;
	if (!play->capturing || hidden[step->from] == play->scenario->hides)
		return 0;
	if (len < FRAME_MIN && maker_hops(play->scenario, step) != 0) {
		memset(frame + len, 0, FRAME_MIN - len);
		len = FRAME_MIN;
	}
	return pcap_file_add(play->out, play->now_us, frame, len);
}

static int play_icmp(struct play *play, const struct step *step)
{
	const struct box *box = &play->scenario->box;
	struct segment about = host_trigger(play, step)->segment;
	const struct unreachable icmp = {
		.source = "192.0.2.254",
		.code = (uint8_t)(step->icmp - 1),
		.ttl = (uint8_t)(TTL_BOX - box->hops),
		.ip_id = IP_ID_BOX,
		.about = &about,
	};
	uint8_t frame[FRAME_MAX];

	about.ttl = (uint8_t)(about.ttl - box->hops);
	return write_frame(play, step, frame, packets_unreachable(play->net, &icmp, frame));
}

/* What its host remembers of a segment: numbers to go on from, bytes to send again. */
static void remember(struct play *play, const struct step *step, const struct segment *segment)
{
	struct half *half = &play->half[step->conn][step->from];
	struct sent *sent = &half->sent[half->count];
	uint32_t len = segment->payload_len;

	if (step->by_box || step->reset != BY_SOCKET)
		return;
	assert(half->count < SEGMENTS_MAX);
	half->count++;
	len += (segment->flags & TH_SYN) != 0;
	len += (segment->flags & TH_FIN) != 0;
	sent->segment = *segment;
	sent->segment.payload = sent->data;
	if (segment->payload_len != 0)
		memcpy(sent->data, segment->payload, segment->payload_len);
	sent->end = segment->seq + len;
	sent->time_us = play->now_us;
	sent->lost = step->lost;
	/* A probe goes one octet back. */
	if (!step->again && (int32_t)(sent->end - half->next) > 0)
		half->next = sent->end;
}

static int play_segment(struct play *play, const struct step *step, struct segment *segment)
{
	uint8_t frame[FRAME_MAX];

	host_fill(play, step, segment);
	if (step->again)
		segment->seq = host_unacknowledged(play, step)->segment.seq;
	remember(play, step, segment);
	return write_frame(play, step, frame, packets_segment(play->net, segment, frame));
}

static int play_again(struct play *play, const struct step *step)
{
	const struct segment *old = &host_unacknowledged(play, step)->segment;
	struct segment segment = {
		.flags = old->flags,
		.payload = old->payload,
		.payload_len = old->payload_len,
	};

	return play_segment(play, step, &segment);
}

/* The step's payload in segments: PSH and FIN stand on the last. */
static int play_payload(struct play *play, const struct step *step)
{
	size_t max = PAYLOAD_MAX - (play->scenario->ipv6 ? IPV6_EXTRA_LEN : 0);
	uint8_t payload[MESSAGE_MAX];
	size_t len = make_payload(play, step, payload);
	uint8_t flags = flag_bits(step, len != 0);
	size_t done = 0;

	do {
		size_t part = len - done < max ? len - done : max;
		struct segment segment = { .payload_len = (uint16_t)part };

		segment.payload = payload + done;
		done += part;
		segment.flags = done == len ? flags : flags & (uint8_t) ~(TH_PUSH | TH_FIN);
		if (play_segment(play, step, &segment) < 0)
			return -1;
		play->now_us += done == len ? 0 : NEXT_SEGMENT_US;
	} while (done < len);
	return 0;
}

static int play_step(struct play *play, const struct step *step)
{
	struct half *half = &play->half[step->conn][step->from];

	if (half->sent == NULL) {
		half->sent = xcalloc(SEGMENTS_MAX, sizeof(*half->sent));
		host_start(play, half, step->from);
	}
	half->marked |= step->marks;
	play->capturing |= step->capture_starts;
	advance(play, step);
	if (step->icmp != 0)
		return play_icmp(play, step);
	return step->again ? play_again(play, step) : play_payload(play, step);
}

/* Plays the rows that a step's times and rows span; returns how many those are, or -1. */
static int play_rows(struct play *play, const struct step *step)
{
	int times = step->times != 0 ? step->times : 1;
	int rows = step->rows != 0 ? step->rows : 1;

	for (int i = 0; i < times * rows; i++) {
		if (play_step(play, &step[i % rows]) < 0)
			return -1;
	}
	return rows;
}

static bool starts_late(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->step_count; i++) {
		if (scenario->steps[i].capture_starts)
			return true;
	}
	return false;
}

int engine_play(const struct scenario *scenario, const char *name, struct libnet_context *net,
		FILE *out)
{
	struct play play = {
		.scenario = scenario,
		.dice = dice_for(name),
		.now_us = START_US,
		.capturing = !starts_late(scenario),
		.net = net,
		.out = out,
	};
	int rows = pcap_file_start(out);

	for (size_t i = 0; rows >= 0 && i < scenario->step_count; i += (size_t)rows)
		rows = play_rows(&play, &scenario->steps[i]);
	for (int conn = 0; conn < CONNECTIONS_MAX; conn++) {
		free(play.half[conn][CLIENT].sent);
		free(play.half[conn][SERVER].sent);
	}
	return rows < 0 ? -1 : 0;
}
