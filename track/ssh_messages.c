/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Binary packets in the clear: RFC 4253 sections 6, 7 (key exchange) and 11 (the rest). The key
 * exchange itself is not followed step by step: of its messages one is read, which brings the
 * server's host key.
 */
#include "base/cursor.h"
#include "dissect/ssh_kex.h"
#include "dissect/ssh_key.h"
#include "track/inside.h"

static void newkeys_said(struct slot *slot, enum side side, const struct packet *p)
{
	struct ssh *ssh = &slot->conn.ssh;

	ssh->half[side].newkeys_mark = p->mark;
	slot->reading[side] = READING_ENCRYPTED;
	conn_note(&slot->conn, EVENT_NEWKEYS, side, p, 0);
	if (ssh->half[!side].newkeys_mark.number != 0 && ssh->phase < SSH_PHASE_AUTH)
		ssh->phase = SSH_PHASE_AUTH;
}

static void disconnect_said(struct conn *conn, enum side side, const struct packet *p,
			    struct ssh_slice body)
{
	struct ssh_disconnect *disconnect = &conn->ssh.disconnect;
	struct ssh_disconnect_body said;

	if (disconnect->seen || !ssh_disconnect_parse(body, &said))
		return;
	disconnect->seen = true;
	disconnect->from = side;
	disconnect->mark = p->mark;
	disconnect->code = said.code;
	KEEP(disconnect->description, said.description.at, said.description.len);
	conn_note(conn, EVENT_DISCONNECT, side, p, said.code);
}

/* ---- key exchange ---- */

/* A method that was not seen to be negotiated has one of two; what is no key does not parse. */
static bool may_bring_key(const struct ssh *ssh, enum side side, uint8_t number)
{
	struct ssh_slice method = ssh_negotiated(ssh, SSH_KEX);

	if (method.len == 0 || side == CLIENT)
		return number == 31 || number == 33;
	return number == ssh_kex_key_message(method);
}

/* False when the message does not begin with a key. */
static bool host_key_said(struct ssh *ssh, const struct packet *p, struct ssh_slice body)
{
	struct cursor c = cursor_over(body.at, body.len);
	struct ssh_slice blob = ssh_string_of(&c);
	struct ssh_key key;

	if (c.short_read || !ssh_key_parse(blob, &key))
		return false;
	KEEP(ssh->host_key_type, key.type.at, key.type.len);
	memcpy(ssh->host_key, key.fingerprint, sizeof(ssh->host_key));
	ssh->host_key_mark = p->mark;
	return true;
}

/*
 * Who opened the connection proves to be SSH's server: NETCONF's call home (RFC 8071), or roles that
 * were guessed in mid-connection. Who chose from whose lists was taken the wrong way round then: what
 * is kept is what both ways lead to, and nothing of sizes, which are those of the other side.
 */
static void roles_are_reversed(struct slot *slot, const struct packet *p)
{
	struct ssh *ssh = &slot->conn.ssh;

	ssh->reversed = true;
	ssh->strict = false;
	ssh->goodbye_len = 0;
	slot->success_len = 0;
	memset(&slot->course, 0, sizeof(slot->course));
	ssh_kexinit_reverse(slot);
	conn_note(&slot->conn, EVENT_REVERSED, CLIENT, p, 0);
}

static void kex_message_said(struct slot *slot, enum side side, const struct packet *p,
			     const struct ssh_message *message)
{
	struct ssh *ssh = &slot->conn.ssh;
	bool first = !slot->kex_began[side];

	conn_note(&slot->conn, EVENT_KEX_MESSAGE, side, p, message->number);
	slot->kex_began[side] = true;
	/* RFC 4253 section 7: the receiver ignores the packet of a wrong guess. */
	if (first && (ssh->half[side].guess == SSH_GUESS_WRONG ||
		      ssh->half[side].guess == SSH_GUESS_UNKNOWN))
		return;
	if (ssh->host_key_type.len != 0 || !may_bring_key(ssh, side, message->number))
		return;
	if (side == CLIENT && !slot->kex_began[SERVER])
		return; /* a key answers what SSH's client said */
	if (host_key_said(ssh, p, message->body) && side == CLIENT)
		roles_are_reversed(slot, p);
}

/* IGNORE, DEBUG and the like: harmless, but not under strict key exchange. */
static void other_said(struct slot *slot, enum side side, const struct packet *p, uint8_t number)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];

	conn_note(&slot->conn, EVENT_KEX_MESSAGE, side, p, number);
	if (half->extra_mark.number != 0)
		return;
	half->extra_mark = p->mark;
	half->extra_number = number;
}

static void kexinit_said(struct slot *slot, enum side side, const struct packet *p,
			 struct ssh_slice body)
{
	ssh_kexinit_begin(slot, side, p, (uint32_t)body.len);
	ssh_kexinit_add(slot, side, body.at, body.len);
	ssh_kexinit_end(slot, side, p);
}

static void message_said(struct slot *slot, enum side side, const struct packet *p,
			 const struct ssh_message *message)
{
	switch (message->number) {
	case SSH_MSG_KEXINIT:
		if (slot->conn.ssh.half[side].kexinit_mark.number == 0)
			kexinit_said(slot, side, p, message->body);
		break;
	case SSH_MSG_NEWKEYS:
		newkeys_said(slot, side, p);
		break;
	case SSH_MSG_DISCONNECT:
		disconnect_said(&slot->conn, side, p, message->body);
		break;
	default:
		if (ssh_is_kex_number(message->number))
			kex_message_said(slot, side, p, message);
		else
			other_said(slot, side, p, message->number);
		break;
	}
}

/* ---- what is longer than the room for it ---- */

/* The six octets that tell what it is are read, and all that is counted later. */
static ssize_t passing_begins(struct slot *slot, enum side side, const struct packet *p,
			      const uint8_t *bytes, size_t len)
{
	struct ssh_passing *passing = &slot->clear->passing[side];
	struct cursor c = cursor_over(bytes, len);
	uint32_t packet_len = cursor_u32(&c);
	uint8_t padding_len = cursor_u8(&c);
	uint8_t number = cursor_u8(&c);

	if (c.short_read)
		return 0;
	*passing = (struct ssh_passing){ .number = number, .left = packet_len - 2 };
	passing->body_left = passing->left - padding_len;
	if (number != SSH_MSG_KEXINIT) {
		conn_note(&slot->conn, EVENT_KEX_MESSAGE, side, p, number);
		passing->body_left = 0;
	} else if (slot->conn.ssh.half[side].kexinit_mark.number != 0) {
		passing->body_left = 0;
	} else {
		ssh_kexinit_begin(slot, side, p, passing->body_left);
	}
	return 6;
}

/* Padding follows the message: what is offered ends before the packet does. */
static ssize_t passes(struct slot *slot, enum side side, const struct packet *p,
		      const uint8_t *bytes, size_t len)
{
	struct ssh_passing *passing = &slot->clear->passing[side];
	uint32_t take = len < passing->left ? (uint32_t)len : passing->left;
	uint32_t body = take < passing->body_left ? take : passing->body_left;

	if (body != 0) {
		ssh_kexinit_add(slot, side, bytes, body);
		passing->body_left -= body;
		if (passing->body_left == 0)
			ssh_kexinit_end(slot, side, p);
	}
	passing->left -= take;
	return take;
}

/* ---- what is no packet ---- */

static void no_packet(struct slot *slot, enum side side, const struct packet *p,
		      const uint8_t *bytes, size_t len)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];

	slot->reading[side] = READING_STOPPED;
	if (half->kexinit_mark.number == 0 && ssh_is_text(bytes, len)) {
		ssh_keep_text(slot, side, p, bytes, len);
		if (side == SERVER)
			ssh_prelude_refused(slot);
	} else {
		half->malformed = true;
		half->malformed_mark = p->mark;
		conn_note(&slot->conn, EVENT_MALFORMED, side, p, 0);
	}
}

ssize_t ssh_read_message(struct slot *slot, enum side side, const struct packet *p,
			 const uint8_t *bytes, size_t len)
{
	const struct ssh *ssh = &slot->conn.ssh;
	bool one = ssh_one_is_spoken(ssh);
	struct ssh_message message;
	ssize_t used;

	if (slot->clear->passing[side].left != 0)
		return passes(slot, side, p, bytes, len);
	/* Without a version in common each side still says its first words in its own. */
	if (one && ssh->half[side].versions != SSH_VERSION_2)
		return ssh_one_read(slot, side, p, bytes, len);
	used = ssh_message_parse(bytes, len, &message);
	if (used > 0)
		message_said(slot, side, p, &message);
	else if (used < 0 && (one || ssh_one_may_be_spoken(ssh, side)))
		return ssh_one_read(slot, side, p, bytes, len);
	else if (used < 0)
		no_packet(slot, side, p, bytes, len);
	else if (message.wire_len > STREAM_MAX)
		return passing_begins(slot, side, p, bytes, len);
	return used;
}
