/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A reader redoes the sum: what is shown, and the priors, give the confidence; for some fifteen
 * thousand ends, the oddest and those with the longest texts among them.
 */
#include "tests/classify/facts_of.h"

#include <math.h>
#include <string.h>

TestSuite(classify_sum);

static const int priors[] = {
#define CAUSE(id, prior) prior,
#include "classify/causes.def"
#undef CAUSE
};

static int shown(const struct plea *p)
{
	int sum = 0;

	for (uint8_t i = 0; i < p->evidences; i++)
		sum += p->evidence[i].decibans;
	return sum;
}

/* The same, from the verdict alone: what a reader has. */
static int shown_in(const struct verdict *v)
{
	int sum = v->prior;

	for (uint8_t i = 0; i < v->evidences; i++)
		sum += v->evidence[i].about == ABOUT_WHY ? v->evidence[i].decibans : 0;
	for (uint8_t i = 0; i < v->againsts; i++)
		sum += v->against[i].about == ABOUT_WHY ? v->against[i].decibans : 0;
	return sum;
}

/* Priors, what is shown for each cause, the probability of who, the capture's: nothing else. */
static void redo(const struct facts *f, double p[CAUSE_COUNT])
{
	struct fact_origin origin = origin_of(f);
	double trust = capture_trust(f), sum = 0;

	for (int i = 0; i < CAUSE_COUNT; i++) {
		struct plea plea = plea_of((enum cause_id)i, f);

		cr_expect_eq(plea.decibans, shown(&plea), "%s", cause_name((enum cause_id)i));
		p[i] = plea.ruled_out ? 0 : pow(10, (shown(&plea) + priors[i]) / TENFOLD);
		sum += p[i];
	}
	for (int i = 0; i < CAUSE_COUNT; i++) {
		p[i] *= trust / sum;
		if (cause_of((enum cause_id)i)->who == WHO_COUNT && i != CAUSE_unexplained)
			p[i] *= origin.p;
	}
	p[CAUSE_unexplained] += 1 - trust;
}

/* Of the causes that are more likely right than wrong there is one at most. */
static enum cause_id named(const double p[CAUSE_COUNT])
{
	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (p[i] >= 0.5)
			return (enum cause_id)i;
	}
	return CAUSE_unexplained;
}

static void expect_explained(const struct facts *f)
{
	struct verdict v = verdict_of(f);
	double p[CAUSE_COUNT], wanted;

	redo(f, p);
	cr_expect_eq(v.cause, named(p), "not %s: %s", cause_name(named(p)), words_of(&v));
	wanted = fmin(p[v.cause], v.cause == CAUSE_unexplained ? 0.49 : 0.999);
	cr_expect_float_eq(v.confidence, wanted, 1e-9, "%.6f: %s", wanted, words_of(&v));
	for (uint8_t i = 0; i < v.alternatives; i++) {
		const struct alternative *other = &v.alternative[i];

		wanted = fmin(p[other->cause], other->cause == CAUSE_unexplained ? 0.49 : 0.999);
		cr_expect_float_eq(other->confidence, wanted, 1e-9, "%.6f for %s: %s", wanted,
				   cause_name(other->cause), words_of(&v));
	}
	cr_expect_eq(v.sum, shown_in(&v), "%d, not %d: %s", v.sum, shown_in(&v), words_of(&v));
}

/* What may precede or surround an end: one bit each. */
static void surround(struct facts *f, unsigned bits)
{
	static const int64_t silences[] = { 0, 65, 352, 7300 };
	int64_t silence = silences[bits & 3];

	if (silence != 0)
		be_silent_for(f, SECONDS(silence), (bits & 4) != 0 ? SERVER : CLIENT);
	if ((bits & 8) != 0)
		wait_in_vain(f, (bits & 4) != 0 ? SERVER : CLIENT, 7, SECONDS(27));
	if ((bits & 16) != 0) {
		f->lessons = (struct lessons){ .connections = 3,
					       .accepted_before = 1,
					       .accepted_after = 1,
					       .alive_after = 1,
					       .ended_with = 2 };
		f->lessons.accepted_after_mark = f->lessons.accepted_before_mark = MARK(95);
	}
	if ((bits & 32) != 0) {
		f->reset.life = 2;
		f->reset.life_mark = MARK(92);
		f->reset.both_ways = true;
		f->reset.both_mark = MARK(91);
		f->reset.more = f->reset.more_unprovoked = 2;
	}
	if ((bits & 64) != 0)
		use_long_addresses(f);
	if ((bits & 128) != 0)
		f->mid_stream = f->one_sided = f->cut = f->multipath = true;
}

#define SURROUNDINGS 256

static void each_surrounding(void (*end)(struct facts *, unsigned), unsigned ways)
{
	for (unsigned bits = 0; bits < SURROUNDINGS * ways; bits++) {
		struct facts f = facts_of_a_quiet_session();

		end(&f, bits / SURROUNDINGS);
		surround(&f, bits % SURROUNDINGS);
		expect_explained(&f);
	}
}

static void by_reset(struct facts *f, unsigned way)
{
	end_with_reset(f, way & 1 ? SERVER : CLIENT, (enum form)(way / 2 % 3));
	if (way >= 6)
		make_nearer(f);
}

Test(classify_sum, the_confidence_of_resets_is_what_is_shown)
{
	each_surrounding(by_reset, 12);
}

static void by_refusal(struct facts *f, unsigned way)
{
	refuse(f, (enum form)(way % 3));
	if (way >= 3)
		make_nearer(f);
}

Test(classify_sum, the_confidence_of_refusals_is_what_is_shown)
{
	each_surrounding(by_refusal, 6);
}

static void by_other_means(struct facts *f, unsigned way)
{
	static const enum ending endings[] = { ENDING_closed, ENDING_silent, ENDING_open,
					       ENDING_unanswered };

	end_with(f, endings[way / 2], way & 1 ? SERVER : CLIENT);
	f->syn_repeats = way;
}

Test(classify_sum, the_confidence_of_other_ends_is_what_is_shown)
{
	each_surrounding(by_other_means, 8);
}

static void by_icmp(struct facts *f, unsigned way)
{
	static const uint8_t codes[][2] = { { 3, 0 }, { 3, 1 },  { 3, 3 },
					    { 3, 4 }, { 3, 13 }, { 11, 0 } };

	end_with(f, ENDING_rejected, SERVER);
	f->icmp = (struct fact_icmp){ .count = 3,
				      .mark = MARK(90),
				      .type = codes[way % 6][0],
				      .code = codes[way % 6][1],
				      .in_flight = way >= 6 };
	strcpy(f->icmp.from, "fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd:fdfd");
}

Test(classify_sum, the_confidence_of_rejections_is_what_is_shown)
{
	each_surrounding(by_icmp, 12);
}

static void fill(char *at, size_t size)
{
	for (size_t i = 0; i + 4 < size; i += 4)
		memcpy(at + i, "\\xff", 5);
}

static void by_words(struct facts *f, unsigned way)
{
	end_with(f, way & 1 ? ENDING_reset : ENDING_closed, way & 2 ? SERVER : CLIENT);
	f->ssh.phase = SSH_PHASE_KEX;
	f->ssh.mismatch = way / 4 == 0;
	f->ssh.mismatch_in = SSH_MAC_S2C;
	fill(f->ssh.offer[CLIENT], sizeof(f->ssh.offer[CLIENT]));
	fill(f->ssh.offer[SERVER], sizeof(f->ssh.offer[SERVER]));
	fill(f->ssh.notice_text, sizeof(f->ssh.notice_text));
	f->ssh.notice_mark = MARK(12);
	f->ssh.notice_from = SERVER;
	if (way / 4 == 1)
		f->ssh.not_ssh[way & 1] = true;
	if (way / 4 == 2)
		f->ssh.notice = (int)(way & 3);
	if (way / 4 == 3)
		f->ssh.malformed[way & 1] = true;
	if (way / 4 == 4) {
		f->ssh.disconnect = true;
		f->ssh.disconnect_code = way & 1 ? 2 : 12;
		f->ssh.disconnect_from = SERVER;
	}
}

Test(classify_sum, the_confidence_of_what_is_said_is_what_is_shown)
{
	each_surrounding(by_words, 20);
}
