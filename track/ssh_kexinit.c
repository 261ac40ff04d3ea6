/* SPDX-License-Identifier: BSD-3-Clause */
/* What both sides offer, and what follows from it: RFC 4253 section 7.1. */
#include "track/inside.h"

struct ssh_slice ssh_negotiated(const struct ssh *ssh, enum ssh_algorithm which)
{
	return (struct ssh_slice){ (const uint8_t *)ssh->negotiated[which].at,
				   ssh->negotiated[which].len };
}

static bool needs_no_mac(const struct ssh *ssh, enum ssh_algorithm which)
{
	if (which == SSH_MAC_C2S)
		return ssh_cipher_is_aead(ssh_negotiated(ssh, SSH_CIPHER_C2S));
	if (which == SSH_MAC_S2C)
		return ssh_cipher_is_aead(ssh_negotiated(ssh, SSH_CIPHER_S2C));
	return false;
}

/* False when the lists have no common name. */
static bool choose(struct ssh *ssh, const struct ssh_kexinit kexinit[2], enum ssh_algorithm which)
{
	struct ssh_slice name;

	if (needs_no_mac(ssh, which)) {
		KEEP(ssh->negotiated[which], SSH_MAC_IMPLICIT, sizeof(SSH_MAC_IMPLICIT) - 1);
		return true;
	}
	if (!ssh_negotiate(&kexinit[CLIENT], &kexinit[SERVER], which, &name))
		return false;
	KEEP(ssh->negotiated[which], name.at, name.len);
	return true;
}

static void mismatches(struct ssh *ssh, const struct ssh_kexinit kexinit[2], enum ssh_algorithm in)
{
	ssh->mismatch = true;
	ssh->mismatch_in = in;
	for (enum side side = CLIENT; side <= SERVER; side++)
		KEEP(ssh->mismatch_offer[side], kexinit[side].list[in].at,
		     kexinit[side].list[in].len);
}

/* Section 7: what was announced as a guess is one only when the first names differ or not. */
static void judge_guesses(struct ssh *ssh, const struct ssh_kexinit kexinit[2])
{
	bool right = ssh_guess_is_right(&kexinit[CLIENT], &kexinit[SERVER]);

	for (enum side side = CLIENT; side <= SERVER; side++) {
		if (kexinit[side].follows)
			ssh->half[side].guess = right ? SSH_GUESS_RIGHT : SSH_GUESS_WRONG;
	}
}

static void sizes_follow(struct slot *slot)
{
	struct ssh *ssh = &slot->conn.ssh;
	struct ssh_form form[2] = {
		ssh_form_of(ssh_negotiated(ssh, SSH_CIPHER_C2S), ssh_negotiated(ssh, SSH_MAC_C2S)),
		ssh_form_of(ssh_negotiated(ssh, SSH_CIPHER_S2C), ssh_negotiated(ssh, SSH_MAC_S2C))
	};

	slot->success_len = (uint32_t)ssh_form_wire_len(form[SERVER], SSH_USERAUTH_SUCCESS_LEN);
	ssh->goodbye_len = (uint32_t)ssh_form_wire_len(form[CLIENT], SSH_GOODBYE_LEN);
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
	ssh->strict = ssh_asks_for_strict(&kexinit[CLIENT], false) &&
		      ssh_asks_for_strict(&kexinit[SERVER], true);
	judge_guesses(ssh, kexinit);
	for (enum ssh_algorithm i = SSH_KEX; i < SSH_ALGORITHMS; i++) {
		if (choose(ssh, kexinit, i))
			continue;
		mismatches(ssh, kexinit, i);
		conn_note(&slot->conn, EVENT_MISMATCH, last, p, i);
		return;
	}
	sizes_follow(slot);
	ssh_course_begin(slot, (size_t[2]){ 1u + slot->clear->kexinit[CLIENT].len,
					    1u + slot->clear->kexinit[SERVER].len });
}

void ssh_kexinit_begin(struct slot *slot, enum side side, const struct packet *p)
{
	slot->conn.ssh.half[side].kexinit_mark = p->mark;
	if (slot->conn.ssh.phase < SSH_PHASE_KEX)
		slot->conn.ssh.phase = SSH_PHASE_KEX;
	conn_note(&slot->conn, EVENT_KEXINIT, side, p, 0);
}

void ssh_kexinit_end(struct slot *slot, enum side side, struct ssh_hassh *hassh)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];

	half->has_hassh = ssh_hassh_end(hassh, half->hassh);
}

void ssh_kexinit_said(struct slot *slot, enum side side, const struct packet *p,
		      struct ssh_slice body)
{
	struct ssh_half *half = &slot->conn.ssh.half[side];
	struct ssh_kexinit kexinit;
	struct ssh_hassh hassh;

	ssh_kexinit_begin(slot, side, p);
	ssh_hassh_begin(&hassh, side == SERVER);
	ssh_hassh_add(&hassh, body.at, body.len);
	ssh_kexinit_end(slot, side, &hassh);
	if (ssh_kexinit_parse(body, &kexinit) && kexinit.follows)
		half->guess = SSH_GUESS_UNKNOWN;
	if (body.len > sizeof(slot->clear->kexinit[side].bytes))
		return;
	memcpy(slot->clear->kexinit[side].bytes, body.at, body.len);
	slot->clear->kexinit[side].len = (uint16_t)body.len;
	negotiate(slot, side, p);
}
