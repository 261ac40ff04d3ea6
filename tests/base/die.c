/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/die.h"

Test(base_die, memory_comes_zeroed)
{
	uint8_t *memory = xcalloc(16, 4);

	for (size_t i = 0; i < 64; i++)
		cr_expect_eq(memory[i], 0);
	free(memory);
}

Test(base_die, no_bytes_at_all_are_memory_too)
{
	void *none = xcalloc(0, 8), *empty = xcalloc(8, 0);

	cr_expect_not_null(none);
	cr_expect_not_null(empty);
	free(none);
	free(empty);
}

/* AddressSanitizer ends the program itself. gcc and clang each have their own sign of it. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#if !defined(SANITIZED) && !defined(__SANITIZE_ADDRESS__)
Test(base_die, no_memory_ends_the_program_with_status_4, .exit_code = 4)
{
	volatile size_t too_much = SIZE_MAX / 2;

	free(xcalloc(too_much, 2));
}
#endif
