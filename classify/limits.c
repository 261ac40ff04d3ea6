/* SPDX-License-Identifier: BSD-3-Clause */
/* What this capture cannot show, and the words of the enumerations. */
#include "classify/inside.h"

static void limit(struct verdict *v, bool holds, const char *words)
{
	if (holds && v->limits < VERDICT_LIMITS_MAX)
		v->limit[v->limits++] = words;
}

void limits_of(const struct facts *f, struct verdict *v)
{
	limit(v, f->one_sided,
	      "Only one direction is in the capture: who answered what is not seen.");
	limit(v, f->mid_stream,
	      "The capture begins in mid-connection: there is no baseline from the handshake.");
	limit(v, f->missing != 0,
	      "The capture lacks segments that were acknowledged: it lost some itself.");
	limit(v, f->judged_early,
	      "The connection was judged early, to make room: what came later is not considered.");
	limit(v, f->cut, "Frames were cut by the capture: clear text may be incomplete.");
	limit(v, f->copies,
	      "Packets were captured twice: copies are left out of all counts but packets.");
	limit(v, f->overlaps != 0,
	      "The same place in the stream was sent with different bytes: someone may have forged some.");
	limit(v, f->multipath,
	      "Multipath TCP: this may be one of several subflows, and the session may go on.");
	limit(v, f->clock_stepped, "The clock of the capture went backwards at least once.");
	limit(v, f->roles_guessed, "Who is client and who is server is a guess from the ports.");
	limit(v, f->reset.any && v->cause != CAUSE_orderly_close,
	      "One vantage point: a device that copies TTL and all marks of a host cannot be told from it.");
}

const char *who_name(enum who who)
{
	static const char *const names[] = {
		"client", "server", "middlebox", "network", "none", "unknown",
	};

	return names[who];
}

const char *sure_name(enum sure sure)
{
	static const char *const names[] = { "certain", "likely", "possible", "unexplained" };

	return names[sure];
}

const char *where_name(enum where where)
{
	static const char *const names[] = { "client", "server", "network" };

	return names[where];
}
