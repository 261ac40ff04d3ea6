/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "commands/evidence.h"
#include "commands/fail_on.h"
#include "commands/message.h"
#include "commands/noting.h"
#include "report/report.h"

static const struct option_row rows[] = {
#define OPTION(id, letter, name, argument, purpose) { letter, name, argument, purpose },
#include "commands/options.def"
#undef OPTION
};

const struct option_row *options_row(enum option_id id)
{
	return &rows[id];
}

/* ---- values ---- */

bool options_number(const char *text, uint64_t least, uint64_t most, uint64_t *value)
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

	if (!options_number(text, 1, UINT16_MAX, &port)) {
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
	if (options_number(text, 1, UINT64_MAX, &o->count))
		return true;
	message(NULL, "-c needs a number of frames, not '%s'", text);
	return false;
}

static bool set_seed(struct options *o, const char *text)
{
	uint64_t seed;

	if (!options_number(text, 0, UINT16_MAX, &seed)) {
		message(NULL, "--community-id-seed needs a number from 0 to 65535, not '%s'", text);
		return false;
	}
	o->community_id_seed = (uint16_t)seed;
	return true;
}

/* ---- the line ---- */

bool options_take(struct options *o, enum option_id id, const char *value)
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
	case OPTION_LOG:
		return noting_add(o, value);
	case OPTION_LOG_OFFSET:
		return noting_set_offset(o, value);
	case OPTION_QUIET:
		return o->quiet = true;
	case OPTION_VERBOSE:
		return o->verbose = true;
	default:
		return true;
	}
}

static enum option_result answer(enum option_id id)
{
	if (id == OPTION_HELP)
		options_help();
	else
		options_version();
	return options_answered();
}

enum option_result options_answered(void)
{
	if (fflush(stdout) == 0)
		return OPTIONS_DONE;
	message("standard output", "%s", strerror(errno));
	return OPTIONS_FAILED;
}

void options_begin(struct options *o, int argc)
{
	memset(o, 0, sizeof(*o));
	o->file = xcalloc((size_t)argc + 1, sizeof(*o->file));
	o->track.ports[o->track.port_count++] = 22;
	o->terminal = terminal_here();
}

enum option_result options_parse(struct options *o, int argc, char **argv)
{
	struct grammar g;
	int id;

	options_begin(o, argc);
	grammar_begin(&g, "read");
	for (enum option_id i = 0; i < OPTION_COUNT_OF; i++)
		grammar_add(&g, &rows[i], (int)i);
	while ((id = grammar_next(&g, argc, argv)) != GRAMMAR_END) {
		if (id == GRAMMAR_WRONG)
			return OPTIONS_WRONG;
		if (id == OPTION_HELP || id == OPTION_VERSION)
			return answer((enum option_id)id);
		if (!options_take(o, (enum option_id)id, optarg))
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
