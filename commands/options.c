/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "commands/evidence.h"
#include "commands/fail_on.h"
#include "commands/message.h"
#include "report/report.h"

/* Long options without a letter get numbers behind all characters. */
enum { OPTION_FIRST = 256 };

enum option_id {
#define OPTION(id, letter, name, argument, purpose) OPTION_##id,
#include "commands/options.def"
#undef OPTION
	OPTION_COUNT_OF,
};

static const struct {
	char letter;
	const char *name, *argument;
} rows[] = {
#define OPTION(id, letter, name, argument, purpose) { letter, name, argument },
#include "commands/options.def"
#undef OPTION
};

/* ---- words for getopt ---- */

static int argument_of(size_t i)
{
	if (rows[i].argument == NULL)
		return no_argument;
	return rows[i].argument[0] == '[' ? optional_argument : required_argument;
}

struct grammar {
	char letters[2 * OPTION_COUNT_OF + 2];
	struct option longs[OPTION_COUNT_OF + 1];
	const char *names[OPTION_COUNT_OF + 1]; /* with their dashes, for the nearest word */
	char dashed[OPTION_COUNT_OF][24];
};

static void grammar_make(struct grammar *g)
{
	size_t letters = 0, names = 0;

	memset(g, 0, sizeof(*g));
	g->letters[letters++] = ':'; /* a missing argument is told apart */
	for (int i = 0; i < OPTION_COUNT_OF; i++) {
		if (rows[i].letter != '\0') {
			g->letters[letters++] = rows[i].letter;
			if (rows[i].argument != NULL)
				g->letters[letters++] = ':';
		}
		if (rows[i].name == NULL)
			continue;
		g->longs[names] = (struct option){
			.name = rows[i].name,
			.has_arg = argument_of((size_t)i),
			.val = OPTION_FIRST + i,
		};
		snprintf(g->dashed[names], sizeof(g->dashed[names]), "--%s", rows[i].name);
		g->names[names] = g->dashed[names];
		names++;
	}
}

static int id_of(int got)
{
	if (got >= OPTION_FIRST)
		return got - OPTION_FIRST;
	for (int i = 0; i < OPTION_COUNT_OF; i++) {
		if (rows[i].letter == got)
			return i;
	}
	return -1;
}

/* ---- values ---- */

static bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
	char *end;
	unsigned long long number;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || *text == '-' || number < least ||
	    number > most)
		return false;
	*value = number;
	return true;
}

static bool add_port(struct options *o, const char *text)
{
	uint64_t port;

	if (!parse_number(text, 1, UINT16_MAX, &port)) {
		message(NULL, "-p needs a port from 1 to 65535, not '%s'", text);
		return false;
	}
	if (o->track.port_count == TRACK_PORTS_MAX) {
		message(NULL, "at most %d ports can be given with -p", TRACK_PORTS_MAX - 1);
		return false;
	}
	o->track.ports[o->track.port_count++] = (uint16_t)port;
	return true;
}

static bool set_format(struct options *o, const char *name)
{
	const char *const *formats = report_formats();

	for (const char *const *f = formats; *f != NULL; f++) {
		if (strcmp(*f, name) == 0) {
			o->format = *f;
			return true;
		}
	}
	if (strcmp(name, EVIDENCE_ENDING + 1) == 0) /* no terminal wants it */
		message(NULL, "%s goes to a file: -o NAME%s", name, EVIDENCE_ENDING);
	else
		message_unknown("format", name, formats);
	return false;
}

static bool say_endings(const char *path)
{
	char list[128];
	struct text t = text_in(list, sizeof(list));

	for (const char *const *ending = report_endings(); *ending != NULL; ending++)
		text_add(&t, "%s, ", *ending);
	message(path, "its ending chooses no format; these do: %s" EVIDENCE_ENDING, list);
	return false;
}

static bool add_output(struct options *o, const char *path)
{
	const bool evidence = evidence_is_named(path);

	if (strcmp(path, "-") == 0) {
		message(NULL, "-o needs a name; with -f FORMAT the report goes to standard output");
		return false;
	}
	if (!evidence && report_format_of(path) == NULL)
		return say_endings(path);
	if (o->outputs == OPTIONS_OUTPUTS_MAX) {
		message(NULL, "at most %d outputs can be given with -o", OPTIONS_OUTPUTS_MAX);
		return false;
	}
	o->evidence |= evidence;
	o->output[o->outputs++] = path;
	return true;
}

static bool set_color(struct options *o, const char *when)
{
	static const char *const words[] = { "auto", "always", "never", NULL };

	if (strcmp(when, "always") == 0)
		o->terminal.color = true;
	else if (strcmp(when, "never") == 0)
		o->terminal.color = false;
	else if (strcmp(when, "auto") == 0)
		o->terminal.color = terminal_color();
	else {
		message_unknown("word for --color", when, words);
		return false;
	}
	return true;
}

static bool set_count(struct options *o, const char *text)
{
	if (parse_number(text, 1, UINT64_MAX, &o->count))
		return true;
	message(NULL, "-c needs a number of frames, not '%s'", text);
	return false;
}

static bool set_seed(struct options *o, const char *text)
{
	uint64_t seed;

	if (!parse_number(text, 0, UINT16_MAX, &seed)) {
		message(NULL, "--community-id-seed needs a number from 0 to 65535, not '%s'", text);
		return false;
	}
	o->community_id_seed = (uint16_t)seed;
	return true;
}

/* ---- the line ---- */

static bool take(struct options *o, int id, const char *value)
{
	switch (id) {
	case OPTION_OUTPUT:
		return add_output(o, value);
	case OPTION_FORMAT:
		return set_format(o, value);
	case OPTION_PORT:
		return add_port(o, value);
	case OPTION_ALL:
		return o->all = true;
	case OPTION_FAIL_ON:
		return fail_on_add(o, value);
	case OPTION_COLOR:
		return set_color(o, value);
	case OPTION_READ:
		o->file[o->files++] = value;
		return true;
	case OPTION_COUNT:
		return set_count(o, value);
	case OPTION_REDACT:
		o->redact_key = value;
		return o->redact = true;
	case OPTION_COMMUNITY_ID_SEED:
		return set_seed(o, value);
	case OPTION_QUIET:
		return o->quiet = true;
	case OPTION_VERBOSE:
		return o->verbose = true;
	default:
		return true;
	}
}

static void say_wrong(int got, char **argv, const struct grammar *g)
{
	const char *typed = argv[optind - 1];
	char letter[] = { '-', (char)optopt, '\0' };

	if (got == ':')
		message(NULL, "option '%s' needs an argument", typed);
	else if (strncmp(typed, "--", 2) == 0)
		message_unknown("option", typed, g->names);
	else
		message(NULL, "unknown option '%s'; see 'rstscope read --help'", letter);
}

static enum option_result answer(int id)
{
	if (id == OPTION_HELP)
		options_help();
	else
		options_version();
	if (fflush(stdout) == 0)
		return OPTIONS_DONE;
	message("standard output", "%s", strerror(errno));
	return OPTIONS_FAILED;
}

enum option_result options_parse(struct options *o, int argc, char **argv)
{
	struct grammar g;
	int got;

	memset(o, 0, sizeof(*o));
	o->file = xcalloc((size_t)argc + 1, sizeof(*o->file));
	o->track.ports[o->track.port_count++] = 22;
	o->terminal = terminal_here();
	grammar_make(&g);
	opterr = 0;
	optind = 1;
	while ((got = getopt_long(argc, argv, g.letters, g.longs, NULL)) != -1) {
		int id = id_of(got);

		if (got == '?' || got == ':') {
			say_wrong(got, argv, &g);
			return OPTIONS_WRONG;
		}
		if (id == OPTION_HELP || id == OPTION_VERSION)
			return answer(id);
		if (!take(o, id, optarg))
			return OPTIONS_WRONG;
	}
	for (; optind < argc; optind++)
		o->file[o->files++] = argv[optind];
	if (o->files != 0)
		return OPTIONS_RUN;
	message(NULL, "no FILE given: rstscope read FILE...; see 'rstscope --help'");
	return OPTIONS_WRONG;
}

void options_free(struct options *o)
{
	free(o->file);
}
