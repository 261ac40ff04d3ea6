/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Only a terminal gets more than plain lines of 80 columns: what is in a pipe or a file is read later,
 * by who knows what.
 */
#include "commands/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0';
}

bool terminal_color(void)
{
	const char *term = getenv("TERM");

	if (is_set("NO_COLOR"))
		return false;
	if (is_set("CLICOLOR_FORCE") && strcmp(getenv("CLICOLOR_FORCE"), "0") != 0)
		return true;
	return isatty(STDOUT_FILENO) && (term == NULL || strcmp(term, "dumb") != 0);
}

/* Of a locale of its own: the program's stays "C", so that numbers and sorting do. */
static bool is_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool utf8;

	if (locale == (locale_t)0)
		return false;
	utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
	return utf8;
}

/* POSIX: COLUMNS is what the user wants; else the terminal knows. */
static size_t width(void)
{
	const char *columns = getenv("COLUMNS");
	long wanted = columns != NULL ? strtol(columns, NULL, 10) : 0;
	struct winsize size;

	if (wanted > 0)
		return (size_t)wanted;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

struct terminal terminal_here(void)
{
	struct terminal terminal = { .color = terminal_color() };

	if (isatty(STDOUT_FILENO)) {
		terminal.unicode = is_utf8();
		terminal.columns = width();
	}
	return terminal;
}
