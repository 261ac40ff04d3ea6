/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the clear text says: RFC 4253 sections 4.2 (lines and identification), 6 (packets), 7 (key
 * exchange) and 11.1 (disconnect).
 */
#include "dissect/ssh.h"

#include "base/cursor.h"
#include "track/inside.h"

/* OpenSSH's client gives up after 1024 lines before the identification; banners have some ten. */
#define LINES_MAX 100

#define KEEP(field, bytes, size)                                                                   \
	keep_bytes((field).at, &(field).len, sizeof((field).at), (bytes), (size))

static void keep_bytes(char *at, uint16_t *kept_len, size_t max, const void *bytes, size_t len)
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

static void keep_text(struct conn *conn, enum side side, const struct packet *p,
		      const uint8_t *bytes, size_t len)
{
	struct ssh_half *half = &conn->ssh.half[side];

	if (half->text.len != 0)
		return;
	while (len != 0 && (bytes[len - 1] == '\r' || bytes[len - 1] == '\n'))
		len--;
	KEEP(half->text, bytes, len);
	half->text_mark = p->mark;
	conn_note(conn, EVENT_TEXT, side, p, half->text.len);
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
	keep_text(&slot->conn, side, p, bytes, lf != NULL ? (size_t)(lf - bytes) : len);
	conn_note(&slot->conn, EVENT_NOT_SSH, side, p, 0);
}

/* RFC 4253 section 4.2: the server may send other lines first, the client may not. */
ssize_t ssh_read_line(struct slot *slot, enum side side, const struct packet *p,
		      const uint8_t *bytes, size_t len)
{
	struct ssh_line line;
	ssize_t used = ssh_line_parse(bytes, len, &line);

	if (used > 0 && line.is_identification) {
		identified(slot, side, p, line.text);
		return used;
	}
	if (used < 0 || slot->lines[side] >= LINES_MAX ||
	    (side == CLIENT && !ssh_identification_begins(bytes, len))) {
		is_not_ssh(slot, side, p, bytes, len);
		return 0;
	}
	if (used > 0) {
		slot->lines[side]++;
		if (line.text.len != 0)
			keep_text(&slot->conn, side, p, line.text.at, line.text.len);
	}
	return used;
}

/* ---- messages ---- */

static struct ssh_slice negotiated(const struct ssh *ssh, enum ssh_algorithm which)
{
	return (struct ssh_slice){ (const uint8_t *)ssh->negotiated[which].at,
				   ssh->negotiated[which].len };
}

static bool needs_no_mac(const struct ssh *ssh, enum ssh_algorithm which)
{
	if (which == SSH_MAC_C2S)
		return ssh_cipher_is_aead(negotiated(ssh, SSH_CIPHER_C2S));
	if (which == SSH_MAC_S2C)
		return ssh_cipher_is_aead(negotiated(ssh, SSH_CIPHER_S2C));
	return false;
}

static void negotiate(struct slot *slot, enum side last, const struct packet *p)
{
	struct ssh *ssh = &slot->conn.ssh;
	struct ssh_kexinit kexinit[2];

	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct ssh_slice body = { slot->clear->kexinit[side].bytes,
					  slot->clear->kexinit[side].len };

		if (body.len == 0 || !ssh_kexinit_parse(body, &kexinit[side]))
			return;
	}
	for (enum ssh_algorithm i = SSH_KEX; i < SSH_ALGORITHMS; i++) {
		struct ssh_slice name;

		if (needs_no_mac(ssh, i))
			continue;
		if (ssh_negotiate(&kexinit[CLIENT], &kexinit[SERVER], i, &name)) {
			KEEP(ssh->negotiated[i], name.at, name.len);
			continue;
		}
		ssh->mismatch = true;
		ssh->mismatch_in = i;
		for (enum side side = CLIENT; side <= SERVER; side++)
			KEEP(ssh->mismatch_offer[side], kexinit[side].list[i].at,
			     kexinit[side].list[i].len);
		conn_note(&slot->conn, EVENT_MISMATCH, last, p, i);
		return;
	}
	slot->success_len =
		(uint32_t)ssh_wire_len(negotiated(ssh, SSH_CIPHER_S2C),
				       negotiated(ssh, SSH_MAC_S2C), SSH_USERAUTH_SUCCESS_LEN);
	ssh->goodbye_len = (uint32_t)ssh_wire_len(negotiated(ssh, SSH_CIPHER_C2S),
						  negotiated(ssh, SSH_MAC_C2S), SSH_GOODBYE_LEN);
}

static void kexinit_said(struct slot *slot, enum side side, const struct packet *p,
			 const struct ssh_message *message)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];

	if (half->kexinit_mark.number != 0)
		return;
	half->kexinit_mark = p->mark;
	if (slot->conn.ssh.phase < SSH_PHASE_KEX)
		slot->conn.ssh.phase = SSH_PHASE_KEX;
	conn_note(&slot->conn, EVENT_KEXINIT, side, p, 0);
	if (message->body.len > sizeof(slot->clear->kexinit[side].bytes))
		return;
	memcpy(slot->clear->kexinit[side].bytes, message->body.at, message->body.len);
	slot->clear->kexinit[side].len = (uint16_t)message->body.len;
	negotiate(slot, side, p);
}

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
			    const struct ssh_message *message)
{
	struct ssh_disconnect *disconnect = &conn->ssh.disconnect;
	struct ssh_disconnect_body body;

	if (disconnect->seen || !ssh_disconnect_parse(message->body, &body))
		return;
	disconnect->seen = true;
	disconnect->from = side;
	disconnect->mark = p->mark;
	disconnect->code = body.code;
	KEEP(disconnect->description, body.description.at, body.description.len);
	conn_note(conn, EVENT_DISCONNECT, side, p, body.code);
}

static void message_said(struct slot *slot, enum side side, const struct packet *p,
			 const struct ssh_message *message)
{
	switch (message->number) {
	case SSH_MSG_KEXINIT:
		kexinit_said(slot, side, p, message);
		break;
	case SSH_MSG_NEWKEYS:
		newkeys_said(slot, side, p);
		break;
	case SSH_MSG_DISCONNECT:
		disconnect_said(&slot->conn, side, p, message);
		break;
	default:
		conn_note(&slot->conn, EVENT_KEX_MESSAGE, side, p, message->number);
		break;
	}
}

/* sshd complains in plain lines, also after its identification: "Invalid SSH identification ...". */
static bool is_text(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((bytes[i] < 0x20 || bytes[i] > 0x7e) && bytes[i] != '\r' && bytes[i] != '\n')
			return false;
	}
	return len != 0;
}

/* A side that offers both speaks SSH-1 when the other, whom we do not see, asked for it. */
static bool may_be_ssh1(const struct slot *slot, enum side side)
{
	const struct ssh_half *half = slot->conn.ssh.half;

	return (half[side].versions & SSH_VERSION_1) != 0 && half[!side].identification.len == 0;
}

ssize_t ssh_read_message(struct slot *slot, enum side side, const struct packet *p,
			 const uint8_t *bytes, size_t len)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];
	struct ssh_message message;
	ssize_t used;

	/* SSH-1 has packets of another form; which version is spoken, both identifications tell. */
	if (half->versions == SSH_VERSION_1 ||
	    slot->conn.ssh.half[!side].versions == SSH_VERSION_1) {
		slot->reading[side] = READING_STOPPED;
		if (is_text(bytes, len))
			keep_text(&slot->conn, side, p, bytes, len);
		return 0;
	}
	used = ssh_message_parse(bytes, len, &message);
	if (used > 0) {
		message_said(slot, side, p, &message);
	} else if (used < 0 && half->kexinit_mark.number == 0 && is_text(bytes, len)) {
		slot->reading[side] = READING_STOPPED;
		keep_text(&slot->conn, side, p, bytes, len);
	} else if (used < 0 && may_be_ssh1(slot, side)) {
		slot->reading[side] = READING_STOPPED;
		half->gap = true;
	} else if (used < 0) {
		slot->reading[side] = READING_STOPPED;
		half->malformed = true;
		half->malformed_mark = p->mark;
		conn_note(&slot->conn, EVENT_MALFORMED, side, p, 0);
	}
	return used;
}
