/* SPDX-License-Identifier: BSD-3-Clause */
/* rstscope: who reset the SSH connection, and why? A table of contents. */
#include <string.h>

#include "commands/commands.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} verbs[] = {
#define VERB(name, arguments, purpose) { #name, command_##name },
#include "commands/verbs.def"
#undef VERB
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(argc - 1, argv + 1);
	}
	return command_other(argc, argv);
}
