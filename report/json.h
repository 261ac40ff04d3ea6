/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of the JSON formats share: values put into a tree, and the trees of the report.
 *
 * cJSON builds a tree for one record at a time; a tree of the whole report would cost kilobytes for
 * each connection. Out of memory ends the program (base/die.h), so no call here fails.
 *
 * key is a literal: it is kept by reference. NULL as key appends to an array.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <cjson/cJSON.h>

#include "report/inside.h"

/* Before any other call. */
void json_begin(struct report *);

cJSON *json_object(cJSON *parent, const char *key);
cJSON *json_array(cJSON *parent, const char *key);
void json_null(cJSON *parent, const char *key);

/* A sentence or word of ours; "" and NULL are null. */
void json_words(cJSON *parent, const char *key, const char *words);
/* The same for commands: ends of lines stay. */
void json_lines(cJSON *parent, const char *key, const char *lines);
/*
 * The Community ID; with --redact it begins with "redacted:", as no other tool's record of the same
 * addresses is of the same connection: nobody shall join them.
 */
void json_community_id(const struct report *, cJSON *parent, const char *key, const struct conn *);
/* Bytes of the wire, escaped; null when there are none. */
void json_wire(cJSON *parent, const char *key, const void *bytes, size_t len);
/* A file name; NULL is null. */
void json_path(cJSON *parent, const char *key, const char *path);

/* Above 2^53, where doubles begin to lose integers, a string. */
void json_count(cJSON *parent, const char *key, uint64_t count);
void json_integer(cJSON *parent, const char *key, int value);
/* A span of nanoseconds as an exact decimal number of units: NS_PER_S, NS_PER_MS. */
void json_span(cJSON *parent, const char *key, int64_t span_ns, int64_t unit_ns);
/* Rounded down to four digits. */
void json_probability(cJSON *parent, const char *key, double probability);
void json_time(cJSON *parent, const char *key, int64_t time_ns);

/* A value that was printed before. */
void json_printed(cJSON *parent, const char *key, const char *text);

/* Prints the tree without blanks and frees it. */
void json_print(struct report *, FILE *out, cJSON *tree);
/* The same without the closing brace: more keys follow. */
void json_print_unclosed(struct report *, FILE *out, cJSON *object);

/* json_conn.c, json_ssh.c, json_verdict.c: the keys of a connection, added to an object. */
void json_conn(const struct report *, cJSON *object, const struct conn *, const struct verdict *);
void json_ssh(cJSON *object, const struct conn *);
void json_verdict(const struct report *, cJSON *object, const struct conn *,
		  const struct verdict *);

/* json_remedy.c: the key "remedy" of a verdict, and what report.own has to be for it. */
void *json_remedies_new(void);
void json_remedy(const struct report *, cJSON *object, const struct verdict *);

/* json_totals.c: schema, tool, inputs, summary, added to an object. */
void json_totals(cJSON *object, const struct totals *);
/* json_logs.c: the key "logs", if some were read. */
void json_logs(cJSON *object, const struct totals *);
/* json_capture.c: the key "capture". */
void json_capture(cJSON *object, const struct totals *);

#endif
