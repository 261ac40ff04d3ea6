/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The table of formats, and what all of them need: a place to wait, and the truth about the disk.
 */
#include "report/report.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "report/groups.h"
#include "report/inside.h"
#include "report/wrap.h"

/* The same rows three times: which functions, under which name, for which file names. */
static const struct format *const formats[] = {
#define FORMAT(name, ending) &format_##name,
#include "report/formats.def"
#undef FORMAT
};

static const char *const names[] = {
#define FORMAT(name, ending) #name,
#include "report/formats.def"
#undef FORMAT
	NULL,
};

static const char *const endings[] = {
#define FORMAT(name, ending) ending,
#include "report/formats.def"
#undef FORMAT
	NULL,
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

const char *const *report_formats(void)
{
	return names;
}

const char *const *report_endings(void)
{
	return endings;
}

/* The longest ending that fits: "x.ecs.jsonl" ends in ".jsonl", too. */
const char *report_format_of(const char *path)
{
	size_t path_len = strlen(path), longest = 0;
	const char *name = NULL;

	for (size_t i = 0; i < FORMATS; i++) {
		size_t len = strlen(endings[i]);

		if (len > longest && path_len >= len &&
		    strcmp(path + path_len - len, endings[i]) == 0) {
			longest = len;
			name = names[i];
		}
	}
	return name;
}

bool report_fails(const struct fail_on *what, const struct conn *conn, const struct verdict *v)
{
	return what->cause[v->cause] || (what->reset && conn->end.ending == ENDING_reset);
}

static const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	}
	return NULL;
}

bool report_waits(const char *format)
{
	return format_named(format)->waits;
}

static size_t columns_of(const struct report_options *options)
{
	if (options->columns == 0)
		return WRAP_COLUMNS;
	if (options->columns < WRAP_COLUMNS_MIN)
		return WRAP_COLUMNS_MIN;
	return options->columns < WRAP_COLUMNS_MAX ? options->columns : WRAP_COLUMNS_MAX;
}

struct report *report_begin(const char *format, FILE *out, const struct report_options *options)
{
	struct report *r = xcalloc(1, sizeof(*r));

	r->format = format_named(format);
	assert(r->format != NULL);
	r->options = *options;
	r->options.columns = columns_of(options);
	r->out = out;
	r->groups = xcalloc(1, sizeof(*r->groups));
	/* Without a name it cannot be found, attacked or left behind. */
	r->body = !r->format->waits ? out : options->scratch != NULL ? options->scratch : tmpfile();
	r->failed = r->body == NULL;
	if (!r->failed)
		r->format->begin(r);
	return r;
}

/* After a failure the rest would be a lie with a hole in it: nothing more is written. */
bool report_count(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	if (r->failed)
		return false;
	groups_add(r->groups, conn, verdict);
	return r->format->count == NULL || r->format->count(r, conn, verdict);
}

void report_tell(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	r->format->each(r, conn, verdict);
}

void report_each(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	if (report_count(r, conn, verdict))
		report_tell(r, conn, verdict);
}

/* A full disk is found out by flushing, not by printing. */
static bool flushed(FILE *file)
{
	return fflush(file) == 0 && !ferror(file);
}

/* What did not get into the waiting file cannot be copied from it: then out stays without it. */
void report_pour_part(struct report *r, long from, uint64_t part_len)
{
	char block[16384];
	size_t len;

	if (!flushed(r->body) || fseek(r->body, from, SEEK_SET) != 0) {
		r->failed = true;
		return;
	}
	while (part_len > 0) {
		len = part_len < sizeof(block) ? (size_t)part_len : sizeof(block);
		len = fread(block, 1, len, r->body);
		if (len == 0 || fwrite(block, 1, len, r->out) != len)
			break; /* report_end() sees the error on out */
		part_len -= len;
	}
	if (ferror(r->body))
		r->failed = true;
}

void report_pour(struct report *r)
{
	report_pour_part(r, 0, UINT64_MAX);
}

const char *report_file_of(const struct report *r, struct mark mark)
{
	if (r->options.inputs < 2 || mark.number == 0 || mark.input >= r->options.inputs)
		return NULL;
	return r->options.paths[mark.input];
}

bool report_end(struct report *r, const struct totals *totals)
{
	bool good;

	if (!r->failed)
		r->format->end(r, totals);
	if (r->body != NULL && r->body != r->out)
		fclose(r->body);
	good = flushed(r->out) && !r->failed;
	free(r->groups);
	free(r->own);
	free(r);
	return good;
}
