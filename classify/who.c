/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who ended it?
 *
 * A FIN comes from the socket that sent it. A reset only claims to: the question is whether the host
 * it claims to be from made it, or a device on the path. What the reset carries is weighed in
 * decibans, positive for the host; the sum s gives the probability 1 / (1 + 10^(-s/10)).
 *
 * Window 0, no options and identification 0 are what an honest Linux kernel sends when it has no such
 * connection: by themselves they say nothing about a device.
 */
#include <math.h>

#include "classify/inside.h"

/* Hosts reset their own connections far more often than devices do. */
#define PRIOR_HOST 3

/* Between these nobody is named. */
#define SURE_ENOUGH 0.65

static double probability(int decibans)
{
	return 1.0 / (1.0 + pow(10.0, -decibans / 10.0));
}

static void weigh_reset(struct facts *f, struct plea *p)
{
	double host;

	weigh_marks(f, p);
	weigh_senders(f, p);
	/* Without a baseline of that host the habit of hosts is no reason to name this one. */
	f->origin.host_decibans = p->decibans + (f->reset.ttl_max != 0 ? PRIOR_HOST : 0);
	host = probability(f->origin.host_decibans);
	if (host >= SURE_ENOUGH)
		f->origin.who = f->reset.from == CLIENT ? WHO_CLIENT : WHO_SERVER;
	else if (host <= 1 - SURE_ENOUGH)
		f->origin.who = WHO_MIDDLEBOX;
	f->origin.p = host > 0.5 ? host : 1 - host;
}

static void weigh_fin(struct facts *f, struct plea *p)
{
	if (!f->end.has_side)
		return;
	f->origin.who = f->end.side == CLIENT ? WHO_CLIENT : WHO_SERVER;
	f->origin.p = f->one_sided ? 0.9 : f->end.unseen ? 0.95 : 0.995;
	/* After its DISCONNECT the client sends nothing, and it is chance whose FIN is the first. */
	if (f->end.side == SERVER && f->last.goodbye_alone && said_goodbye(f) &&
	    f->after_fin.data == 0 && f->ssh.phase == SSH_PHASE_SESSION) {
		f->origin.who = WHO_CLIENT;
		f->origin.p = 0.95;
		plead(p, 10, f->last.client_mark, f->end.mark,
		      "The client's DISCONNECT came before the first FIN, which is the server's.");
		return;
	}
	if (f->one_sided)
		plead(p, 10, f->end.mark, NO_MARK,
		      "Only one direction was captured; its acknowledgments tell that the %s closed first.",
		      side_name(f->end.side));
	else if (f->end.unseen)
		plead(p, 13, f->end.mark, NO_MARK,
		      "Frame %u acknowledges a FIN of the %s that the capture lacks.",
		      f->end.mark.number, side_name(f->end.side));
	else
		plead(p, 23, f->end.mark, NO_MARK, "The first FIN, frame %u, is the %s's.",
		      f->end.mark.number, side_name(f->end.side));
}

static void weigh_icmp(struct facts *f, struct plea *p)
{
	f->origin.who = WHO_MIDDLEBOX;
	if (f->icmp.from_server)
		f->origin.who = WHO_SERVER;
	else if (f->icmp.from_client)
		f->origin.who = WHO_CLIENT;
	f->origin.p = f->icmp.in_flight ? 0.97 : 0.7;
	plead(p, f->icmp.in_flight ? 15 : 4, f->icmp.mark, NO_MARK,
	      "ICMP%s type %u code %u came from %s.", f->icmp.is_v6 ? "v6" : "", f->icmp.type,
	      f->icmp.code, f->icmp.from);
}

void who_ended(struct facts *f, struct plea *p)
{
	f->origin = (struct fact_origin){ .who = WHO_UNKNOWN, .p = 1 };
	switch (f->end.ending) {
	case ENDING_open:
		f->origin.who = WHO_NONE;
		break;
	case ENDING_reset:
	case ENDING_refused:
		weigh_reset(f, p);
		break;
	case ENDING_closed:
		weigh_fin(f, p);
		break;
	case ENDING_rejected:
		weigh_icmp(f, p);
		break;
	default: /* silence has no marks: why decides */
		break;
	}
}
