/* SPDX-License-Identifier: BSD-3-Clause */
/* Each form of a log: how it is told, and that it says the same in each. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "logs/inside.h"

TestSuite(logs_formats);

/* 2026-11-20T18:00:01Z */
#define NOVEMBER (INT64_C(1795197601) * NS_PER_S)

#define NOTES_MAX 8

struct got {
	const char *format; /* "" when none is known */
	int notes, other, damaged;
	struct note note[NOTES_MAX];
};

static struct got read_file(const char *path)
{
	char error[LOGS_ERROR_MAX];
	struct lines *lines = lines_open(path, error);
	const struct log_format *format;
	enum log_got what = LOG_OTHER;
	struct got got;

	cr_assert(lines_begin(lines, error));
	format = format_of(lines_ahead(lines));
	got = (struct got){ .format = format != NULL ? format->name : "" };
	while (format != NULL && what != LOG_END) {
		struct note note = { .time_ns = 0 };

		what = format->next(lines, NOVEMBER, &note);
		if (what == LOG_NOTE && got.notes < NOTES_MAX)
			got.note[got.notes] = note;
		got.notes += what == LOG_NOTE;
		got.other += what == LOG_OTHER;
		got.damaged += what == LOG_DAMAGED;
	}
	lines_close(lines);
	return got;
}

static struct got read_bytes(const void *bytes, size_t len)
{
	char path[] = "/tmp/rstscope-log-XXXXXX";
	int fd = mkstemp(path);
	struct got got;

	cr_assert(fd >= 0);
	cr_assert(write(fd, bytes, len) == (ssize_t)len);
	close(fd);
	got = read_file(path);
	unlink(path);
	return got;
}

static struct got read_words(const char *words)
{
	return read_bytes(words, strlen(words));
}

#define SILENT "Timeout, client not responding from user bob 192.0.2.7 port 5000"

static void expect_silent(const char *words, const char *format)
{
	struct got got = read_words(words);

	cr_expect_str_eq(got.format, format, "%s is taken for %s", words, got.format);
	cr_assert_eq(got.notes, 1, "%s: %d notes", words, got.notes);
	cr_expect_eq(got.damaged, 0, "%s", words);
	cr_expect_eq(got.note[0].kind, NOTE_client_silent);
	cr_expect_eq(got.note[0].time_ns / NS_PER_S, NOVEMBER / NS_PER_S, "%s: %lld", words,
		     (long long)got.note[0].time_ns);
	cr_expect_eq(got.note[0].pid, 812, "%s", words);
	cr_expect_eq(got.note[0].remote.port, 5000);
	cr_expect_str_eq(got.note[0].text, SILENT);
}

Test(logs_formats, each_form_says_the_same)
{
	expect_silent("Nov 20 18:00:01 bastion sshd[812]: " SILENT "\n", "syslog");
	expect_silent("Nov 20 18:00:01 sshd[812]: " SILENT, "syslog");
	expect_silent("<38>Nov 20 18:00:01 sshd-session[812]: " SILENT "\r\n", "syslog");
	expect_silent("2026-11-20T19:00:01.123456+01:00 bastion sshd[812]: " SILENT "\n", "syslog");
	expect_silent("<38>1 2026-11-20T18:00:01.5Z bastion sshd 812 - - " SILENT "\n", "syslog");
	expect_silent("<38>1 2026-11-20T18:00:01Z b sshd-session 812 ID47 [x@1 a=\"b\"][y] " SILENT,
		      "syslog");
	expect_silent(
		"{\"__REALTIME_TIMESTAMP\":\"1795197601123456\",\"_COMM\":\"sshd\",\"_PID\":\"812\",\"MESSAGE\":\"" SILENT
		"\"}\n",
		"journalctl -o json");
	expect_silent("__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795197601123456\nMESSAGE=" SILENT
		      "\n_COMM=sshd\n_PID=812\n\n",
		      "journalctl -o export");
}

Test(logs_formats, what_is_no_log_is_of_no_form)
{
	static const char *const rows[] = {
		"",
		"\n\n",
		"hello\n",
		"{}\n",
		"[1,2]\n",
		"{\"report\"",
		"%PDF-1.4\n",
		"[    1.234567] eth0: Link is Down\n",       /* since a boot that nobody knows */
		"Connection reset by 192.0.2.7 port 5000\n", /* sshd -E: without a time */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(read_words(rows[i]).notes, 0, "%s", rows[i]);
	cr_expect_str_eq(read_words("hello\nworld\n").format, "");
	cr_expect_str_eq(read_words("a\nb\nNov 20 18:00:01 h sshd[812]: " SILENT "\nc\n").format,
			 "");
	cr_expect_str_eq(read_words("[    1.234567] eth0: Link is Down\n").format, "");
	cr_expect_str_eq(read_words("\xd4\xc3\xb2\xa1\2\0\4\0").format, "");
}

Test(logs_formats, another_program_that_writes_like_sshd_says_nothing)
{
	cr_expect_eq(read_words("Nov 20 18:00:01 h cron[812]: " SILENT "\n").notes, 0);
	/* The journal knows what runs, whatever it calls itself. */
	cr_expect_eq(
		read_words(
			"{\"__REALTIME_TIMESTAMP\":\"1\",\"_COMM\":\"logger\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"MESSAGE\":\"" SILENT
			"\"}\n")
			.notes,
		0);
	cr_expect_eq(
		read_words(
			"__REALTIME_TIMESTAMP=1\nSYSLOG_IDENTIFIER=sshd\n_COMM=logger\nMESSAGE=" SILENT
			"\n\n")
			.notes,
		0);
}

Test(logs_formats, a_journal_may_hold_octets)
{
	static const char export[] =
		"__REALTIME_TIMESTAMP=1795197601000000\n_COMM=sshd\nMESSAGE\n"
		"\x41\0\0\0\0\0\0\0" SILENT "!\n\n"
		"__REALTIME_TIMESTAMP=1795197602000000\n_COMM=sshd\nMESSAGE=Bad packet length 7.\n\n";
	struct got got = read_bytes(export, sizeof(export) - 1);

	/* 0x41 octets are the words and the "!", which no message ends with; the next entry is read. */
	cr_expect_eq(sizeof(SILENT), 0x41);
	cr_expect_eq(got.damaged, 0);
	cr_assert_eq(got.notes, 1);
	cr_expect_eq(got.note[0].kind, NOTE_bad_packet);
	got = read_words(
		"{\"__REALTIME_TIMESTAMP\":\"1795197601000000\",\"_COMM\":\"sshd\","
		"\"MESSAGE\":[66,97,100,32,112,97,99,107,101,116,32,108,101,110,103,116,104,32,55,46]}\n");
	cr_assert_eq(got.notes, 1);
	cr_expect_eq(got.note[0].kind, NOTE_bad_packet);
}

Test(logs_formats, octets_that_claim_to_be_without_end_are_damage)
{
	static const char export[] =
		"__REALTIME_TIMESTAMP=1\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xffx";

	cr_expect_eq(read_bytes(export, sizeof(export) - 1).damaged, 1);
}

Test(logs_formats, the_kernel_speaks_in_dmesg_and_in_syslog)
{
	static const char *const rows[] = {
		"[Fri Nov 20 18:00:01 2026] Out of memory: Killed process 812 (sshd) total-vm:1kB\n",
		"2026-11-20T18:00:01,123456+00:00 Out of memory: Killed process 812 (sshd) total-vm:1kB\n",
		"Nov 20 18:00:01 h kernel: [  12.345678] Out of memory: Killed process 812 (sshd) x\n",
		"Nov 20 18:00:01 h kernel: Out of memory: Killed process 812 (sshd) x\n",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct got got = read_words(rows[i]);

		cr_assert_eq(got.notes, 1, "%s", rows[i]);
		cr_expect_eq(got.note[0].kind, NOTE_oom);
		cr_expect_eq(got.note[0].about_pid, 812);
		cr_expect_eq(got.note[0].time_ns / NS_PER_S, NOVEMBER / NS_PER_S, "%s", rows[i]);
	}
}

Test(logs_formats, conntrack_names_the_ends_that_the_server_sees)
{
	struct got got = read_words(
		"[1795197601.123456]\t    [NEW] tcp      6 120 SYN_SENT src=10.0.0.7 dst=192.0.2.1 sport=5000 dport=22 [UNREPLIED] src=192.0.2.1 dst=10.0.0.7 sport=22 dport=5000\n"
		"[1795197602.123456]\t [UPDATE] tcp      6 60 SYN_RECV src=10.0.0.7 dst=192.0.2.1 sport=5000 dport=22 src=192.0.2.1 dst=10.0.0.7 sport=22 dport=5000\n"
		"[1795197603.123456]\t[DESTROY] tcp      6 src=10.0.0.7 dst=192.0.2.1 sport=5000 dport=22 src=192.0.2.1 dst=203.0.113.9 sport=22 dport=61000 [ASSURED]\n"
		"[1795197604.123456]\t    [NEW] udp      17 30 src=10.0.0.7 dst=192.0.2.1 sport=5000 dport=53\n"
		"[1795197605.123456]\t    [NEW] tcp      6 120 SYN_SENT src=nonsense dst=192.0.2.1\n");

	cr_expect_str_eq(got.format, "conntrack -E -o timestamp");
	cr_assert_eq(got.notes, 2);
	cr_expect_eq(got.other, 2);
	cr_expect_eq(got.damaged, 1);
	cr_expect_eq(got.note[0].kind, NOTE_flow_begun);
	cr_expect_eq(got.note[0].remote.port, 5000);
	cr_expect_eq(got.note[1].kind, NOTE_flow_gone);
	cr_expect_eq(got.note[1].remote.port, 61000);
	cr_expect_eq(got.note[1].local.port, 22);
	cr_expect(got.note[1].on_path);
}

#define MTR(a, b, c)                                                                               \
	"{\n \"report\": {\"mtr\": {\"src\":\"h\",\"dst\":\"192.0.2.1\"},\n \"hubs\": [\n"         \
	"{\"count\":1,\"host\":\"10.0.0.1\",\"Loss%\":" #a "},\n"                                  \
	"{\"count\":2,\"host\":\"10.0.1.1\",\"Loss%\":" #b "},\n"                                  \
	"{\"count\":3,\"host\":\"192.0.2.1\",\"Loss%\":" #c "}]}}\n"

Test(logs_formats, loss_counts_where_it_goes_on_to_the_end)
{
	struct got got = read_words(MTR(0.0, 40.0, 30.0));

	cr_expect_str_eq(got.format, "mtr --json");
	cr_assert_eq(got.notes, 1);
	cr_expect_eq(got.note[0].kind, NOTE_path_loss);
	cr_expect_str_eq(got.note[0].text, "loss of 40.0 % from hop 2 on, which is 10.0.1.1");
	cr_expect_eq(read_words(MTR(0.0, 100.0, 0.0)).notes, 0);
	cr_expect_eq(read_words(MTR(0.0, 0.0, 10.0)).notes, 0);
	cr_expect_eq(read_words("{ \"report\": 7 }").damaged, 1);
}

Test(logs_formats, a_line_longer_than_any_is_skipped_and_counted)
{
	static const char good[] = "Nov 20 18:00:01 h sshd[812]: " SILENT "\n";
	const size_t len = 3 * LINE_SIZE;
	char path[] = "/tmp/rstscope-log-XXXXXX", error[LOGS_ERROR_MAX];
	FILE *file = fdopen(mkstemp(path), "w");
	struct lines *lines;
	struct span line;

	fputs(good, file);
	for (size_t i = 0; i < len; i++)
		putc('x', file);
	fprintf(file, "\n%s", good);
	fclose(file);
	lines = lines_open(path, error);
	cr_assert(lines_begin(lines, error));
	cr_assert(lines_next(lines, &line) && line.len == sizeof(good) - 2);
	cr_assert(lines_next(lines, &line) && line.len == 0);
	cr_assert(lines_next(lines, &line) && line.len == sizeof(good) - 2);
	cr_expect_not(lines_next(lines, &line));
	cr_expect_eq(lines_cut(lines), 1);
	cr_expect_eq(lines_count(lines), 3);
	lines_close(lines);
	unlink(path);
}

Test(logs_formats, every_form_may_be_cut_anywhere)
{
	static const char *const rows[] = {
		"<38>1 2026-11-20T18:00:01.5Z bastion sshd 812 - [x] " SILENT "\n",
		"Nov 20 18:00:01 bastion sshd[812]: " SILENT "\n",
		"{\"__REALTIME_TIMESTAMP\":\"1795197601123456\",\"_COMM\":\"sshd\",\"MESSAGE\":\"x\"}\n",
		"__REALTIME_TIMESTAMP=1795197601123456\nMESSAGE\n\1\0\0\0",
		"[1795197601.123456]\t    [NEW] tcp      6 120 SYN_SENT src=10.0.0.7 dst=192.0.2.1 sport=5000 dport=22\n",
		"[Fri Nov 20 18:00:01 2026] eth0: Link is Down\n",
		MTR(0.0, 40.0, 30.0),
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t cut = 0; cut <= strlen(rows[i]); cut++)
			cr_expect_leq(read_bytes(rows[i], cut).notes, 1);
	}
}
