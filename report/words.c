/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * By hand where printf() has no form for it: no locale may change a comma, and no rounding may make
 * a number larger than it is.
 */
#include "report/words.h"

#include "base/clock.h"

#include <inttypes.h>

void words_add_bytes(struct text *t, uint64_t bytes)
{
	static const char units[] = "kMGTPE";
	uint64_t tenths = bytes / 100; /* rounded down; 64 bits never need more than E */
	size_t unit = 0;

	if (bytes < 1000) {
		text_add(t, "%" PRIu64 " B", bytes);
		return;
	}
	while (tenths >= 10000) {
		tenths /= 1000;
		unit++;
	}
	text_add(t, "%" PRIu64 ".%" PRIu64 " %cB", tenths / 10, tenths % 10, units[unit]);
}

void words_add_counted(struct text *t, uint64_t count, const char *noun)
{
	uint64_t unit = 1; /* of the leading group, without its zeros in front */

	while (count / unit >= 1000)
		unit *= 1000;
	text_add(t, "%" PRIu64, count / unit);
	for (unit /= 1000; unit > 0; unit /= 1000)
		text_add(t, ",%03" PRIu64, count / unit % 1000);
	text_add(t, " %s%s", noun, count == 1 ? "" : "s");
}

int64_t words_span_ns(int64_t from_ns, int64_t to_ns)
{
	uint64_t span;

	if (to_ns <= from_ns)
		return 0;
	span = (uint64_t)to_ns - (uint64_t)from_ns; /* signed, a hostile clock would overflow it */
	return span < INT64_MAX ? (int64_t)span : INT64_MAX;
}

static unsigned share_of(double probability, unsigned whole)
{
	if (!(probability > 0)) /* not a number is nothing to be sure of, either */
		return 0;
	if (probability >= 1)
		return whole;
	/* 0.98 is a little less than 98/100 as a double: the millionth makes up for that. */
	return (unsigned)(probability * whole + 1e-6);
}

unsigned words_per_cent(double probability)
{
	return share_of(probability, 100);
}

unsigned words_per_myriad(double probability)
{
	return share_of(probability, 10000);
}

/* The port alone does not make a phase of SSH. */
static bool saw_ssh(const struct conn *conn)
{
	return conn->ssh.recognised || conn->ssh.half[CLIENT].identification.len != 0 ||
	       conn->ssh.half[SERVER].identification.len != 0;
}

void words_add_when(struct text *t, const struct conn *conn)
{
	bool ended = conn->end.ending != ENDING_open && conn->end.time_ns != 0;
	int64_t last_ns = ended ? conn->end.time_ns : conn->last_ns;

	clock_add_utc(t, last_ns);
	text_add(t, ", ");
	clock_add_span(t, words_span_ns(conn->first_ns, last_ns));
	text_add(t, " after the first frame");
	if (saw_ssh(conn))
		text_add(t, ", in the %s phase", ssh_phase_name(conn->ssh.phase));
}

void words_add_why(struct text *t, const struct verdict *v)
{
	text_add(t, "%s (%s%s%s)", cause_title(v->cause), cause_name(v->cause),
		 v->detail[0] != '\0' ? ", " : "", v->detail);
}

const char *about_name(enum about about)
{
	return about == ABOUT_WHY ? "why" : "who";
}

const char *prior_words(enum about about)
{
	return about == ABOUT_WHY ? "before a packet is looked at" :
				    "hosts reset more often than devices on the path do";
}
