/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * mtr --json: a report of the hops to one host, and how much each lost. Hops that route well may still
 * answer few questions, so loss counts only where it goes on to the last hop: it began at the first of
 * those in a row that lose. The report has no time: that of the file stands for it, loosely.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "base/die.h"
#include "logs/inside.h"

#define REPORT_MAX 65536 /* 30 hops have some 10 KiB */

/* With ten questions, which is mtr's default, one that was lost is an accident. */
#define LOSS_LEAST 20.0

/* A file is copied when it is handed on, so its time is within a day of the report at best. */
#define EXACT_NS (86400 * NS_PER_S)

static double loss_of(const cJSON *hop)
{
	const cJSON *loss = cJSON_GetObjectItemCaseSensitive(hop, "Loss%");

	return cJSON_IsNumber(loss) ? loss->valuedouble : 0;
}

/* The hop from which on all lose; NULL when the last does not. */
static const cJSON *first_lossy(const cJSON *hops, int *number)
{
	const cJSON *hop, *first = NULL;
	int at = 0;

	cJSON_ArrayForEach(hop, hops)
	{
		at++;
		if (loss_of(hop) < LOSS_LEAST) {
			first = NULL;
		} else if (first == NULL) {
			first = hop;
			*number = at;
		}
	}
	return first;
}

static const char *words_of(const cJSON *object, const char *key)
{
	const char *words = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	return words != NULL ? words : "";
}

static enum log_got note_of(const cJSON *root, const struct lines *lines, struct note *note)
{
	const cJSON *report = cJSON_GetObjectItemCaseSensitive(root, "report");
	const cJSON *about = cJSON_GetObjectItemCaseSensitive(report, "mtr");
	const cJSON *hops = cJSON_GetObjectItemCaseSensitive(report, "hubs"), *hop;
	struct text t = text_in(note->text, sizeof(note->text));
	int number = 0;

	if (!cJSON_IsObject(about) || !cJSON_IsArray(hops))
		return LOG_DAMAGED;
	hop = first_lossy(hops, &number);
	/* A name cannot be compared: mtr --no-dns. */
	if (hop == NULL || !span_address(span_of(words_of(about, "dst")), &note->local.ip))
		return LOG_OTHER;
	note->kind = NOTE_path_loss;
	note->on_path = true;
	note->time_ns = lines_changed_ns(lines) - EXACT_NS;
	note->exact_ns = 2 * EXACT_NS;
	note_process(note, span_of("mtr"));
	text_add(&t, "loss of %.1f %% from hop %d on, which is %s", loss_of(hop), number,
		 words_of(hop, "host"));
	note->text_len = (uint16_t)t.len;
	return LOG_NOTE;
}

bool mtr_is(struct span ahead)
{
	span_skip(&ahead, '\n');
	span_skip(&ahead, ' ');
	if (!span_take(&ahead, "{"))
		return false;
	while (ahead.len != 0 && (*ahead.at == ' ' || *ahead.at == '\n' || *ahead.at == '\t'))
		ahead = (struct span){ ahead.at + 1, ahead.len - 1 };
	return span_begins(ahead, "\"report\"");
}

/* The whole file is one report; the parser wants it in one piece. */
enum log_got mtr_next(struct lines *lines, int64_t around_ns, struct note *note)
{
	char *whole = xmalloc(REPORT_MAX);
	struct text t = text_in(whole, REPORT_MAX);
	enum log_got got = LOG_END;
	struct span line;
	cJSON *root;

	(void)around_ns;
	while (lines_next(lines, &line)) {
		text_add_bytes(&t, line.at, line.len);
		text_add_bytes(&t, "\n", 1);
		got = LOG_DAMAGED;
	}
	root = cJSON_ParseWithLength(whole, t.len);
	if (got != LOG_END && cJSON_IsObject(root))
		got = note_of(root, lines, note);
	cJSON_Delete(root);
	free(whole);
	return got;
}
