/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What reading still does by name: inputs are opened when it is their turn, and again for evidence; each
 * report is renamed in its directory when it is complete. That is all it asks of the sandbox: logs were
 * opened before it.
 */
#include "commands/confine.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "commands/message.h"

void confine_tidy(const struct options *o)
{
	const char **named = xcalloc(o->files + o->logs + 1, sizeof(*named));
	size_t count = 0;

	for (size_t i = 0; i < o->files; i++)
		named[count++] = o->file[i];
	for (size_t i = 0; i < o->logs; i++)
		named[count++] = o->log[i];
	if (o->redact_key != NULL)
		named[count++] = o->redact_key;
	sandbox_tidy(named, count);
	free(named);
}

bool confine(const struct sandbox_wants *wants, bool quiet, bool verbose)
{
	char error[CAPTURE_ERROR_MAX];
	struct sandbox_got got;

	if (!sandbox_enter(wants, &got, error)) {
		message(wants->user, "%s", error);
		return false;
	}
	if (got.off) {
		if (verbose)
			message(NULL, "this build has no sandbox");
		return true;
	}
	if (got.landlock_abi == 0 && !quiet)
		message(NULL, "this kernel has no Landlock: the sandbox does not guard files");
	if (!got.seccomp && !quiet)
		message(NULL, "this kernel does not filter system calls: the sandbox is weak");
	if (verbose && got.seccomp && got.landlock_abi != 0)
		message(NULL, "in a sandbox: seccomp, and Landlock of ABI %d", got.landlock_abi);
	return true;
}

/* A new string: "reports" of "reports/x.html", "." of "x.html", "/" of "/x.html". */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *from = slash != NULL ? path : ".";
	const size_t len = slash == NULL || slash == path ? 1 : (size_t)(slash - path);

	return memcpy(xcalloc(len + 1, 1), from, len);
}

struct places {
	struct sandbox_place *place;
	size_t count;
};

static void add(struct places *p, enum sandbox_use use, const char *path)
{
	p->place[p->count++] = (struct sandbox_place){ use, path, -1 };
}

/* Of a directory its files: what else lies there, or beneath, is not asked for. */
bool confine_reading(const struct options *o, const struct inputs *in)
{
	struct sandbox_wants wants = { .threads = true }; /* unpacking has one of its own */
	size_t inputs;
	const char **input = inputs_named(in, o, &inputs);
	struct places p = { xcalloc(inputs + o->outputs, sizeof(*p.place)), 0 };
	char *folder[OPTIONS_OUTPUTS_MAX];
	bool confined;

	for (size_t i = 0; i < inputs; i++)
		add(&p, SANDBOX_READ, input[i]);
	for (size_t i = 0; i < o->outputs; i++)
		add(&p, SANDBOX_NAME, folder[i] = folder_of(o->output[i]));
	wants.place = p.place;
	wants.places = p.count;
	confined = confine(&wants, o->quiet, o->verbose);
	for (size_t i = 0; i < o->outputs; i++)
		free(folder[i]);
	free(input);
	free(p.place);
	return confined;
}
