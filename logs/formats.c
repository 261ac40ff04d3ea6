/* SPDX-License-Identifier: BSD-3-Clause */
/* The rows of formats.def. A name may lie, so the first lines decide. */
#include "logs/inside.h"

static const struct log_format formats[] = {
#define LOG_FORMAT(id, name, zoned) { name, zoned, id##_is, id##_next },
#include "logs/formats.def"
#undef LOG_FORMAT
};

const struct log_format *format_of(struct span ahead)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (formats[i].is(ahead))
			return &formats[i];
	}
	return NULL;
}

const char *logs_forms(void)
{
	static const char names[] =
#define LOG_FORMAT(id, name, zoned) ", " name
#include "logs/formats.def"
#undef LOG_FORMAT
		;

	return names + 2;
}
