/* SPDX-License-Identifier: BSD-3-Clause */
/* The SSH session that this program was started from: it is in the capture, too, and is marked. */
#ifndef COMMANDS_OWN_H
#define COMMANDS_OWN_H

#include "track/conn.h"

#define OWN_MAX 8

struct own {
	struct endpoint here[OWN_MAX], there[OWN_MAX];
	size_t sessions;
};

/* Asks who our ancestors are and which TCP connections they have: to be called before a sandbox. */
void own_find(struct own *);
bool own_is(const struct own *, const struct conn *);

#endif
