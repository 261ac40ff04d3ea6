/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/conn_of.h"

#include <string.h>

TestSuite(classify_facts_ssh);

#define PUT(field, text)                                                                           \
	do {                                                                                       \
		(field).len = (uint16_t)strlen(text);                                              \
		memcpy((field).at, text, (field).len);                                             \
	} while (0)

static struct conn *conn_between(const char *client, const char *server)
{
	struct conn *conn = conn_with_reset();

	PUT(conn->ssh.half[CLIENT].identification, client);
	PUT(conn->ssh.half[SERVER].identification, server);
	PUT(conn->ssh.negotiated[SSH_COMPRESSION_C2S], "none");
	PUT(conn->ssh.negotiated[SSH_COMPRESSION_S2C], "none");
	conn->ssh.goodbye_len = 60;
	return conn;
}

Test(classify_facts_ssh, who_owes_a_goodbye_is_openssh)
{
	static const struct {
		const char *client;
		bool owes;
	} rows[] = {
		{ "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", true },
		{ "SSH-2.0-OpenSSH_for_Windows_8.1", true },
		{ "SSH-2.0-OpenSSH_10.0p2", true },
		{ "SSH-2.0-OpenSSH_6.0", true },
		{ "SSH-2.0-OpenSSH_5.1p1", false },
		{ "SSH-2.0-OpenSSH-keyscan", false },
		{ "SSH-2.0-OpenSSH_", false },
		{ "SSH-2.0-OpenSSH_99999999999999999999.9", false },
		{ "SSH-2.0-PuTTY_Release_0.78", false },
		{ "SSH-2.0-dropbear_2022.83", false },
		{ "", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(facts_from(conn_between(rows[i].client, "")).ssh.owes_goodbye,
			     rows[i].owes, "%s", rows[i].client);
}

Test(classify_facts_ssh, compression_hides_the_goodbye_and_maybe_the_login)
{
	struct conn *conn = conn_between("SSH-2.0-OpenSSH_9.2p1", "");
	struct facts f = facts_from(conn);

	cr_expect(f.ssh.sizes_known && f.ssh.owes_goodbye);
	PUT(conn->ssh.negotiated[SSH_COMPRESSION_C2S], "zlib@openssh.com");
	PUT(conn->ssh.negotiated[SSH_COMPRESSION_S2C], "zlib@openssh.com");
	f = facts_from(conn);
	cr_expect(f.ssh.sizes_known && !f.ssh.owes_goodbye, "it begins after the login");
	PUT(conn->ssh.negotiated[SSH_COMPRESSION_S2C], "zlib");
	cr_expect_not(facts_from(conn).ssh.sizes_known);
	conn = conn_between("SSH-2.0-OpenSSH_9.2p1", "");
	conn->ssh.goodbye_len = 0; /* a cipher that nobody knows */
	f = facts_from(conn);
	cr_expect_not(f.ssh.sizes_known || f.ssh.owes_goodbye);
}

Test(classify_facts_ssh, sshd_leaves_some_seconds_to_chance_since_9_8)
{
	cr_expect(facts_from(conn_between("", "SSH-2.0-OpenSSH_9.8")).ssh.jitters);
	cr_expect(facts_from(conn_between("", "SSH-2.0-OpenSSH_10.0p2")).ssh.jitters);
	cr_expect_not(facts_from(conn_between("", "SSH-2.0-OpenSSH_9.7p1")).ssh.jitters);
	cr_expect_not(facts_from(conn_between("", "SSH-2.0-dropbear_2024.86")).ssh.jitters);
}

Test(classify_facts_ssh, an_identification_has_253_letters_at_most)
{
	struct conn *conn = conn_between("", "");

	conn->ssh.half[CLIENT].identification.len = 253;
	cr_expect_not(facts_from(conn).ssh.too_long[CLIENT]);
	conn->ssh.half[CLIENT].identification.len = 254;
	cr_expect(facts_from(conn).ssh.too_long[CLIENT]);
}

Test(classify_facts_ssh, text_is_a_banner_or_in_place_of_something)
{
	struct conn *conn = conn_between("", "");
	struct ssh_half *half = &conn->ssh.half[SERVER];
	struct facts f;

	PUT(half->text, "220 mail.example ESMTP");
	half->text_mark = MARK(5);
	f = facts_from(conn);
	cr_expect(f.ssh.text_only[SERVER] && !f.ssh.text_in_packets[SERVER]);
	PUT(half->identification, "SSH-2.0-x");
	half->identification_mark = MARK(6);
	f = facts_from(conn);
	cr_expect_not(f.ssh.text_only[SERVER] || f.ssh.text_in_packets[SERVER]);
	half->identification_mark = MARK(4);
	cr_expect(facts_from(conn).ssh.text_in_packets[SERVER]);
}

Test(classify_facts_ssh, what_sizes_told_is_copied)
{
	struct conn *conn = conn_between("", "");
	struct facts f;

	conn->ssh.auth_counted = conn->ssh.auth_refused_last = conn->ssh.strict = true;
	conn->ssh.close_len = 36;
	conn->ssh.auth_failures = 3;
	conn->ssh.alive[CLIENT].unanswered = 2;
	conn->ssh.half[SERVER].encrypted_segments = 7;
	conn->ssh.half[SERVER].desync_mark = MARK(44);
	conn->ssh.half[CLIENT].extra_mark = MARK(8);
	conn->ssh.half[CLIENT].extra_number = 5;
	conn->ssh.host_key_mark = MARK(9);
	f = facts_from(conn);
	cr_expect(f.ssh.refusals_counted && f.ssh.refusals == 3 && f.ssh.unanswered == 2);
	cr_expect(f.ssh.refused_last && f.ssh.close_len == 36);
	cr_expect(f.ssh.strict && f.ssh.extra[CLIENT] && !f.ssh.extra[SERVER]);
	cr_expect(f.ssh.extra_number[CLIENT] == 5 && f.ssh.desync[SERVER] && !f.ssh.desync[CLIENT]);
	cr_expect(f.ssh.key_shown && f.ssh.key_mark.number == 9 && f.ssh.encrypted[SERVER] == 7);
}
