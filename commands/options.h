/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of read, and what live has of it. */
#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "commands/grammar.h"
#include "commands/terminal.h"
#include "report/report.h"
#include "track/track.h"

#define OPTIONS_OUTPUTS_MAX 16
#define OPTIONS_LOGS_MAX 16

enum option_id {
#define OPTION(id, letter, name, argument, purpose) OPTION_##id,
#include "commands/options.def"
#undef OPTION
	OPTION_COUNT_OF,
};

enum option_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG, OPTIONS_FAILED };

struct options {
	const char *output[OPTIONS_OUTPUTS_MAX];
	size_t outputs;
	const char *format; /* for standard output; NULL: none was asked for */
	struct track_options track;
	bool evidence; /* one of the outputs is the frames themselves */
	bool all, quiet, verbose;
	bool redact;
	const char *redact_key;   /* NULL: a random one */
	struct terminal terminal; /* of standard output */
	struct fail_on fail_on;
	uint16_t community_id_seed;
	const char *log[OPTIONS_LOGS_MAX];
	size_t logs;
	bool has_log_offset;
	int64_t log_offset_ns;
	uint64_t count;    /* 0: no limit */
	const char **file; /* allocated array of borrowed strings; options_free() */
	size_t files;
};

/*
 * OPTIONS_DONE: --help or --version was answered. OPTIONS_WRONG and OPTIONS_FAILED (the answer could
 * not be written): what is wrong has been said. In each case options_free() is due.
 */
enum option_result options_parse(struct options *, int argc, char **argv);
void options_free(struct options *);

/* For the parser of another command: what nobody asked for, a row, and what one option asks for. */
void options_begin(struct options *, int argc);
const struct option_row *options_row(enum option_id);
bool options_take(struct options *, enum option_id, const char *value);
/* False: it is no number, or not within these. */
bool options_number(const char *text, uint64_t least, uint64_t most, uint64_t *value);
/* After --help or --version. */
enum option_result options_answered(void);
void options_row_help(const struct option_row *);

/* The help text, on standard output. */
void options_help(void);
void options_version(void);

#endif
