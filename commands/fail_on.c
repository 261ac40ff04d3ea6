/* SPDX-License-Identifier: BSD-3-Clause */
/* Words of --fail-on: a cause, a family of causes, or "reset" for whatever ended by one. */
#include "commands/fail_on.h"

#include <string.h>

#include "commands/message.h"

static bool fail_on_word(struct options *o, const char *word)
{
	const char *words[2 * CAUSE_COUNT + 2] = { "reset" };
	size_t count = 1;
	bool known = strcmp(word, "reset") == 0;

	o->fail_on.reset |= known;
	for (int i = 0; i < CAUSE_COUNT; i++) {
		const char *name = cause_name((enum cause_id)i);
		const char *family = cause_family((enum cause_id)i);

		words[count++] = name;
		words[count++] = family;
		if (strcmp(word, name) != 0 && strcmp(word, family) != 0)
			continue;
		o->fail_on.cause[i] = true;
		known = true;
	}
	if (!known)
		message_unknown("word for --fail-on", word, words);
	return known;
}

bool fail_on_add(struct options *o, const char *list)
{
	char word[64];

	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		if (len >= sizeof(word)) {
			message(NULL, "--fail-on: '%s' is too long for a cause", list);
			return false;
		}
		memcpy(word, list, len);
		word[len] = '\0';
		if (len != 0 && !fail_on_word(o, word))
			return false;
		list += len + (list[len] == ',');
	}
	return true;
}
