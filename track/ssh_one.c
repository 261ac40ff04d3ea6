/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SSH-1, as far as it is in the clear: the server sends its keys, the client the session key,
 * encrypted with them, and from there on only sizes remain.
 */
#include "dissect/ssh_one.h"
#include "base/cursor.h"
#include "track/inside.h"

bool ssh_one_is_spoken(const struct ssh *ssh)
{
	return ssh->half[CLIENT].versions == SSH_VERSION_1 ||
	       ssh->half[SERVER].versions == SSH_VERSION_1 || ssh->ssh1_key_mark.number != 0;
}

/* A side that offers both speaks SSH-1 when the other, whom we do not see, asked for it. */
bool ssh_one_may_be_spoken(const struct ssh *ssh, enum side by)
{
	return (ssh->half[by].versions & SSH_VERSION_1) != 0 &&
	       ssh->half[!by].identification.len == 0;
}

bool ssh_is_text(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);

	while (cursor_left(&c) != 0) {
		uint8_t letter = cursor_u8(&c);

		if ((letter < 0x20 || letter > 0x7e) && letter != '\r' && letter != '\n')
			return false;
	}
	return len != 0;
}

static void key_said(struct slot *slot, const struct packet *p)
{
	struct ssh *ssh = &slot->conn.ssh;

	ssh->ssh1_key_mark = p->mark;
	if (ssh->phase < SSH_PHASE_KEX)
		ssh->phase = SSH_PHASE_KEX;
	slot->reading[SERVER] = READING_ENCRYPTED;
}

static void session_key_said(struct slot *slot)
{
	struct ssh *ssh = &slot->conn.ssh;

	if (ssh->phase < SSH_PHASE_AUTH)
		ssh->phase = SSH_PHASE_AUTH;
	slot->reading[CLIENT] = READING_ENCRYPTED;
}

ssize_t ssh_one_read(struct slot *slot, enum side side, const struct packet *p,
		     const uint8_t *bytes, size_t len)
{
	uint8_t type;
	ssize_t used = ssh_one_parse(bytes, len, &type);

	if (used == 0)
		return 0;
	if (used > 0 && side == SERVER && type == SSH_ONE_PUBLIC_KEY) {
		key_said(slot, p);
		return used;
	}
	if (used > 0 && side == CLIENT && type == SSH_ONE_SESSION_KEY) {
		session_key_said(slot);
		return used;
	}
	slot->reading[side] = READING_STOPPED;
	if (ssh_is_text(bytes, len))
		ssh_keep_text(slot, side, p, bytes, len);
	else
		slot->conn.ssh.half[side].gap = true;
	return 0;
}
