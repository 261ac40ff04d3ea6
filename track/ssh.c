/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The course of SSH on a connection: clear text is read (ssh_text.c) until both sides have sent
 * NEWKEYS; of the rest only times and lengths remain.
 *
 * All is encrypted then, and the session begins with the one packet whose size betrays it:
 * USERAUTH_SUCCESS (RFC 4252 section 5.1) has a payload of one octet, and nothing else that a server
 * sends before it is as short. Its size on the wire follows from the negotiated cipher and MAC.
 */
#include "base/cursor.h"
#include "track/inside.h"

/* Authentication stays below this in either direction, large certificates and GSSAPI included. */
#define AUTH_BYTES_MAX 16384

/* sshd's LoginGraceTime is 120 s; who is still there after five times that is logged in. */
#define AUTH_NS_MAX (600 * NS_PER_S)

/* Dropbear pads by a block more than it must; SERVICE_ACCEPT is longer by 16 octets at least. */
#define SPARE_PADDING 8

/* ---- what cannot be read ---- */

static void session_begins(struct slot *slot, enum side side, const struct packet *p)
{
	struct conn *conn = &slot->conn;

	conn->ssh.phase = SSH_PHASE_SESSION;
	conn->ssh.session_mark = p->mark;
	conn_note(conn, EVENT_SESSION, side, p, 0);
}

/* So much was said, or so long, that it must be a session. */
static bool is_long_a_session(const struct slot *slot, enum side side, const struct packet *p)
{
	const struct ssh *ssh = &slot->conn.ssh;

	if (ssh->half[side].encrypted_bytes > AUTH_BYTES_MAX)
		return true;
	if (ssh->recognised && p->time_ns - slot->conn.first_ns > AUTH_NS_MAX)
		return true;
	/* In mid-stream, without a word in the clear, it began long ago. */
	return !ssh->recognised && slot->conn.handshake == HANDSHAKE_MISSING;
}

static bool is_success(const struct slot *slot, enum side side, uint32_t len)
{
	/* The first encrypted packets of a server are EXT_INFO or SERVICE_ACCEPT. */
	if (slot->conn.ssh.phase != SSH_PHASE_AUTH || side != SERVER || slot->success_len == 0 ||
	    slot->shortest == 0)
		return false;
	return len == slot->success_len || (len > slot->success_len && len < slot->shortest &&
					    len <= slot->success_len + SPARE_PADDING);
}

/* True when this is where the session begins. */
static bool opens_session(struct slot *slot, enum side side, const struct packet *p, uint32_t len)
{
	bool opens = is_success(slot, side, len);

	if (opens)
		session_begins(slot, side, p);
	else if (side == SERVER && (slot->shortest == 0 || len < slot->shortest))
		slot->shortest = len;
	return opens;
}

void ssh_packet_seen(struct slot *slot, enum side side, const struct packet *p, uint32_t wire_len)
{
	ssh_course_unit(slot, side, p, wire_len);
	ssh_use_unit(slot, side, wire_len);
	(void)opens_session(slot, side, p, wire_len);
}

/* fresh: it was not sent before. len: what of it is encrypted. */
static void opaque_segment(struct track *track, struct slot *slot, enum side side,
			   const struct packet *p, uint32_t len, bool fresh)
{
	struct conn *conn = &slot->conn;
	struct ssh_half *half = &conn->ssh.half[side];
	bool was_session = conn->ssh.phase == SSH_PHASE_SESSION;
	bool followed = ssh_records_segment(track, slot, side, p);

	if (!fresh)
		return;
	if (slot->unread[side] != 0) { /* of a KEXINIT, say: a session would begin with its size */
		slot->unread[side] -= len < slot->unread[side] ? len : slot->unread[side];
		return;
	}
	half->encrypted_segments++;
	half->encrypted_bytes += len;
	ssh_use_segment(slot, side, len);
	if (conn->ssh.phase != SSH_PHASE_SESSION && is_long_a_session(slot, side, p))
		session_begins(slot, side, p);
	if (!followed)
		ssh_packet_seen(slot, side, p, len);
	if (was_session || conn->ssh.phase != SSH_PHASE_SESSION)
		conn_note(conn, EVENT_DATA, side, p, len);
}

/* ---- what can be read ---- */

static void stop_reading(struct slot *slot, enum side side)
{
	slot->conn.ssh.half[side].gap = true;
	slot->reading[side] = READING_STOPPED;
	if (slot->clear != NULL)
		slot->unread[side] = slot->clear->passing[side].left;
}

static void read_ready(struct slot *slot, enum side side, const struct packet *p)
{
	struct stream *stream = &slot->clear->stream[side];
	uint32_t len;

	while ((len = stream_ready(stream)) != 0) {
		ssize_t used = 0;

		if (slot->reading[side] == READING_LINES)
			used = ssh_read_line(slot, side, p, stream->bytes, len);
		else if (slot->reading[side] == READING_MESSAGES)
			used = ssh_read_message(slot, side, p, stream->bytes, len);
		if (used <= 0)
			break;
		stream_consume(stream, (uint32_t)used);
	}
}

/*
 * Where the stream begins: after the SYN, or, in mid-stream, with the identification. On a port that
 * was not known to be SSH, lines before it went by unread.
 */
static bool start_stream(struct slot *slot, enum side side, const struct packet *p)
{
	struct stream *stream = &slot->clear->stream[side];
	const struct peer *peer = &slot->conn.peer[side];
	bool after_syn = peer->has_isn && !slot->passed_over[side];

	if (stream->started)
		return true;
	if (!after_syn && !ssh_may_begin(p) && !ssh_prelude_may_begin(p))
		return false;
	stream->started = true;
	stream->base = after_syn ? peer->isn + 1 : p->tcp.seq;
	return true;
}

/* Bytes that their receiver acknowledged and the capture lacks will not come any more. */
static bool is_lost(const struct slot *slot, enum side side)
{
	const struct stream *stream = &slot->clear->stream[side];
	const struct peer *receiver = &slot->conn.peer[!side];
	uint32_t behind = stream_ready(stream) != 0; /* the first stretch after a hole */

	return stream->ranges > behind && receiver->has_acked &&
	       seq_ahead(receiver->acked, stream->base + stream->range[behind].from) > 0;
}

/*
 * A segment may be longer than the buffer (offloads hand over 64 KiB at once): what is read makes
 * room for the rest. False when some of it lies beyond the buffer all the same.
 */
static bool read_in_turns(struct slot *slot, enum side side, const struct packet *p)
{
	struct stream *stream = &slot->clear->stream[side];
	struct cursor c = cursor_over(p->tcp.payload, p->tcp.payload_len);
	uint32_t seq = p->tcp.seq;

	while (cursor_left(&c) != 0 && slot->reading[side] < READING_ENCRYPTED) {
		int64_t room = (int64_t)STREAM_MAX - seq_ahead(seq, stream->base);
		uint32_t left = (uint32_t)cursor_left(&c), len = left;

		if (room <= 0)
			return false;
		if (room < left)
			len = (uint32_t)room;
		if (!stream_add(stream, seq, cursor_bytes(&c, len), len))
			return false;
		read_ready(slot, side, p);
		seq += len;
	}
	return true;
}

static void read_segment(struct track *track, struct slot *slot, enum side side,
			 const struct packet *p)
{
	struct stream *stream = &slot->clear->stream[side];
	uint32_t end = p->tcp.seq + p->tcp.payload_len, rest;
	bool fits;

	if (!start_stream(slot, side, p)) {
		stop_reading(slot, side);
		return;
	}
	fits = read_in_turns(slot, side, p);
	if (slot->reading[side] < READING_ENCRYPTED &&
	    (!fits || p->tcp.payload_len < p->tcp.payload_wire_len || is_lost(slot, side)))
		stop_reading(slot, side);
	if (slot->reading[side] != READING_ENCRYPTED)
		return;
	ssh_records_begin(slot, side, stream->base);
	rest = stream_ready(stream);
	if (seq_ahead(end, stream->base + rest) > 0)
		rest = end - stream->base;
	if (rest != 0)
		opaque_segment(track, slot, side, p, rest, true);
}

/* The buffer goes back when nothing is to be read in the clear, and nothing waits in it. */
static void give_back(struct track *track, struct slot *slot)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		if (slot->reading[side] < READING_ENCRYPTED ||
		    (slot->records[side].on && slot->clear->stream[side].ranges != 0))
			return;
	}
	clear_text_give_back(track, slot->clear);
	slot->clear = NULL;
}

static void clear_segment(struct track *track, struct slot *slot, enum side side,
			  const struct packet *p)
{
	if (slot->clear == NULL)
		slot->clear = clear_text_take(track);
	if (slot->clear == NULL) {
		stop_reading(slot, CLIENT);
		stop_reading(slot, SERVER);
		slot->conn.ssh.recognised |= ssh_may_begin(p);
		return;
	}
	read_segment(track, slot, side, p);
	if (slot->reading[side] == READING_STOPPED && slot->conn.ssh.half[side].gap)
		opaque_segment(track, slot, side, p, p->tcp.payload_wire_len, true);
}

void ssh_segment(struct track *track, struct slot *slot, enum side side, const struct packet *p,
		 bool fresh)
{
	if (slot->reading[side] >= READING_ENCRYPTED)
		opaque_segment(track, slot, side, p, p->tcp.payload_wire_len, fresh);
	else
		clear_segment(track, slot, side, p);
	if (slot->clear != NULL)
		give_back(track, slot);
}

const char *ssh_phase_name(enum ssh_phase phase)
{
	static const char *const names[] = { "identification", "kex", "auth", "session" };

	return names[phase];
}
