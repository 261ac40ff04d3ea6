/* SPDX-License-Identifier: BSD-3-Clause */
/* What the file of metrics counts, and how it is written. */
#ifndef REPORT_SINK_METRICS_H
#define REPORT_SINK_METRICS_H

#include "report/sink.h"
#include "report/sink_folder.h"

/* Its last bucket is the one without a limit. Counts are of each bucket alone. */
#define METRICS_BUCKETS_MAX 12

struct histogram {
	uint64_t bucket[METRICS_BUCKETS_MAX], count;
	int64_t sum_ns;
};

struct metrics {
	struct folder folder;
	char part[NAME_MAX + 1]; /* the name while it is written */
	FILE *stream;            /* into bytes */
	char *bytes;
	size_t len;
	int64_t due_ns;
	uint64_t connections, resets;
	uint64_t verdicts[CAUSE_COUNT][WHO_COUNT];
	struct histogram rtt, idle;
	struct live_counts live;
	bool has_live;
};

/* sink_metrics_text.c: all of it, in OpenMetrics text. */
void metrics_print(const struct metrics *, const struct sinks *, FILE *);
void metrics_count(struct metrics *, const struct conn *, const struct verdict *);

#endif
