/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Encrypted packets, followed from NEWKEYS on where their length field can be read: AES-GCM
 * (RFC 5647 section 7.1), MACs over the encrypted packet (OpenSSH's PROTOCOL 1.5), cipher none.
 *
 * Four bytes of each packet are looked at, the rest is counted. Bytes that come out of order wait
 * in a buffer for clear text, which is borrowed as long as there is a hole before them. A hole that
 * stays is harmless inside of a packet; where a length would have stood, the following ends.
 */
#include "base/cursor.h"
#include "track/inside.h"

#define HEAD_LEN 4

void ssh_records_begin(struct slot *slot, enum side side, uint32_t at)
{
	const struct ssh *ssh = &slot->conn.ssh;
	struct ssh_records *r = &slot->records[side];
	bool from_client = side == CLIENT;

	*r = (struct ssh_records){
		.form = ssh_form_of(
			ssh_negotiated(ssh, from_client ? SSH_CIPHER_C2S : SSH_CIPHER_S2C),
			ssh_negotiated(ssh, from_client ? SSH_MAC_C2S : SSH_MAC_S2C)),
		.at = at,
	};
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

bool ssh_records_segment(struct track *track, struct slot *slot, enum side side,
			 const struct packet *p)
{
	struct ssh_records *r = &slot->records[side];
	struct cursor c = cursor_over(p->tcp.payload, p->tcp.payload_len);
	int32_t ahead = seq_ahead(p->tcp.seq, r->at);
	uint32_t behind = ahead < 0 ? r->at - p->tcp.seq : 0;

	if (!r->on)
		return false;
	if (ahead > 0) {
		hold(track, slot, side, p);
	} else if (behind < p->tcp.payload_wire_len) {
		uint32_t blind = p->tcp.payload_wire_len - p->tcp.payload_len;

		if (behind > p->tcp.payload_len)
			blind -= behind - p->tcp.payload_len;
		cursor_skip(&c, behind);
		walk(slot, side, p, c);
		walk_blindly(slot, side, p, blind);
	}
	drain(slot, side, p);
	return true;
}
