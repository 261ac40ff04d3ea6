/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of read. */
#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "commands/terminal.h"
#include "report/report.h"
#include "track/track.h"

#define OPTIONS_OUTPUTS_MAX 16

enum option_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG, OPTIONS_FAILED };

struct options {
	const char *output[OPTIONS_OUTPUTS_MAX];
	size_t outputs;
	const char *format; /* for standard output; NULL: none was asked for */
	struct track_options track;
	bool evidence; /* one of the outputs is the frames themselves */
	bool all, quiet, verbose;
	bool redact;
	const char *redact_key; /* NULL: a random one */
	struct terminal terminal; /* of standard output */
	struct fail_on fail_on;
	uint16_t community_id_seed;
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

/* The help text, on standard output. */
void options_help(void);
void options_version(void);

#endif
