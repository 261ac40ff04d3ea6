/* SPDX-License-Identifier: BSD-3-Clause */
/* Words a user may have meant. */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stddef.h>

/*
 * The word of a NULL-terminated list that is nearest to what was typed, by insertions, deletions and
 * changes of a letter; NULL when none is near enough to be meant.
 */
const char *names_nearest(const char *typed, const char *const *words);

#endif
