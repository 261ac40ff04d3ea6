/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines before the first binary packet: RFC 4253 section 4.2. */
#include "base/cursor.h"
#include "track/inside.h"

/* OpenSSH's client gives up after so many before the identification (SSH_MAX_PRE_BANNER_LINES). */
#define LINES_MAX 1024

void ssh_keep(char *at, uint16_t *kept_len, size_t max, const void *bytes, size_t len)
{
	*kept_len = (uint16_t)(len < max ? len : max);
	memcpy(at, bytes, *kept_len);
}

bool ssh_may_begin(const struct packet *p)
{
	struct cursor c = cursor_over(p->tcp.payload, p->tcp.payload_len);
	struct ssh_line line;

	while (cursor_left(&c) != 0) {
		ssize_t used;

		if (ssh_identification_begins(c.at, cursor_left(&c)))
			return true;
		used = ssh_line_parse(c.at, cursor_left(&c), &line);
		if (used <= 0)
			return false;
		cursor_skip(&c, (size_t)used);
	}
	return false;
}

/* ---- lines ---- */

void ssh_keep_text(struct slot *slot, enum side side, const struct packet *p, const uint8_t *bytes,
		   size_t len)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];

	if (half->text.len != 0)
		return;
	while (len != 0 && (bytes[len - 1] == '\r' || bytes[len - 1] == '\n'))
		len--;
	KEEP(half->text, bytes, len);
	half->text_mark = p->mark;
	conn_note(&slot->conn, EVENT_TEXT, side, p, half->text.len);
}

static void identified(struct slot *slot, enum side side, const struct packet *p,
		       struct ssh_slice text)
{
	struct ssh *ssh = &slot->conn.ssh;
	struct ssh_half *half = &ssh->half[side];

	KEEP(half->identification, text.at, text.len);
	half->identification_mark = p->mark;
	half->versions = (uint8_t)ssh_identification_versions(text);
	ssh->recognised = true;
	if (ssh->half[!side].identification.len != 0 && ssh->phase < SSH_PHASE_KEX)
		ssh->phase = SSH_PHASE_KEX;
	conn_note(&slot->conn, EVENT_IDENTIFICATION, side, p, half->identification.len);
}

/*
 * RFC 4253 section 4.2 allows 255 characters. Some take more, so reading goes on, and an end takes
 * the reproach back; there may be none, or none in the capture.
 */
static void identified_without_end(struct slot *slot, enum side side, const struct packet *p,
				   const uint8_t *bytes, size_t len)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];

	if (half->malformed)
		return;
	identified(slot, side, p, (struct ssh_slice){ bytes, len });
	half->malformed = true;
	half->malformed_mark = p->mark;
	conn_note(&slot->conn, EVENT_MALFORMED, side, p, 0);
}

static void identification_ended(struct slot *slot, enum side side, const struct packet *p,
				 struct ssh_slice text)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];

	if (!half->malformed)
		identified(slot, side, p, text);
	half->malformed = false;
	slot->reading[side] = READING_MESSAGES;
}

static void is_not_ssh(struct slot *slot, enum side side, const struct packet *p,
		       const uint8_t *bytes, size_t len)
{
	const uint8_t *lf = memchr(bytes, '\n', len);

	slot->reading[side] = READING_STOPPED;
	if (slot->conn
		    .multipath) { /* RFC 8684: a later subflow begins in the middle of the stream */
		slot->conn.ssh.half[side].gap = true;
		return;
	}
	slot->conn.ssh.half[side].not_ssh = true;
	ssh_keep_text(slot, side, p, bytes, lf != NULL ? (size_t)(lf - bytes) : len);
	conn_note(&slot->conn, EVENT_NOT_SSH, side, p, 0);
}

/* RFC 4253 section 4.2: the server may send other lines first, the client may not. */
ssize_t ssh_read_line(struct slot *slot, enum side side, const struct packet *p,
		      const uint8_t *bytes, size_t len)
{
	struct ssh_line line;
	ssize_t used = ssh_read_prelude(slot, side, p, bytes, len);

	if (used >= 0)
		return used;
	used = ssh_line_parse(bytes, len, &line);
	if (used > 0 && line.is_identification) {
		identification_ended(slot, side, p, line.text);
		return used;
	}
	if ((used < 0 || len > SSH_IDENTIFICATION_MAX) && ssh_identification_begins(bytes, len)) {
		identified_without_end(slot, side, p, bytes, len);
		if (used < 0)
			slot->reading[side] = READING_STOPPED;
		return 0;
	}
	if (used < 0 || slot->lines[side] >= LINES_MAX ||
	    (side == CLIENT && !ssh_identification_begins(bytes, len))) {
		is_not_ssh(slot, side, p, bytes, len);
		return 0;
	}
	if (used > 0) {
		slot->lines[side]++;
		if (line.text.len != 0)
			ssh_keep_text(slot, side, p, line.text.at, line.text.len);
	}
	return used;
}
