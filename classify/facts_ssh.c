/* SPDX-License-Identifier: BSD-3-Clause */
/* The part of facts_of() about SSH: what was said in the clear, and what sizes can tell after it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "classify/inside.h"

/* RFC 4253 section 4.2: 255 characters with CR LF. */
#define IDENTIFICATION_TEXT_MAX 253

/*
 * OpenSSH's client ends with DISCONNECT "disconnected by user" since 5.2; before 6 is so old that
 * vendors' patches decide.
 */
#define GOODBYE_SINCE 600

/* sshd 9.8 and later let up to four seconds of chance pass after LoginGraceTime. */
#define JITTER_SINCE 908

static void printable(char *out, size_t size, const char *bytes, size_t len)
{
	struct text t = text_in(out, size);

	text_add_wire(&t, bytes, len);
}

/* 902 of "SSH-2.0-OpenSSH_9.2p1", also of "OpenSSH_for_Windows_9.2"; 0: it is none of those. */
static long openssh_version(const struct ssh_half *half)
{
	static const char name[] = "SSH-2.0-OpenSSH_", windows[] = "for_Windows_";
	char text[SSH_IDENTIFICATION_MAX + 1] = "";
	char *at = text + sizeof(name) - 1;
	long major;

	memcpy(text, half->identification.at, half->identification.len);
	text[half->identification.len] = '\0';
	if (strncmp(text, name, sizeof(name) - 1) != 0)
		return 0;
	if (strncmp(at, windows, sizeof(windows) - 1) == 0)
		at += sizeof(windows) - 1;
	if (!isdigit((unsigned char)*at))
		return 0;
	major = strtol(at, &at, 10);
	if (*at != '.' || major > 99)
		return 0;
	return 100 * major + strtol(at + 1, NULL, 10) % 100;
}

static bool is_none(const struct ssh *ssh, enum ssh_algorithm which)
{
	return ssh->negotiated[which].len == 4 && memcmp(ssh->negotiated[which].at, "none", 4) == 0;
}

/* Compression that begins after the login leaves the sizes of the login as they are. */
static bool is_late(const struct ssh *ssh, enum ssh_algorithm which)
{
	static const char late[] = "zlib@openssh.com";

	return ssh->negotiated[which].len == sizeof(late) - 1 &&
	       memcmp(ssh->negotiated[which].at, late, sizeof(late) - 1) == 0;
}

static void sizes(const struct ssh *ssh, struct fact_ssh *fact)
{
	bool clear = is_none(ssh, SSH_COMPRESSION_C2S) && is_none(ssh, SSH_COMPRESSION_S2C);

	fact->sizes_known = ssh->goodbye_len != 0 && (clear || is_late(ssh, SSH_COMPRESSION_S2C));
	fact->owes_goodbye = ssh->goodbye_len != 0 && clear &&
			     openssh_version(&ssh->half[CLIENT]) >= GOODBYE_SINCE;
	fact->jitters = openssh_version(&ssh->half[SERVER]) >= JITTER_SINCE;
	fact->refusals_counted = ssh->auth_counted;
	fact->refusals = ssh->auth_failures;
	fact->refused_last = ssh->auth_refused_last;
	fact->close_len = ssh->close_len;
	fact->unanswered = ssh->alive[CLIENT].unanswered;
}

/* What comes first says which end is not the one that speaks SSH. */
static void proxies(const struct ssh *ssh, struct fact_ssh *fact)
{
	if (ssh->prelude == PRELUDE_none)
		return;
	fact->by_proxy[ssh->prelude == PRELUDE_proxy_protocol ? CLIENT : SERVER] = true;
}

static void half_facts(const struct ssh *ssh, enum side side, struct fact_ssh *fact)
{
	const struct ssh_half *half = &ssh->half[side];

	fact->has_identification[side] = half->identification.len != 0;
	fact->identification_mark[side] = half->identification_mark;
	fact->too_long[side] = half->identification.len > IDENTIFICATION_TEXT_MAX;
	fact->versions[side] = half->versions;
	fact->not_ssh[side] = half->not_ssh;
	fact->not_ssh_mark[side] = half->text_mark;
	fact->text_only[side] = half->text.len != 0 && half->identification.len == 0;
	fact->text_in_packets[side] = half->text.len != 0 && half->identification.len != 0 &&
				      half->text_mark.number > half->identification_mark.number;
	fact->text_mark[side] = half->text_mark;
	fact->malformed[side] = half->malformed;
	fact->malformed_mark[side] = half->malformed_mark;
	fact->extra[side] = half->extra_mark.number != 0;
	fact->extra_mark[side] = half->extra_mark;
	fact->extra_number[side] = half->extra_number;
	fact->desync[side] = half->desync_mark.number != 0;
	fact->desync_mark[side] = half->desync_mark;
	fact->gap[side] = half->gap;
	fact->kexinit[side] = half->kexinit_mark.number != 0;
	fact->kexinit_mark[side] = half->kexinit_mark;
	fact->encrypted[side] = half->encrypted_segments;
	printable(fact->offer[side], sizeof(fact->offer[side]), ssh->mismatch_offer[side].at,
		  ssh->mismatch_offer[side].len);
}

static void notice(const struct ssh *ssh, struct fact_ssh *fact)
{
	fact->notice = -1;
	for (enum side side = CLIENT; side <= SERVER; side++) {
		const struct ssh_half *half = &ssh->half[side];

		if (half->text.len == 0 || fact->notice >= 0)
			continue;
		fact->notice = notice_of(half->text.at, half->text.len);
		fact->notice_from = side;
		fact->notice_mark = half->text_mark;
		printable(fact->notice_text, sizeof(fact->notice_text), half->text.at,
			  half->text.len);
	}
}

void facts_of_ssh(const struct conn *conn, struct facts *facts)
{
	const struct ssh *ssh = &conn->ssh;
	struct fact_ssh *fact = &facts->ssh;

	fact->any = ssh->recognised;
	fact->phase = ssh->phase;
	fact->mismatch = ssh->mismatch;
	fact->mismatch_in = ssh->mismatch_in;
	fact->disconnect = ssh->disconnect.seen;
	fact->disconnect_from = ssh->disconnect.from;
	fact->disconnect_code = ssh->disconnect.code;
	fact->disconnect_mark = ssh->disconnect.mark;
	fact->strict = ssh->strict;
	fact->key_shown = ssh->host_key_mark.number != 0;
	fact->key_mark = ssh->host_key_mark;
	for (enum side side = CLIENT; side <= SERVER; side++)
		half_facts(ssh, side, fact);
	notice(ssh, fact);
	sizes(ssh, fact);
	proxies(ssh, fact);
}
