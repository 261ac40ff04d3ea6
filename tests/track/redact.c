/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* memmem() */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <string.h>

#include "base/text.h"
#include "tests/track/wire.h"
#include "track/inside.h"

static struct pseudonyms names(void)
{
	uint8_t key[PSEUDONYM_KEY_LEN] = { 7 };
	struct pseudonyms p;

	pseudonyms_begin(&p, key);
	return p;
}

#define PUT(field, text)                                                                           \
	do {                                                                                       \
		(field).len = (uint16_t)strlen(text);                                              \
		memcpy((field).at, text, strlen(text));                                            \
	} while (0)

static struct address ip(const char *text)
{
	struct address a = { .family = strchr(text, ':') != NULL ? 6 : 4 };

	cr_assert_eq(inet_pton(a.family == 6 ? AF_INET6 : AF_INET, text, a.bytes), 1);
	return a;
}

static bool holds(const void *in, size_t len, const char *text)
{
	return memmem(in, len, text, strlen(text)) != NULL;
}

/* Filled with names in all places that have one. */
static void named(struct conn *c)
{
	memset(c, 0, sizeof(*c));
	c->peer[CLIENT].at = (struct endpoint){ ip("198.51.100.77"), 51000 };
	c->peer[SERVER].at = (struct endpoint){ ip("2001:db8::77"), 22 };
	c->icmp.from = ip("203.0.113.78");
	c->icmp.count = 1;
	for (enum side side = CLIENT; side <= SERVER; side++) {
		PUT(c->ssh.half[side].identification, "SSH-2.0-OpenSSH_9.2p1 CORPNAME");
		PUT(c->ssh.half[side].text, "CORPNAME welcomes you");
		PUT(c->ssh.mismatch_offer[side], "aes128-ctr,x@CORPNAME");
	}
	for (int i = 0; i < SSH_ALGORITHMS; i++)
		PUT(c->ssh.negotiated[i], "x@CORPNAME");
	PUT(c->ssh.host_key_type, "key@CORPNAME");
	PUT(c->ssh.disconnect.description, "bye from CORPNAME");
	PUT(c->ssh.prelude_target, "host.CORPNAME:22");
	memcpy(c->ssh.host_key, "CORPNAME is a fingerprint of 32.", sizeof(c->ssh.host_key));
	c->ssh.host_key_mark.number = 9;
}

Test(track_redact, no_byte_of_the_copy_knows_a_name_or_an_address)
{
	static struct conn conn, copy;
	struct pseudonyms p = names();

	named(&conn);
	cr_assert(holds(&conn, sizeof(conn), "CORPNAME"));
	conn_redact(&p, &conn, &copy);
	cr_expect_not(holds(&copy, sizeof(copy), "CORPNAME"));
	cr_expect_eq(memmem(&copy, sizeof(copy), conn.peer[CLIENT].at.ip.bytes, 4), NULL);
	cr_expect_eq(memmem(&copy, sizeof(copy), conn.peer[SERVER].at.ip.bytes, 16), NULL);
	cr_expect_eq(memmem(&copy, sizeof(copy), conn.icmp.from.bytes, 4), NULL);
}

Test(track_redact, what_a_verdict_rests_on_stays)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	static struct conn copy;
	struct pseudonyms p = names();
	const struct conn *conn;

	talk_open(&talk);
	talk_login(&talk);
	talk_close(&talk);
	conn = wire_conn(wire);
	conn_redact(&p, conn, &copy);
	cr_expect_eq(copy.peer[SERVER].at.port, 22);
	cr_expect_eq(copy.ssh.half[CLIENT].identification.len,
		     conn->ssh.half[CLIENT].identification.len);
	cr_expect_arr_eq(copy.ssh.half[CLIENT].identification.at, "SSH-2.0-OpenSSH_9.2p1 ", 22);
	cr_expect(address_equal(&copy.peer[CLIENT].at.ip, &copy.peer[CLIENT].at.ip));
	cr_expect_not(address_equal(&copy.peer[CLIENT].at.ip, &conn->peer[CLIENT].at.ip));
	cr_expect_arr_eq(&copy.timeline, &conn->timeline, sizeof(copy.timeline));
	cr_expect_arr_eq(&copy.lessons, &conn->lessons, sizeof(copy.lessons));
	cr_expect_arr_eq(&copy.end, &conn->end, sizeof(copy.end));
	wire_free(wire);
}

Test(track_redact, a_router_that_is_the_server_stays_the_server)
{
	static struct conn conn, copy;
	struct pseudonyms p = names();

	named(&conn);
	conn.icmp.from = conn.peer[SERVER].at.ip;
	conn_redact(&p, &conn, &copy);
	cr_expect(address_equal(&copy.icmp.from, &copy.peer[SERVER].at.ip));
}

/* The target as it comes out, "" when it is as it was. */
static const char *target(const char *text)
{
	static struct conn conn, copy;
	static char out[SSH_TARGET_MAX + 1];
	struct pseudonyms p = names();

	memset(&conn, 0, sizeof(conn));
	PUT(conn.ssh.prelude_target, text);
	conn_redact(&p, &conn, &copy);
	memcpy(out, copy.ssh.prelude_target.at, copy.ssh.prelude_target.len);
	out[copy.ssh.prelude_target.len] = '\0';
	return strcmp(out, text) == 0 ? "" : out;
}

static const char *mapped(const char *text, uint16_t port)
{
	static struct conn conn, copy;
	static char out[64];
	struct text t = text_in(out, sizeof(out));
	struct pseudonyms p = names();

	conn.peer[CLIENT].at = (struct endpoint){ ip(text), port };
	conn_redact(&p, &conn, &copy);
	endpoint_add(&t, &copy.peer[CLIENT].at);
	return out;
}

Test(track_redact, what_a_proxy_was_asked_for_is_the_same_address_as_elsewhere)
{
	cr_expect_str_eq(target("198.51.100.9:22"), mapped("198.51.100.9", 22));
	cr_expect_str_eq(target("[2001:db8::9]:2222"), mapped("2001:db8::9", 2222));
}

Test(track_redact, a_name_that_a_proxy_was_asked_for_goes_and_its_port_stays)
{
	const char *out = target("host.example:22");

	cr_expect_eq(strlen(out), 15);
	cr_expect_str_eq(out + 12, ":22");
	cr_expect_eq(strstr(out, "host"), NULL);
	cr_expect_str_eq(target(""), "");
	cr_expect_eq(strlen(target("[")), 1);
	cr_expect_eq(strlen(target(":22")), 0, "there is no name in it");
	cr_expect_eq(strlen(target("[]:22")), 5);
	cr_expect_eq(strlen(target("a-name-without-a-port-since-it-was-cut")), 38);
}
