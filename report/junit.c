/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * JUnit's XML, for what runs tests of a network change: a test case for each connection, which fails
 * when --fail-on names how it ended, and one for each input that was damaged, which is an error.
 *
 * There is no standard, only two schemas that others check with: that of Ant's JUnitReport
 * (github.com/windyroad/JUnit-Schema) and that of Jenkins's xUnit plug-in (junit-10.xsd). What is
 * written here is valid in both, so order and attributes are those of the stricter first.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/die.h"
#include "report/escape.h"
#include "report/inside.h"
#include "report/outcome.h"
#include "report/sentence.h"
#include "report/words.h"

#define CLASS "rstscope.connection"
#define CLASS_OF_INPUT "rstscope.input"

struct junit {
	uint64_t failures, skipped;
};

/* A character at a time: nothing is ever cut inside of an entity. */
static void put(FILE *out, const char *words)
{
	for (const char *at = words; *at != '\0'; at++) {
		char one[] = { *at, '\0' }, buffer[16];
		struct text t = text_in(buffer, sizeof(buffer));

		escape_add_xml(&t, one);
		fputs(buffer, out);
	}
}

static void put_path(FILE *out, const char *path)
{
	for (const char *at = path; *at != '\0'; at++) {
		char buffer[16];
		struct text t = text_in(buffer, sizeof(buffer));

		text_add_wire(&t, at, 1);
		put(out, buffer);
	}
}

static void begin(struct report *r)
{
	r->own = xcalloc(1, sizeof(struct junit));
}

/* ---- a connection ---- */

static void open_case(struct report *r, const struct conn *conn)
{
	int64_t ns = words_span_ns(conn->first_ns, outcome_end_ns(conn));
	char name[160];
	struct text t = text_in(name, sizeof(name));

	text_add(&t, "%" PRIu64 ": ", conn->id);
	endpoint_add(&t, &conn->peer[CLIENT].at);
	text_add(&t, " to ");
	endpoint_add(&t, &conn->peer[SERVER].at);
	fputs("<testcase name=\"", r->body);
	put(r->body, name);
	fprintf(r->body, "\" classname=\"" CLASS "\" time=\"%" PRId64 ".%09" PRId64 "\"",
		ns / NS_PER_S, ns % NS_PER_S);
}

static void put_evidence(struct report *r, const char *title, const struct evidence *list,
			 uint8_t count)
{
	for (uint8_t i = 0; i < count; i++) {
		fputs(i == 0 ? title : "  ", r->body);
		put(r->body, list[i].text);
		putc('\n', r->body);
	}
}

static void put_failure(struct report *r, const struct verdict *v)
{
	char sentence[SENTENCE_TEXT_MAX];
	struct text t = text_in(sentence, sizeof(sentence));

	sentence_add(&t, r, v);
	fputs("><failure message=\"", r->body);
	put(r->body, sentence);
	fprintf(r->body, "\" type=\"%s\">", cause_name(v->cause));
	put(r->body, sentence);
	putc('\n', r->body);
	put_evidence(r, "For it:\n  ", v->evidence, v->evidences);
	put_evidence(r, "Against it:\n  ", v->against, v->againsts);
	fputs("What to do: ", r->body);
	put(r->body, v->remedy->text);
	fputs("</failure></testcase>\n", r->body);
}

/* One that goes on when the capture ends has passed nothing yet. */
static void each(struct report *r, const struct conn *conn, const struct verdict *v)
{
	struct junit *junit = r->own;

	open_case(r, conn);
	r->written++;
	if (report_fails(&r->options.fail_on, conn, v)) {
		put_failure(r, v);
		junit->failures++;
	} else if (conn->end.ending == ENDING_open) {
		fputs("><skipped/></testcase>\n", r->body);
		junit->skipped++;
	} else {
		fputs("/>\n", r->body);
	}
}

/* ---- around them ---- */

static void put_damaged(FILE *out, const struct input_total *input)
{
	fputs("<testcase name=\"", out);
	put_path(out, input->path);
	fputs("\" classname=\"" CLASS_OF_INPUT "\" time=\"0\"><error message=\"", out);
	put(out, input->damaged);
	fputs("\" type=\"damaged\"/></testcase>\n", out);
}

static uint64_t count_damaged(const struct totals *totals)
{
	uint64_t count = 0;

	for (size_t i = 0; i < totals->inputs; i++)
		count += totals->input[i].damaged != NULL;
	return count;
}

/* The first and the last frame of all inputs; 1970 when there is none, as a time is required. */
static void put_times(FILE *out, const struct totals *totals)
{
	int64_t first_ns = INT64_MAX, last_ns = INT64_MIN, span_ns;
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	for (size_t i = 0; i < totals->inputs; i++) {
		const struct input_total *input = &totals->input[i];

		if (input->packets == 0)
			continue;
		first_ns = input->first_ns < first_ns ? input->first_ns : first_ns;
		last_ns = input->last_ns > last_ns ? input->last_ns : last_ns;
	}
	if (first_ns == INT64_MAX)
		first_ns = last_ns = 0;
	span_ns = words_span_ns(first_ns, last_ns);
	clock_add_rfc3339(&t, first_ns);
	/* The schema allows neither a fraction nor the Z: it is UTC all the same. */
	fprintf(out, " timestamp=\"%.*s\" time=\"%" PRId64 ".%09" PRId64 "\"",
		(int)strcspn(buffer, ".Z"), buffer, span_ns / NS_PER_S, span_ns % NS_PER_S);
}

static void put_properties(FILE *out, const struct totals *totals)
{
	fputs("<properties>\n<property name=\"rstscope\" value=\"" RSTSCOPE_VERSION "\"/>\n", out);
	for (size_t i = 0; i < totals->inputs; i++) {
		fputs("<property name=\"input\" value=\"", out);
		put_path(out, totals->input[i].path);
		fputs("\"/>\n", out);
	}
	fputs("</properties>\n", out);
}

/* The host's name is nobody's business: the schema's own word for one that is not known. */
static void end(struct report *r, const struct totals *totals)
{
	const struct junit *junit = r->own;
	uint64_t damaged = count_damaged(totals);
	char counts[80];
	struct text t = text_in(counts, sizeof(counts));

	fprintf(r->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
		"<testsuite name=\"rstscope\" package=\"rstscope\" id=\"0\" hostname=\"localhost\""
		" tests=\"%" PRIu64 "\" failures=\"%" PRIu64 "\" errors=\"%" PRIu64
		"\" skipped=\"%" PRIu64 "\"",
		r->written + damaged, junit->failures, damaged, junit->skipped);
	put_times(r->out, totals);
	fputs(">\n", r->out);
	put_properties(r->out, totals);
	for (size_t i = 0; i < totals->inputs; i++) {
		if (totals->input[i].damaged != NULL)
			put_damaged(r->out, &totals->input[i]);
	}
	report_pour(r);
	words_add_counted(&t, totals->connections, "connection");
	text_add(&t, ", ");
	words_add_counted(&t, totals->resets, "reset");
	fprintf(r->out, "<system-out>%s</system-out>\n<system-err/>\n</testsuite>\n</testsuites>\n",
		counts);
}

const struct format format_junit = {
	.name = "junit",
	.waits = true,
	.begin = begin,
	.each = each,
	.end = end,
};
