/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * dmesg -T: "[Fri Nov 20 18:00:01 2026] ...", made from the time since boot, so it drifts; and
 * --time-format iso: "2026-11-20T18:00:01,123456+01:00 ...". In its plain form times count from a boot
 * that nobody knows the time of: that is not read.
 */
#include "logs/inside.h"

/* dmesg -T forgets what the clock was set by, and the time that the host was asleep. */
#define EXACT_NS (2 * NS_PER_S)

static enum log_got parse(struct span line, struct note *note)
{
	bool zoned;

	if (span_take(&line, "[")) {
		note->exact_ns = EXACT_NS;
		if (!stamp_with_year(&line, &note->time_ns) || !span_take(&line, "] "))
			return LOG_DAMAGED;
	} else if (!stamp_iso(&line, &note->time_ns, &note->exact_ns, &zoned) ||
		   !span_take(&line, " ")) {
		return LOG_DAMAGED;
	}
	note_process(note, span_of("kernel"));
	return note_message(note, PROGRAM_KERNEL, line) ? LOG_NOTE : LOG_OTHER;
}

/* An ISO time with a comma is dmesg's alone. */
bool dmesg_is(struct span ahead)
{
	struct span line = span_until(&ahead, '\n');
	struct note note = { .time_ns = 0 };

	if (line.len < 20 || (line.at[0] != '[' && line.at[19] != ','))
		return false;
	return parse(line, &note) != LOG_DAMAGED;
}

enum log_got dmesg_next(struct lines *lines, int64_t around_ns, struct note *note)
{
	struct span line;

	(void)around_ns;
	if (!lines_next(lines, &line))
		return LOG_END;
	if (line.len == 0)
		return LOG_OTHER;
	return parse(line, note);
}
