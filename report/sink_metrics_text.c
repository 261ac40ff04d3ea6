/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * OpenMetrics 1.0 text, and of it only what the older Prometheus text format has, too: the textfile
 * collector reads that one, and a single line it does not know costs all the others. So build_info is
 * a gauge, not an "info".
 *
 * Each pair of cause and who is there from the start, at 0: a counter that appears with its first
 * event has no rate of that event. What is not known is absent.
 */
#include <inttypes.h>
#include <string.h>

#include "report/sink_metrics.h"
#include "report/words.h"

/* From a LAN to the far side of a satellite. In microseconds. */
static const int64_t rtt_us[] = { 500,   1000,   2500,   5000,   10000,  25000,
				  50000, 100000, 250000, 500000, 1000000 };
/* Where idle timers of boxes have their limits. In seconds. */
static const int64_t idle_s[] = { 1, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 86400 };

#define RTT_BUCKETS (sizeof(rtt_us) / sizeof(rtt_us[0]))
#define IDLE_BUCKETS (sizeof(idle_s) / sizeof(idle_s[0]))

_Static_assert(RTT_BUCKETS < METRICS_BUCKETS_MAX, "one is for what is beyond");
_Static_assert(IDLE_BUCKETS < METRICS_BUCKETS_MAX, "one is for what is beyond");

/* ---- counting ---- */

static void observe(struct histogram *h, const int64_t *limit, size_t limits, int64_t unit_ns,
		    int64_t value_ns)
{
	size_t i = 0;

	while (i < limits && value_ns > limit[i] * unit_ns)
		i++;
	h->bucket[i]++;
	h->count++;
	h->sum_ns += value_ns;
}

void metrics_count(struct metrics *m, const struct conn *conn, const struct verdict *v)
{
	int64_t client_ns = conn->peer[CLIENT].rtt_min_ns,
		server_ns = conn->peer[SERVER].rtt_min_ns;

	m->connections++;
	m->resets += conn->resets;
	m->verdicts[v->cause][v->who]++;
	if (client_ns > 0 && server_ns > 0)
		observe(&m->rtt, rtt_us, RTT_BUCKETS, NS_PER_US, client_ns + server_ns);
	if (conn->end.ending != ENDING_open && conn->end.idle_before_ns >= 0)
		observe(&m->idle, idle_s, IDLE_BUCKETS, NS_PER_S, conn->end.idle_before_ns);
}

/* ---- values ---- */

static void family(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP rstscope_%s %s\n# TYPE rstscope_%s %s\n", name, help, name, type);
}

static void unit_of_seconds(FILE *out, const char *name)
{
	fprintf(out, "# UNIT rstscope_%s seconds\n", name);
}

/* Exact: a double would lose nanoseconds after a hundred days. */
static void put_seconds(FILE *out, int64_t span_ns)
{
	int64_t span = span_ns > 0 ? span_ns : 0;

	fprintf(out, "%" PRId64 ".%09" PRId64 "\n", span / NS_PER_S, span % NS_PER_S);
}

static void counter(FILE *out, const char *name, const char *help, uint64_t count)
{
	family(out, name, "counter", help);
	fprintf(out, "rstscope_%s_total %" PRIu64 "\n", name, count);
}

/* Names are printable already; the backslashes and quotes in them are the format's own. */
static void put_label(FILE *out, const char *label, const char *value)
{
	fprintf(out, "%s=\"", label);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			putc('\\', out);
		putc(*value, out);
	}
	putc('"', out);
}

/* ---- histograms ---- */

/* The limit as OpenMetrics wants it: the shortest form, with a fraction: 0.0005, 1.0. */
static void put_limit(FILE *out, int64_t limit_us)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "%" PRId64 ".%06" PRId64, limit_us / 1000000,
			   limit_us % 1000000);

	while (digits[len - 1] == '0' && digits[len - 2] != '.')
		len--;
	fprintf(out, "%.*s", len, digits);
}

static void put_histogram(FILE *out, const char *name, const struct histogram *h,
			  const int64_t *limit, size_t limits, int64_t unit_us)
{
	uint64_t below = 0;

	for (size_t i = 0; i < limits; i++) {
		below += h->bucket[i];
		fprintf(out, "rstscope_%s_bucket{le=\"", name);
		put_limit(out, limit[i] * unit_us);
		fprintf(out, "\"} %" PRIu64 "\n", below);
	}
	fprintf(out, "rstscope_%s_bucket{le=\"+Inf\"} %" PRIu64 "\nrstscope_%s_sum ", name,
		h->count, name);
	put_seconds(out, h->sum_ns);
	fprintf(out, "rstscope_%s_count %" PRIu64 "\n", name, h->count);
}

static void put_histograms(FILE *out, const struct metrics *m)
{
	family(out, "rtt_seconds", "histogram", "Shortest round trip of each connection.");
	unit_of_seconds(out, "rtt_seconds");
	put_histogram(out, "rtt_seconds", &m->rtt, rtt_us, RTT_BUCKETS, 1);
	family(out, "idle_before_end_seconds", "histogram",
	       "Silence before each connection ended.");
	unit_of_seconds(out, "idle_before_end_seconds");
	put_histogram(out, "idle_before_end_seconds", &m->idle, idle_s, IDLE_BUCKETS, 1000000);
}

/* ---- families ---- */

static void put_verdicts(FILE *out, const struct metrics *m)
{
	family(out, "verdicts", "counter", "Connections by cause and by who ended them.");
	for (int cause = 0; cause < CAUSE_COUNT; cause++) {
		for (int who = 0; who < WHO_COUNT; who++)
			fprintf(out,
				"rstscope_verdicts_total{cause=\"%s\",who=\"%s\"} %" PRIu64 "\n",
				cause_name((enum cause_id)cause), who_name((enum who)who),
				m->verdicts[cause][who]);
	}
}

static void put_sink(FILE *out, const char *name, const struct sink *sink, uint64_t count)
{
	fprintf(out, "rstscope_%s_total{", name);
	put_label(out, "sink", sink->kind->name);
	putc(',', out);
	put_label(out, "target", sink->name);
	fprintf(out, "} %" PRIu64 "\n", count);
}

/* Those with a queue hand events on; this file is none of them. */
static void put_sinks(FILE *out, const struct sinks *s)
{
	const struct sink *sink, *last = s->sink + s->count;

	family(out, "events_written", "counter", "Events that a sink has handed on.");
	for (sink = s->sink; sink < last; sink++) {
		if (sink->queue.at != NULL)
			put_sink(out, "events_written", sink, sink->written);
	}
	family(out, "events_lost", "counter", "Events that a sink could not hand on.");
	for (sink = s->sink; sink < last; sink++) {
		if (sink->queue.at != NULL)
			put_sink(out, "events_lost", sink, sink->lost);
	}
	family(out, "events_folded", "counter", "Events above a sink's rate, told as one number.");
	for (sink = s->sink; sink < last; sink++) {
		if (sink->queue.at != NULL)
			put_sink(out, "events_folded", sink, sink->folded);
	}
}

static void put_dropped(FILE *out, const struct live_interface *from, const char *by,
			uint64_t count)
{
	fputs("rstscope_frames_dropped_total{", out);
	put_label(out, "interface", from->name);
	fprintf(out, ",by=\"%s\"} %" PRIu64 "\n", by, count);
}

static void put_interface(FILE *out, const char *name, const struct live_interface *of)
{
	fprintf(out, "rstscope_%s{", name);
	put_label(out, "interface", of->name);
	fputs("} ", out);
}

static void put_interfaces(FILE *out, const struct live_counts *live)
{
	const struct live_interface *of = live->interface, *last = of + live->interfaces;

	family(out, "frames_seen", "counter", "Frames that passed the filter and were read.");
	for (of = live->interface; of < last; of++) {
		put_interface(out, "frames_seen_total", of);
		fprintf(out, "%" PRIu64 "\n", of->seen);
	}
	family(out, "frames_dropped", "counter",
	       "Frames that were not seen: the ring was full, or the interface (of any traffic).");
	for (of = live->interface; of < last; of++) {
		put_dropped(out, of, "kernel", of->dropped_by_kernel);
		if (of->dropped_by_interface_known)
			put_dropped(out, of, "interface", of->dropped_by_interface);
	}
	family(out, "link_up", "gauge", "Whether the interface has a link.");
	for (of = live->interface; of < last; of++) {
		put_interface(out, "link_up", of);
		fprintf(out, "%d\n", !of->link_is_down && !of->gone);
	}
	family(out, "link_down_seconds", "counter", "How long it had none.");
	unit_of_seconds(out, "link_down_seconds");
	for (of = live->interface; of < last; of++) {
		put_interface(out, "link_down_seconds_total", of);
		put_seconds(out, of->link_down_ns);
	}
}

static void put_live(FILE *out, const struct live_counts *live)
{
	put_interfaces(out, live);
	counter(out, "clock_steps", "Times the clock of the day was set.", live->clock_steps);
	counter(out, "capture_gaps", "Times the capture itself did not run.", live->gaps);
	family(out, "capture_gap_seconds", "counter", "How long it did not run.");
	unit_of_seconds(out, "capture_gap_seconds");
	fputs("rstscope_capture_gap_seconds_total ", out);
	put_seconds(out, live->gap_ns);
	counter(out, "flows", "TCP connections of any kind.", live->flows);
	counter(out, "flows_evicted", "Flows that made room before they were known to be SSH.",
		live->evicted);
	counter(out, "judged_early", "SSH connections that were judged to make room.",
		live->judged_early);
	counter(out, "evidence_written", "Files of evidence that were written.",
		live->evidence_written);
	counter(out, "evidence_removed", "Files of evidence that made room for newer ones.",
		live->evidence_removed);
	counter(out, "evidence_failed", "Files of evidence that could not be written.",
		live->evidence_failed);
}

void metrics_print(const struct metrics *m, const struct sinks *s, FILE *out)
{
	family(out, "build_info", "gauge", "The program; always 1.");
	fputs("rstscope_build_info{version=\"" RSTSCOPE_VERSION "\"} 1\n", out);
	counter(out, "connections", "SSH connections that were judged.", m->connections);
	counter(out, "resets", "TCP resets on them.", m->resets);
	put_verdicts(out, m);
	put_histograms(out, m);
	put_sinks(out, s);
	if (m->has_live)
		put_live(out, &m->live);
	fputs("# EOF\n", out);
}
