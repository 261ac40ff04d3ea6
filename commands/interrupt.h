/* SPDX-License-Identifier: BSD-3-Clause */
/* Ctrl-C while captures are read: what was read is still reported. The second one ends us at once. */
#ifndef COMMANDS_INTERRUPT_H
#define COMMANDS_INTERRUPT_H

#include <stdbool.h>

/* Before anything is read or written; also of signals that must not end us in the middle of a file. */
void interrupt_prepare(void);
bool interrupt_came(void);

#endif
