/* SPDX-License-Identifier: BSD-3-Clause */
/* Which row of rst_shapes.def the ending reset looks like, and what that says for its host. */
#include "classify/inside.h"

/* What the form of a kernel says for the host while there is no TTL to compare. */
#define KERNEL_UNPLACED 2

/* Documented codes begin here; those that were seen lie close together. */
#define CODE_LEAST 8192
#define CODE_MOST 8300

enum want { ANY, YES, NO, RULE, NEXT, ZERO, SOME, ECHO, CODE, COPIED, CLEARED, TEN, FAR };

struct shape {
	enum reset_kind kind;
	int decibans;
	enum want ack, ip_id, df, window, timestamps, tos, ttl;
	const char *words;
};

static const struct shape shapes[] = {
#define SHAPE(kind, decibans, ack, ip_id, df, window, timestamps, tos, ttl, words)                 \
	{ kind, decibans, ack, ip_id, df, window, timestamps, tos, ttl, words },
#include "classify/rst_shapes.def"
#undef SHAPE
};

static bool is(enum want want, bool fact)
{
	return want == ANY || (want == YES) == fact;
}

/* RFC 9293 section 3.10.7.1: a kernel's answer has ACK where the segment had none. */
static bool ack_fits(enum want want, const struct fact_reset *r)
{
	if (want == RULE)
		return !r->answers || r->has_ack != r->trigger_had_ack;
	return is(want, r->has_ack);
}

/* IPv6 has no identification and no DF: what asks for their absence holds. */
static bool ip_id_fits(enum want want, const struct fact_reset *r)
{
	if (want == ZERO)
		return !r->has_ip_id || r->ip_id == 0;
	if (want == NEXT) /* up to 3: the capture may lack some */
		return r->has_ip_id_step && r->ip_id_habit != IP_ID_ZERO && r->ip_id_step >= 1 &&
		       r->ip_id_step <= 3;
	return true;
}

static bool df_fits(enum want want, const struct fact_reset *r)
{
	if (!r->has_ip_id)
		return want != NO;
	return is(want, r->df);
}

static bool window_fits(enum want want, const struct fact_reset *r)
{
	if (want == ZERO)
		return r->window == 0;
	if (want == SOME)
		return r->window != 0;
	if (want == CODE)
		return r->window >= CODE_LEAST && r->window <= CODE_MOST;
	if (want == ECHO)
		return r->window != 0 && r->trigger.number != 0 && r->window == r->trigger_window;
	return true;
}

/* YES asks for those of the connection, not for any. */
static bool timestamps_fit(enum want want, const struct fact_reset *r)
{
	return is(want, r->has_timestamps) && !(want == YES && r->clock_wrong);
}

/*
 * Only a marked trigger tells copied from cleared, and only of stacks that are known to copy: those
 * that begin at 128 (Windows) are not.
 */
static bool tos_fits(enum want want, const struct fact_reset *r)
{
	bool marked = r->answers && (r->trigger_tos & DSCP) != 0;

	if (want == COPIED)
		return dscp_is_copied(r);
	if (want == CLEARED)
		return marked && (r->tos & DSCP) == 0 && initial_ttl(r->ttl) != 128;
	if (want == TEN)
		return r->tos == 0x10 && (r->trigger_tos & DSCP) != 0x10;
	return true;
}

int initial_ttl(int ttl)
{
	if (ttl <= 32)
		return 32;
	if (ttl <= 64)
		return 64;
	return ttl <= 128 ? 128 : 255;
}

static bool ttl_fits(enum want want, const struct fact_reset *r)
{
	return want != FAR ||
	       (initial_ttl(r->ttl) == 255 && r->ttl_max != 0 && initial_ttl(r->ttl_max) != 255);
}

static const struct shape *shape_of(const struct fact_reset *r)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct shape *s = &shapes[i];

		if (ack_fits(s->ack, r) && ip_id_fits(s->ip_id, r) && df_fits(s->df, r) &&
		    window_fits(s->window, r) && timestamps_fit(s->timestamps, r) &&
		    tos_fits(s->tos, r) && ttl_fits(s->ttl, r))
			return s;
	}
	return NULL;
}

void weigh_shape(struct facts *f, struct plea *p)
{
	const struct shape *shape = shape_of(&f->reset);
	int decibans;

	if (shape == NULL)
		return;
	f->origin.kind = shape->kind;
	decibans = shape->decibans;
	/* The mark may have been lost on the way when this side's own marks never arrive here. */
	if (shape->tos == CLEARED && !f->reset.side_keeps_tos) {
		f->origin.bleached = true;
		decibans /= 3;
	}
	/* A box has a kernel too, which copies it as well: only the TTL tells whose kernel it was. */
	if (shape->tos == COPIED && f->reset.ttl_max == 0)
		decibans = KERNEL_UNPLACED;
	if (decibans != 0)
		plead(p, decibans, f->reset.mark, NO_MARK, "The reset in frame %u: %s.",
		      f->reset.mark.number, shape->words);
}
