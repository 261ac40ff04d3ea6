/* SPDX-License-Identifier: BSD-3-Clause */
/* What was read, before the connections; what was counted and what could not be used, after them.
 */
#include <inttypes.h>

#include "base/clock.h"
#include "report/escape.h"
#include "report/named.h"
#include "report/text.h"
#include "report/words.h"
#include "report/wrap.h"

#define SENTENCE_MAX 512

static uint64_t frames_of(const struct totals *totals)
{
	uint64_t frames = 0;

	for (size_t i = 0; i < totals->inputs; i++)
		frames += totals->input[i].packets;
	return frames;
}

static uint64_t frames_skipped(const struct totals *totals)
{
	uint64_t skipped = 0;

	for (size_t i = 0; i < totals->inputs; i++) {
		for (size_t k = 0; k < totals->input[i].skips; k++)
			skipped += totals->input[i].skipped[k].count;
	}
	return skipped;
}

/* "1: " before each file when frames have to name theirs. */
static void put_path(const struct report *r, const struct totals *totals, size_t index)
{
	const struct input_total *input = &totals->input[index];
	char buffer[PATH_TEXT_MAX], lead[32] = "  ";
	struct text t = text_in(buffer, sizeof(buffer));

	if (totals->inputs > 1)
		snprintf(lead, sizeof(lead), "%3zu: ", index + 1);
	escape_add_path(&t, input->path);
	text_add(&t, " (%s", input->format);
	if (input->compression != NULL)
		text_add(&t, " in %s", input->compression);
	for (size_t i = 0; i < input->link_types; i++)
		text_add(&t, ", %s", input->link_names[i]);
	text_add(&t, ")");
	text_wrap(r, r->out, lead, buffer);
}

/* How much and when; and where it stopped, when the file was damaged. */
static void put_extent(const struct report *r, const struct totals *totals, size_t index)
{
	const struct input_total *input = &totals->input[index];
	const char *lead = totals->inputs > 1 ? "     " : "  ";
	char buffer[SENTENCE_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	words_add_counted(&t, input->packets, "frame");
	if (input->packets != 0) {
		text_add(&t, " from ");
		clock_add_utc(&t, input->first_ns);
		text_add(&t, ", for ");
		clock_add_span(&t, words_span_ns(input->first_ns, input->last_ns));
	}
	text_wrap(r, r->out, lead, buffer);
	if (input->damaged != NULL) {
		t = text_in(buffer, sizeof(buffer));
		text_add(&t, "damaged, and read no further: %s", input->damaged);
		text_wrap(r, r->out, lead, buffer);
	}
}

/* Nobody should have to guess whether the tool or the capture is at fault. */
static void put_nothing_found(const struct report *r, const struct totals *totals)
{
	uint64_t frames = frames_of(totals), tcp = frames - frames_skipped(totals);
	char buffer[SENTENCE_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	words_add_counted(&t, frames, "frame");
	text_add(&t, ", %" PRIu64 " of them TCP, and nothing that is known to be SSH. ", tcp);
	if (frames == 0)
		text_add(&t, "Was it the right interface, and the right capture filter?");
	else if (tcp == 0)
		text_add(&t, "What was captured instead is counted below.");
	else
		text_add(&t, "SSH is recognised on any port by its identification string. If the "
			     "capture began later than the connection and the server does not "
			     "listen on port 22, name its port: -p PORT.");
	putc('\n', r->out);
	text_wrap(r, r->out, "  ", buffer);
}

/* The first line, to be read alone: how much, and whether there is anything to look at. */
static void put_answer(const struct report *r, const struct totals *totals)
{
	char buffer[SENTENCE_MAX];
	struct text t = text_in(buffer, sizeof(buffer));
	uint64_t odd = 0;

	for (int i = 0; i < CAUSE_COUNT; i++)
		odd += cause_is_healthy((enum cause_id)i) ? 0 : totals->causes[i];
	text_add(&t, "rstscope " RSTSCOPE_VERSION ": ");
	words_add_counted(&t, totals->connections, "SSH connection");
	if (odd != 0)
		text_add(&t, ", %" PRIu64 " ended oddly", odd);
	else if (totals->connections != 0)
		text_add(&t, ", none ended oddly");
	fputs(text_color(r, COLOR_BOLD), r->out);
	text_wrap(r, r->out, "", buffer);
	fputs(text_color(r, COLOR_NONE), r->out);
}

/* Of very many only the damaged ones, as nothing else says that something is missing. */
static void put_files(const struct report *r, const struct totals *totals)
{
	const size_t room = named_apart(r) ? NAMED_DAMAGED_MAX : NAMED_FILES_MAX;
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < totals->inputs; i++) {
		if (named_apart(r) && totals->input[i].damaged == NULL)
			continue;
		if (shown++ >= room) {
			left++;
			continue;
		}
		put_path(r, totals, i);
		put_extent(r, totals, i);
	}
	if (left != 0)
		fprintf(r->out, "     and %zu more that are damaged, in part unread\n", left);
	if (named_apart(r))
		text_wrap(r, r->out, "     ",
			  "Connections name the captures of their frames; -f json lists all.");
}

void text_head(const struct report *r, const struct totals *totals)
{
	put_answer(r, totals);
	if (r->options.redacted)
		wrap(r->out, "", REPORT_REDACTED);
	if (totals->inputs > 1)
		fprintf(r->out, "%zu captures as one timeline; frames are written FILE:FRAME\n",
			totals->inputs);
	put_files(r, totals);
	text_logs(r, totals);
	if (totals->connections == 0)
		put_nothing_found(r, totals);
}

/* Healthy ones too: what ended oddly is a share of them. */
static void put_causes(const struct report *r, const struct totals *totals)
{
	for (int i = 0; i < CAUSE_COUNT; i++) {
		enum cause_id cause = (enum cause_id)i;

		if (totals->causes[i] != 0)
			fprintf(r->out, "  %7" PRIu64 "  %-20s %s\n", totals->causes[i],
				cause_name(cause), cause_title(cause));
	}
}

/* The reasons are the same rows for each input, in the same order. */
static void put_skipped(const struct report *r, const struct totals *totals)
{
	if (frames_skipped(totals) == 0)
		return;
	text_title(r, r->out, "Frames not used");
	for (size_t k = 0; k < totals->input[0].skips; k++) {
		uint64_t count = 0;

		for (size_t i = 0; i < totals->inputs; i++)
			count += k < totals->input[i].skips ? totals->input[i].skipped[k].count : 0;
		if (count != 0)
			fprintf(r->out, "  %7" PRIu64 "  %s\n", count,
				totals->input[0].skipped[k].text);
	}
}

/* A verdict made early may lack its best evidence; that has to be said. */
static void put_evicted(const struct report *r, const struct totals *totals)
{
	if (totals->evicted == 0 && totals->judged_early == 0)
		return;
	text_title(r, r->out,
		   "Made room, because more connections were open than there is room for");
	if (totals->evicted != 0)
		fprintf(r->out, "  %7" PRIu64 "  forgotten before they were known to be SSH\n",
			totals->evicted);
	if (totals->judged_early != 0)
		fprintf(r->out, "  %7" PRIu64 "  judged before all that followed was seen\n",
			totals->judged_early);
}

void text_totals(const struct report *r, const struct totals *totals)
{
	if (totals->connections != 0) {
		text_title(r, r->out, "Totals");
		put_causes(r, totals);
		fprintf(r->out, "  %7" PRIu64 "  %s seen\n", totals->resets,
			totals->resets == 1 ? "reset" : "resets");
	}
	put_skipped(r, totals);
	put_evicted(r, totals);
}
