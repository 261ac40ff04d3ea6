/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "classify/classify.h"
#include "commands/evidence.h"
#include "commands/message.h"
#include "commands/output_file.h"

struct output {
	struct output_file to; /* path NULL: standard output */
	FILE *file;
	FILE *scratch;         /* of a format that waits; NULL: none, or the report has it */
	struct report *report; /* NULL: it is evidence */
};

struct outputs {
	struct evidence_kept *evidence; /* NULL: none was asked for */
	struct output output[OPTIONS_OUTPUTS_MAX + 1];
	size_t count;
};

/* Two names may lead to the same file: x.md and ./x.md. */
static bool is_given_before(const struct outputs *outs, const char *path)
{
	for (size_t i = 0; i < outs->count; i++) {
		if (!output_file_is(&outs->output[i].to, path))
			continue;
		message(path, "is given twice as an output");
		return true;
	}
	return false;
}

static bool open_next(struct outputs *outs, const char *path, const struct output_guard *guard)
{
	struct output *out = &outs->output[outs->count];

	if (is_given_before(outs, path))
		return false;
	outs->count++;
	if (!output_file_open(&out->to, path, guard))
		return false;
	out->file = out->to.file;
	return true;
}

/* The first format is the one without any wish. NULL: it is evidence. */
static const char *format_of(const struct output *out, const struct options *o)
{
	if (out->to.path != NULL)
		return evidence_is_named(out->to.path) ? NULL : report_format_of(out->to.path);
	return o->format != NULL ? o->format : report_formats()[0];
}

static bool open_scratch(struct output *out, const struct options *o)
{
	const char *format = format_of(out, o);

	if (format == NULL || !report_waits(format))
		return true;
	out->scratch = tmpfile();
	if (out->scratch == NULL)
		message(out->to.path != NULL ? out->to.path : "standard output",
			"no room for its temporary file: %s", strerror(errno));
	return out->scratch != NULL;
}

void outputs_discard(struct outputs *outs)
{
	for (size_t i = 0; i < outs->count; i++) {
		output_file_discard(&outs->output[i].to);
		if (outs->output[i].scratch != NULL)
			fclose(outs->output[i].scratch);
	}
	evidence_free(outs->evidence);
	free(outs);
}

struct outputs *outputs_open(const struct options *o, const char *const *input, size_t inputs)
{
	const struct output_guard guard = { input, inputs, o->log, o->logs, o->redact_key };
	struct outputs *outs = xcalloc(1, sizeof(*outs));
	bool opened = true;

	for (size_t i = 0; opened && i < o->outputs; i++)
		opened = open_next(outs, o->output[i], &guard);
	if (o->outputs == 0 || o->format != NULL)
		outs->output[outs->count++].file = stdout;
	for (size_t i = 0; opened && i < outs->count; i++)
		opened = open_scratch(&outs->output[i], o);
	if (opened)
		return outs;
	outputs_discard(outs);
	return NULL;
}

/* The terminal is asked for standard output alone: files are read elsewhere. */
void outputs_begin(struct outputs *outs, const struct options *o, const struct report_options *how,
		   const char *const *path, const struct pseudonyms *names)
{
	if (o->evidence)
		outs->evidence = evidence_new(how, path, names);
	for (size_t i = 0; i < outs->count; i++) {
		struct output *out = &outs->output[i];
		struct report_options options = *how;
		const char *format = format_of(out, o);

		if (format == NULL)
			continue;
		if (out->to.path == NULL) {
			options.color = o->terminal.color;
			options.unicode = o->terminal.unicode;
			options.columns = o->terminal.columns;
		}
		options.scratch = out->scratch;
		out->scratch = NULL;
		out->report = report_begin(format, out->file, &options);
	}
}

bool outputs_are_seen(const struct outputs *outs, const struct options *o)
{
	const struct output *last = &outs->output[outs->count - 1];

	return last->to.path == NULL && isatty(STDOUT_FILENO) && !report_waits(format_of(last, o));
}

/* Words are written when the first asks for them: of many connections most are only counted. */
void outputs_each(struct outputs *outs, const struct conn *captured, const struct conn *told,
		  const struct noted_conn *noted, struct verdict *verdict)
{
	bool in_words = outs->evidence != NULL;

	if (in_words)
		classify_tell(told, noted, verdict);
	for (size_t i = 0; i < outs->count; i++) {
		struct report *report = outs->output[i].report;

		if (report == NULL || !report_count(report, told, verdict))
			continue;
		if (!in_words)
			classify_tell(told, noted, verdict);
		in_words = true;
		report_tell(report, told, verdict);
	}
	if (outs->evidence != NULL)
		evidence_add(outs->evidence, captured, told, verdict);
}

/* Closed and not flushed only: some file systems say at the end that there was no room. */
static bool close_stdout(bool written)
{
	if (fclose(stdout) == 0 && written)
		return true;
	if (errno == EPIPE) /* the reader has seen enough */
		return true;
	message("standard output", "%s", errno != 0 ? strerror(errno) : "could not be written");
	return false;
}

/* An input that changed leaves no file, as its words would stand beside other frames. */
static bool end_evidence(const struct outputs *outs, const struct output *out,
			 const struct totals *totals)
{
	const bool same = evidence_write(outs->evidence, out->file, totals);

	return same && fflush(out->file) == 0 && !ferror(out->file);
}

bool outputs_close(struct outputs *outs, const struct totals *totals)
{
	bool all = true;

	for (size_t i = 0; i < outs->count; i++) {
		struct output *out = &outs->output[i];
		bool written;

		errno = 0;
		written = out->report != NULL ? report_end(out->report, totals) :
						end_evidence(outs, out, totals);
		if (!(out->to.path != NULL ? output_file_close(&out->to, written) :
					     close_stdout(written)))
			all = false;
	}
	evidence_free(outs->evidence);
	free(outs);
	return all;
}
