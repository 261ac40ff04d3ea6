/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/names.h"

#include <stdint.h>
#include <string.h>

#define WORD_MAX 40 /* longer than any command, option or cause */

static size_t least(size_t a, size_t b, size_t c)
{
	size_t least_of_two = a < b ? a : b;

	return least_of_two < c ? least_of_two : c;
}

/* Levenshtein's distance, one row at a time. */
static size_t distance(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);
	size_t row[WORD_MAX + 1];

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return SIZE_MAX; /* near nothing */
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];

			row[j] =
				least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

const char *names_nearest(const char *typed, const char *const *words)
{
	const char *nearest = NULL;
	size_t best = strlen(typed) / 3 + 2; /* a typo or two, more in a long word */

	for (; *words != NULL; words++) {
		size_t d = distance(typed, *words);

		if (d < best) {
			best = d;
			nearest = *words;
		}
	}
	return nearest;
}

/* Shorter ones are part of anything. */
#define PART_LEAST 3

static size_t add_once(const char **near, size_t count, size_t max, const char *word)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(near[i], word) == 0)
			return count;
	}
	if (count < max)
		near[count++] = word;
	return count;
}

size_t names_near(const char *typed, const char *const *words, const char **near, size_t max)
{
	const char *nearest = names_nearest(typed, words);
	size_t count = 0;

	for (size_t i = 0; words[i] != NULL && strlen(typed) >= PART_LEAST; i++) {
		if (strstr(words[i], typed) != NULL)
			count = add_once(near, count, max, words[i]);
	}
	return count == 0 && nearest != NULL ? add_once(near, count, max, nearest) : count;
}
