/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the sizes of encrypted packets tell. Each message of a fixed length has one size on the wire
 * under a cipher and MAC; a few of them mean something only by their order and rhythm:
 *
 *   keepalive     a question after a silence, and its answer
 *   goodbye       OpenSSH's DISCONNECT as the client's last word
 *   rekeying      a KEXINIT of either side
 *   failed login  answers that have the size of the first one, which is a refusal
 *   chaff         packets of one keystroke each 20 ms (OpenSSH's ObscureKeystrokeTiming)
 */
#include "track/inside.h"

/* Payloads of OpenSSH: RFC 4254 sections 4 and 5.4, "keepalive@openssh.com" with want reply. */
#define ALIVE_GLOBAL_LEN 27  /* GLOBAL_REQUEST, of the client */
#define ALIVE_CHANNEL_LEN 31 /* CHANNEL_REQUEST, of the server */
#define REQUEST_FAILURE_LEN 1
#define CHANNEL_FAILURE_LEN 5
#define CHANNEL_CLOSE_LEN 5
#define CHANNEL_DATA_LEN 10   /* one letter */
#define SERVICE_ACCEPT_LEN 17 /* RFC 4253 section 10: "ssh-userauth" */
#define NONE_LEN_MAX 95       /* RFC 4252 section 5.2, with a user name of 64 letters */
#define FAILURE_LEN_MAX 134   /* RFC 4252 section 5.1, with 128 letters of method names */

/* Its unit is the second, and timers come late rather than early. */
#define ALIVE_MIN_NS (900 * NS_PER_MS)

/* Both KEXINITs are sent at once: this is many round trips of any path. */
#define REKEY_NS_MAX (30 * NS_PER_S)

/* ObscureKeystrokeTiming: 20 ms give or take a tenth, and what scheduling adds. */
#define CHAFF_MIN_NS (15 * NS_PER_MS)
#define CHAFF_MAX_NS (25 * NS_PER_MS)
#define CHAFF_RUN 16 /* a third of a second: nobody types fifty letters a second */

/* What only a first KEXINIT says: ",ext-info-c" or -s, ",kex-strict-c-v00@openssh.com" or -s. */
static const size_t first_only[SSH_KEXINIT_SIZES] = { 0, 11, 29, 11 + 29 };

static struct ssh_form form_of(const struct ssh *ssh, enum side side)
{
	if (side == CLIENT)
		return ssh_form_of(ssh_negotiated(ssh, SSH_CIPHER_C2S),
				   ssh_negotiated(ssh, SSH_MAC_C2S));
	return ssh_form_of(ssh_negotiated(ssh, SSH_CIPHER_S2C), ssh_negotiated(ssh, SSH_MAC_S2C));
}

static uint32_t len_of(struct ssh_form form, size_t payload_len)
{
	return (uint32_t)ssh_form_wire_len(form, payload_len);
}

static bool is_compressed(const struct ssh *ssh)
{
	return !ssh_slice_is(ssh_negotiated(ssh, SSH_COMPRESSION_C2S), "none") ||
	       !ssh_slice_is(ssh_negotiated(ssh, SSH_COMPRESSION_S2C), "none");
}

void ssh_course_begin(struct slot *slot, const size_t kexinit_len[2])
{
	struct ssh *ssh = &slot->conn.ssh;
	struct ssh_form form[2] = { form_of(ssh, CLIENT), form_of(ssh, SERVER) };
	struct ssh_course *c = &slot->course;

	/* Delayed compression too: it begins with the session, and most of this is about that. */
	if (is_compressed(ssh))
		return;
	c->alive_len[CLIENT] = len_of(form[CLIENT], ALIVE_GLOBAL_LEN);
	c->answer_len[SERVER] = len_of(form[SERVER], REQUEST_FAILURE_LEN);
	c->alive_len[SERVER] = len_of(form[SERVER], ALIVE_CHANNEL_LEN);
	c->answer_len[CLIENT] = len_of(form[CLIENT], CHANNEL_FAILURE_LEN);
	c->key_len = len_of(form[CLIENT], CHANNEL_DATA_LEN);
	c->close_len = len_of(form[CLIENT], CHANNEL_CLOSE_LEN);
	ssh->close_len = len_of(form[SERVER], CHANNEL_CLOSE_LEN);
	c->accept_len = len_of(form[SERVER], SERVICE_ACCEPT_LEN);
	c->none_max = len_of(form[CLIENT], NONE_LEN_MAX);
	c->failure_max = len_of(form[SERVER], FAILURE_LEN_MAX);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		for (size_t i = 0; i < SSH_KEXINIT_SIZES; i++)
			c->kexinit_len[side][i] =
				len_of(form[side], kexinit_len[side] - first_only[i]);
	}
}

/* ---- keepalive ---- */

static bool same_interval(uint32_t a_ms, uint32_t b_ms)
{
	uint32_t differ_ms = a_ms > b_ms ? a_ms - b_ms : b_ms - a_ms;

	return differ_ms <= b_ms / 10;
}

/* Between questions of another rhythm that were answered, what has the size of one is something else. */
static void alive_asked(struct slot *slot, enum side side, const struct packet *p,
			uint32_t silence_ms)
{
	struct ssh_alive *alive = &slot->conn.ssh.alive[side];
	struct ssh_course *c = &slot->course;

	c->asked[side] = true;
	c->asked_ms[side] = silence_ms;
	c->asked_again[side]++;
	if (alive->answered == 0 || same_interval(silence_ms, alive->interval_ms)) {
		alive->unanswered = (uint16_t)c->asked_again[side];
		alive->interval_ms = silence_ms;
		alive->last_mark = p->mark;
	}
}

static void alive_answered(struct slot *slot, enum side asker)
{
	struct ssh_alive *alive = &slot->conn.ssh.alive[asker];
	uint32_t interval_ms = slot->course.asked_ms[asker];

	if (alive->answered == 0 || !same_interval(interval_ms, alive->interval_ms))
		alive->answered = 0;
	if (alive->answered < UINT16_MAX)
		alive->answered++;
	alive->interval_ms = interval_ms;
}

static void keepalive(struct slot *slot, enum side side, const struct packet *p, uint32_t len)
{
	struct ssh_course *c = &slot->course;
	int64_t silence_ns = p->time_ns - c->last_ns;

	/* An answer that comes after the asker has closed was waited for in vain. */
	if (slot->conn.end.ending != ENDING_open)
		return;
	if (c->asked[!side]) {
		if (len == c->answer_len[side])
			alive_answered(slot, !side);
		slot->conn.ssh.alive[!side].unanswered = 0;
		c->asked[!side] = false;
		c->asked_again[!side] = 0;
		return;
	}
	if (len != 0 && len == c->alive_len[side] && c->last_ns != 0 &&
	    silence_ns >= ALIVE_MIN_NS && silence_ns < (int64_t)UINT32_MAX * NS_PER_MS)
		alive_asked(slot, side, p, (uint32_t)(silence_ns / NS_PER_MS));
}

/* ---- rekeying ---- */

static void rekeying(struct slot *slot, enum side side, const struct packet *p, uint32_t len)
{
	struct ssh_course *c = &slot->course;
	bool fits = false;

	for (size_t i = 0; i < SSH_KEXINIT_SIZES && len != 0; i++)
		fits |= len == c->kexinit_len[side][i];
	if (!fits)
		return;
	c->kexinit_ns[side] = p->time_ns;
	if (c->kexinit_ns[!side] == 0 || p->time_ns - c->kexinit_ns[!side] > REKEY_NS_MAX)
		return;
	c->kexinit_ns[CLIENT] = c->kexinit_ns[SERVER] = 0;
	if (slot->conn.ssh.rekeys < UINT16_MAX)
		slot->conn.ssh.rekeys++;
}

/* ---- authentication ---- */

/*
 * What the server said last before the client speaks again is its answer. The first request of
 * nearly all clients is "none", and its answer the refusal that lists the methods.
 */
static void first_answered(struct slot *slot)
{
	struct ssh_course *c = &slot->course;

	if (c->request_len > c->none_max || c->answer > c->failure_max)
		return;
	c->failure_len = c->answer;
	slot->conn.ssh.auth_counted = true;
}

static void server_answers(struct slot *slot, uint32_t len)
{
	struct ssh *ssh = &slot->conn.ssh;
	struct ssh_course *c = &slot->course;

	c->answer = len;
	ssh->auth_refused_last = len == c->failure_len;
	if (len != c->failure_len || !c->requested)
		return;
	c->requested = false;
	if (ssh->auth_failures < UINT16_MAX)
		ssh->auth_failures++;
}

static void client_requests(struct slot *slot, uint32_t len)
{
	struct ssh_course *c = &slot->course;

	if (c->request_len == 0)
		c->request_len = len;
	else if (!c->first_done && c->answer != 0)
		first_answered(slot);
	c->first_done |= c->answer != 0;
	c->requested = true;
}

static void authentication(struct slot *slot, enum side side, uint32_t len)
{
	struct ssh_course *c = &slot->course;

	if (!c->accepted)
		c->accepted = side == SERVER && len != 0 && len == c->accept_len;
	else if (side == CLIENT)
		client_requests(slot, len);
	else if (c->request_len != 0)
		server_answers(slot, len);
}

/* ---- the client's last word, and its keystrokes ---- */

static void goodbye(struct slot *slot, const struct packet *p, uint32_t len)
{
	struct ssh *ssh = &slot->conn.ssh;
	bool fits = ssh->goodbye_len != 0 && slot->course.close_len != 0 &&
		    (len == ssh->goodbye_len || len == ssh->goodbye_len + slot->course.close_len);

	ssh->goodbye_mark = fits ? p->mark : (struct mark){ .number = 0 };
}

static void keystroke(struct slot *slot, const struct packet *p, uint32_t len)
{
	struct ssh_course *c = &slot->course;
	int64_t since_ns = p->time_ns - c->key_ns;

	if (len == 0 || len != c->key_len)
		return;
	if (c->key_ns != 0 && since_ns >= CHAFF_MIN_NS && since_ns <= CHAFF_MAX_NS)
		c->key_run++;
	else
		c->key_run = 0;
	if (c->key_run >= CHAFF_RUN) {
		slot->conn.ssh.obfuscated = true;
		c->key_run = CHAFF_RUN; /* enough is known */
	}
	c->key_ns = p->time_ns;
}

void ssh_course_unit(struct slot *slot, enum side side, const struct packet *p, uint32_t len)
{
	if (slot->conn.ssh.phase == SSH_PHASE_AUTH)
		authentication(slot, side, len);
	if (slot->conn.ssh.phase == SSH_PHASE_SESSION) {
		keepalive(slot, side, p, len);
		rekeying(slot, side, p, len);
		if (side == CLIENT)
			keystroke(slot, p, len);
	}
	if (side == CLIENT)
		goodbye(slot, p, len);
	slot->course.last_ns = p->time_ns;
}
