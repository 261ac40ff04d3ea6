/* SPDX-License-Identifier: BSD-3-Clause */
/* For the tests of the event formats: one line of them, and what stands in it. */
#ifndef TESTS_REPORT_EVENTS_H
#define TESTS_REPORT_EVENTS_H

#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <string.h>

#include "tests/report/example.h"

/* The one line of a report of the connection; the caller deletes it. */
cJSON *events_one(const char *format, const struct report_options *, const struct conn *,
		  const struct verdict *);

/* The one line of a report of no connection, whose second input is damaged and has no frames. */
cJSON *events_damage(const char *format);

/* "event.code"; NULL when there is none, or the test fails. */
const cJSON *events_find(const cJSON *, const char *path);
const cJSON *events_at(const cJSON *, const char *path);

void events_expect(const cJSON *, const char *path, const char *wanted);
void events_expect_no_null(const cJSON *);

#endif
