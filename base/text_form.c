/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * printf(), for sentences. The C library's takes some 500 instructions before its first letter, and a
 * report is made of millions of small pieces: so the forms that they are made of are written here. A
 * format that asks for any other is the library's, as a whole.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Columns are narrower; 2^64 and a sign need 21. */
#define WIDTH_MAX 40

/* By pointer: a va_list that was handed on is of no use any more (C11 section 7.16). */
struct args {
	va_list list;
};

/* "%", then [+ 0] [width] [.*] [l ll z], then one of "s c d u %". A width of "*" is an argument. */
struct form {
	bool plus, zeros, precise;
	int width, precision;
	char length; /* 'l', 'L' for ll, 'z', or 0 */
	char conversion;
};

/* False when an argument turns it into another form: negative ones do. */
static bool take_star(struct args *args, int *count)
{
	*count = va_arg(args->list, int);
	return *count >= 0;
}

static bool take_width(struct form *form, const char **at, struct args *args)
{
	if (**at == '*') {
		(*at)++;
		return take_star(args, &form->width) && form->width <= WIDTH_MAX;
	}
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		form->width = 10 * form->width + (**at - '0');
		if (form->width > WIDTH_MAX)
			return false;
	}
	return true;
}

static bool take_form(struct form *form, const char **at, struct args *args)
{
	*form = (struct form){ 0 };
	for (; **at == '+' || **at == '0'; (*at)++) {
		form->plus |= **at == '+';
		form->zeros |= **at == '0';
	}
	if (!take_width(form, at, args))
		return false;
	if (**at == '.') {
		if ((*at)[1] != '*' || !take_star(args, &form->precision))
			return false;
		form->precise = true;
		*at += 2;
	}
	if (**at == 'l' || **at == 'z')
		form->length = *(*at)++;
	if (form->length == 'l' && **at == 'l') {
		form->length = 'L';
		(*at)++;
	}
	form->conversion = *(*at)++;
	return true;
}

static bool add_string(struct text *t, const struct form *form, struct args *args)
{
	static const char blanks[WIDTH_MAX + 1] = "                                        ";
	const char *at = va_arg(args->list, const char *);
	size_t len;

	if (at == NULL || form->plus || form->zeros || form->length != 0)
		return false;
	len = form->precise ? strnlen(at, (size_t)form->precision) : strlen(at);
	if (len < (size_t)form->width)
		text_add_bytes(t, blanks, (size_t)form->width - len);
	text_add_bytes(t, at, len);
	return true;
}

/* From its end; sign is 0 for none. Zeros stand behind the sign, blanks before it. */
static void add_number(struct text *t, const struct form *form, char sign, uint64_t value)
{
	char digits[WIDTH_MAX];
	size_t first = WIDTH_MAX, to = WIDTH_MAX - (size_t)form->width;

	do {
		digits[--first] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	while (form->zeros && first > to + (sign != 0))
		digits[--first] = '0';
	if (sign != 0)
		digits[--first] = sign;
	while (first > to)
		digits[--first] = ' ';
	text_add_bytes(t, digits + first, WIDTH_MAX - first);
}

static bool add_signed(struct text *t, const struct form *form, struct args *args)
{
	int64_t value;

	if (form->length == 0)
		value = va_arg(args->list, int);
	else if (form->length == 'l')
		value = va_arg(args->list, long);
	else if (form->length == 'L')
		value = va_arg(args->list, long long);
	else
		return false;
	if (form->precise)
		return false;
	add_number(t, form,
		   value < 0  ? '-' :
		   form->plus ? '+' :
				0,
		   value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
	return true;
}

static bool add_unsigned(struct text *t, const struct form *form, struct args *args)
{
	uint64_t value;

	if (form->length == 0)
		value = va_arg(args->list, unsigned int);
	else if (form->length == 'l')
		value = va_arg(args->list, unsigned long);
	else if (form->length == 'L')
		value = va_arg(args->list, unsigned long long);
	else
		value = va_arg(args->list, size_t);
	if (form->precise || form->plus)
		return false;
	add_number(t, form, 0, value);
	return true;
}

static bool add_char(struct text *t, const struct form *form, struct args *args)
{
	char value = (char)va_arg(args->list, int);

	/* A NUL would end the sentence here, and go on behind it: the library's to decide. */
	if (value == '\0' || form->width != 0 || form->length != 0)
		return false;
	text_add_bytes(t, &value, 1);
	return true;
}

static bool add_form(struct text *t, const char **at, struct args *args)
{
	struct form form;

	if (!take_form(&form, at, args))
		return false;
	switch (form.conversion) {
	case 's':
		return add_string(t, &form, args);
	case 'd':
		return add_signed(t, &form, args);
	case 'u':
		return add_unsigned(t, &form, args);
	case 'c':
		return add_char(t, &form, args);
	default:
		return false;
	}
}

/* False, with some of it added, when there is a form that is not known here. */
static bool add_forms(struct text *t, const char *at, struct args *args)
{
	for (;;) {
		const char *form = strchr(at, '%');
		size_t len = form != NULL ? (size_t)(form - at) : strlen(at);

		if (len != 0)
			text_add_bytes(t, at, len);
		if (form == NULL)
			return true;
		at = form + 1;
		if (*at == '%')
			text_add_bytes(t, at++, 1);
		else if (!add_form(t, &at, args))
			return false;
	}
}

static void add_by_library(struct text *t, const char *format, va_list args)
{
	size_t left = t->size - t->len;
	int written = vsnprintf(t->at + t->len, left, format, args);

	if (written < 0)
		return;
	if ((size_t)written < left) {
		t->len += (size_t)written;
		return;
	}
	t->len = t->size - 1;
	text_add_bytes(t, ".", 1); /* which does not fit either, and marks the cut */
}

void text_add_args(struct text *t, const char *format, va_list args)
{
	size_t before = t->len;
	struct args own;

	va_copy(own.list, args);
	if (!add_forms(t, format, &own)) {
		t->len = before;
		add_by_library(t, format, args);
	}
	va_end(own.list);
}

void text_add(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_add_args(t, format, args);
	va_end(args);
}
