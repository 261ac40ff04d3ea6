/* SPDX-License-Identifier: BSD-3-Clause */
/* logs[]: there when logs were given. How their clocks were found is what their lines rest on. */
#include "base/clock.h"
#include "logs/note.h"
#include "report/json.h"

static const char *clock_name(enum log_clock clock)
{
	static const char *const names[] = { "unknown", "found", "given", "not_believed" };

	return names[clock];
}

static void put_log(cJSON *array, const struct log_total *log)
{
	cJSON *object = json_object(array, NULL);
	const int64_t offset_ms = log->offset_ns / NS_PER_MS;

	json_path(object, "file", log->path);
	json_words(object, "format", log->format);
	json_count(object, "lines", log->lines);
	json_count(object, "notes", log->notes);
	json_count(object, "used", log->used);
	json_count(object, "damaged", log->damaged);
	cJSON_AddBoolToObject(object, "cut", log->cut);
	json_words(object, "clock", clock_name(log->clock));
	if (log->clock == LOG_CLOCK_UNKNOWN)
		json_null(object, "offset_s");
	else
		cJSON_AddNumberToObject(object, "offset_s", (double)offset_ms / 1000);
	json_count(object, "compared", log->compared);
}

void json_logs(cJSON *object, const struct totals *totals)
{
	cJSON *array;

	if (totals->logs == 0)
		return;
	array = json_array(object, "logs");
	for (size_t i = 0; i < totals->logs; i++)
		put_log(array, &totals->log[i]);
}
