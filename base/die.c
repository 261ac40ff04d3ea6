/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/die.h"

#include <stdio.h>
#include <stdlib.h>

static void *or_die(void *memory)
{
	if (memory == NULL) {
		fputs("rstscope: out of memory\n", stderr);
		exit(4);
	}
	return memory;
}

void *xcalloc(size_t count, size_t size)
{
	return or_die(calloc(count != 0 ? count : 1, size != 0 ? size : 1));
}

void *xmalloc(size_t size)
{
	return or_die(malloc(size != 0 ? size : 1));
}
