/* SPDX-License-Identifier: BSD-3-Clause */
/* The first word is no command: a file to read, an option, or a mistake. */
#include <string.h>
#include <unistd.h>

#include "base/names.h"
#include "commands/commands.h"
#include "commands/message.h"
#include "commands/options.h"

static const char *const verbs[] = {
#define VERB(name, arguments, purpose) #name,
#include "commands/verbs.def"
#undef VERB
	NULL,
};

/* A word without a dot or slash, near to a command, and no such file: a slip of the finger. */
static bool is_mistyped(const char *word)
{
	return word[0] != '-' && strpbrk(word, "./") == NULL && access(word, F_OK) != 0 &&
	       names_nearest(word, verbs) != NULL;
}

int command_other(int argc, char **argv)
{
	if (argc > 1 && is_mistyped(argv[1])) {
		message_unknown("command", argv[1], verbs);
		return STATUS_USAGE;
	}
	return command_read(argc, argv);
}
