/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/timeline.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/report/example.h"

static struct conn conn;

static void expect(enum event_kind kind, enum event_from from, uint32_t count, uint32_t arg,
		   const char *wanted)
{
	struct event e = {
		.count = count, .arg = arg, .kind = (uint8_t)kind, .from = (uint8_t)from
	};
	char buffer[TIMELINE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "%s|", timeline_subject(&e));
	timeline_add_deed(&t, &conn, &e);
	cr_expect_str_eq(buffer, wanted, "got: %s", buffer);
}

Test(report_timeline, folded_events_say_how_many_and_how_much)
{
	example_conn(&conn);
	expect(EVENT_SYN, FROM_CLIENT, 1, 0, "client|asks for a connection (SYN)");
	expect(EVENT_SYN, FROM_CLIENT, 4, 0, "client|asks for a connection (SYN), 4 times");
	expect(EVENT_DATA, FROM_SERVER, 37, 12400, "server|sends data, 37 segments, 12.4 kB");
	expect(EVENT_DATA, FROM_SERVER, 1, 52, "server|sends data, 52 B");
	expect(EVENT_KEEPALIVE, FROM_CLIENT, 2, 2,
	       "client|probes whether the other side lives (TCP keepalive), 2 times");
}

Test(report_timeline, what_was_said_is_quoted)
{
	example_conn(&conn);
	EXAMPLE_PUT(conn.ssh.half[SERVER].text, "Exceeded MaxStartups\x1b");
	expect(EVENT_IDENTIFICATION, FROM_SERVER, 1, 23,
	       "server|sends its identification SSH-2.0-OpenSSH_8.4p1");
	expect(EVENT_TEXT, FROM_SERVER, 1, 21, "server|says \"Exceeded MaxStartups\\x1b\"");
	conn.ssh.disconnect = (struct ssh_disconnect){ .seen = true, .from = CLIENT, .code = 11 };
	EXAMPLE_PUT(conn.ssh.disconnect.description, "disconnected by user");
	expect(EVENT_DISCONNECT, FROM_CLIENT, 1, 11,
	       "client|says goodbye (DISCONNECT), code 11 BY_APPLICATION, \"disconnected by "
	       "user\"");
	expect(EVENT_DISCONNECT, FROM_SERVER, 1, 4711,
	       "server|says goodbye (DISCONNECT), code 4711");
}

Test(report_timeline, who_asks_a_proxy_and_who_is_one_is_told)
{
	example_conn(&conn);
	EXAMPLE_PUT(conn.ssh.prelude_target, "host.example:22");
	expect(EVENT_PRELUDE, FROM_CLIENT, 1, PRELUDE_socks4,
	       "client|asks a proxy for host.example:22 (SOCKS 4)");
	expect(EVENT_PRELUDE_ANSWER, FROM_SERVER, 1, PRELUDE_socks4,
	       "server|is a proxy and agrees (SOCKS 4)");
	expect(EVENT_PRELUDE, FROM_CLIENT, 1, PRELUDE_proxy_protocol,
	       "client|is a proxy and speaks for host.example:22 (PROXY protocol)");
	conn.ssh.prelude_target.len = 0;
	expect(EVENT_PRELUDE, FROM_CLIENT, 1, PRELUDE_proxy_protocol,
	       "client|is a proxy (PROXY protocol)");
}

Test(report_timeline, an_offer_that_is_too_long_to_be_compared_says_so)
{
	example_conn(&conn);
	expect(EVENT_KEXINIT, FROM_CLIENT, 1, 0, "client|offers its algorithms (KEXINIT)");
	expect(EVENT_KEXINIT, FROM_CLIENT, 1, 40556,
	       "client|offers its algorithms (KEXINIT) in 40.5 kB: too much to be compared");
}

/* 30 to 41 belong to the key exchange method and mean something else in each. */
Test(report_timeline, messages_of_the_key_exchange_are_named_by_its_method)
{
	example_conn(&conn);
	expect(EVENT_KEX_MESSAGE, FROM_SERVER, 1, 4,
	       "server|exchanges keys, message number 4 (DEBUG)");
	expect(EVENT_KEX_MESSAGE, FROM_SERVER, 1, 31,
	       "server|exchanges keys, message number 31 (KEX_ECDH_REPLY)");
	conn.ssh.negotiated[SSH_KEX].len = 0;
	expect(EVENT_KEX_MESSAGE, FROM_SERVER, 1, 31, "server|exchanges keys, message number 31");
}

Test(report_timeline, silence_and_the_capture_speak_for_themselves)
{
	example_conn(&conn);
	expect(EVENT_IDLE, FROM_CAPTURE, 1, 352100, "|352 s of silence");
	expect(EVENT_CAPTURE_END, FROM_NETWORK, 1, 0, "capture|ends");
	expect(EVENT_MIDSTREAM, FROM_CLIENT, 1, 0, "capture|begins in mid-connection");
}

Test(report_timeline, a_reset_says_whether_it_would_be_obeyed)
{
	example_conn(&conn);
	expect(EVENT_RESET, FROM_SERVER, 1, RESET_FIT_UNKNOWN,
	       "server|seems to reset the connection (RST)");
	expect(EVENT_RESET, FROM_SERVER, 1, RESET_FIT_EXACT,
	       "server|seems to reset the connection (RST): exactly in sequence");
	expect(EVENT_RESET, FROM_CLIENT, 3, RESET_FIT_OUTSIDE,
	       "client|seems to reset the connection (RST), 3 times: outside the window, so nobody "
	       "obeys it");
}

Test(report_timeline, icmp_errors_are_named_by_the_version_of_ip)
{
	example_conn(&conn);
	expect(EVENT_ICMP, FROM_MIDDLEBOX, 1, 3 << 8 | 13,
	       "middlebox|reports by ICMP: communication administratively prohibited (type 3, code "
	       "13)");
	expect(EVENT_ICMP, FROM_NETWORK, 2, 200 << 8 | 9,
	       "network|reports by ICMP, 2 times: an error (type 200, code 9)");
	conn.peer[SERVER].at.ip.family = 6;
	expect(EVENT_ICMP, FROM_MIDDLEBOX, 1, 1 << 8 | 1,
	       "middlebox|reports by ICMP: communication administratively prohibited (type 1, code "
	       "1)");
}

Test(report_timeline, every_kind_of_event_has_words)
{
	example_conn(&conn);
	for (int kind = 0; kind < EVENT_COUNT; kind++) {
		struct event e = { .count = 1, .arg = 1, .kind = (uint8_t)kind };
		char buffer[TIMELINE_TEXT_MAX];
		struct text t = text_in(buffer, sizeof(buffer));

		timeline_add_deed(&t, &conn, &e);
		cr_expect_gt(t.len, 3, "kind %d", kind);
	}
}

Test(report_timeline, the_longest_deed_fits)
{
	struct event e = { .count = 1, .kind = EVENT_IDENTIFICATION };
	char buffer[TIMELINE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	memset(conn.ssh.half[CLIENT].identification.at, 0xff, SSH_IDENTIFICATION_MAX);
	conn.ssh.half[CLIENT].identification.len = SSH_IDENTIFICATION_MAX;
	timeline_add_deed(&t, &conn, &e);
	cr_expect_null(strstr(buffer, "..."));
	cr_expect_gt(t.len, 4 * SSH_IDENTIFICATION_MAX);
}
