/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is wrong with the SSH of a connection, and whose words are at fault. In the clear it is
 * computed from what both said; of what is encrypted only a length that no packet has, or the way the
 * other side leaves, can tell.
 */
#include "classify/inside.h"

/* Who finds a packet bad acts on it at once: the packet, a round trip, and little else. */
#define AT_ONCE_NS (60 * NS_PER_MS)

static bool versions_differ(const struct fact_ssh *s)
{
	return s->has_identification[CLIENT] && s->has_identification[SERVER] &&
	       s->versions[CLIENT] != 0 && s->versions[SERVER] != 0 &&
	       (s->versions[CLIENT] & s->versions[SERVER]) == 0;
}

bool notice_is_complaint(const struct fact_ssh *s)
{
	return s->notice >= 0 && notice_cause(s->notice) == CAUSE_protocol_error;
}

/* 11 is a normal goodbye, 12 a limit; the others complain of the protocol. */
static bool said_so(const struct fact_ssh *s)
{
	return s->disconnect && s->disconnect_code != 11 && s->disconnect_code != 12;
}

/* A server may speak before its identification (RFC 4253 section 4.2), but not in place of it. */
static bool is_not_ssh(const struct fact_ssh *s, enum side side)
{
	return s->not_ssh[side] || (side == SERVER && s->text_only[SERVER] && s->notice < 0);
}

static bool is_malformed(const struct fact_ssh *s, enum side side)
{
	return s->malformed[side] ||
	       (s->text_in_packets[side] && !(s->notice >= 0 && s->notice_from == side));
}

/* Under strict key exchange a harmless message is as bad as any: OpenSSH's PROTOCOL 1.10. */
static bool is_strict_violation(const struct fact_ssh *s)
{
	return s->strict && (s->extra[CLIENT] || s->extra[SERVER]);
}

/* DISCONNECT, IGNORE, UNIMPLEMENTED, DEBUG and EXT_INFO are allowed: RFC 4253 sections 7.1, 11. */
static bool is_out_of_turn(const struct fact_ssh *s, enum side side)
{
	return s->extra[side] && s->extra_number[side] > 4 && s->extra_number[side] != 7;
}

/* An OpenSSH client that closes at once when it hears the server, and says no goodbye. */
static bool is_suspected(const struct facts *f)
{
	return f->end.ending == ENDING_closed && f->end.has_side && f->end.side == CLIENT &&
	       f->ssh.phase == SSH_PHASE_SESSION && f->ssh.owes_goodbye && !said_goodbye(f) &&
	       f->last.thought_ns[CLIENT] >= 0 && f->last.thought_ns[CLIENT] <= AT_ONCE_NS &&
	       f->last.client_ago_ns >= f->last.server_ago_ns;
}

static enum problem problem_of_packets(const struct facts *f)
{
	const struct fact_ssh *s = &f->ssh;
	bool was_borne = s->phase == SSH_PHASE_SESSION; /* what was odd before it did no harm */

	if (!was_borne && is_strict_violation(s))
		return PROBLEM_STRICT;
	if (!was_borne && (s->too_long[CLIENT] || s->too_long[SERVER]))
		return PROBLEM_TOO_LONG;
	if (is_malformed(s, CLIENT) || is_malformed(s, SERVER))
		return PROBLEM_MALFORMED;
	if (said_so(s))
		return PROBLEM_SAID_SO;
	if (!was_borne && (is_out_of_turn(s, CLIENT) || is_out_of_turn(s, SERVER)))
		return PROBLEM_OUT_OF_TURN;
	if (s->desync[CLIENT] || s->desync[SERVER])
		return PROBLEM_DAMAGED;
	return is_suspected(f) ? PROBLEM_SUSPECTED : PROBLEM_NONE;
}

enum problem problem_of(const struct facts *f)
{
	const struct fact_ssh *s = &f->ssh;

	if (s->mismatch)
		return PROBLEM_MISMATCH;
	if (versions_differ(s))
		return PROBLEM_VERSION;
	if (is_not_ssh(s, CLIENT) || is_not_ssh(s, SERVER) || notice_is_complaint(s))
		return PROBLEM_NOT_SSH;
	return problem_of_packets(f);
}

enum side problem_culprit(const struct facts *f, enum problem problem)
{
	const struct fact_ssh *s = &f->ssh;

	switch (problem) {
	case PROBLEM_STRICT:
		return s->extra[CLIENT] ? CLIENT : SERVER;
	case PROBLEM_TOO_LONG:
		return s->too_long[CLIENT] ? CLIENT : SERVER;
	case PROBLEM_MALFORMED:
		return is_malformed(s, SERVER) ? SERVER : CLIENT;
	case PROBLEM_OUT_OF_TURN:
		return is_out_of_turn(s, CLIENT) ? CLIENT : SERVER;
	case PROBLEM_DAMAGED:
		return s->desync[CLIENT] ? CLIENT : SERVER;
	default:
		return SERVER;
	}
}
