/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of notices.def, idle_timers.def and families.def, and what is asked of them. */
#include <string.h>

#include "classify/inside.h"

static const struct {
	const char *text;
	enum cause_id cause;
	const char *detail, *source;
} notices[] = {
#define NOTICE(text, cause, detail, source) { text, cause, detail, source },
#include "classify/notices.def"
#undef NOTICE
};

int notice_of(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++) {
		size_t wanted = strlen(notices[i].text);

		if (len >= wanted && memcmp(text, notices[i].text, wanted) == 0)
			return (int)i;
	}
	return -1;
}

enum cause_id notice_cause(int row)
{
	return notices[row].cause;
}

const char *notice_detail(int row)
{
	return notices[row].detail;
}

const char *notice_source(int row)
{
	return notices[row].source;
}

static const struct family families[] = {
#define FAMILY(name, title) { #name, title },
#include "classify/families.def"
#undef FAMILY
};

const struct family *family_row(size_t i)
{
	return i < sizeof(families) / sizeof(families[0]) ? &families[i] : NULL;
}

/* ---- what a cause says of itself ---- */

static const char *or_empty(const char *words)
{
	return words != NULL ? words : "";
}

const char *cause_meaning(enum cause_id id)
{
	return or_empty(cause_of(id)->meaning);
}

const char *cause_decided(enum cause_id id)
{
	return or_empty(cause_of(id)->decided);
}

const char *cause_mimics(enum cause_id id)
{
	return or_empty(cause_of(id)->mimics);
}

/* ---- idle timers ---- */

#define FORGET_RST_ON_NEXT "resets who speaks next"
#define FORGET_RST_AT_EXPIRY "resets at the limit"
#define FORGET_DROP "drops what follows"
#define FORGET_FIN "closes with FIN"
#define FORGET_UNKNOWN "not documented"

static const struct idle_timer timers[] = {
#define TIMER(vendor, product, seconds, forgets, setting, source)                                  \
	{ vendor, product, seconds, forgets, setting, source },
#include "classify/idle_timers.def"
#undef TIMER
};

const struct idle_timer *idle_timer(size_t i)
{
	return i < sizeof(timers) / sizeof(timers[0]) ? &timers[i] : NULL;
}

/*
 * Expiry shows only at the next segment, so the silence is at least the limit; people come back at
 * any time, so a limit is "near" when the silence is at most a tenth and five seconds longer.
 */
static bool is_near(int64_t seconds, int64_t silence_ns)
{
	int64_t silence_s = silence_ns / NS_PER_S;

	return silence_s >= seconds && silence_s <= seconds + seconds / 10 + 5;
}

/* The longest limit that fits is the nearest; two products stand for its class. */
void timers_near(int64_t silence_ns, char *out, size_t size)
{
	struct text t = text_in(out, size);
	int64_t nearest = 0;
	int named = 0;

	for (size_t i = 0; i < sizeof(timers) / sizeof(timers[0]); i++) {
		if (is_near(timers[i].seconds, silence_ns) && timers[i].seconds > nearest)
			nearest = timers[i].seconds;
	}
	for (size_t i = 0; nearest != 0 && i < sizeof(timers) / sizeof(timers[0]); i++) {
		if (timers[i].seconds != nearest || named == 2)
			continue;
		if (named++ == 0)
			text_add(&t, "a limit of %lld s, for instance of ", (long long)nearest);
		else
			text_add(&t, " or ");
		text_add(&t, "%s %s", timers[i].vendor, timers[i].product);
	}
}
