/* SPDX-License-Identifier: BSD-3-Clause */
/* The logs that were read beside the captures: how much, and whose clock they were taken to have. */
#include <inttypes.h>

#include "base/clock.h"
#include "logs/note.h"
#include "report/escape.h"
#include "report/text.h"
#include "report/words.h"
#include "report/wrap.h"

#define LOG_TEXT_MAX 2000 /* as of the path of a capture */

static void add_offset(struct text *t, const struct log_total *log)
{
	const bool ahead = log->offset_ns >= 0;

	clock_add_span(t, ahead ? log->offset_ns : -log->offset_ns);
	text_add(t, " %s the capture's", ahead ? "ahead of" : "behind");
}

static void add_clock(struct text *t, const struct log_total *log)
{
	switch (log->clock) {
	case LOG_CLOCK_UNKNOWN:
		text_add(t, "no line could be compared: its clock is taken for the capture's");
		break;
	case LOG_CLOCK_FOUND:
		text_add(t, "its clock is ");
		add_offset(t, log);
		text_add(t, ", as ");
		words_add_counted(t, log->compared, "connection");
		text_add(t, log->compared == 1 ? " shows" : " show");
		break;
	case LOG_CLOCK_GIVEN:
		text_add(t, "its clock was said to be ");
		add_offset(t, log);
		break;
	case LOG_CLOCK_AWAY:
		text_add(t, "not used: its clock seems to be ");
		add_offset(t, log);
		text_add(t, ", and too few lines agree to believe it");
		break;
	}
}

static void put_log(const struct report *r, const struct log_total *log)
{
	char buffer[LOG_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	escape_add_path(&t, log->path);
	text_add(&t, " (%s): ", log->format);
	words_add_counted(&t, log->lines, "line");
	if (log->damaged != 0)
		text_add(&t, ", %" PRIu64 " of them not of that form", log->damaged);
	text_add(&t, ", %" PRIu64 " used; ", log->used);
	add_clock(&t, log);
	if (log->cut)
		text_add(&t, "; it has more lines of use than are kept");
	text_wrap(r, r->out, "  ", buffer);
}

void text_logs(const struct report *r, const struct totals *totals)
{
	for (size_t i = 0; i < totals->logs; i++)
		put_log(r, &totals->log[i]);
}
