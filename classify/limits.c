/* SPDX-License-Identifier: BSD-3-Clause */
/* What this capture cannot show, and the words of the enumerations. */
#include "base/clock.h"
#include "base/text.h"
#include "classify/inside.h"

static void limit(struct verdict *v, bool holds, const char *words)
{
	if (holds && v->limits < VERDICT_LIMITS_MAX)
		v->limit[v->limits++] = words;
}

/* Only a marked segment tells a kernel's answer, which copies the mark, from a filter's. */
static bool is_unmarked(const struct fact_reset *r)
{
	return r->any && r->answers && (r->trigger_tos & DSCP) == 0 && !r->has_timestamps &&
	       r->window == 0;
}

/* What no single place shows, each where the verdict rests on it. */
static void odd_limits(const struct facts *f, struct verdict *v)
{
	bool unheard =
		f->end.ending == ENDING_silent || f->end.ending == ENDING_unanswered || gave_up(f);
	bool in_words = v->cause == CAUSE_protocol_error || v->cause == CAUSE_resource_exhaustion;

	if (cause_is_healthy(v->cause))
		return;
	limit(v, unheard,
	      "From one place a path that carries nothing and a host that is gone look the same.");
	limit(v, f->reset.any && f->reset.ttl_max == 0,
	      "No other segment of the host that the reset names is in the capture: there is no distance to compare.");
	limit(v, is_unmarked(&f->reset),
	      "What the reset answers carries no DSCP: a kernel's own reset and a filter's on that host look the same.");
	limit(v, f->end.ending == ENDING_closed && f->ssh.phase >= SSH_PHASE_AUTH,
	      "After the key exchange only lengths and times are seen: a goodbye is told by its size.");
	limit(v, f->lessons.connections == 0 && !in_words,
	      "No other connection to this server is in the capture: how it fared meanwhile is not seen.");
}

static void add_loss(struct text *t, const struct health *h)
{
	text_add(t,
		 "While it lived, the capture saw %llu frames and lost %llu, as its ring was full;",
		 (unsigned long long)h->seen, (unsigned long long)h->dropped_by_kernel);
	if (h->dropped_by_interface_known)
		text_add(t, " the interface dropped %llu",
			 (unsigned long long)h->dropped_by_interface);
	else
		text_add(t, " what the interface dropped is not known");
	if (h->link_down_ns != 0) {
		text_add(t, "; the link was down for ");
		clock_add_span(t, h->link_down_ns);
	}
	if (h->gaps != 0) {
		text_add(t, "; rstscope did not run for ");
		clock_add_span(t, h->gap_ns);
	}
	if (h->evicted != 0)
		text_add(t, "; %llu flows made room", (unsigned long long)h->evicted);
	text_add(t, ".");
}

/* The numbers are told when one of them is not as it should be; what is unknown is no such one. */
static void loss_limit(const struct facts *f, struct verdict *v)
{
	const struct health *h = &f->health;
	struct text t = text_in(v->loss, sizeof(v->loss));
	bool lost = h->dropped_by_kernel != 0 || h->link_down_ns != 0 || h->gaps != 0 ||
		    h->evicted != 0 ||
		    (h->dropped_by_interface_known && h->dropped_by_interface != 0);

	if (lost)
		add_loss(&t, h);
	limit(v, lost, v->loss);
}

void limits_of(const struct facts *f, struct verdict *v)
{
	loss_limit(f, v);
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
	limit(v, f->ssh.by_proxy[CLIENT],
	      "The client here is a proxy that announces the real one: what it does may be that one's doing.");
	limit(v, f->ssh.by_proxy[SERVER],
	      "The server here is a proxy: what it does may be the doing of the server behind, or of the path between.");
	odd_limits(f, v);
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
