/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SSH through a proxy. The client asks it for a server, and from the proxy's yes on the bytes are
 * those of SSH; or a proxy in front of the server tells it who the client is, in the client's stream.
 *
 * What asks is no proof that a proxy hears it: an sshd takes such a line for a broken identification.
 * So an answer that is none makes the client one that did not speak SSH.
 */
#include "dissect/ssh_prelude.h"
#include "base/text.h"
#include "track/inside.h"

bool ssh_prelude_may_begin(const struct packet *p)
{
	return prelude_begins(p->tcp.payload, p->tcp.payload_len);
}

bool ssh_is_proxied(const struct ssh *ssh)
{
	return prelude_is_answered(ssh->prelude);
}

bool ssh_prelude_failed(const struct slot *slot)
{
	const struct ssh *ssh = &slot->conn.ssh;

	return slot->prelude_tried && (ssh->half[CLIENT].not_ssh || ssh->half[SERVER].not_ssh);
}

void ssh_prelude_refused(struct slot *slot)
{
	struct ssh *ssh = &slot->conn.ssh;
	struct ssh_half *client = &ssh->half[CLIENT];

	if (ssh->prelude == PRELUDE_none)
		return;
	ssh->prelude = PRELUDE_none;
	client->not_ssh = true;
	if (client->text_mark.number == 0)
		client->text_mark = ssh->prelude_mark;
}

/* A name is the proxy's to look up: it is told as it was asked for. */
static void keep_target(struct ssh *ssh, const struct prelude *prelude)
{
	char buffer[SSH_TARGET_MAX + 1];
	struct text t = text_in(buffer, sizeof(buffer));

	if (prelude->at.ip.family != 0) {
		endpoint_add(&t, &prelude->at);
	} else if (prelude->name.len != 0) {
		text_add_wire(&t, prelude->name.at, prelude->name.len);
		text_add(&t, ":%u", prelude->at.port);
	}
	KEEP(ssh->prelude_target, buffer, t.len); /* printable: escaped above */
}

/* A server that has introduced itself is no proxy that waits to be asked. */
static ssize_t client_asks(struct slot *slot, const struct packet *p, const uint8_t *bytes,
			   size_t len)
{
	struct ssh *ssh = &slot->conn.ssh;
	struct prelude prelude;
	ssize_t used;

	/* Else a scanner's first octet would be waited on, and what it is never be told. */
	if (!slot->prelude_tried && !prelude_begins(bytes, len))
		return -1;
	used = prelude_parse(bytes, len, &prelude);
	if (used < 0 ||
	    (prelude_is_answered(prelude.kind) && ssh->half[SERVER].identification.len != 0)) {
		ssh->prelude = PRELUDE_none;
		return -1;
	}
	slot->prelude_tried = true;
	if (ssh->prelude == PRELUDE_none)
		ssh->prelude_mark = p->mark;
	ssh->prelude = (uint8_t)prelude.kind;
	if (used == 0)
		return 0;
	keep_target(ssh, &prelude);
	conn_note(&slot->conn, EVENT_PRELUDE, CLIENT, p, prelude.kind);
	return used;
}

/* In a capture of the server's side alone nothing was asked, and nothing is an answer. */
static ssize_t server_answers(struct slot *slot, const struct packet *p, const uint8_t *bytes,
			      size_t len)
{
	enum prelude_kind kind = slot->conn.ssh.prelude;
	ssize_t used;

	if (!prelude_is_answered(kind))
		return -1;
	used = prelude_answer_parse(bytes, len, kind);
	if (used < 0)
		ssh_prelude_refused(slot);
	else if (used > 0)
		conn_note(&slot->conn, EVENT_PRELUDE_ANSWER, SERVER, p, kind);
	return used;
}

ssize_t ssh_read_prelude(struct slot *slot, enum side side, const struct packet *p,
			 const uint8_t *bytes, size_t len)
{
	ssize_t used;

	if (slot->prelude_over[side])
		return -1;
	used = side == CLIENT ? client_asks(slot, p, bytes, len) :
				server_answers(slot, p, bytes, len);
	slot->prelude_over[side] = used != 0;
	return used;
}
