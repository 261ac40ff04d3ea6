/* SPDX-License-Identifier: BSD-3-Clause */
#define _XOPEN_SOURCE 600 /* posix_openpt() */
#include "commands/terminal.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Each test is a process of its own: its output may become what it likes. */
static void put_on_terminal(unsigned short columns)
{
	struct winsize size = { .ws_row = 24, .ws_col = columns };
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	cr_assert_geq(master, 0);
	cr_assert_eq(grantpt(master), 0);
	cr_assert_eq(unlockpt(master), 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	cr_assert_geq(slave, 0);
	cr_assert_eq(ioctl(slave, TIOCSWINSZ, &size), 0);
	cr_assert_eq(dup2(slave, STDOUT_FILENO), STDOUT_FILENO);
}

static void environment(const char *locale, const char *columns)
{
	setenv("LC_ALL", locale, 1);
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR_FORCE");
	unsetenv("COLUMNS");
	if (columns != NULL)
		setenv("COLUMNS", columns, 1);
}

Test(commands_terminal, a_terminal_says_how_wide_it_is)
{
	struct terminal terminal;

	environment("C.UTF-8", NULL);
	put_on_terminal(97);
	terminal = terminal_here();
	cr_expect_eq(terminal.columns, 97);
	cr_expect(terminal.unicode);
	cr_expect(terminal.color);
}

Test(commands_terminal, what_the_user_wants_goes_before)
{
	environment("C", "111");
	put_on_terminal(97);
	setenv("NO_COLOR", "1", 1);
	cr_expect_eq(terminal_here().columns, 111);
	cr_expect_not(terminal_here().unicode, "the locale is no UTF-8");
	cr_expect_not(terminal_here().color);
	setenv("COLUMNS", "wide", 1);
	cr_expect_eq(terminal_here().columns, 97, "no number says nothing");
}

Test(commands_terminal, a_dumb_terminal_gets_no_colours_unless_forced)
{
	environment("C", NULL);
	put_on_terminal(80);
	setenv("TERM", "dumb", 1);
	cr_expect_not(terminal_color());
	setenv("CLICOLOR_FORCE", "1", 1);
	cr_expect(terminal_color());
}

Test(commands_terminal, a_pipe_gets_plain_lines)
{
	int ends[2];

	environment("C.UTF-8", "120");
	cr_assert_eq(pipe(ends), 0);
	cr_assert_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
	cr_expect_eq(terminal_here().columns, 0);
	cr_expect_not(terminal_here().unicode);
	cr_expect_not(terminal_here().color);
}
