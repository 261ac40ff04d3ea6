/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A deed is a fixed phrase, how often ("37 segments") when equal neighbours were folded, and what
 * the event's arg adds ("12.4 kB"). One row for each kind of event.
 *
 * Wording: an event is what the wire shows. Who really sent a reset is the verdict's to say, so
 * here a side only "seems to" reset.
 */
#include "report/timeline.h"

#include <inttypes.h>

#include "base/clock.h"
#include "report/icmp.h"
#include "report/words.h"

struct phrase {
	const char *deed;
	const char *unit; /* of count; NULL: this kind does not fold */
	void (*detail)(struct text *, const struct conn *, const struct event *);
};

static enum side side_of(const struct event *e)
{
	return e->from == FROM_SERVER ? SERVER : CLIENT;
}

/* Pure ACKs, FINs and probes that are sent again carry nothing worth a number. */
static void bytes(struct text *t, const struct conn *conn, const struct event *e)
{
	(void)conn;
	if (e->arg == 0)
		return;
	text_add(t, ", ");
	words_add_bytes(t, e->arg);
}

static void round_trip(struct text *t, const struct conn *conn, const struct event *e)
{
	(void)conn;
	if (e->arg == 0)
		return;
	text_add(t, ", round trip ");
	clock_add_span(t, e->arg * NS_PER_US);
}

static void silence(struct text *t, const struct conn *conn, const struct event *e)
{
	(void)conn;
	clock_add_span(t, e->arg * NS_PER_MS);
	text_add(t, " of silence");
}

/* The strings are kept once for each side, so an event holds only its length. */
static void identification(struct text *t, const struct conn *conn, const struct event *e)
{
	const struct ssh_half *half = &conn->ssh.half[side_of(e)];

	text_add(t, " ");
	text_add_wire(t, half->identification.at, half->identification.len);
}

static void said(struct text *t, const struct conn *conn, const struct event *e)
{
	const struct ssh_half *half = &conn->ssh.half[side_of(e)];

	text_add(t, " \"");
	text_add_wire(t, half->text.at, half->text.len);
	text_add(t, "\"");
}

/* With the PROXY protocol, it is the client of the connection that is a proxy. */
static void prelude(struct text *t, const struct conn *conn, const struct event *e)
{
	const struct ssh *ssh = &conn->ssh;
	enum prelude_kind kind = e->arg < PRELUDE_KINDS ? e->arg : PRELUDE_none;

	if (e->kind == EVENT_PRELUDE_ANSWER)
		text_add(t, "is a proxy and agrees");
	else if (kind != PRELUDE_proxy_protocol)
		text_add(t, "asks a proxy for ");
	else
		text_add(t, "is a proxy%s", ssh->prelude_target.len != 0 ? " and speaks for " : "");
	if (e->kind == EVENT_PRELUDE)
		text_add_wire(t, ssh->prelude_target.at, ssh->prelude_target.len);
	text_add(t, " (%s)", prelude_words(kind));
}

/* Lists of such a length are not kept, so nothing can be said of what was agreed on. */
static void kexinit(struct text *t, const struct conn *conn, const struct event *e)
{
	(void)conn;
	if (e->arg == 0)
		return;
	text_add(t, " in ");
	words_add_bytes(t, e->arg);
	text_add(t, ": too much to be compared");
}

static void message_number(struct text *t, const struct conn *conn, const struct event *e)
{
	const char *name = ssh_message_name((uint8_t)e->arg);

	if (name[0] == '\0')
		name = ssh_kex_message_name(conn->ssh.negotiated[SSH_KEX].at,
					    conn->ssh.negotiated[SSH_KEX].len, (uint8_t)e->arg);
	text_add(t, ", message number %" PRIu32, e->arg);
	if (name[0] != '\0')
		text_add(t, " (%s)", name);
}

/* RFC 4253 section 11.1. The description is the sender's free text. */
static void disconnect(struct text *t, const struct conn *conn, const struct event *e)
{
	const struct ssh_disconnect *d = &conn->ssh.disconnect;
	const char *name = ssh_disconnect_name(e->arg);

	text_add(t, ", code %" PRIu32, e->arg);
	if (name[0] != '\0')
		text_add(t, " %s", name);
	if (d->seen && d->from == side_of(e) && d->description.len != 0) {
		text_add(t, ", \"");
		text_add_wire(t, d->description.at, d->description.len);
		text_add(t, "\"");
	}
}

static void algorithm(struct text *t, const struct conn *conn, const struct event *e)
{
	static const char *const words[SSH_ALGORITHMS] = {
		[SSH_KEX] = "key exchange method",
		[SSH_HOST_KEY] = "host key algorithm",
		[SSH_CIPHER_C2S] = "cipher, client to server",
		[SSH_CIPHER_S2C] = "cipher, server to client",
		[SSH_MAC_C2S] = "MAC, client to server",
		[SSH_MAC_S2C] = "MAC, server to client",
		[SSH_COMPRESSION_C2S] = "compression, client to server",
		[SSH_COMPRESSION_S2C] = "compression, server to client",
	};

	(void)conn;
	text_add(t, " %s", e->arg < SSH_ALGORITHMS ? words[e->arg] : "algorithm");
}

/* RFC 5961 section 3.2: whether a receiver obeys is what makes a reset matter. */
static void fit(struct text *t, const struct conn *conn, const struct event *e)
{
	(void)conn;
	if (e->arg == RESET_FIT_EXACT)
		text_add(t, ": exactly in sequence");
	else if (e->arg == RESET_FIT_WINDOW)
		text_add(t, ": inside the window, not in sequence");
	else if (e->arg == RESET_FIT_OUTSIDE)
		text_add(t, ": outside the window, so nobody obeys it");
}

/* The outer header is not kept; ICMP of a family quotes segments of the same family. */
static void icmp(struct text *t, const struct conn *conn, const struct event *e)
{
	bool is_v6 = conn->peer[SERVER].at.ip.family == 6;

	text_add(t, ": ");
	icmp_add_words(t, is_v6, (uint8_t)(e->arg >> 8), (uint8_t)e->arg);
}

static const struct phrase phrases[EVENT_COUNT] = {
	[EVENT_SYN] = { "asks for a connection (SYN)", "times", NULL },
	[EVENT_SYN_ACK] = { "accepts it (SYN ACK)", "times", NULL },
	[EVENT_ESTABLISHED] = { "completes the handshake", NULL, round_trip },
	[EVENT_MIDSTREAM] = { "begins in mid-connection", NULL, NULL },
	[EVENT_PRELUDE] = { "", NULL, prelude },
	[EVENT_PRELUDE_ANSWER] = { "", NULL, prelude },
	[EVENT_TEXT] = { "says", NULL, said },
	[EVENT_IDENTIFICATION] = { "sends its identification", NULL, identification },
	[EVENT_NOT_SSH] = { "sends what is not SSH", NULL, NULL },
	[EVENT_KEXINIT] = { "offers its algorithms (KEXINIT)", NULL, kexinit },
	[EVENT_KEX_MESSAGE] = { "exchanges keys", "messages", message_number },
	[EVENT_NEWKEYS] = { "turns to the new keys (NEWKEYS)", NULL, NULL },
	[EVENT_REVERSED] = { "sends a host key: of the two it is the SSH server", NULL, NULL },
	[EVENT_DISCONNECT] = { "says goodbye (DISCONNECT)", NULL, disconnect },
	[EVENT_MISMATCH] = { "shares with the other side no", NULL, algorithm },
	[EVENT_MALFORMED] = { "sends a packet that breaks RFC 4253", NULL, NULL },
	[EVENT_SESSION] = { "begins the session", NULL, NULL },
	[EVENT_DATA] = { "sends data", "segments", bytes },
	[EVENT_IDLE] = { "", NULL, silence },
	[EVENT_RETRANSMISSION] = { "sends again", "segments", bytes },
	[EVENT_OUT_OF_ORDER] = { "sends out of order", "segments", bytes },
	[EVENT_MISSING] = { "sent what the capture lacks", "times", NULL },
	[EVENT_KEEPALIVE] = { "probes whether the other side lives (TCP keepalive)", "times",
			      NULL },
	[EVENT_ZERO_WINDOW] = { "cannot take more data (window 0)", "times", NULL },
	[EVENT_FIN] = { "closes its side (FIN)", NULL, NULL },
	[EVENT_RESET] = { "seems to reset the connection (RST)", "times", fit },
	[EVENT_DATA_AFTER_RESET] = { "goes on sending data after the reset", "segments", bytes },
	[EVENT_ICMP] = { "reports by ICMP", "times", icmp },
	[EVENT_CHALLENGE_ACK] = { "asks back (challenge ACK)", "times", NULL },
	[EVENT_COPY] = { "begins to show packets twice", NULL, NULL },
	[EVENT_OUTSIDE] = { "seems to send what is outside the window, so nobody takes it", "times",
			    bytes },
	[EVENT_CHECKSUM] = { "seems to send what has a wrong checksum, so nobody takes it",
			     "segments", bytes },
	[EVENT_OVERLAP] = { "seems to send other bytes in place of what was sent before",
			    "segments", bytes },
	[EVENT_STRAY_SYN] = { "seems to ask for another connection inside this one (SYN)", "times",
			      NULL },
	[EVENT_PORT_REUSED] = { "opens another connection on the same ports", NULL, NULL },
	[EVENT_CAPTURE_END] = { "ends", NULL, NULL },
};

const char *timeline_from(const struct event *e)
{
	static const char *const names[] = {
		[FROM_CLIENT] = "client",       [FROM_SERVER] = "server",
		[FROM_MIDDLEBOX] = "middlebox", [FROM_NETWORK] = "network",
		[FROM_CAPTURE] = "capture",
	};

	return e->from <= FROM_CAPTURE ? names[e->from] : "capture";
}

const char *timeline_subject(const struct event *e)
{
	if (e->kind == EVENT_IDLE)
		return "";
	if (e->kind == EVENT_MIDSTREAM || e->kind == EVENT_CAPTURE_END || e->kind == EVENT_COPY)
		return "capture";
	return timeline_from(e);
}

void timeline_add_deed(struct text *t, const struct conn *conn, const struct event *e)
{
	/* A kind out of range would be a mistake of ours; a wrong word is milder than a crash. */
	const struct phrase *phrase = &phrases[e->kind < EVENT_COUNT ? e->kind : EVENT_DATA];

	text_add(t, "%s", phrase->deed);
	if (phrase->unit != NULL && e->count > 1)
		text_add(t, ", %" PRIu32 " %s", e->count, phrase->unit);
	if (phrase->detail != NULL)
		phrase->detail(t, conn, e);
}
