/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines of trace_pipe as Linux 6.18 wrote them here, and 6.1 by its print format. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "logs/inside.h"

TestSuite(logs_trace);

#define HEAD "              kt-22222   [001] ..s1.  1234.567890: "
#define SENT                                                                                       \
	"tcp_send_reset: skbaddr=00000000daa9e382 skaddr=0000000000000000 src=127.0.0.1:1 dest=127.0.0.1:56224 state=UNKNOWN reason="
#define SENT_6_1                                                                                   \
	"tcp_send_reset: skbaddr=00000000daa9e382 skaddr=00000000b6754996 family=AF_INET6 sport=22 dport=5000 saddr=0.0.0.0 daddr=0.0.0.0 saddrv6=2001:db8::1 daddrv6=2001:db8::5 state=TCP_ESTABLISHED"
#define RECEIVED                                                                                   \
	"tcp_receive_reset: family=AF_INET sport=56224 dport=1 saddr=127.0.0.1 daddr=127.0.0.2 saddrv6=::ffff:127.0.0.1 daddrv6=::ffff:127.0.0.2 sock_cookie=a0bd"

static enum log_got parse(const char *line, struct note *note)
{
	uint64_t lost;

	memset(note, 0, sizeof(*note));
	return trace_line(span_of(line), 1000 * NS_PER_S, note, &lost);
}

static void expect_ends(const struct note *note, const char *local, const char *remote)
{
	char words[64];
	struct text t = text_in(words, sizeof(words));

	endpoint_add(&t, &note->local);
	cr_expect_str_eq(words, local);
	t = text_in(words, sizeof(words));
	endpoint_add(&t, &note->remote);
	cr_expect_str_eq(words, remote);
}

Test(logs_trace, each_version_of_the_event_names_both_ends)
{
	struct note note;

	cr_assert_eq(parse(HEAD SENT "NO_SOCKET", &note), LOG_NOTE);
	expect_ends(&note, "127.0.0.1:1", "127.0.0.1:56224");
	cr_expect_eq(note.kind, NOTE_sent_no_socket);
	cr_expect_eq(note.time_ns, INT64_C(2234567890000));
	cr_assert_eq(parse(HEAD SENT_6_1, &note), LOG_NOTE);
	expect_ends(&note, "[2001:db8::1]:22", "[2001:db8::5]:5000");
	cr_expect_eq(note.kind, NOTE_sent_unknown);
	cr_assert_eq(parse(HEAD RECEIVED, &note), LOG_NOTE);
	expect_ends(&note, "127.0.0.1:56224", "127.0.0.2:1");
	cr_expect_eq(note.kind, NOTE_received_reset);
}

Test(logs_trace, reasons_are_read_by_name)
{
	struct note note;

	parse(HEAD SENT "TCP_KEEPALIVE_TIMEOUT", &note);
	cr_expect_eq(note.kind, NOTE_sent_keepalive);
	parse(HEAD SENT "TCP_ABORT_ON_CLOSE", &note);
	cr_expect_eq(note.kind, NOTE_sent_by_program);
	/* One of a later kernel, and the beginning of a known one. */
	parse(HEAD SENT "TCP_OF_TOMORROW", &note);
	cr_expect_eq(note.kind, NOTE_sent_unknown);
	parse(HEAD SENT "NO_SOCK", &note);
	cr_expect_eq(note.kind, NOTE_sent_unknown);
	parse(HEAD SENT "15", &note);
	cr_expect_eq(note.kind, NOTE_sent_unknown);
}

Test(logs_trace, a_process_that_is_called_like_an_event_is_none)
{
	struct note note;

	cr_expect_eq(parse(" 1: tcp_send_res-7      [001] ..s1.  1.5: sched_x: a=b", &note),
		     LOG_DAMAGED);
	cr_assert_eq(parse("  [1] x 9.9: tcp-7      [001] ..s1.  1.5: " SENT "NO_SOCKET", &note),
		     LOG_NOTE);
	cr_expect_eq(note.time_ns, 1001 * NS_PER_S + NS_PER_S / 2);
	cr_assert_eq(parse(" x-9 [9] y 9.9: -7      [001] ..s1.  1.5: " SENT "NO_SOCKET", &note),
		     LOG_NOTE);
	cr_expect_eq(note.time_ns, 1001 * NS_PER_S + NS_PER_S / 2);
}

Test(logs_trace, what_the_kernel_had_no_room_for_is_counted)
{
	struct note note;
	uint64_t lost = 0;

	cr_expect_eq(trace_line(span_of("CPU:1 [LOST 5 EVENTS]"), 0, &note, &lost), LOG_DAMAGED);
	cr_expect_eq(lost, 5);
}

Test(logs_trace, a_line_may_be_cut_anywhere)
{
	static const char *const rows[] = { HEAD SENT "NO_SOCKET", HEAD SENT_6_1, HEAD RECEIVED,
					    "CPU:1 [LOST 5 EVENTS]" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t cut = 0; cut < strlen(rows[i]); cut++) {
			char *piece = malloc(cut + 1);
			struct note note = { .time_ns = 0 };
			uint64_t lost;

			memcpy(piece, rows[i], cut);
			trace_line((struct span){ piece, cut }, 0, &note, &lost);
			free(piece);
		}
	}
}

Test(logs_trace, fields_are_found_in_the_format_of_each_kernel)
{
	static const char now[] =
		"name: tcp_send_reset\nID: 2280\nformat:\n"
		"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
		"\tfield:enum sk_rst_reason reason;\toffset:28;\tsize:4;\tsigned:0;\n"
		"\tfield:__u8 saddr[28];\toffset:32;\tsize:28;\tsigned:0;\n";
	static const char before[] =
		"name: tcp_send_reset\nformat:\n\tfield:const void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
		"\nprint fmt: \"reason; reason=%s\", REC->reason\n";

	cr_expect(trace_has_field(span_of(now), "reason"));
	cr_expect(trace_has_field(span_of(now), "saddr"));
	cr_expect_not(trace_has_field(span_of(now), "son"));
	cr_expect_not(trace_has_field(span_of(before), "reason"));
	cr_expect(trace_has_field(span_of(before), "skbaddr"));
}
