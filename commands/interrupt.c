/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/interrupt.h"

#include <signal.h>
#include <stddef.h>

/* The one thing of reading that is not on a stack: a handler has no other way. */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

void interrupt_prepare(void)
{
	/* The second Ctrl-C ends us at once. */
	struct sigaction interrupt = { .sa_handler = on_interrupt,
				       .sa_flags = (int)SA_RESETHAND | SA_RESTART };

	/* Whoever reads our output, or limits its size, must not kill us in the middle of a file. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigaction(SIGINT, &interrupt, NULL);
}

bool interrupt_came(void)
{
	return interrupted != 0;
}
