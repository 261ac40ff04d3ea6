/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Encrypted packets, followed from NEWKEYS on where their length field can be read: AES-GCM
 * (RFC 5647 section 7.1), MACs over the encrypted packet (OpenSSH's PROTOCOL 1.5), cipher none.
 *
 * Four bytes of each packet are looked at, the rest is counted. Bytes that come out of order wait
 * in a buffer for clear text, which is borrowed as long as there is a hole before them. A hole that
 * stays is harmless inside of a packet; where a length would have stood, the following ends, until a
 * segment begins with what must be packets.
 */
#include "base/cursor.h"
#include "track/inside.h"

#define HEAD_LEN 4

static struct ssh_form form_of(const struct ssh *ssh, enum side side)
{
	if (side == CLIENT)
		return ssh_form_of(ssh_negotiated(ssh, SSH_CIPHER_C2S),
				   ssh_negotiated(ssh, SSH_MAC_C2S));
	return ssh_form_of(ssh_negotiated(ssh, SSH_CIPHER_S2C), ssh_negotiated(ssh, SSH_MAC_S2C));
}

void ssh_records_begin(struct slot *slot, enum side side, uint32_t at)
{
	struct ssh_records *r = &slot->records[side];

	*r = (struct ssh_records){ .form = form_of(&slot->conn.ssh, side), .at = at };
	r->on = r->form.readable;
	slot->conn.ssh.half[side].followed = r->on;
}

static void lost(struct slot *slot, enum side side)
{
	slot->records[side].on = false;
	slot->conn.ssh.half[side].packets_gap = true;
}

/* False when no packet has this length. */
static bool head_is_read(struct slot *slot, enum side side, const struct packet *p)
{
	struct ssh_records *r = &slot->records[side];

	r->wire_len = (uint32_t)ssh_form_packet_len(r->form, r->head);
	if (r->wire_len == 0) {
		r->on = false;
		slot->conn.ssh.half[side].desync_mark = p->mark;
		return false;
	}
	r->left = r->wire_len - HEAD_LEN;
	return true;
}

static void packet_is_read(struct slot *slot, enum side side, const struct packet *p)
{
	struct ssh_records *r = &slot->records[side];
	uint32_t wire_len = r->wire_len;

	r->head_len = 0;
	r->head = 0;
	slot->conn.ssh.half[side].packets++;
	ssh_packet_seen(slot, side, p, wire_len);
}

static void walk(struct slot *slot, enum side side, const struct packet *p, struct cursor c)
{
	struct ssh_records *r = &slot->records[side];

	while (r->on && cursor_left(&c) != 0) {
		size_t left = cursor_left(&c);

		if (r->head_len < HEAD_LEN) {
			r->head = r->head << 8 | cursor_u8(&c);
			r->head_len++;
			if (r->head_len == HEAD_LEN && !head_is_read(slot, side, p))
				return;
		} else {
			cursor_skip(&c, left < r->left ? left : r->left);
			r->left -= (uint32_t)(left - cursor_left(&c));
		}
		r->at += (uint32_t)(left - cursor_left(&c));
		if (r->head_len == HEAD_LEN && r->left == 0)
			packet_is_read(slot, side, p);
	}
}

/* Bytes that were sent, but are not in the capture. */
static void walk_blindly(struct slot *slot, enum side side, const struct packet *p, uint32_t len)
{
	struct ssh_records *r = &slot->records[side];

	if (!r->on || len == 0)
		return;
	if (r->head_len < HEAD_LEN || len > r->left) {
		lost(slot, side);
		return;
	}
	r->left -= len;
	r->at += len;
	if (r->left == 0)
		packet_is_read(slot, side, p);
}

/* ---- out of order ---- */

/* What waits can be walked over now; or its hole is one that nobody will fill. */
static void drain(struct slot *slot, enum side side, const struct packet *p)
{
	struct ssh_records *r = &slot->records[side];
	const struct peer *receiver = &slot->conn.peer[!side];
	struct stream *stream;

	while (r->on && slot->clear != NULL) {
		stream = &slot->clear->stream[side];
		if (seq_ahead(r->at, stream->base) > 0)
			stream_consume(stream, r->at - stream->base);
		if (stream->ranges == 0)
			return;
		if (stream_ready(stream) != 0)
			walk(slot, side, p, cursor_over(stream->bytes, stream_ready(stream)));
		else if (receiver->has_acked &&
			 seq_ahead(receiver->acked, stream->base + stream->range[0].from) > 0)
			walk_blindly(slot, side, p, stream->range[0].from);
		else
			return;
	}
}

static void hold(struct track *track, struct slot *slot, enum side side, const struct packet *p)
{
	struct stream *stream;

	if (slot->clear == NULL)
		slot->clear = clear_text_take(track);
	if (slot->clear == NULL) {
		lost(slot, side);
		return;
	}
	stream = &slot->clear->stream[side];
	if (stream->ranges == 0) {
		stream->started = true;
		stream->base = slot->records[side].at;
	}
	if (p->tcp.payload_len < p->tcp.payload_wire_len ||
	    !stream_add(stream, p->tcp.seq, p->tcp.payload, p->tcp.payload_len))
		lost(slot, side);
}

/* ---- where it was lost ---- */

/*
 * Two lengths in a row that packets have, or one that ends with the segment. Of other bytes not one
 * in 2^30 looks so: a length has 18 bits of 32 and is a multiple of the block. Packets in the clear
 * do not either: they have no tag, and are padded with their length field.
 */
static bool begins_with_packets(struct ssh_form form, const struct segment *tcp)
{
	struct cursor c = cursor_over(tcp->payload, tcp->payload_len);

	for (int i = 0; i < 2; i++) {
		size_t rest = ssh_form_packet_len(form, cursor_u32(&c));

		if (c.short_read || rest == 0)
			return false;
		rest -= HEAD_LEN;
		if (cursor_left(&c) == rest && tcp->payload_len == tcp->payload_wire_len)
			return true;
		if (i == 0)
			cursor_skip(&c, rest);
	}
	return true;
}

/* Whether the following goes on here; also when clear text was missing, and with it NEWKEYS. */
static bool resumes(struct slot *slot, enum side side, const struct packet *p)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];
	struct ssh_records *r = &slot->records[side];
	struct ssh_form form;

	if ((!half->packets_gap && !half->gap) || half->desync_mark.number != 0)
		return false;
	if (half->followed && seq_ahead(p->tcp.seq, r->at) < 0)
		return false;
	form = form_of(&slot->conn.ssh, side); /* compares names: not of each segment */
	if (!form.readable || !begins_with_packets(form, &p->tcp))
		return false;
	*r = (struct ssh_records){ .form = form, .on = true, .at = p->tcp.seq };
	half->followed = half->packets_gap = true;
	return true;
}

/* A segment that does not lie beyond a hole. */
static void take(struct slot *slot, enum side side, const struct packet *p)
{
	struct cursor c = cursor_over(p->tcp.payload, p->tcp.payload_len);
	uint32_t behind = slot->records[side].at - p->tcp.seq;
	uint32_t blind = p->tcp.payload_wire_len - p->tcp.payload_len;

	if (behind >= p->tcp.payload_wire_len)
		return;
	if (behind > p->tcp.payload_len)
		blind -= behind - p->tcp.payload_len;
	cursor_skip(&c, behind);
	walk(slot, side, p, c);
	walk_blindly(slot, side, p, blind);
}

bool ssh_records_segment(struct track *track, struct slot *slot, enum side side,
			 const struct packet *p)
{
	struct ssh_records *r = &slot->records[side];
	bool was_on = r->on;

	if (r->on) {
		if (seq_ahead(p->tcp.seq, r->at) > 0)
			hold(track, slot, side, p);
		else
			take(slot, side, p);
		drain(slot, side, p);
	}
	if (!r->on && resumes(slot, side, p)) {
		take(slot, side, p);
		drain(slot, side, p); /* what waited before the hole, too */
		return true;
	}
	return was_on;
}
