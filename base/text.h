/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sentences in buffers of fixed size: always terminated, cut with "..." when they do not fit.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *at;
	size_t size; /* of the buffer; > 4 */
	size_t len;  /* < size */
};

/* An empty text in a buffer, which is borrowed: use with an array. */
struct text text_in(char *buffer, size_t size);

/* Appends as printf does. */
__attribute__((format(printf, 2, 3))) void text_add(struct text *, const char *format, ...);
__attribute__((format(printf, 2, 0))) void text_add_args(struct text *, const char *format,
							 va_list);

/* Appends as many bytes as they are; none of them is 0. */
void text_add_bytes(struct text *, const char *bytes, size_t len);

/* Appends a number, with zeros in front up to so many digits: what "%0*u" does, for a tenth. */
void text_add_digits(struct text *, uint64_t value, unsigned digits);

/* Appends wire bytes with all but printable ASCII as \xNN, and the backslash doubled. */
void text_add_wire(struct text *, const void *bytes, size_t len);

#endif
