/* SPDX-License-Identifier: BSD-3-Clause */
/* What cannot be reported upwards: no memory. Ends the program with status 4. */
#ifndef BASE_DIE_H
#define BASE_DIE_H

#include <stddef.h>

/* Like calloc(), but never returns NULL. The caller owns the result and frees it with free(). */
void *xcalloc(size_t count, size_t size);
/* The same for bytes that are written before they are read: not set to zero. */
void *xmalloc(size_t size);

#endif
