/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a session is used for, by sizes and rhythm alone. A key that is pressed is one small packet,
 * and what comes next is a small one of the server, which shows the letter; a file is full segments,
 * one after the other. Both may be in one session.
 */
#include "track/inside.h"

/* A cursor key is three octets and not one; some pad by a block more than they must. */
#define KEY_SPARE 8

/* What a server says to one key: a letter, a redrawn line. A screen is 80 x 24 letters. */
#define ECHO_LEN_MAX 400

/* Longer than what is typed, shorter than a full segment in any tunnel. */
#define BULK_SEGMENT_MIN 1000

static bool is_key(const struct slot *slot, uint32_t len)
{
	const struct ssh_course *c = &slot->course;

	return c->key_len != 0 && len >= c->key_len && len <= c->key_len + KEY_SPARE &&
	       len != c->alive_len[CLIENT];
}

void ssh_use_unit(struct slot *slot, enum side side, uint32_t len)
{
	struct ssh *ssh = &slot->conn.ssh;

	if (ssh->phase != SSH_PHASE_SESSION)
		return;
	if (side == CLIENT) {
		slot->key_waits = is_key(slot, len);
	} else {
		/* WINDOW_ADJUST is as short as a key, but what follows it is long. */
		ssh->keys += slot->key_waits && len <= ECHO_LEN_MAX && ssh->keys < UINT32_MAX;
		slot->key_waits = false;
	}
}

void ssh_use_segment(struct slot *slot, enum side side, uint32_t len)
{
	struct ssh *ssh = &slot->conn.ssh;

	if (ssh->phase == SSH_PHASE_SESSION && len >= BULK_SEGMENT_MIN)
		ssh->half[side].bulk_bytes += len;
}

bool ssh_is_typed(const struct ssh *ssh)
{
	return ssh->keys >= SSH_KEYS_MIN;
}

bool ssh_is_bulk(const struct ssh *ssh, enum side side)
{
	return ssh->half[side].bulk_bytes >= SSH_BULK_MIN;
}
