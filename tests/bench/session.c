/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A session plays the frames of its recording: head, middle, tail. The tail's numbers move on by what
 * was said in the middle: sequence and acknowledgment numbers, timestamps, IP IDs.
 */
#include "tests/bench/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "tests/bench/middle.h"

#define FIRST_PORT 51234
#define FLAG_ACK 0x10
#define FLAG_PSH 0x08

/* TCP's timestamps of samples/ count milliseconds. */
#define US_PER_TICK 1000

struct session {
	struct plan plan;
	size_t at;       /* next frame of the recording */
	int64_t base_us; /* the recording's first frame is at this time, for the current part */
	struct middle_state *middle; /* NULL: before or after it, or none */
	uint32_t shift[2];           /* of sequence numbers, in the tail */
	uint32_t ids[2];             /* frames of a side in the middle */
	uint32_t ticks;              /* of the timestamps, in the tail */
	uint32_t tsval[2];           /* last sent */
	uint32_t seed;
};

/* A mixture that gives each number another value: addresses without a pattern. */
static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

/* ---- addresses ---- */

static void write_address(const struct session *s, enum side side, bool v6, uint8_t *at)
{
	uint64_t who = mix(s->plan.number * 2 + 1);

	if (s->plan.middle == MIDDLE_NONE)
		who ^= s->plan.number << 8; /* floods come from everywhere */
	if (v6) {
		set_u32(at, 0x20010db8);
		set_u16(at + 14, side == CLIENT ? (uint16_t)who : (uint16_t)(who >> 16) % 32);
	} else if (side == SERVER) {
		set_u32(at, 0xcb007100u + (uint32_t)(who >> 40) % 32);
	} else {
		set_u32(at, 0x0a000000u + ((uint32_t)who & 0xffffffu));
	}
}

static uint16_t client_port(const struct session *s, uint16_t recorded)
{
	/* Two for each connection of a scenario; none comes again soon. */
	return (uint16_t)(10000 + (s->plan.number * 8) % 50000 + (uint64_t)(recorded - FIRST_PORT));
}

static void write_ends(const struct session *s, enum side from, uint8_t *ip)
{
	struct ip_parts parts = ip_parts_of(ip);
	uint8_t *client = parts.transport + (from == CLIENT ? 0 : 2);
	uint8_t *server = parts.transport + (from == CLIENT ? 2 : 0);

	write_address(s, from, parts.v6, parts.source);
	write_address(s, !from, parts.v6, parts.destination);
	set_u16(client,
		client_port(s, parts.protocol == PROTOCOL_TCP ? get_u16(client) : FIRST_PORT));
	set_u16(server, s->plan.server_port);
}

/* ---- frames of the recording ---- */

static void shift_timestamps(const struct session *s, uint8_t *tcp)
{
	uint8_t *stamps = tcp_timestamps(tcp);

	if (stamps == NULL)
		return;
	set_u32(stamps, get_u32(stamps) + s->ticks);
	if (get_u32(stamps + 4) != 0)
		set_u32(stamps + 4, get_u32(stamps + 4) + s->ticks);
}

static void shift_numbers(const struct session *s, enum side from, uint8_t *ip)
{
	struct ip_parts parts = ip_parts_of(ip);
	uint8_t *tcp = parts.transport;

	set_u32(tcp + 4, get_u32(tcp + 4) + s->shift[from]);
	if ((tcp[13] & FLAG_ACK) != 0)
		set_u32(tcp + 8, get_u32(tcp + 8) + s->shift[!from]);
	if (parts.id != NULL && get_u16(parts.id) != 0)
		set_u16(parts.id, (uint16_t)(get_u16(parts.id) + s->ids[from]));
	shift_timestamps(s, tcp);
}

/* RFC 792: an error quotes the packet that it is about, here one of the client's. */
static void rewrite_quote(const struct session *s, uint8_t *icmp)
{
	write_ends(s, CLIENT, icmp + 8);
	ip_sum(icmp + 8);
}

static void replay(struct session *s, struct out *out)
{
	const struct recorded *f = &s->plan.recording->frame[s->at++];
	uint8_t frame[WIRE_MAX], *ip = frame + ETHERNET_LEN;

	memcpy(frame, f->bytes, f->len);
	if (f->is_icmp) {
		write_address(s, CLIENT, false, ip_parts_of(ip).destination);
		rewrite_quote(s, ip_parts_of(ip).transport);
	} else {
		write_ends(s, f->from, ip);
		if (f->is_first && s->at > s->plan.recording->head)
			shift_numbers(s, f->from, ip);
	}
	ip_sum(ip);
	out_frame(out, s->base_us + f->after_us, frame, f->len);
}

/* ---- the middle ---- */

static void start_middle(struct session *s, int64_t now_us)
{
	s->middle = middle_new(s->plan.middle, s->plan.frames, s->plan.recording->begin, now_us,
			       s->seed);
}

static void end_middle(struct session *s)
{
	const struct recording *r = s->plan.recording;
	int64_t now_us = middle_due_us(s->middle);

	for (int side = CLIENT; side <= SERVER; side++)
		s->shift[side] = middle_seq(s->middle, side) - r->next[side];
	if (s->at < r->count) {
		int64_t before_us = s->base_us;

		s->at = r->tail;
		s->base_us = now_us - r->frame[s->at - 1].after_us; /* a silence stays one */
		s->ticks = (uint32_t)((s->base_us - before_us) / US_PER_TICK);
	}
	middle_free(s->middle);
	s->middle = NULL;
}

/* The clocks of both hosts go on through the middle as the recording has them. */
static void fill_tcp(struct session *s, const struct words *w, uint8_t *tcp)
{
	const struct prototype *p = &s->plan.recording->prototype[w->from];
	uint8_t *stamps = tcp_timestamps(tcp);
	int64_t elapsed_us = w->time_us - s->base_us - p->after_us;

	set_u32(tcp + 4, w->seq);
	set_u32(tcp + 8, w->ack);
	tcp[13] = FLAG_ACK | (w->len != 0 && w->push ? FLAG_PSH : 0);
	if (stamps == NULL)
		return;
	set_u32(stamps, get_u32(stamps) + (uint32_t)(elapsed_us / US_PER_TICK));
	if (s->tsval[!w->from] != 0)
		set_u32(stamps + 4, s->tsval[!w->from]);
	s->tsval[w->from] = get_u32(stamps);
}

static void say(struct session *s, struct out *out)
{
	const struct prototype *p;
	uint8_t frame[WIRE_MAX], *ip = frame + ETHERNET_LEN;
	struct ip_parts parts;
	struct words w = middle_next(s->middle);

	p = &s->plan.recording->prototype[w.from];
	memcpy(frame, p->bytes, p->len);
	parts = ip_parts_of(ip);
	if (parts.id != NULL)
		set_u16(parts.id, (uint16_t)(get_u16(parts.id) + ++s->ids[w.from]));
	write_ends(s, w.from, ip);
	ip_set_len(ip, p->len - (size_t)(parts.transport - frame) + w.len);
	if (parts.protocol == PROTOCOL_TCP)
		fill_tcp(s, &w, parts.transport);
	middle_payload(s->middle, &w, frame + p->len);
	ip_sum(ip);
	out_frame(out, w.time_us, frame, p->len + w.len);
}

/* ---- the session ---- */

struct session *session_new(const struct plan *plan, uint32_t seed)
{
	struct session *s = xcalloc(1, sizeof(*s));

	s->plan = *plan;
	s->base_us = plan->start_us;
	s->seed = seed;
	if (plan->recording->head == 0)
		start_middle(s, plan->start_us);
	return s;
}

int64_t session_due_us(const struct session *s)
{
	if (s->middle != NULL)
		return middle_due_us(s->middle);
	return s->base_us + s->plan.recording->frame[s->at].after_us;
}

/* Without a middle a recording goes on, unless some of it is left out. */
static bool has_middle(const struct session *s)
{
	const struct recording *r = s->plan.recording;

	return s->at == r->head && s->at < r->count &&
	       (s->plan.middle != MIDDLE_NONE || r->tail != r->head);
}

bool session_next(struct session *s, struct out *out)
{
	const struct recording *r = s->plan.recording;

	if (s->middle != NULL) {
		say(s, out);
	} else {
		replay(s, out);
		if (has_middle(s))
			start_middle(s, s->base_us + r->frame[s->at - 1].after_us);
	}
	if (s->middle != NULL && middle_is_over(s->middle))
		end_middle(s);
	if (s->middle != NULL || s->at < r->count)
		return true;
	free(s);
	return false;
}
