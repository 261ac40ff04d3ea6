/* SPDX-License-Identifier: BSD-3-Clause */
/* What standard output can show. */
#ifndef COMMANDS_TERMINAL_H
#define COMMANDS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

struct terminal {
	bool color, unicode;
	size_t columns; /* 0: not a terminal, or it does not say */
};

struct terminal terminal_here(void);

/* NO_COLOR (no-color.org) goes before CLICOLOR_FORCE, this before whether it is a terminal. */
bool terminal_color(void);

#endif
