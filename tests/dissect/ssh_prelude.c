/* SPDX-License-Identifier: BSD-3-Clause */
/* Bytes as the RFCs, the memo of SOCKS 4 and haproxy's proxy-protocol.txt have them. */
#include "dissect/ssh_prelude.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/ssh_bytes.h"
#include "tests/support.h"

#define IDENTIFICATION_OF_A_SERVER "SSH-2.0-OpenSSH_9.2\r\n"

#define NEXT "5353482d" /* "SSH-": the next bytes of the stream, which are none of its business */

struct row {
	enum prelude_kind kind;
	const char *at;    /* what it asks for, as text */
	const char *bytes; /* all of it */
};

static const struct row rows[] = {
	{ PRELUDE_socks4, "203.0.113.5:22", "04 01 0016 cb007105 00" },
	{ PRELUDE_socks4, "203.0.113.5:2222", "04 01 08ae cb007105 616c696365 00" },
	{ PRELUDE_socks4, "0.0.0.0:22", "04 01 0016 00000000 00" },
	{ PRELUDE_socks4, "host.example:22", /* 4a */
	  "04 01 0016 00000001 616c696365 00 686f73742e6578616d706c65 00" },
	{ PRELUDE_socks5, "203.0.113.5:22", "05 01 00  05 01 00 01 cb007105 0016" },
	{ PRELUDE_socks5, "[2001:db8::5]:22",
	  "05 02 00 02  05 01 00 04 20010db8000000000000000000000005 0016" },
	{ PRELUDE_socks5, "host.example:22",
	  "05 01 00  05 01 00 03 0c 686f73742e6578616d706c65 0016" },
	{ PRELUDE_socks5, "192.168.0.2:22", /* a password, as zeek's socks-auth.pcap has it */
	  "05 03 00 03 02  01 03 626f62 05 616c696365  05 01 00 01 c0a80002 0016" },
	{ PRELUDE_proxy_protocol, "203.0.113.9:56324",
	  "0d0a0d0a000d0a515549540a 21 11 000c cb007109 c0000201 dc04 0016" },
	{ PRELUDE_proxy_protocol, "[2001:db8::9]:56324",
	  "0d0a0d0a000d0a515549540a 21 21 0024 20010db8000000000000000000000009"
	  "20010db8000000000000000000000001 dc04 0016" },
	{ PRELUDE_proxy_protocol, "", /* LOCAL: a health check */
	  "0d0a0d0a000d0a515549540a 20 00 0000" },
	{ PRELUDE_proxy_protocol, "203.0.113.9:56324", /* with a TLV */
	  "0d0a0d0a000d0a515549540a 21 11 0013 cb007109 c0000201 dc04 0016 04 0004 00000000" },
};

static const struct {
	enum prelude_kind kind;
	const char *at, *text;
} lines[] = {
	{ PRELUDE_http_connect, "203.0.113.5:22", "CONNECT 203.0.113.5:22 HTTP/1.0\r\n\r\n" },
	{ PRELUDE_http_connect, "[2001:db8::5]:22", "CONNECT [2001:db8::5]:22 HTTP/1.1\r\n\r\n" },
	{ PRELUDE_http_connect, "host.example:22",
	  "CONNECT host.example:22 HTTP/1.1\r\nHost: host.example:22\r\n"
	  "Proxy-Authorization: Basic YTpi\r\n\r\n" },
	{ PRELUDE_http_connect, "host.example:22", "CONNECT host.example:22 HTTP/1.0\n\n" },
	{ PRELUDE_proxy_protocol, "203.0.113.9:56324",
	  "PROXY TCP4 203.0.113.9 192.0.2.1 56324 22\r\n" },
	{ PRELUDE_proxy_protocol, "[2001:db8::9]:56324",
	  "PROXY TCP6 2001:db8::9 2001:db8::1 56324 22\r\n" },
	{ PRELUDE_proxy_protocol, "", "PROXY UNKNOWN\r\n" },
	{ PRELUDE_proxy_protocol, "", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))
#define LINES (sizeof(lines) / sizeof(lines[0]))

static struct bytes bytes_of(size_t i)
{
	return i < ROWS ? hex(rows[i].bytes) : text_bytes(lines[i - ROWS].text);
}

static void expect_target(const struct prelude *prelude, const char *wanted)
{
	char buffer[80] = "";
	struct text t = text_in(buffer, sizeof(buffer));

	if (prelude->at.ip.family != 0)
		endpoint_add(&t, &prelude->at);
	else if (prelude->name.len != 0)
		text_add(&t, "%.*s:%u", (int)prelude->name.len, (const char *)prelude->name.at,
			 prelude->at.port);
	cr_expect_str_eq(buffer, wanted);
}

Test(dissect_ssh_prelude, what_a_proxy_is_asked_for_is_read_and_what_follows_is_left)
{
	for (size_t i = 0; i < ROWS + LINES; i++) {
		struct bytes alone = bytes_of(i);
		size_t len = alone.len;
		struct bytes b = bytes_join(alone, hex(NEXT));
		struct prelude prelude;

		cr_expect_eq(prelude_parse(b.at, b.len, &prelude), (ssize_t)len, "row %zu", i);
		cr_expect_eq(prelude.kind, i < ROWS ? rows[i].kind : lines[i - ROWS].kind);
		expect_target(&prelude, i < ROWS ? rows[i].at : lines[i - ROWS].at);
		bytes_free(b);
	}
}

static void expect_more(struct bytes b)
{
	struct prelude prelude;

	if (b.len != 0)
		cr_expect_geq(prelude_parse(b.at, b.len, &prelude), 0, "%zu", b.len);
}

Test(dissect_ssh_prelude, a_part_of_one_is_waited_for)
{
	for (size_t i = 0; i < ROWS + LINES; i++) {
		struct bytes b = bytes_of(i);
		struct prelude prelude;

		feed_every_cut(b, expect_more);
		cr_expect_eq(prelude_parse(b.at, b.len - 1, &prelude), 0, "row %zu", i);
		bytes_free(b);
	}
}

static void expect_none(struct bytes b)
{
	struct prelude prelude;

	cr_expect_eq(prelude_parse(b.at, b.len, &prelude), -1, "%.*s", (int)b.len, b.at);
	cr_expect_not(prelude_begins(b.at, b.len));
	bytes_free(b);
}

Test(dissect_ssh_prelude, what_asks_for_something_else_is_none)
{
	expect_none(text_bytes(""));
	expect_none(text_bytes("SSH-2.0-OpenSSH_9.2\r\n"));
	expect_none(text_bytes("GET / HTTP/1.1\r\n\r\n"));
	expect_none(text_bytes("CONNECT host.example HTTP/1.1\r\n\r\n"));
	expect_none(text_bytes("CONNECT :22 HTTP/1.1\r\n\r\n"));
	expect_none(text_bytes("CONNECT host.example:65536 HTTP/1.1\r\n\r\n"));
	expect_none(text_bytes("CONNECT host.example:22x HTTP/1.1\r\n\r\n"));
	expect_none(text_bytes("CONNECT host.example:22\r\n\r\n"));
	expect_none(text_bytes("PROXY TCP4 203.0.113.999 192.0.2.1 56324 22\r\n"));
	expect_none(text_bytes("PROXY UDP4 203.0.113.9 192.0.2.1 56324 22\r\n"));
	expect_none(text_bytes("PROXY TCP6 203.0.113.9 192.0.2.1 56324 22\r\n"));
	expect_none(hex("04 02 0016 cb007105 00")); /* BIND */
	expect_none(hex("0d0a0d0a000d0a515549540a 31 11 000c cb007109 c0000201 dc04 0016"));
	expect_none(hex("0d0a0d0a000d0a515549540a 21 11 0004 cb007109")); /* too short for it */
}

/* The greeting is one of SOCKS, but what follows asks for no connection. */
Test(dissect_ssh_prelude, socks_without_connect_is_none)
{
	static const char *const asks[] = {
		"05 01 00  05 03 00 01 cb007105 0016", /* UDP ASSOCIATE */
		"05 01 00  05 01 00 02 cb007105 0016", /* no type of address */
		"05 01 00  05 01 01 01 cb007105 0016", "05 01 00  04 01 00 01 cb007105 0016",
		"05 01 63  05 01 00 01 cb007105 0016", /* no method that anybody assigned */
	};

	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		struct bytes b = hex(asks[i]);
		struct prelude prelude;

		cr_expect_eq(prelude_parse(b.at, b.len, &prelude), -1, "%s", asks[i]);
		bytes_free(b);
	}
}

Test(dissect_ssh_prelude, a_line_that_does_not_end_is_none)
{
	char text[PRELUDE_LEN_MAX + 1];
	struct prelude prelude;

	memset(text, 'x', sizeof(text));
	memcpy(text, "PROXY TCP4 ", 11);
	cr_expect_eq(prelude_parse((uint8_t *)text, 106, &prelude), 0);
	cr_expect_eq(prelude_parse((uint8_t *)text, 107, &prelude), -1);
	memcpy(text, "CONNECT ", 8);
	cr_expect_eq(prelude_parse((uint8_t *)text, PRELUDE_LEN_MAX - 1, &prelude), 0);
	cr_expect_eq(prelude_parse((uint8_t *)text, PRELUDE_LEN_MAX, &prelude), -1);
}

/* ---- the first segment of a flow that may carry anything ---- */

static bool begins(struct bytes b)
{
	bool yes = prelude_begins(b.at, b.len);

	bytes_free(b);
	return yes;
}

Test(dissect_ssh_prelude, the_first_segment_is_enough_to_begin_one)
{
	for (size_t i = 0; i < ROWS + LINES; i++) {
		if (i >= ROWS || rows[i].kind != PRELUDE_socks5)
			cr_expect(begins(bytes_of(i)), "row %zu", i);
	}
	cr_expect(begins(hex("05 01 00")));
	cr_expect(begins(hex("05 03 00 01 02")));
	cr_expect(begins(text_bytes("CONNECT host.example:22 HTTP/1.1\r\nHost: ")));
}

Test(dissect_ssh_prelude, what_merely_begins_alike_does_not)
{
	cr_expect_not(begins(hex("05")));
	cr_expect_not(begins(hex("05 00")));
	cr_expect_not(begins(hex("05 01 00 17")));
	cr_expect_not(begins(hex("05 02 00")));
	cr_expect_not(begins(hex("05 01 63")));
	cr_expect_not(begins(hex("04 01 0016 cb007105 00 16")));
	cr_expect_not(begins(hex("04 01 0016 cb007105")));
	cr_expect_not(begins(text_bytes("\r\n")));
	cr_expect_not(begins(text_bytes("P")));
	cr_expect_not(begins(text_bytes("CONN")));
	cr_expect_not(begins(text_bytes("CONNECT me\r\n")));
}

/* ---- answers ---- */

static void expect_answer(enum prelude_kind kind, struct bytes b, ssize_t used)
{
	struct bytes more = bytes_join(b, hex(used > 0 ? NEXT : ""));

	cr_expect_eq(prelude_answer_parse(more.at, more.len, kind), used, "kind %d", (int)kind);
	bytes_free(more);
}

Test(dissect_ssh_prelude, a_yes_is_read_to_its_end)
{
	expect_answer(PRELUDE_socks4, hex("00 5a 0000 00000000"), 8);
	expect_answer(PRELUDE_socks5, hex("05 00  05 00 00 01 00000000 0000"), 12);
	expect_answer(PRELUDE_socks5, hex("05 02  01 00  05 00 00 01 c0a80001 da8f"), 14);
	expect_answer(PRELUDE_socks5, hex("05 00  05 00 00 03 02 6161 0016"), 11);
	expect_answer(PRELUDE_http_connect,
		      text_bytes("HTTP/1.0 200 Connection established\r\n\r\n"), 39);
	expect_answer(PRELUDE_http_connect,
		      text_bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), 38);
}

Test(dissect_ssh_prelude, a_part_of_a_yes_is_waited_for)
{
	expect_answer(PRELUDE_socks4, hex("00 5a 0000 000000"), 0);
	expect_answer(PRELUDE_socks5, hex("05 00"), 0);
	expect_answer(PRELUDE_socks5, hex("05 02  01 00"), 0);
	expect_answer(PRELUDE_socks5, hex("05 00  05 00 00 01 00000000 00"), 0);
	expect_answer(PRELUDE_http_connect, text_bytes("HTTP/1.0 200 OK\r\n"), 0);
}

Test(dissect_ssh_prelude, a_no_is_none)
{
	expect_answer(PRELUDE_socks4, hex("00 5b 0000 00000000"), -1);
	expect_answer(PRELUDE_socks4, text_bytes(IDENTIFICATION_OF_A_SERVER), -1);
	expect_answer(PRELUDE_socks5, hex("05 ff"), -1);
	expect_answer(PRELUDE_socks5, hex("05 02  01 01"), -1);
	expect_answer(PRELUDE_socks5, hex("05 00  05 05 00 01 00000000 0000"), -1);
	expect_answer(PRELUDE_socks5, text_bytes(IDENTIFICATION_OF_A_SERVER), -1);
	expect_answer(PRELUDE_http_connect, text_bytes("HTTP/1.1 403 Forbidden\r\n\r\n"), -1);
	expect_answer(PRELUDE_http_connect, text_bytes(IDENTIFICATION_OF_A_SERVER), -1);
	expect_answer(PRELUDE_proxy_protocol, text_bytes(IDENTIFICATION_OF_A_SERVER), -1);
}

Test(dissect_ssh_prelude, each_kind_has_a_name_and_words)
{
	for (enum prelude_kind kind = PRELUDE_none + 1; kind < PRELUDE_KINDS; kind++) {
		cr_expect_neq(*prelude_name(kind), '\0');
		cr_expect_neq(*prelude_words(kind), '\0');
		cr_expect_eq(prelude_is_answered(kind), kind != PRELUDE_proxy_protocol);
	}
	cr_expect_str_eq(prelude_name(PRELUDE_http_connect), "http_connect");
	cr_expect_not(prelude_is_answered(PRELUDE_none));
}
