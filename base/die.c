/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/die.h"

#include <stdio.h>
#include <stdlib.h>

void *xcalloc(size_t count, size_t size)
{
	void *memory = calloc(count != 0 ? count : 1, size != 0 ? size : 1);

	if (memory == NULL) {
		fputs("rstscope: out of memory\n", stderr);
		exit(4);
	}
	return memory;
}
