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

/*
 * Those that were perhaps meant, in the order of the list, at most max: words that the typed one is
 * part of, or if there are none the nearest. How many; for lists whose words share parts.
 */
size_t names_near(const char *typed, const char *const *words, const char **near, size_t max);

#endif
