/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * feed OPTION... CAPTURE...: the verdicts of captures, given to sinks as a live capture would give
 * them, with a clock that the test turns. Commands come on standard input, a line each:
 *
 *   judge N      the next N events, of all connections over and over
 *   hostile      one event whose texts have every byte from 1 to 255
 *   tick S       S seconds later
 *   reopen       what SIGHUP does
 *   directory N  which directory descriptor N is
 *   close        the end; the last answer is the result
 *
 * Each is answered by a line "ok", "no" or a value, after a line "said MESSAGE" for each message.
 */
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "capture/capture.h"
#include "classify/classify.h"
#include "dissect/dissect.h"
#include "report/sinks.h"
#include "track/track.h"

#define EVENTS_MAX 256
#define FILES_MAX 4

struct feed {
	struct sinks *sinks;
	struct conn conn[EVENTS_MAX];
	struct verdict verdict[EVENTS_MAX];
	size_t count, next;
	int64_t now_ns;
	struct totals totals;
};

/* ---- what is given ---- */

static void take_finished(struct feed *f, struct track *track)
{
	const struct conn *conn;

	while ((conn = track_finished(track)) != NULL) {
		if (f->count < EVENTS_MAX) {
			f->conn[f->count] = *conn;
			classify(conn, NULL, &f->verdict[f->count++]);
		}
		conn_release(track, conn);
	}
}

static void read_captures(struct feed *f, char **path)
{
	const struct track_options options = { .ports = { 22 }, .port_count = 1 };
	struct capture *capture = capture_new();
	struct track *track = track_new(&options);
	char error[CAPTURE_ERROR_MAX];
	struct packet packet;
	struct frame frame;
	enum skip why;

	for (; *path != NULL; path++) {
		if (capture_add(capture, *path, error) != CAPTURE_ADDED)
			exit(2);
	}
	while (capture_next(capture, &frame)) {
		if (dissect(&frame, &packet, &why) == DISSECT_OK)
			track_packet(track, &packet);
		take_finished(f, track);
	}
	track_end(track);
	take_finished(f, track);
	track_free(track);
	capture_close(capture);
}

static void make_hostile(struct feed *f)
{
	static struct conn conn;
	static struct verdict verdict;
	size_t len = 0;

	conn = f->conn[0];
	verdict = f->verdict[0];
	verdict.cause = CAUSE_protocol_error; /* not a healthy one, as these are not told */
	for (int byte = 255; byte > 0; byte--)
		verdict.sentence[len++] = (char)byte;
	verdict.sentence[len] = '\0';
	strcpy(verdict.sentence + len, " \xe2\x80\xae\xe2\x80\xa8\x1b]52;c;x\x07\n<11>1 - forged");
	strcpy(verdict.detail, "a\"b\\c]d\ne\x9b"
			       "31m\xe2\x80\xae");
	sinks_judged(f->sinks, &conn, &verdict);
}

static struct live_counts counts_now(const struct feed *f)
{
	struct live_counts counts = {
		.interface = { { .name = "eth0", .seen = 100 + f->next, .dropped_by_kernel = 7 },
			       { .name = "a\\\"b",
				 .link_is_down = true,
				 .link_down_ns = NS_PER_S,
				 .dropped_by_interface = 3,
				 .dropped_by_interface_known = true } },
		.interfaces = 2,
		.seen = 100,
		.flows = 12,
		.evicted = 2,
	};

	return counts;
}

/* ---- commands ---- */

static void answer(struct feed *f, const char *words)
{
	char message[SINKS_MESSAGE_MAX];

	while (f->sinks != NULL && sinks_message(f->sinks, message))
		printf("said %s\n", message);
	puts(words);
	fflush(stdout);
}

static void judge(struct feed *f, unsigned long long events)
{
	for (; events > 0; events--) {
		size_t i = f->next++ % f->count;

		sinks_judged(f->sinks, &f->conn[i], &f->verdict[i]);
		f->totals.connections++;
	}
}

static void say_directory(struct feed *f, size_t i)
{
	char link[64], path[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", sinks_directory(f->sinks, i));
	len = readlink(link, path, sizeof(path) - 1);
	path[len > 0 ? len : 0] = '\0';
	answer(f, len > 0 ? path : "no");
}

/* False: that was the last one. */
static bool obey(struct feed *f, const char *line)
{
	struct live_counts counts = counts_now(f);
	unsigned long long n;

	if (sscanf(line, "judge %llu", &n) == 1)
		judge(f, n);
	else if (sscanf(line, "tick %llu", &n) == 1)
		sinks_tick(f->sinks, f->now_ns += (int64_t)n * NS_PER_S, &counts);
	else if (strcmp(line, "hostile\n") == 0)
		make_hostile(f);
	else if (strcmp(line, "reopen\n") == 0)
		sinks_reopen(f->sinks);
	else if (strcmp(line, "close\n") == 0) {
		answer(f, sinks_close(f->sinks, &f->totals) == 0 ? "ok" : "no");
		return false;
	} else if (sscanf(line, "directory %llu", &n) == 1) {
		say_directory(f, (size_t)n);
		return true;
	}
	answer(f, "ok");
	return true;
}

static int options_of(struct sinks_options *o, const char **file, int argc, char **argv)
{
	int got;

	while ((got = getopt(argc, argv, "o:j:s:m:C:G:W:a")) != -1) {
		switch (got) {
		case 'o':
			file[o->event_files++] = optarg;
			break;
		case 'j':
			o->journal = true;
			o->journal_socket = optarg;
			break;
		case 's':
			o->syslog = optarg;
			break;
		case 'm':
			o->metrics = optarg;
			break;
		case 'C':
			o->rotate_len = strtoull(optarg, NULL, 10);
			break;
		case 'G':
			o->rotate_ns = (int64_t)strtoull(optarg, NULL, 10) * NS_PER_S;
			break;
		case 'W':
			o->rotate_keep = strtoull(optarg, NULL, 10);
			break;
		default:
			o->report.all = true;
		}
	}
	o->events = file;
	return optind;
}

int main(int argc, char **argv)
{
	struct feed *f = xcalloc(1, sizeof(*f));
	struct sinks_options options = { 0 };
	const char *file[FILES_MAX];
	char error[SINKS_MESSAGE_MAX], line[256];
	struct timespec now;
	int first = options_of(&options, file, argc, argv);

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	read_captures(f, argv + first);
	f->sinks = sinks_open(&options, error, sizeof(error));
	if (f->sinks == NULL) {
		printf("said %s\nno\n", error);
		free(f);
		return 1;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	f->now_ns = now.tv_sec * NS_PER_S + now.tv_nsec;
	sinks_tick(f->sinks, f->now_ns, NULL); /* from here on it is this clock alone */
	answer(f, "ok");
	while (fgets(line, sizeof(line), stdin) != NULL && obey(f, line))
		;
	sinks_free(f->sinks);
	free(f);
	return 0;
}
