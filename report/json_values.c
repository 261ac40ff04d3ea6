/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Values of fixed type and form. cJSON checks no UTF-8, ends strings at a NUL and knows doubles
 * only: so strings reach it as printable ASCII, and numbers as text that is already right.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/die.h"
#include "report/community_id.h"
#include "report/escape.h"
#include "report/json.h"
#include "report/words.h"

#define COUNT_AS_NUMBER_MAX (UINT64_C(1) << 53)

/* The longest string of a verdict, or of the wire, is shorter; a longer one is cut with "...". */
#define STRING_MAX 1024
#define PATH_STRING_MAX 4096 /* PATH_MAX of Linux */

/* Makes every cJSON call succeed or end the program: the rule of the house for memory. */
static void *allocate(size_t size)
{
	return xmalloc(size);
}

void json_begin(struct report *r)
{
	cJSON_Hooks hooks = { .malloc_fn = allocate, .free_fn = free };

	cJSON_InitHooks(&hooks);
	r->own = json_remedies_new();
}

/* By reference to the key (CS): half of the allocations would be copies of literals. */
static cJSON *put(cJSON *parent, const char *key, cJSON *item)
{
	cJSON_bool added = key != NULL ? cJSON_AddItemToObjectCS(parent, key, item) :
					 cJSON_AddItemToArray(parent, item);

	assert(added);
	(void)added;
	return item;
}

cJSON *json_object(cJSON *parent, const char *key)
{
	return put(parent, key, cJSON_CreateObject());
}

cJSON *json_array(cJSON *parent, const char *key)
{
	return put(parent, key, cJSON_CreateArray());
}

void json_null(cJSON *parent, const char *key)
{
	put(parent, key, cJSON_CreateNull());
}

static void put_escaped(cJSON *parent, const char *key, const char *at,
			void (*escape_add)(struct text *, const char *))
{
	char buffer[ESCAPED_SIZE(STRING_MAX)];
	struct text t = text_in(buffer, sizeof(buffer));

	if (at == NULL || at[0] == '\0') {
		json_null(parent, key);
		return;
	}
	escape_add(&t, at);
	put(parent, key, cJSON_CreateString(buffer));
}

void json_words(cJSON *parent, const char *key, const char *words)
{
	put_escaped(parent, key, words, escape_add_words);
}

void json_community_id(const struct report *r, cJSON *parent, const char *key,
		       const struct conn *conn)
{
	char id[COMMUNITY_ID_SIZE], marked[sizeof("redacted:") + COMMUNITY_ID_SIZE];

	community_id(id, &conn->peer[CLIENT].at, &conn->peer[SERVER].at,
		     r->options.community_id_seed);
	snprintf(marked, sizeof(marked), "%s%s", r->options.redacted ? "redacted:" : "", id);
	json_words(parent, key, marked);
}

void json_lines(cJSON *parent, const char *key, const char *lines)
{
	put_escaped(parent, key, lines, escape_add_lines);
}

/* cJSON escapes the backslashes again; a reader of the JSON gets back what text shows. */
void json_wire(cJSON *parent, const char *key, const void *bytes, size_t len)
{
	char buffer[ESCAPED_SIZE(STRING_MAX)];
	struct text t = text_in(buffer, sizeof(buffer));

	if (len == 0) {
		json_null(parent, key);
		return;
	}
	text_add_wire(&t, bytes, len);
	put(parent, key, cJSON_CreateString(buffer));
}

void json_path(cJSON *parent, const char *key, const char *path)
{
	char buffer[ESCAPED_SIZE(PATH_STRING_MAX)];
	struct text t = text_in(buffer, sizeof(buffer));

	if (path == NULL) {
		json_null(parent, key);
		return;
	}
	escape_add_path(&t, path);
	put(parent, key, cJSON_CreateString(buffer));
}

/* As text: cJSON prints 10^15 with an exponent, which some readers take for a fraction. */
void json_count(cJSON *parent, const char *key, uint64_t count)
{
	char digits[32];
	struct text t = text_in(digits, sizeof(digits));

	text_add_digits(&t, count, 1);
	put(parent, key,
	    count > COUNT_AS_NUMBER_MAX ? cJSON_CreateString(digits) : cJSON_CreateRaw(digits));
}

void json_integer(cJSON *parent, const char *key, int value)
{
	char digits[32];
	struct text t = text_in(digits, sizeof(digits));

	text_add(&t, "%d", value);
	put(parent, key, cJSON_CreateRaw(digits));
}

/* Digits of a fraction, without the zeros at its end; nothing when all are zeros. */
static void put_decimal(cJSON *parent, const char *key, int64_t whole, int64_t fraction,
			unsigned digits)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "%" PRId64, whole);
	if (fraction != 0) {
		text_add_bytes(&t, ".", 1);
		text_add_digits(&t, (uint64_t)fraction, digits);
		while (buffer[t.len - 1] == '0')
			buffer[--t.len] = '\0';
	}
	put(parent, key, cJSON_CreateRaw(buffer));
}

void json_span(cJSON *parent, const char *key, int64_t span_ns, int64_t unit_ns)
{
	int64_t span = span_ns > 0 ? span_ns : 0;

	put_decimal(parent, key, span / unit_ns, span % unit_ns, unit_ns == NS_PER_S ? 9 : 6);
}

/* Four digits are more than a posterior is worth, and the same from every compiler. */
void json_probability(cJSON *parent, const char *key, double probability)
{
	unsigned of_ten_thousand = words_per_myriad(probability);

	put_decimal(parent, key, of_ten_thousand / 10000, of_ten_thousand % 10000, 4);
}

void json_time(cJSON *parent, const char *key, int64_t time_ns)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	clock_add_rfc3339(&t, time_ns);
	put(parent, key, cJSON_CreateString(buffer));
}

void json_printed(cJSON *parent, const char *key, const char *text)
{
	put(parent, key, cJSON_CreateRaw(text));
}

static void print(struct report *r, FILE *out, cJSON *tree, size_t leave_out)
{
	char *text = cJSON_PrintBuffered(tree, 16384, false);

	if (text == NULL)
		r->failed = true;
	else
		fwrite(text, 1, strlen(text) - leave_out, out);
	cJSON_free(text);
	cJSON_Delete(tree);
}

void json_print(struct report *r, FILE *out, cJSON *tree)
{
	print(r, out, tree, 0);
}

void json_print_unclosed(struct report *r, FILE *out, cJSON *object)
{
	print(r, out, object, 1);
}
