/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "classify/classify.h"
#include "commands/evidence.h"
#include "commands/message.h"

struct output {
	const char *path; /* NULL: standard output */
	char *part;       /* the name while it is written */
	FILE *file;
	struct report *report; /* NULL: it is evidence */
};

struct outputs {
	struct evidence_kept *evidence; /* NULL: none was asked for */
	struct output output[OPTIONS_OUTPUTS_MAX + 1];
	size_t count;
};

/* A report speaks of other people's connections: for its owner alone until they decide otherwise. */
static FILE *open_private(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

	return fd >= 0 ? fdopen(fd, "w") : NULL;
}

/* A capture beside the report of it may be called alike; nobody has another copy of it. */
static bool is_input(const char *path, const char *const *input, size_t inputs)
{
	struct stat out, in;

	if (stat(path, &out) != 0)
		return false;
	for (size_t i = 0; i < inputs; i++) {
		if (stat(input[i], &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
			return true;
	}
	return false;
}

static bool open_file(struct output *out, const char *path, const char *const *input, size_t inputs)
{
	size_t size = strlen(path) + sizeof(".part");

	out->path = path;
	out->part = xcalloc(size, 1);
	snprintf(out->part, size, "%s.part", path);
	if (is_input(path, input, inputs) || is_input(out->part, input, inputs)) {
		message(path, "is an input, which the output would replace");
		return false;
	}
	out->file = open_private(out->part);
	if (out->file == NULL)
		message(path, "%s", strerror(errno));
	return out->file != NULL;
}

static void discard(struct outputs *outs)
{
	for (size_t i = 0; i < outs->count; i++) {
		struct output *out = &outs->output[i];

		if (out->path != NULL && out->file != NULL) {
			fclose(out->file);
			unlink(out->part);
		}
		free(out->part);
	}
	evidence_free(outs->evidence);
	free(outs);
}

static const char *stdout_format(const struct options *o)
{
	return o->format != NULL ? o->format : report_formats()[0];
}

static void begin(struct outputs *outs, const struct options *o, const struct report_options *how)
{
	for (size_t i = 0; i < outs->count; i++) {
		struct output *out = &outs->output[i];
		struct report_options options = *how;
		const char *format;

		if (out->path != NULL && evidence_is_named(out->path))
			continue;
		format = out->path != NULL ? report_format_of(out->path) : stdout_format(o);

		if (out->path == NULL) {
			options.color = o->terminal.color;
			options.unicode = o->terminal.unicode;
			options.columns = o->terminal.columns;
		}
		out->report = report_begin(format, out->file, &options);
	}
}

struct outputs *outputs_open(const struct options *o, const struct report_options *how,
			     const char *const *path, const struct pseudonyms *names)
{
	struct outputs *outs = xcalloc(1, sizeof(*outs));

	for (size_t i = 0; i < o->outputs; i++) {
		if (!open_file(&outs->output[outs->count++], o->output[i], path, how->inputs)) {
			discard(outs);
			return NULL;
		}
	}
	if (o->outputs == 0 || o->format != NULL)
		outs->output[outs->count++].file = stdout;
	if (o->evidence)
		outs->evidence = evidence_new(how, path, names);
	begin(outs, o, how);
	return outs;
}

bool outputs_are_seen(const struct outputs *outs, const struct options *o)
{
	return outs->output[outs->count - 1].path == NULL && isatty(STDOUT_FILENO) &&
	       !report_waits(stdout_format(o));
}

/* Words are written when the first asks for them: of many connections most are only counted. */
void outputs_each(struct outputs *outs, const struct conn *captured, const struct conn *told,
		  struct verdict *verdict)
{
	bool in_words = outs->evidence != NULL;

	if (in_words)
		classify_tell(told, verdict);
	for (size_t i = 0; i < outs->count; i++) {
		struct report *report = outs->output[i].report;

		if (report == NULL || !report_count(report, told, verdict))
			continue;
		if (!in_words)
			classify_tell(told, verdict);
		in_words = true;
		report_tell(report, told, verdict);
	}
	if (outs->evidence != NULL)
		evidence_add(outs->evidence, captured, told, verdict);
}

/* Durable first, then visible. */
static bool close_file(struct output *out, bool written)
{
	written = written && fsync(fileno(out->file)) == 0;
	if (fclose(out->file) != 0)
		written = false;
	if (written && rename(out->part, out->path) == 0)
		return true;
	message(out->path, "%s", errno != 0 ? strerror(errno) : "could not be written");
	unlink(out->part);
	return false;
}

static bool close_stdout(bool written)
{
	if (fclose(stdout) == 0 && written)
		return true;
	if (errno == EPIPE) /* the reader has seen enough */
		return true;
	message("standard output", "%s", errno != 0 ? strerror(errno) : "could not be written");
	return false;
}

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
		if (!(out->path != NULL ? close_file(out, written) : close_stdout(written)))
			all = false;
		free(out->part);
	}
	evidence_free(outs->evidence);
	free(outs);
	return all;
}
