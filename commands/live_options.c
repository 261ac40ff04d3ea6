/* SPDX-License-Identifier: BSD-3-Clause */
/* What live takes: some rows of read, and its own. The words behind them are a filter, as tcpdump has it. */
#include "commands/live_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/text.h"
#include "commands/message.h"

enum live_option_id {
	LIVE_OPTION_BEFORE = OPTION_COUNT_OF, /* of the other table */
#define OPTION(id, letter, name, argument, purpose) LIVE_OPTION_##id,
#include "commands/live_options.def"
#undef OPTION
};

static const struct option_row rows[] = {
#define OPTION(id, letter, name, argument, purpose) { letter, name, argument, purpose },
#include "commands/live_options.def"
#undef OPTION
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const enum option_id shared[] = {
#define SHARED(id) OPTION_##id,
#include "commands/live_shared.def"
#undef SHARED
};

#define SHARED_ROWS (sizeof(shared) / sizeof(shared[0]))

#define LOOKBACK_MIB 64
#define EVIDENCE_MAX_MIB 1024
#define SECONDS_MAX (UINT64_C(366) * 86400) /* a year */
#define MIB (UINT64_C(1024) * 1024)

static void live_help(void)
{
	puts("usage: rstscope live -i IFACE [OPTIONS] [BPF]\n"
	     "\n"
	     "Captures SSH connections and says of each, when it has ended, who ended it and why.\n"
	     "Ctrl-C ends it, and lists what is open.\n"
	     "\n"
	     "  rstscope live -i eth0                       a line for each odd ending\n"
	     "  rstscope live -i any -p 2222 -o ssh.jsonl   port 2222, too; events into a file\n"
	     "  rstscope live -i eth0 --evidence DIR        and the frames from before the end\n"
	     "\n"
	     "BPF replaces the filter, as tcpdump has it; without one, TCP of the SSH ports is\n"
	     "captured, tagged or not, and ICMP errors, ARP and neighbour discovery.\n"
	     "\n"
	     "Options of live:");
	for (size_t i = 0; i < ROWS; i++)
		options_row_help(&rows[i]);
	for (size_t i = 0; i < SHARED_ROWS; i++)
		options_row_help(options_row(shared[i]));
	puts("\n"
	     "Exit status: 0 done; 1 found what --fail-on names; 2 wrong usage; 4 could not do\n"
	     "it, an interface is gone.");
}

static bool add_interface(struct live_choice *c, const char *name)
{
	if (c->capture.names == LIVE_MAX) {
		message(NULL, "at most %d interfaces can be given with -i; any is for more",
			LIVE_MAX);
		return false;
	}
	for (size_t i = 0; i < c->capture.names; i++) {
		if (strcmp(c->capture.name[i], name) == 0) {
			message(name, "is given twice with -i");
			return false;
		}
	}
	c->capture.name[c->capture.names++] = name;
	return true;
}

static bool set_number(const char *option, const char *text, uint64_t least, uint64_t most,
		       uint64_t *value)
{
	if (options_number(text, least, most, value))
		return true;
	message(NULL, "%s needs a number from %llu to %llu, not '%s'", option,
		(unsigned long long)least, (unsigned long long)most, text);
	return false;
}

static bool set_u32(const char *option, const char *text, uint64_t least, uint64_t most,
		    uint32_t *value)
{
	uint64_t number;

	if (!set_number(option, text, least, most, &number))
		return false;
	*value = (uint32_t)number;
	return true;
}

static bool set_mib(const char *option, const char *text, uint64_t *len)
{
	/* So many MiB are a TiB: more is a slip of the finger. */
	if (!set_number(option, text, 1, MIB, len))
		return false;
	*len *= MIB;
	return true;
}

/* tcpdump's millions, and more than a disk has of them is a slip of the finger. */
static bool take_sink(struct live_choice *c, int id, const char *value)
{
	uint64_t number;

	switch (id) {
	case LIVE_OPTION_ROTATE_SIZE:
		if (!set_number("-C", value, 1, 1000000, &number))
			return false;
		c->sinks.rotate_len = number * 1000000;
		return true;
	case LIVE_OPTION_ROTATE_TIME:
		if (!set_number("-G", value, 1, SECONDS_MAX, &number))
			return false;
		c->sinks.rotate_ns = (int64_t)number * NS_PER_S;
		return true;
	case LIVE_OPTION_ROTATE_KEEP:
		return set_number("-W", value, 1, 1000000, &c->sinks.rotate_keep);
	case LIVE_OPTION_JOURNAL:
		return c->sinks.journal = true;
	case LIVE_OPTION_SYSLOG:
		c->sinks.syslog = value;
		return true;
	case LIVE_OPTION_METRICS:
		c->sinks.metrics = value;
		return true;
	default:
		return true;
	}
}

/* SSH's headers take 100 octets and more; libpcap allows a ring of 2 GiB. */
static bool take(struct live_choice *c, int id, const char *value)
{
	switch (id) {
	case LIVE_OPTION_INTERFACE:
		return add_interface(c, value);
	case LIVE_OPTION_SNAP:
		c->capture.clear_len = 0; /* who says how much gets that */
		return set_u32("-s", value, 96, 262144, &c->capture.snap_len);
	case LIVE_OPTION_BUFFER:
		return set_u32("-B", value, 512, 2097151, &c->capture.buffer_kib);
	case LIVE_OPTION_PROMISCUOUS:
		return c->capture.promiscuous = true;
	case LIVE_OPTION_USER:
		c->user = value;
		return true;
	case LIVE_OPTION_EVIDENCE:
		c->evidence = value;
		return true;
	case LIVE_OPTION_EVIDENCE_MAX:
		return set_mib("--evidence-max", value, &c->evidence_max_len);
	case LIVE_OPTION_LOOKBACK:
		return set_mib("--lookback", value, &c->lookback_len);
	default:
		return id < LIVE_OPTION_BEFORE ?
			       options_take(&c->common, (enum option_id)id, value) :
			       take_sink(c, id, value);
	}
}

#define FILTER_ROOM 8 /* behind the words: their end, and what a text wants to have */

/* With blanks between, as a shell splits what was not quoted. */
static char *joined(char **words, int count)
{
	size_t size = FILTER_ROOM;
	struct text t;
	char *all;

	for (int i = 0; i < count; i++)
		size += strlen(words[i]) + 1;
	all = xcalloc(size, 1);
	t = text_in(all, size);
	for (int i = 0; i < count; i++)
		text_add(&t, "%s%s", i != 0 ? " " : "", words[i]);
	return all;
}

static bool fits_together(const struct live_choice *c)
{
	if (c->capture.names == 0) {
		message(NULL,
			"no interface given: rstscope live -i IFACE; see 'rstscope live --help'");
		return false;
	}
	if (c->common.redact && c->evidence != NULL) { /* frames show what reports leave out */
		message(NULL,
			"--redact cannot change the frames of --evidence; give one of the two");
		return false;
	}
	if (c->common.evidence) {
		message(NULL, "live writes frames to --evidence DIR, not with -o");
		return false;
	}
	for (size_t i = 0; i < c->common.outputs; i++) {
		if (sinks_take(c->common.output[i]))
			continue;
		message(c->common.output[i], "this format has an end, and a capture has none yet; "
					     "give a format of lines, as .jsonl");
		return false;
	}
	return true;
}

static void set_sinks(struct live_choice *c)
{
	const struct options *o = &c->common;

	c->sinks.events = o->output;
	c->sinks.event_files = o->outputs;
	c->sinks.report = (struct report_options){
		.all = o->all,
		.redacted = o->redact,
		.community_id_seed = o->community_id_seed,
		.fail_on = o->fail_on,
		.inputs = c->capture.names,
		.paths = c->capture.name,
	};
}

static void grammar_of_live(struct grammar *g)
{
	grammar_begin(g, "live");
	for (size_t i = 0; i < SHARED_ROWS; i++)
		grammar_add(g, options_row(shared[i]), (int)shared[i]);
	for (size_t i = 0; i < ROWS; i++)
		grammar_add(g, &rows[i], LIVE_OPTION_BEFORE + 1 + (int)i);
}

static void begin(struct live_choice *c, int argc)
{
	memset(c, 0, sizeof(*c));
	options_begin(&c->common, argc);
	c->capture.snap_len = LIVE_SNAP_LEN;
	c->capture.clear_len = LIVE_CLEAR_LEN;
	c->capture.buffer_kib = LIVE_BUFFER_KIB;
	c->evidence_max_len = EVIDENCE_MAX_MIB * MIB;
	c->lookback_len = LOOKBACK_MIB * MIB;
}

enum option_result live_options_parse(struct live_choice *c, int argc, char **argv)
{
	struct grammar g;
	int id;

	begin(c, argc);
	grammar_of_live(&g);
	while ((id = grammar_next(&g, argc, argv)) != GRAMMAR_END) {
		if (id == GRAMMAR_WRONG)
			return OPTIONS_WRONG;
		if (id == OPTION_HELP)
			live_help();
		if (id == OPTION_VERSION)
			options_version();
		if (id == OPTION_HELP || id == OPTION_VERSION)
			return options_answered();
		if (!take(c, id, optarg))
			return OPTIONS_WRONG;
	}
	if (optind < argc)
		c->filter = joined(argv + optind, argc - optind);
	c->capture.filter = c->filter;
	c->capture.port = c->common.track.ports;
	c->capture.ports = c->common.track.port_count;
	set_sinks(c);
	return fits_together(c) ? OPTIONS_RUN : OPTIONS_WRONG;
}

void live_options_free(struct live_choice *c)
{
	free(c->filter);
	options_free(&c->common);
}
