/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NINE_O_CLOCK (INT64_C(1795165200) * NS_PER_S) /* 2026-11-20 09:00:00 UTC */
#define AF21 0x48

struct facts facts_of_a_quiet_session(void)
{
	struct facts f = {
		.client = { { 4, { 192, 0, 2, 10 } }, 51000 },
		.server = { { 4, { 198, 51, 100, 22 } }, 22 },
		.first_ns = NINE_O_CLOCK,
		.last_ns = NINE_O_CLOCK + SECONDS(65),
		.handshake = HANDSHAKE_COMPLETE,
		.packets = 90,
		.bytes = { 4711, 12400 },
		.syn_mark = MARK(1),
		.syn_ack_mark = MARK(2),
		.end = { .ending = ENDING_open,
			 .time_ns = NINE_O_CLOCK + SECONDS(65),
			 .after_ns = SECONDS(65) },
		.silence = { .survived_ns = SECONDS(20) },
		.last = { .client_ago_ns = SECONDS(5),
			  .server_ago_ns = SECONDS(5),
			  .heard_ago_ns = { SECONDS(5), SECONDS(5) },
			  .client_len = 36,
			  .client_mark = MARK(57),
			  .server_mark = MARK(58) },
		.ssh = { .any = true,
			 .phase = SSH_PHASE_SESSION,
			 .has_identification = { true, true },
			 .identification_mark = { MARK(4), MARK(6) },
			 .versions = { 2, 2 },
			 .kexinit = { true, true },
			 .kexinit_mark = { MARK(9), MARK(10) },
			 .notice = -1 },
	};

	return f;
}

void use_long_addresses(struct facts *f)
{
	for (int i = 0; i < 2; i++) {
		struct endpoint *end = i == 0 ? &f->client : &f->server;

		end->ip.family = 6;
		memset(end->ip.bytes, 0xfd, sizeof(end->ip.bytes));
		end->port = 65535 - (uint16_t)i;
	}
	f->reset.has_ip_id = false;
	f->reset.has_ip_id_step = false;
	f->reset.df = false;
}

void end_with(struct facts *f, enum ending ending, enum side side)
{
	f->end.ending = ending;
	f->end.has_side = true;
	f->end.side = side;
	f->end.mark = MARK(90);
	if (ending != ENDING_closed)
		return;
	f->last.fin_client = f->last.fin_server = true;
	f->last.fin_client_mark = MARK(side == CLIENT ? 90 : 91);
	f->last.fin_server_mark = MARK(side == SERVER ? 90 : 91);
}

static void give_form(struct fact_reset *r, enum form form)
{
	if (form == BY_SOCKET) {
		r->has_ack = r->has_timestamps = r->has_options = true;
		r->window = 501;
		r->ip_id = 4001;
		r->ip_id_step = 1;
		r->tos = AF21;
		return;
	}
	r->ip_id_step = -4000; /* 0 against the counter */
	r->tos = form == BY_KERNEL ? AF21 : 0;
}

void end_with_reset(struct facts *f, enum side from, enum form form)
{
	uint8_t ttl = from == SERVER ? 57 : 64;

	end_with(f, ENDING_reset, from);
	f->reset = (struct fact_reset){
		.any = true,
		.from = from,
		.mark = MARK(90),
		.trigger = MARK(89),
		.before = MARK(88),
		.fit = RESET_FIT_EXACT,
		.df = true,
		.has_ip_id = true,
		.has_ip_id_step = true,
		.ip_id_habit = IP_ID_COUNTER,
		.trigger_window = 501,
		.trigger_tos = AF21,
		.side_keeps_tos = true,
		.ttl = ttl,
		.ttl_min = ttl,
		.ttl_max = ttl,
		.ttl_samples = 40,
		.answers = true,
		.since_trigger_ns = 31 * NS_PER_MS,
		.rtt_min_ns = 30 * NS_PER_MS,
		.trigger_had_data = true,
		.trigger_had_ack = true,
	};
	give_form(&f->reset, form);
}

void refuse(struct facts *f, enum form form)
{
	end_with_reset(f, SERVER, form);
	f->end.ending = ENDING_refused;
	f->end.after_ns = 31 * NS_PER_MS;
	get_half_open(f);
	memset(&f->ssh, 0, sizeof(f->ssh));
	memset(&f->last, 0, sizeof(f->last));
	f->ssh.notice = -1;
	f->last.client_ago_ns = f->last.server_ago_ns = -1;
	f->syn_ack_mark = NO_MARK;
	f->reset.has_ack = true;
	f->reset.trigger = MARK(1);
	f->reset.before = NO_MARK;
	f->reset.has_ip_id_step = false;
	f->reset.ip_id_habit = IP_ID_UNKNOWN;
	f->reset.side_keeps_tos = false; /* the server sent nothing that could show it */
	f->reset.ttl_samples = 0;
	f->reset.ttl_of_others = true;
	f->reset.trigger_had_data = f->reset.trigger_had_ack = false;
}

void make_nearer(struct facts *f)
{
	f->reset.ttl = (uint8_t)(f->reset.ttl + 5);
	f->reset.since_trigger_ns = NS_PER_MS;
}

void be_silent_for(struct facts *f, int64_t ns, enum side broken_by)
{
	f->silence.ns = ns;
	f->silence.from = MARK(60);
	f->silence.to = MARK(61);
	f->silence.broken = true;
	f->silence.broken_by = broken_by;
	f->last.heard_ago_ns[!broken_by] = ns;
}

void wait_in_vain(struct facts *f, enum side side, uint32_t repeats, int64_t span_ns)
{
	f->waiting = (struct fact_waiting){
		.any = true,
		.side = side,
		.repeats = repeats,
		.len = 36,
		.span_ns = span_ns,
		.first = MARK(61),
		.last = MARK(89),
	};
	f->silence.to = MARK(61);
	f->silence.broken = true;
	f->silence.broken_by = side;
}

/* ---- what comes out ---- */

struct plea plea_of(enum cause_id id, const struct facts *facts)
{
	struct facts f = *facts;
	struct plea who = { 0 }, plea = { 0 };

	who_ended(&f, &who);
	weigh_with_notes(id, &f, &plea);
	return plea;
}

int weigh(enum cause_id id, const struct facts *f)
{
	struct plea plea = plea_of(id, f);

	return plea.ruled_out ? INT_MIN : plea.decibans;
}

struct fact_origin origin_of(const struct facts *facts)
{
	struct facts f = *facts;
	struct plea who = { 0 };

	who_ended(&f, &who);
	return f.origin;
}

const char *words_of(const struct verdict *v)
{
	static char words[2048];
	struct text t = text_in(words, sizeof(words));

	text_add(&t, "%s by %s, %s %.3f: %s", cause_name(v->cause), who_name(v->who),
		 sure_name(v->sure), v->confidence, v->sentence);
	for (uint8_t i = 0; i < v->evidences; i++)
		text_add(&t, "\n  %+d %s", v->evidence[i].decibans, v->evidence[i].text);
	for (uint8_t i = 0; i < v->againsts; i++)
		text_add(&t, "\n  %+d %s", v->against[i].decibans, v->against[i].text);
	for (uint8_t i = 0; i < v->alternatives; i++)
		text_add(&t, "\n  or %s %.3f", cause_name(v->alternative[i].cause),
			 v->alternative[i].confidence);
	return words;
}

/* A sentence of ours: begins large, ends with a dot, and nothing was cut away to make it fit. */
static void expect_sentence(const char *at, size_t size)
{
	size_t len = strlen(at);

	cr_expect(len > 10 && len < size - 1, "%zu of %zu: %s", len, size, at);
	cr_expect(len > 0 && at[len - 1] == '.', "no end: %s", at);
	cr_expect_null(strstr(at, ".."), "cut: %s", at);
	cr_expect_null(strstr(at, "(null)"), "%s", at);
}

static void expect_whole_texts(const struct verdict *v)
{
	expect_sentence(v->sentence, sizeof(v->sentence));
	cr_expect_lt(strlen(v->detail), sizeof(v->detail) - 1, "%s", v->detail);
	for (uint8_t i = 0; i < v->evidences; i++)
		expect_sentence(v->evidence[i].text, EVIDENCE_TEXT_MAX);
	for (uint8_t i = 0; i < v->againsts; i++)
		expect_sentence(v->against[i].text, EVIDENCE_TEXT_MAX);
	for (uint8_t i = 0; i < v->settles; i++) {
		const char *end = strchr(v->settle[i].text, '\0') - 1;

		cr_expect(*end == '.' || *end == '?' || *end == ':', "%s", v->settle[i].text);
		cr_expect_lt(strlen(v->settle[i].text), SETTLE_TEXT_MAX - 1);
		cr_expect_lt(strlen(v->settle[i].command), SETTLE_TEXT_MAX - 1, "%s",
			     v->settle[i].command);
	}
	for (uint8_t i = 0; i < v->limits; i++)
		expect_sentence(v->limit[i], SIZE_MAX);
}

static enum sure word_for(const struct verdict *v)
{
	if (v->confidence < 0.50)
		return SURE_UNEXPLAINED;
	if (v->confidence < 0.80)
		return SURE_POSSIBLE;
	return v->confidence < 0.98 ? SURE_LIKELY : SURE_CERTAIN;
}

/*
 * Who is named is more likely right than wrong. Where nobody is, the likeliest causes stand among the
 * alternatives, before unexplained or behind it, each less likely than even.
 */
static void expect_bounds(const struct verdict *v)
{
	double sum = v->confidence;
	double before = v->cause == CAUSE_unexplained ? 0.50 : v->confidence;

	cr_expect(isfinite(v->confidence) && v->confidence > 0 && v->confidence <= 1);
	cr_expect_eq(v->sure, word_for(v), "%s", words_of(v));
	cr_expect_eq(v->cause == CAUSE_unexplained, v->confidence < 0.50, "%s", words_of(v));
	for (uint8_t i = 0; i < v->alternatives; i++) {
		const struct alternative *other = &v->alternative[i];

		cr_expect(isfinite(other->confidence) && other->confidence > 0);
		cr_expect_neq(other->cause, v->cause);
		cr_expect_leq(other->confidence, before, "%s", words_of(v));
		before = other->confidence;
		sum += other->confidence;
	}
	cr_expect_leq(sum, 1.0 + 1e-9, "%s", words_of(v));
	for (uint8_t i = 1; i < v->evidences; i++)
		cr_expect_geq(v->evidence[i - 1].decibans, v->evidence[i].decibans);
	for (uint8_t i = 1; i < v->againsts; i++)
		cr_expect_leq(v->against[i - 1].decibans, v->against[i].decibans);
}

struct verdict verdict_of(const struct facts *facts)
{
	struct facts f = *facts;
	struct verdict v;

	judge(&f, &v);
	expect_whole_texts(&v);
	expect_bounds(&v);
	cr_expect_not_null(v.remedy);
	return v;
}
