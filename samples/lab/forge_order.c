/* SPDX-License-Identifier: BSD-3-Clause */
/* A row for each key: where its value goes, the numbers that it may be, and the words. */
#include "samples/lab/forge_order.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "samples/lab/forge_flow.h"

#define COUNT_MAX (INT64_C(1) << 17) /* the sequence space in windows of 32 KiB */
#define GAP_MAX_US INT64_C(10000000)
#define RUN_MAX_US INT64_C(60000000) /* all gaps of an order: nobody waits longer for an answer */
#define SEQ_MAX INT64_C(0x7fffffff)  /* further ahead is behind */
#define TRIGGER_MAX (INT64_C(1) << 40)
#define WORDS_MAX 2
#define BLANKS " \t\r\n"

struct key {
	const char *name;
	size_t at;        /* in struct order, an int64_t */
	int64_t min, max; /* min > max: no number; min < 0: numbers bear a sign */
	struct {
		const char *word;
		int64_t value;
	} words[WORDS_MAX];
};

static const struct key keys[] = {
	{ "seq",
	  offsetof(struct order, seq),
	  -SEQ_MAX,
	  SEQ_MAX,
	  { { "exact", 0 }, { "guess", ORDER_GUESS } } },
	{ "count", offsetof(struct order, count), 1, COUNT_MAX, { { NULL, 0 } } },
	{ "step", offsetof(struct order, step), 0, SEQ_MAX, { { NULL, 0 } } },
	{ "gap_us", offsetof(struct order, gap_us), 0, GAP_MAX_US, { { NULL, 0 } } },
	{ "flags", offsetof(struct order, ack), 1, 0, { { "R", 0 }, { "RA", 1 } } },
	{ "ttl", offsetof(struct order, ttl), 1, UINT8_MAX, { { "copy", ORDER_COPY } } },
	{ "window", offsetof(struct order, window), 0, UINT16_MAX, { { "copy", ORDER_COPY } } },
	{ "tos", offsetof(struct order, tos), 0, UINT8_MAX, { { "copy", ORDER_COPY } } },
	{ "id", offsetof(struct order, ip_id), 0, UINT16_MAX, { { "copy", ORDER_COPY } } },
	{ "df", offsetof(struct order, df), 1, 0, { { "no", 0 }, { "yes", 1 } } },
	{ "timestamps", offsetof(struct order, timestamps), 1, 0, { { "no", 0 }, { "yes", 1 } } },
	{ "trigger", offsetof(struct order, trigger), 1, TRIGGER_MAX, { { NULL, 0 } } },
};

static const struct order plain = { .count = 1, .ack = 1, .ttl = 64, .ip_id = ORDER_KERNEL };

static void add_key(struct text *t, const struct key *key)
{
	const char *sign = key->min < 0 ? "+" : "";
	const char *between = "=";

	text_add(t, "%s", key->name);
	for (int i = 0; i < WORDS_MAX && key->words[i].word != NULL; i++, between = "|")
		text_add(t, "%s%s", between, key->words[i].word);
	if (key->min <= key->max)
		text_add(t, "%s%" PRId64 "...%s%" PRId64, between, key->min, sign, key->max);
}

void order_help(struct text *t)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		text_add(t, "  ");
		add_key(t, &keys[i]);
		text_add(t, "\n");
	}
}

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	}
	return NULL;
}

/* A sign where it means a direction, and only there. */
static bool read_number(const struct key *key, const char *word, int64_t *value)
{
	bool sign = *word == '+' || *word == '-';
	const char *digits = word + sign;
	char *end;

	if (sign != (key->min < 0) || *digits < '0' || *digits > '9')
		return false;
	errno = 0;
	*value = strtoll(word, &end, 10);
	return errno == 0 && *end == '\0' && *value >= key->min && *value <= key->max;
}

static bool read_value(const struct key *key, const char *word, int64_t *value)
{
	for (int i = 0; i < WORDS_MAX && key->words[i].word != NULL; i++) {
		if (strcmp(key->words[i].word, word) == 0) {
			*value = key->words[i].value;
			return true;
		}
	}
	return read_number(key, word, value);
}

static bool read_pair(char *pair, struct order *order, struct text *why)
{
	char *equals = strchr(pair, '=');
	const struct key *key = NULL;

	if (equals != NULL) {
		*equals = '\0';
		key = find_key(pair);
	}
	if (key == NULL) {
		text_add(why, equals != NULL ? "no such key: " : "not KEY=VALUE: ");
		text_add_wire(why, pair, strlen(pair));
		return false;
	}
	if (!read_value(key, equals + 1, (int64_t *)((char *)order + key->at))) {
		add_key(why, key);
		text_add(why, ", not ");
		text_add_wire(why, equals + 1, strlen(equals + 1));
		return false;
	}
	return true;
}

static bool read_receiver(const char *word, struct order *order)
{
	bool both = word != NULL && strcmp(word, "both") == 0;

	order->to[CLIENT] = both || (word != NULL && strcmp(word, "client") == 0);
	order->to[SERVER] = both || (word != NULL && strcmp(word, "server") == 0);
	return order->to[CLIENT] || order->to[SERVER];
}

/* What no key alone can say. */
static bool makes_sense(const struct order *order, struct text *why)
{
	/* raw_send_hdrinc() takes an identification of 0 for none, unless nothing may fragment it */
	if (order->ip_id == 0 && order->df == 0)
		text_add(why, "id=0 needs df=yes, or the kernel writes a number of its own");
	else if (order->seq == ORDER_GUESS && order->step != 0)
		text_add(why, "guesses are a window apart, not a step");
	else if (order->count * order->gap_us > RUN_MAX_US)
		text_add(why, "it would take longer than %d s", (int)(RUN_MAX_US / 1000000));
	else
		return true;
	return false;
}

bool order_read(char *line, struct order *order, struct text *why)
{
	char *rest, *word = strtok_r(line, BLANKS, &rest);

	*order = plain;
	if (!read_receiver(word, order)) {
		text_add(why, "who is to receive it? client, server or both");
		return false;
	}
	while ((word = strtok_r(NULL, BLANKS, &rest)) != NULL) {
		if (!read_pair(word, order, why))
			return false;
	}
	return makes_sense(order, why);
}
