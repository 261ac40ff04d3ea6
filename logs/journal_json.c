/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * journalctl -o json: an object a line. Values are strings, arrays of octets where they are not plain
 * text, arrays of both where a field stands there more than once, or null where they are long. Fields
 * that begin with "_" are the journal's own and cannot be forged.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "logs/inside.h"

#define VALUE_MAX 1024 /* a message of sshd has less */

/* A string, or the octets of an array. */
static struct span value_of(const cJSON *object, const char *key, char out[VALUE_MAX])
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key), *octet;
	size_t len = 0;

	if (cJSON_IsString(item))
		return span_of(item->valuestring);
	if (!cJSON_IsArray(item))
		return (struct span){ out, 0 };
	cJSON_ArrayForEach(octet, item)
	{
		if (!cJSON_IsNumber(octet) || len == VALUE_MAX)
			break;
		out[len++] = (char)(octet->valueint & 0xff);
	}
	return (struct span){ out, len };
}

static uint64_t number_of(const cJSON *object, const char *key, uint64_t most)
{
	char buffer[VALUE_MAX];
	struct span s = value_of(object, key, buffer);
	uint64_t number;

	return span_number(&s, most, &number) && s.len == 0 ? number : 0;
}

/* Whoever may write to the journal may call itself sshd; what runs is known to the journal. */
static enum log_got note_of(const cJSON *object, struct note *note)
{
	char buffer[VALUE_MAX], named[VALUE_MAX];
	const struct span transport = value_of(object, "_TRANSPORT", buffer);
	uint64_t time_us = number_of(object, "__REALTIME_TIMESTAMP", INT64_MAX / NS_PER_US);
	struct span name = span_of("kernel");

	if (time_us == 0)
		return LOG_DAMAGED;
	if (transport.len != 6 || !span_begins(transport, "kernel")) {
		name = value_of(object, "_COMM", named);
		if (name.len == 0)
			name = value_of(object, "SYSLOG_IDENTIFIER", named);
	}
	note->time_ns = (int64_t)time_us * NS_PER_US;
	note->exact_ns = NS_PER_US;
	note_process(note, name);
	note->pid = (uint32_t)number_of(object, "_PID", UINT32_MAX);
	return note_message(note, program_of(name), value_of(object, "MESSAGE", buffer)) ?
		       LOG_NOTE :
		       LOG_OTHER;
}

static enum log_got parse(struct span line, struct note *note)
{
	cJSON *object = cJSON_ParseWithLength(line.at, line.len);
	enum log_got got = cJSON_IsObject(object) ? note_of(object, note) : LOG_DAMAGED;

	cJSON_Delete(object);
	return got;
}

bool journal_json_is(struct span ahead)
{
	struct span line = span_until(&ahead, '\n');
	struct note note = { .time_ns = 0 };

	return span_begins(line, "{") && parse(line, &note) != LOG_DAMAGED;
}

enum log_got journal_json_next(struct lines *lines, int64_t around_ns, struct note *note)
{
	struct span line;

	(void)around_ns;
	if (!lines_next(lines, &line))
		return LOG_END;
	return line.len == 0 ? LOG_OTHER : parse(line, note);
}
