/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissect/ssh.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/packet.h"
#include "tests/ssh_bytes.h"

static struct ssh_slice slice(const char *text)
{
	return (struct ssh_slice){ (const uint8_t *)text, strlen(text) };
}

static bool slice_is(struct ssh_slice s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

/* ---- lines ---- */

static ssize_t parse_line(const char *text, struct ssh_line *line)
{
	return ssh_line_parse((const uint8_t *)text, strlen(text), line);
}

Test(dissect_ssh, an_identification_ends_at_its_line_feed)
{
	struct ssh_line line;

	cr_expect_eq(parse_line("SSH-2.0-x\r\n\0\0\1", &line), 11);
	cr_expect(slice_is(line.text, "SSH-2.0-x"));
	cr_expect(line.is_identification);
	cr_expect_eq(parse_line("SSH-1.99-old\nrest", &line), 13);
	cr_expect(slice_is(line.text, "SSH-1.99-old"));
}

Test(dissect_ssh, other_lines_are_no_identification)
{
	struct ssh_line line;

	cr_expect_eq(parse_line("Welcome\r\n", &line), 9);
	cr_expect(slice_is(line.text, "Welcome"));
	cr_expect_not(line.is_identification);
	cr_expect_eq(parse_line("\r\n", &line), 2);
	cr_expect_eq(line.text.len, 0);
	cr_expect_eq(parse_line("\n", &line), 1);
	cr_expect_eq(line.text.len, 0);
	cr_expect_eq(parse_line("SSH\n", &line), 4);
	cr_expect_not(line.is_identification);
}

Test(dissect_ssh, a_line_may_be_as_long_as_the_limit_and_no_longer)
{
	struct ssh_line line;
	uint8_t *bytes = malloc(SSH_LINE_MAX + 1);

	cr_assert(bytes != NULL);
	memset(bytes, 'a', SSH_LINE_MAX + 1);
	cr_expect_eq(ssh_line_parse(bytes, SSH_LINE_MAX - 1, &line), 0);
	cr_expect_eq(ssh_line_parse(bytes, SSH_LINE_MAX, &line), -1);
	bytes[SSH_LINE_MAX - 1] = '\n';
	cr_expect_eq(ssh_line_parse(bytes, SSH_LINE_MAX + 1, &line), SSH_LINE_MAX);
	bytes[SSH_LINE_MAX - 1] = 'a';
	bytes[SSH_LINE_MAX] = '\n';
	cr_expect_eq(ssh_line_parse(bytes, SSH_LINE_MAX + 1, &line), -1);
	free(bytes);
}

Test(dissect_ssh, short_beginnings_may_become_an_identification)
{
	static const uint8_t good[] = "SSH-2.0", bad[] = "SSL-2.0";

	for (size_t len = 0; len <= 7; len++) {
		cr_expect(ssh_identification_begins(good, len));
		cr_expect_eq(ssh_identification_begins(bad, len), len < 3, "%zu", len);
	}
}

Test(dissect_ssh, versions_are_told_from_the_identification)
{
	cr_expect_eq(ssh_identification_versions(slice("SSH-2.0-OpenSSH_9.2p1")), SSH_VERSION_2);
	cr_expect_eq(ssh_identification_versions(slice("SSH-1.5-1.2.27")), SSH_VERSION_1);
	cr_expect_eq(ssh_identification_versions(slice("SSH-1.99-Cisco-1.25")),
		     SSH_VERSION_1 | SSH_VERSION_2);
	cr_expect_eq(ssh_identification_versions(slice("SSH-3.0-x")), 0);
	cr_expect_eq(ssh_identification_versions(slice("SSH-")), 0);
	cr_expect_eq(ssh_identification_versions(slice("SSH")), 0);
	cr_expect_eq(ssh_identification_versions(slice("")), 0);
}

/* ---- messages ---- */

Test(dissect_ssh, a_message_is_read_without_its_padding)
{
	struct bytes b = ssh_packet(SSH_MSG_KEXINIT, hex("0a 0b 0c"));
	struct ssh_message message;

	cr_expect_eq(ssh_message_parse(b.at, b.len, &message), (ssize_t)b.len);
	cr_expect_eq(message.number, SSH_MSG_KEXINIT);
	cr_expect_eq(message.body.len, 3);
	cr_expect_eq(memcmp(message.body.at, "\x0a\x0b\x0c", 3), 0);
	cr_expect_eq(message.wire_len, b.len);
	bytes_free(b);
}

static void feed_message(struct bytes b)
{
	struct ssh_message message;

	cr_expect_eq(ssh_message_parse(b.at, b.len, &message), b.len < 16 ? 0 : 16, "%zu", b.len);
	cr_expect_eq(message.wire_len, b.len < 5 ? 0 : 16, "%zu", b.len);
}

Test(dissect_ssh, a_message_that_is_cut_anywhere_needs_more)
{
	struct bytes b = ssh_packet(SSH_MSG_NEWKEYS, hex(""));

	cr_assert_eq(b.len, 16);
	feed_every_cut(b, feed_message);
	bytes_free(b);
}

Test(dissect_ssh, lengths_that_contradict_each_other_are_not_ssh)
{
	static const struct {
		const char *bytes;
		ssize_t used;
	} rows[] = {
		{ "0000000c 0a", 0 },  /* NEWKEYS as it should begin */
		{ "00000006 04", 0 },  /* the least packet there is */
		{ "00000005 04", -1 }, /* no room for a message number */
		{ "0000000c 03", -1 }, /* RFC 4253 section 6: four bytes of padding */
		{ "0000000c 0b", -1 }, /* all is padding */
		{ "0000000c ff", -1 },
		{ "00000000 04", -1 },
		{ "00040000 04", 0 }, /* 256 KiB */
		{ "00040001 04", -1 },
		{ "ffffffff 04", -1 },
		{ "496e7661 6c", -1 }, /* "Inval" */
		{ "00000006 04 15 00000000", 10 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bytes b = hex(rows[i].bytes);
		struct ssh_message message;

		cr_expect_eq(ssh_message_parse(b.at, b.len, &message), rows[i].used, "%s",
			     rows[i].bytes);
		bytes_free(b);
	}
}

static size_t kexinit_len;

static void feed_kexinit(struct bytes b)
{
	struct ssh_slice body = { b.at, b.len };
	struct ssh_kexinit kexinit;

	cr_expect_eq(ssh_kexinit_parse(body, &kexinit), b.len == kexinit_len, "%zu", b.len);
}

Test(dissect_ssh, a_kexinit_that_is_cut_anywhere_is_refused)
{
	struct bytes b = ssh_kexinit_body(&openssh_offer);

	kexinit_len = b.len;
	feed_every_cut(b, feed_kexinit);
	bytes_free(b);
}

Test(dissect_ssh, the_lists_of_a_kexinit_are_kept_in_their_order)
{
	static const struct offer offer = { { "a", "b", "c", "d", "e", "f", "g", "h", "i", "" } };
	struct bytes b = ssh_kexinit_body(&offer);
	struct ssh_kexinit kexinit;

	cr_assert(ssh_kexinit_parse((struct ssh_slice){ b.at, b.len }, &kexinit));
	for (size_t i = 0; i < SSH_KEXINIT_LISTS; i++)
		cr_expect(slice_is(kexinit.list[i], offer.list[i]), "list %zu", i);
	bytes_free(b);
}

Test(dissect_ssh, a_list_longer_than_the_message_is_refused)
{
	struct bytes b = ssh_kexinit_body(&openssh_offer);
	struct ssh_kexinit kexinit;

	put_u32(b, 16, 0xffffffff);
	cr_expect_not(ssh_kexinit_parse((struct ssh_slice){ b.at, b.len }, &kexinit));
	bytes_free(b);
}

static void feed_disconnect(struct bytes b)
{
	struct ssh_disconnect_body body;
	bool whole = ssh_disconnect_parse((struct ssh_slice){ b.at, b.len }, &body);

	cr_expect_eq(whole, b.len >= 4 + 4 + 8, "%zu", b.len);
	if (whole) {
		cr_expect_eq(body.code, 11);
		cr_expect(slice_is(body.description, "good bye"));
	}
}

Test(dissect_ssh, a_disconnect_needs_its_code_and_description)
{
	struct bytes b =
		bytes_join(bytes_join(hex("0000000b"), ssh_string("good bye")), ssh_string("en"));

	feed_every_cut(b, feed_disconnect);
	bytes_free(b);
}

/* ---- names ---- */

Test(dissect_ssh, messages_and_reason_codes_have_their_names)
{
	cr_expect_str_eq(ssh_message_name(20), "KEXINIT");
	cr_expect_str_eq(ssh_message_name(21), "NEWKEYS");
	cr_expect_str_eq(ssh_message_name(255), "");
	cr_expect_str_eq(ssh_disconnect_name(2), "PROTOCOL_ERROR");
	cr_expect_str_eq(ssh_disconnect_name(12), "TOO_MANY_CONNECTIONS");
	cr_expect_str_eq(ssh_disconnect_name(0), "");
	cr_expect_str_eq(ssh_disconnect_name(UINT32_MAX), "");
}
