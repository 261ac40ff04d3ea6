/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The middle is a row of exchanges, each of which ends with nothing in flight: a key and its echo, a
 * keepalive and its answer, a burst and its acknowledgments.
 *
 * Sizes are those of OpenSSH 9.2 with chacha20-poly1305 (4 + payload and padding to a multiple of
 * 8 + 16), in segments of an MTU of 1500 with timestamps.
 */
#include "tests/bench/middle.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"

#define SEGMENT_LEN 1428   /* of IPv6, too */
#define DATAGRAM_LEN 1252  /* RFC 9000 section 14: what QUIC sends without probing */
#define CONNECTION_ID 0xc1 /* its first byte; others look to tshark like OSI's transport */
#define KEY_LEN 36
#define ALIVE_LEN 52 /* keepalive@openssh.com */
#define ALIVE_ANSWER_LEN 28
#define BURST_MAX 32 /* segments: below the window of 64 KiB that samples/ announce */
#define QUEUE_MAX (2 * BURST_MAX + 16)

#define KEY_US 170000
#define ROUND_TRIP_US 30000
#define DELAYED_ACK_US 40000
#define SEGMENT_US 15
#define ALIVE_US 60000000

struct middle_state {
	enum middle kind;
	int64_t left; /* frames */
	int64_t now_us;
	uint32_t next[2];
	struct dice dice;
	size_t at, len;
	struct words queue[QUEUE_MAX];
};

static uint32_t roll(struct middle_state *m, uint32_t sides)
{
	return dice_u32(&m->dice) % sides;
}

/* ---- what is said ---- */

/* A segment so much later than the one before; len 0 only acknowledges. */
static struct words *add(struct middle_state *m, enum side from, uint32_t len, int64_t after_us)
{
	struct words *w = &m->queue[m->len++];

	m->now_us += after_us + roll(m, (uint32_t)(after_us / 8) + 1);
	*w = (struct words){ m->now_us, from, m->next[from], m->next[!from], (uint16_t)len, true };
	m->next[from] += len;
	return w;
}

static void add_key(struct middle_state *m)
{
	add(m, CLIENT, KEY_LEN, KEY_US);
	add(m, SERVER, KEY_LEN, ROUND_TRIP_US);
	add(m, CLIENT, 0, DELAYED_ACK_US);
}

static void add_keepalive(struct middle_state *m)
{
	add(m, CLIENT, ALIVE_LEN, ALIVE_US);
	add(m, SERVER, ALIVE_ANSWER_LEN, ROUND_TRIP_US);
	add(m, CLIENT, 0, DELAYED_ACK_US);
}

/* Whole segments, then one that is not; every second is acknowledged (RFC 9293 section 3.8.6.3). */
static void add_burst(struct middle_state *m, enum side from, uint32_t segments, int64_t after_us)
{
	uint32_t from_seq = m->next[from];

	for (uint32_t i = 0; i < segments; i++) {
		uint32_t len =
			i + 1 == segments ? KEY_LEN + roll(m, SEGMENT_LEN - KEY_LEN) : SEGMENT_LEN;

		add(m, from, len, i == 0 ? after_us : SEGMENT_US)->push = i + 1 == segments;
	}
	for (uint32_t i = 2; i < segments + 2; i += 2) {
		struct words *w = add(m, !from, 0, i == 2 ? ROUND_TRIP_US : SEGMENT_US);

		if (i < segments)
			w->ack = from_seq + i * SEGMENT_LEN;
	}
}

static void add_output(struct middle_state *m)
{
	add(m, CLIENT, KEY_LEN, KEY_US);
	add_burst(m, SERVER, 1 + roll(m, 6), ROUND_TRIP_US);
}

/* ---- loss and reordering, as a capture in the middle sees them ---- */

/* A neighbour overtakes. */
static void swap_two(struct middle_state *m, size_t at)
{
	struct words one = m->queue[at];
	int64_t time_us = m->queue[at + 1].time_us;

	m->queue[at] = m->queue[at + 1];
	m->queue[at].time_us = one.time_us;
	m->queue[at + 1] = one;
	m->queue[at + 1].time_us = time_us;
}

/*
 * A segment is lost on the way to the receiver: three duplicate acknowledgments ask for it, and it
 * comes again. Before the capture point it is not seen the first time; behind it, it is seen twice.
 */
static void lose(struct middle_state *m, bool unseen)
{
	size_t at = 1 + roll(m, 3);
	struct words lost, *again;

	for (int i = 0; i < 8; i++)
		add(m, SERVER, SEGMENT_LEN, i == 0 ? ROUND_TRIP_US : SEGMENT_US)->push = false;
	lost = m->queue[at];
	for (int i = 0; i < 3; i++)
		add(m, CLIENT, 0, i == 0 ? ROUND_TRIP_US : SEGMENT_US)->ack = lost.seq;
	again = add(m, SERVER, 0, ROUND_TRIP_US);
	again->seq = lost.seq;
	again->len = lost.len;
	add(m, CLIENT, 0, ROUND_TRIP_US);
	if (!unseen)
		return;
	memmove(&m->queue[at], &m->queue[at + 1], (m->len - at - 1) * sizeof(m->queue[0]));
	m->len--;
}

static void add_lossy(struct middle_state *m)
{
	switch (roll(m, 20)) {
	case 0:
		lose(m, true);
		break;
	case 1:
		lose(m, false);
		break;
	case 2:
		add_burst(m, SERVER, 8, ROUND_TRIP_US / 8);
		swap_two(m, 1 + roll(m, 5));
		break;
	default:
		add_burst(m, SERVER, 4 + roll(m, BURST_MAX - 4), ROUND_TRIP_US / 8);
		break;
	}
}

/* ---- exchanges ---- */

static void add_shell(struct middle_state *m)
{
	uint32_t what = roll(m, 20);

	if (what == 0)
		add_keepalive(m);
	else if (what < 3)
		add_output(m);
	else
		add_key(m);
}

static void add_quic(struct middle_state *m)
{
	uint32_t datagrams = 2 + roll(m, BURST_MAX - 2);

	add(m, CLIENT, 40 + roll(m, 300), KEY_US);
	for (uint32_t i = 0; i < datagrams; i++) {
		add(m, SERVER, DATAGRAM_LEN, i == 0 ? ROUND_TRIP_US : SEGMENT_US);
		if (i % 4 == 3)
			add(m, CLIENT, 33 + roll(m, 4), SEGMENT_US);
	}
}

static void add_exchange(struct middle_state *m)
{
	m->at = m->len = 0;
	switch (m->kind) {
	case MIDDLE_NONE:
		break;
	case MIDDLE_SHELL:
		add_shell(m);
		break;
	case MIDDLE_DOWNLOAD:
		add_burst(m, SERVER, 8 + roll(m, BURST_MAX - 8), ROUND_TRIP_US / 4);
		break;
	case MIDDLE_UPLOAD:
		add_burst(m, CLIENT, 8 + roll(m, BURST_MAX - 8), ROUND_TRIP_US / 4);
		break;
	case MIDDLE_WEB:
		add(m, CLIENT, 200 + roll(m, 600), KEY_US);
		add_burst(m, SERVER, 1 + roll(m, BURST_MAX - 1), ROUND_TRIP_US);
		break;
	case MIDDLE_QUIC:
		add_quic(m);
		break;
	case MIDDLE_LOSSY:
		add_lossy(m);
		break;
	}
	m->left -= (int64_t)m->len;
}

/* ---- the door ---- */

struct middle_state *middle_new(enum middle kind, uint32_t frames, const uint32_t next[2],
				int64_t now_us, uint32_t seed)
{
	struct middle_state *m = xcalloc(1, sizeof(*m));

	m->kind = kind;
	m->left = frames;
	m->now_us = now_us;
	memcpy(m->next, next, sizeof(m->next));
	m->dice.state = seed * UINT64_C(0x9e3779b97f4a7c15);
	add_exchange(m);
	return m;
}

bool middle_is_over(const struct middle_state *m)
{
	return m->at == m->len && m->left <= 0;
}

int64_t middle_due_us(const struct middle_state *m)
{
	return m->at < m->len ? m->queue[m->at].time_us : m->now_us;
}

struct words middle_next(struct middle_state *m)
{
	struct words w = m->queue[m->at++];

	if (m->at == m->len && m->left > 0)
		add_exchange(m);
	return w;
}

/* Encrypted bytes look like chance. A record of TLS and a datagram of QUIC have a clear beginning. */
void middle_payload(struct middle_state *m, const struct words *w, uint8_t *out)
{
	static const uint8_t application_data[] = { 23, 3, 3 };
	uint64_t noise = ((uint64_t)dice_u32(&m->dice) << 32 | w->seq) | 1;

	for (size_t i = 0; i < w->len; i += sizeof(noise)) {
		size_t left = w->len - i;

		noise ^= noise << 13;
		noise ^= noise >> 7;
		noise ^= noise << 17;
		memcpy(out + i, &noise, left < sizeof(noise) ? left : sizeof(noise));
	}
	if (m->kind == MIDDLE_WEB && w->len >= 5) {
		memcpy(out, application_data, sizeof(application_data));
		set_u16(out + 3, (uint16_t)(w->len - 5));
	} else if (m->kind == MIDDLE_QUIC && w->len != 0) {
		out[0] = (uint8_t)(0x40 | (out[0] & 0x3f)); /* RFC 9000 section 17.3.1 */
		out[1] = CONNECTION_ID;
	}
}

uint32_t middle_seq(const struct middle_state *m, enum side side)
{
	return m->next[side];
}

void middle_free(struct middle_state *m)
{
	free(m);
}
