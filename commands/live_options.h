/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of live. */
#ifndef COMMANDS_LIVE_OPTIONS_H
#define COMMANDS_LIVE_OPTIONS_H

#include "capture/live.h"
#include "commands/options.h"
#include "report/sinks.h"

struct live_choice {
	struct options common; /* its files are the words of the filter */
	struct live_options capture;
	char *filter; /* allocated; NULL: none was given */
	struct sinks_options sinks;
	const char *user;                        /* whom root becomes; NULL: whoever can */
	const char *evidence;                    /* NULL: none */
	uint64_t evidence_max_len, lookback_len; /* octets */
};

/* As options_parse(); in each case live_options_free() is due. */
enum option_result live_options_parse(struct live_choice *, int argc, char **argv);
void live_options_free(struct live_choice *);

#endif
