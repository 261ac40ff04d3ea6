/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The model of a Linux host: what it writes into the headers of a segment, and what it knows when
 * it does. A host has received what passed the capture point early enough to have reached it:
 *
 *   client ---- near ---- capture ---- far ---- server
 *
 * a segment seen at time t is with the server at t + far; one of the server's seen at u left it at
 * u - far. So the server knew of the first when it sent the second if t + 2 * far <= u.
 */
#include "samples/inside.h"

#include <assert.h>
#include <netinet/tcp.h>

#include "samples/engine.h"

#define PATH_HOPS 7
#define TTL_LINUX 64
#define TOS_INTERACTIVE 0x48 /* IPQoS af21; ssh sets it before connect(), sshd after login */
#define ECN_MASK 0x03
#define WSCALE 7

struct place {
	uint32_t away_us;
	uint8_t hops;
};

/* By vantage, then end: a path of 7 routers and a round trip of 30 ms. */
static const struct place places[][2] = {
	[AT_CLIENT] = { { 0, 0 }, { 15000, PATH_HOPS } },
	[IN_THE_MIDDLE] = { { 7000, 3 }, { 8000, PATH_HOPS - 3 } },
	[AT_SERVER] = { { 15000, PATH_HOPS }, { 0, 0 } },
};

/* Linux' first windows for an MTU of 1500, and those of an established session after >> WSCALE. */
static const uint16_t syn_window[2] = { 64240, 65160 };
static const uint16_t window[2] = { 64256 >> WSCALE, 65152 >> WSCALE };

int64_t maker_away_us(const struct scenario *scenario, const struct step *step)
{
	return step->by_box ? scenario->box.away_us : places[scenario->vantage][step->from].away_us;
}

uint8_t maker_hops(const struct scenario *scenario, const struct step *step)
{
	return step->by_box ? scenario->box.hops : places[scenario->vantage][step->from].hops;
}

/*
 * Initial sequence number, IP ID (inet_id), timestamp offset and flow label are random for each
 * connection. A client of OpenSSH marks its packets from the SYN on.
 */
void host_start(struct play *play, struct half *half, enum end side)
{
	half->isn = dice_u32(&play->dice);
	half->next = half->isn;
	half->ip_id = (uint16_t)dice_u32(&play->dice);
	half->clock_offset = dice_u32(&play->dice);
	half->flow_label = dice_u32(&play->dice) & 0xfffff;
	half->marked = side == CLIENT;
}

/* Whether the step's side has this segment of the other side by now. */
static bool has_arrived(const struct play *play, const struct step *step, const struct sent *sent)
{
	int64_t away_us = places[play->scenario->vantage][step->from].away_us;

	return !sent->lost && sent->time_us + 2 * away_us <= play->now_us;
}

/* RCV.NXT (RFC 9293 section 3.3.1) of the step's side: the end of what it has without a hole. */
static uint32_t receive_next(const struct play *play, const struct step *step)
{
	const struct half *other = &play->half[step->conn][!step->from];
	uint32_t next = other->isn;
	size_t i = 0;

	while (i < other->count) {
		const struct sent *sent = &other->sent[i];

		i++;
		if (!has_arrived(play, step, sent) || (int32_t)(sent->segment.seq - next) > 0 ||
		    (int32_t)(sent->end - next) <= 0)
			continue;
		next = sent->end;
		i = 0; /* it may have filled a hole before others */
	}
	return next;
}

/* RFC 2018: the last stretch behind a hole that has arrived, if any. */
static void tell_of_hole(const struct play *play, const struct step *step, struct segment *segment)
{
	const struct half *other = &play->half[step->conn][!step->from];

	for (size_t i = 0; i < other->count; i++) {
		const struct sent *sent = &other->sent[i];

		if (!has_arrived(play, step, sent) || sent->segment.payload_len == 0 ||
		    (int32_t)(sent->segment.seq - segment->ack) <= 0)
			continue;
		if (sent->segment.seq != segment->sack[1])
			segment->sack[0] = sent->segment.seq;
		segment->sack[1] = sent->end;
	}
}

/* Timestamp to echo (RFC 7323 section 4.3), without its finer points: the last that arrived. */
static uint32_t last_tsval(const struct play *play, const struct step *step)
{
	const struct half *other = &play->half[step->conn][!step->from];

	for (size_t i = other->count; i > 0; i--) {
		if (has_arrived(play, step, &other->sent[i - 1]))
			return other->sent[i - 1].segment.tsval;
	}
	return 0;
}

const struct sent *host_unacknowledged(struct play *play, const struct step *step)
{
	const struct half *half = &play->half[step->conn][step->from];
	const struct half *other = &play->half[step->conn][!step->from];
	uint32_t acknowledged = half->isn;
	size_t first = 0;

	for (size_t i = 0; i < other->count; i++) {
		const struct segment *segment = &other->sent[i].segment;

		if ((segment->flags & TH_ACK) != 0 && has_arrived(play, step, &other->sent[i]) &&
		    (int32_t)(segment->ack - acknowledged) > 0)
			acknowledged = segment->ack;
	}
	while (first < half->count && (int32_t)(half->sent[first].end - acknowledged) <= 0)
		first++;
	assert(first < half->count);
	return &half->sent[first];
}

const struct sent *host_trigger(struct play *play, const struct step *step)
{
	const struct half *other = &play->half[step->conn][!step->from];

	assert(other->count > step->answers);
	return &other->sent[other->count - 1 - step->answers];
}

/* tcp_options_write() and ip_queue_xmit(): what the socket puts into each of its segments. */
static void fill_socket(struct play *play, const struct step *step, struct segment *segment)
{
	struct half *half = &play->half[step->conn][step->from];
	int64_t left_us = play->now_us - maker_away_us(play->scenario, step);
	bool syn = (segment->flags & TH_SYN) != 0;
	bool syn_ack = syn && (segment->flags & TH_ACK) != 0;

	segment->seq = half->next;
	segment->ack = (segment->flags & TH_ACK) != 0 ? receive_next(play, step) : 0;
	segment->options = syn ? SYN_OPTIONS : TIMESTAMP_OPTION;
	if (!syn && (segment->flags & TH_ACK) != 0)
		tell_of_hole(play, step, segment);
	segment->tsval = (uint32_t)(left_us / 1000) + half->clock_offset;
	segment->tsecr = last_tsval(play, step);
	segment->window = syn ? syn_window[step->from] : window[step->from];
	/* A SYN-ACK is sent before there is a socket with a counter. */
	segment->ip_id = syn_ack ? 0 : half->ip_id++;
	segment->tos = half->marked ? TOS_INTERACTIVE : 0;
	segment->flow_label = half->flow_label;
}

/* RFC 9293 section 3.10.7.1, and what Linux' kernel and netfilter agree on: all else stays 0. */
static void fill_answer(struct play *play, const struct step *step, struct segment *segment)
{
	const struct sent *trigger = host_trigger(play, step);

	if ((trigger->segment.flags & TH_ACK) != 0) {
		segment->flags = TH_RST;
		segment->seq = trigger->segment.ack;
	} else {
		segment->flags = TH_RST | TH_ACK;
		segment->ack = trigger->end;
	}
	if (step->reset == BY_KERNEL)
		segment->tos = (uint8_t)(trigger->segment.tos & ~ECN_MASK);
}

/* libnet-based rejecters fill in both numbers and copy the window of what they saw. */
static void fill_forged(struct play *play, const struct step *step, struct segment *segment)
{
	segment->flags = TH_RST | TH_ACK;
	segment->seq = play->half[step->conn][step->from].next;
	segment->ack = play->half[step->conn][!step->from].next;
	segment->window = host_trigger(play, step)->segment.window;
	segment->ip_id = (uint16_t)dice_u32(&play->dice);
	segment->df = false;
}

static void fill_as_told(const struct step *step, struct segment *segment)
{
	segment->seq += step->beyond;
	if (step->ttl != 0)
		segment->ttl = step->ttl;
	if (step->tos != 0)
		segment->tos = (uint8_t)(step->tos - 1);
	if (step->window != 0)
		segment->window = (uint16_t)(step->window - 1);
}

void host_fill(struct play *play, const struct step *step, struct segment *segment)
{
	segment->to_server = step->from == CLIENT;
	segment->ipv6 = play->scenario->ipv6;
	segment->source = engine_address(play->scenario, step->from);
	segment->destination = engine_address(play->scenario, !step->from);
	segment->source_port = engine_port(step->conn, step->from);
	segment->destination_port = engine_port(step->conn, !step->from);
	segment->ttl = (uint8_t)(TTL_LINUX - maker_hops(play->scenario, step));
	segment->df = true;

	switch (step->reset) {
	case BY_SOCKET:
		fill_socket(play, step, segment);
		break;
	case BY_KERNEL:
	case BY_FILTER:
		fill_answer(play, step, segment);
		break;
	case BY_FORGER:
		fill_forged(play, step, segment);
		break;
	}
	fill_as_told(step, segment);
}
