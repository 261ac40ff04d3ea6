/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sinks.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "report/sink_note.h"
#include "tests/report/example.h"

/* A directory of its own, and in it a log that can be read. */
static char directory[64];
static int log_fd;

static void begin(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	strcpy(directory, "/tmp/sinks.XXXXXX");
	cr_assert_not_null(mkdtemp(directory));
	cr_assert_eq(chdir(directory), 0);
	log_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	strcpy(at.sun_path, "log");
	cr_assert_eq(bind(log_fd, (struct sockaddr *)&at, sizeof(at)), 0);
}

static void end(void)
{
	static const char *const names[] = { "log", "a.jsonl", "m.prom", "x.jsonl" };

	close(log_fd);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	rmdir(directory);
}

TestSuite(report_sinks, .init = begin, .fini = end);

static struct sinks *opened(const struct sinks_options *options)
{
	char error[SINKS_MESSAGE_MAX];
	struct sinks *s = sinks_open(options, error, sizeof(error));

	cr_assert_not_null(s, "%s", error);
	return s;
}

static size_t received(char *out, size_t size)
{
	ssize_t len = recv(log_fd, out, size - 1, 0);

	out[len > 0 ? len : 0] = '\0';
	return len > 0 ? (size_t)len : 0;
}

static void judge(struct sinks *s)
{
	struct conn conn;
	struct verdict v;

	example_conn(&conn);
	example_verdict(&v);
	sinks_judged(s, &conn, &v);
}

Test(report_sinks, only_formats_of_lines_are_written_as_it_happens)
{
	cr_expect(sinks_take("x.jsonl") && sinks_take("x.ecs.jsonl") && sinks_take("x.ocsf.jsonl"));
	cr_expect_not(sinks_take("x.json") || sinks_take("x.txt") || sinks_take("x.html") ||
		      sinks_take("x.pcapng") || sinks_take("jsonl") || sinks_take("x.svg"));
}

Test(report_sinks, none_asked_for_is_none_and_no_failure)
{
	const struct sinks_options options = { 0 };
	char message[SINKS_MESSAGE_MAX];
	struct sinks *s = opened(&options);

	judge(s);
	sinks_tick(s, 0, NULL);
	sinks_reopen(s);
	cr_expect_eq(sinks_directory(s, 0), -1);
	cr_expect_not(sinks_message(s, message));
	cr_expect_eq(sinks_close(s, example_totals(1, 0)), 0);
	sinks_free(s);
}

Test(report_sinks, the_longest_event_fits_a_message_of_syslog_whole_but_for_its_end)
{
	const struct sinks_options options = { .syslog = "./log" };
	const struct sinks_options here = { .syslog = "/proc/self/cwd/log" };
	char message[4096], error[SINKS_MESSAGE_MAX];
	struct sinks *s = sinks_open(&options, error, sizeof(error));
	struct conn conn;
	struct verdict v;

	cr_expect_null(s, "a path begins with a slash");
	s = opened(&here);
	example_conn(&conn);
	example_verdict(&v);
	memset(v.sentence, '\xff', sizeof(v.sentence) - 1);
	memset(v.detail, ']', sizeof(v.detail) - 1);
	sinks_judged(s, &conn, &v);
	cr_expect_leq(received(message, sizeof(message)), NOTE_RECORD_MAX);
	cr_expect_eq(strncmp(message, "<28>1 ", 6), 0, "%s", message);
	cr_expect_not_null(strstr(message, "\\]\\]\\]"), "each bracket is quoted: %s", message);
	cr_expect_not_null(strstr(message, "\\xff\\xff"));
	cr_expect_eq(sinks_close(s, example_totals(1, 0)), 0);
	sinks_free(s);
}

Test(report_sinks, a_fault_is_said_once_a_minute_and_counted_in_between)
{
	const char *const file[] = { "x.jsonl" };
	const struct sinks_options options = { .events = file, .event_files = 1 };
	char message[SINKS_MESSAGE_MAX];
	struct sinks *s = opened(&options);
	int said = 0;

	unlink("x.jsonl");
	mkdir("x.jsonl", 0700);
	for (int second = 1; second <= 122; second++) {
		judge(s);
		sinks_tick(s, INT64_MAX / 2 + second * NS_PER_S, NULL);
		if (!sinks_message(s, message))
			continue;
		said++;
		cr_expect_eq(strncmp(message, "x.jsonl: cannot be opened", 25), 0, "%s", message);
		cr_expect_eq(strstr(message, "more message") != NULL, said > 1, "%s", message);
		/* Each second would be twice as many. */
		cr_expect(said == 1 || strstr(message, "(and 29 more messages"), "%s", message);
	}
	cr_expect_geq(said, 2);
	cr_expect_leq(said, 3);
	cr_expect_eq(sinks_close(s, example_totals(122, 0)), -1);
	cr_assert(sinks_message(s, message));
	cr_expect_not_null(strstr(message, "122 of 122 events were lost"), "%s", message);
	sinks_free(s);
	rmdir("x.jsonl");
}

Test(report_sinks, what_cannot_be_opened_is_named)
{
	const char *const file[] = { "a.jsonl", "no\n/x.jsonl" };
	const char *const report[] = { "a.txt" };
	struct sinks_options options = { .events = file, .event_files = 2 };
	char error[SINKS_MESSAGE_MAX];

	cr_expect_null(sinks_open(&options, error, sizeof(error)));
	cr_expect_str_eq(error, "no\\x0a/x.jsonl: its directory: No such file or directory");
	options = (struct sinks_options){ .events = report, .event_files = 1 };
	cr_expect_null(sinks_open(&options, error, sizeof(error)));
	cr_expect_not_null(strstr(error, "a.txt: its ending names no format"), "%s", error);
	options = (struct sinks_options){ .metrics = "/" };
	cr_expect_null(sinks_open(&options, error, sizeof(error)));
	options = (struct sinks_options){ .journal = true, .journal_socket = "no/socket" };
	cr_expect_null(sinks_open(&options, error, sizeof(error)));
	cr_expect_eq(strncmp(error, "no/socket: cannot be connected to", 33), 0, "%s", error);
}

Test(report_sinks, more_files_than_there_is_room_for_are_refused)
{
	const char *file[32];
	struct sinks_options options = { .events = file, .event_files = 32 };
	char error[SINKS_MESSAGE_MAX], name[32][24];

	for (int i = 0; i < 32; i++) {
		snprintf(name[i], sizeof(name[i]), "%d.jsonl", i);
		file[i] = name[i];
	}
	cr_expect_null(sinks_open(&options, error, sizeof(error)));
	cr_expect_not_null(strstr(error, "files of events"), "%s", error);
	for (int i = 0; i < 32; i++)
		unlink(name[i]);
}
