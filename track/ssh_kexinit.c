/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What both sides offer, and what follows from it: RFC 4253 section 7.1. Both KEXINITs are sent at
 * once and in any order, so the first is kept until the other is complete. It may come in one piece
 * or pass through the buffer for clear text, which is smaller than the longest one.
 */
#include "track/inside.h"

struct ssh_slice ssh_negotiated(const struct ssh *ssh, enum ssh_algorithm which)
{
	return (struct ssh_slice){ (const uint8_t *)ssh->negotiated[which].at,
				   ssh->negotiated[which].len };
}

/* RFC 5647 section 5.1 and OpenSSH's PROTOCOL 1.6: the lists of MACs do not count then. */
static bool needs_no_mac(const struct ssh *ssh, enum ssh_algorithm which)
{
	if (which == SSH_MAC_C2S)
		return ssh_cipher_is_aead(ssh_negotiated(ssh, SSH_CIPHER_C2S));
	if (which == SSH_MAC_S2C)
		return ssh_cipher_is_aead(ssh_negotiated(ssh, SSH_CIPHER_S2C));
	return false;
}

/* False when the lists have no common name. What is not compared stays unknown. */
static bool choose(struct ssh *ssh, const struct ssh_kexinit kexinit[2], enum ssh_algorithm which)
{
	struct ssh_slice name;

	if (needs_no_mac(ssh, which)) {
		KEEP(ssh->negotiated[which], SSH_MAC_IMPLICIT, sizeof(SSH_MAC_IMPLICIT) - 1);
		return true;
	}
	if (ssh_list_is_long(kexinit[CLIENT].list[which]) ||
	    ssh_list_is_long(kexinit[SERVER].list[which]))
		return true;
	if (!ssh_negotiate(&kexinit[CLIENT], &kexinit[SERVER], which, &name))
		return false;
	KEEP(ssh->negotiated[which], name.at, name.len);
	return true;
}

/* The first list without a match ends the key exchange: the others were never compared. */
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

/* The two packets that mean something by their size alone, whatever came before. */
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

/* Once both are there; lists that break the form of a KEXINIT say nothing. */
static void negotiate(struct slot *slot, enum side last, const struct packet *p)
{
	const struct ssh_offered *offered = slot->clear->offered;
	struct ssh *ssh = &slot->conn.ssh;
	struct ssh_kexinit kexinit[2];

	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct ssh_slice body = { offered[side].bytes, offered[side].len };

		if (!offered[side].complete || !ssh_kexinit_parse(body, &kexinit[side]))
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
	ssh_course_begin(slot, (size_t[2]){ 1u + offered[CLIENT].len, 1u + offered[SERVER].len });
}

void ssh_kexinit_begin(struct slot *slot, enum side side, const struct packet *p, uint32_t len)
{
	struct ssh_offered *offered = &slot->clear->offered[side];

	slot->conn.ssh.half[side].kexinit_mark = p->mark;
	if (slot->conn.ssh.phase < SSH_PHASE_KEX)
		slot->conn.ssh.phase = SSH_PHASE_KEX;
	offered->too_long = len > sizeof(offered->bytes);
	ssh_hassh_begin(&offered->hassh, side == SERVER);
	conn_note(&slot->conn, EVENT_KEXINIT, side, p, offered->too_long ? len : 0);
}

void ssh_kexinit_add(struct slot *slot, enum side side, const uint8_t *bytes, size_t len)
{
	struct ssh_offered *offered = &slot->clear->offered[side];

	ssh_hassh_add(&offered->hassh, bytes, len);
	if (offered->too_long)
		return;
	memcpy(offered->bytes + offered->len, bytes, len);
	offered->len = (uint16_t)(offered->len + len);
}

void ssh_kexinit_end(struct slot *slot, enum side side, const struct packet *p)
{
	struct ssh_offered *offered = &slot->clear->offered[side];
	struct ssh_half *half = &slot->conn.ssh.half[side];
	struct ssh_kexinit kexinit;

	half->has_hassh = ssh_hassh_end(&offered->hassh, half->hassh);
	/* Then it is not known either whether a guess follows: its flag stands behind the lists. */
	if (offered->too_long)
		return;
	if (!ssh_kexinit_parse((struct ssh_slice){ offered->bytes, offered->len }, &kexinit)) {
		half->malformed = true;
		half->malformed_mark = p->mark;
		conn_note(&slot->conn, EVENT_MALFORMED, side, p, 0);
		return;
	}
	offered->complete = true;
	if (kexinit.follows)
		half->guess = SSH_GUESS_UNKNOWN;
	negotiate(slot, side, p);
}

static bool same_both_ways(const struct ssh_kexinit *kexinit)
{
	for (enum ssh_algorithm i = SSH_CIPHER_C2S; i < SSH_ALGORITHMS; i += 2) {
		struct ssh_slice a = kexinit->list[i], b = kexinit->list[i + 1];

		if (a.len != b.len || memcmp(a.at, b.at, a.len) != 0)
			return false;
	}
	return true;
}

void ssh_kexinit_reverse(struct slot *slot)
{
	const struct ssh_offered *offered = slot->clear->offered;
	struct ssh *ssh = &slot->conn.ssh;
	struct ssh_kexinit kexinit[2];
	struct ssh_slice name;
	bool parsed = true, kept = true;

	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct ssh_slice body = { offered[side].bytes, offered[side].len };

		parsed &= offered[side].complete && ssh_kexinit_parse(body, &kexinit[side]);
		kept = parsed && same_both_ways(&kexinit[side]);
		ssh->half[side].has_hassh &= kept;
	}
	for (enum ssh_algorithm i = SSH_KEX; i < SSH_ALGORITHMS; i++) {
		struct ssh_slice was = ssh_negotiated(ssh, i);

		if (was.len == 0) /* nothing to forget, and perhaps too long to compare */
			continue;
		if (!parsed || (!needs_no_mac(ssh, i) &&
				(!ssh_negotiate(&kexinit[SERVER], &kexinit[CLIENT], i, &name) ||
				 name.len != was.len || memcmp(name.at, was.at, was.len) != 0)))
			ssh->negotiated[i].len = 0;
	}
}
