/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

#include "classify/inside.h"
#include "dissect/ssh_redact.h"
#include "tests/ssh_bytes.h"
#include "tests/support.h"

#define TEXT_MAX 256

static struct pseudonyms names(void)
{
	uint8_t key[PSEUDONYM_KEY_LEN] = { 7 };
	struct pseudonyms p;

	pseudonyms_begin(&p, key);
	return p;
}

/* What of a text is left: each letter that was replaced is a '#'. */
static const char *left(void (*redact)(const struct pseudonyms *, void *, size_t), const char *text)
{
	static char out[TEXT_MAX];
	struct pseudonyms p = names();
	size_t len = strlen(text);

	cr_assert_lt(len, sizeof(out));
	memcpy(out, text, len + 1);
	redact(&p, out, len);
	cr_expect_eq(strlen(out), len, "%s has another length", text);
	for (size_t i = 0; i < len; i++)
		if (out[i] != text[i])
			out[i] = '#';
	return out;
}

#define EXPECT_LEFT(redact, text, wanted) cr_expect_str_eq(left(redact, text), wanted, "%s", text)

Test(dissect_ssh_redact, of_an_identification_the_software_stays_and_the_comment_goes)
{
	EXPECT_LEFT(ssh_redact_identification, "SSH-2.0-OpenSSH_9.2p1 QQ-2+QQ12Q3",
		    "SSH-2.0-OpenSSH_9.2p1 ###########");
	EXPECT_LEFT(ssh_redact_identification, "SSH-2.0-OpenSSH_for_Windows_9.5",
		    "SSH-2.0-OpenSSH_for_Windows_9.5");
	EXPECT_LEFT(ssh_redact_identification, "SSH-1.99-OpenSSH_7.1p2-hpn14v9",
		    "SSH-1.99-OpenSSH_7.1p2-hpn14v9");
	EXPECT_LEFT(ssh_redact_identification, "SSH-2.0-dropbear", "SSH-2.0-dropbear");
}

Test(dissect_ssh_redact, a_name_in_place_of_the_software_goes)
{
	EXPECT_LEFT(ssh_redact_identification, "SSH-2.0-BASTION7.CORP", "SSH-2.0-#############");
	EXPECT_LEFT(ssh_redact_identification, "SSH-2.0-OpenSSH_9.2p1-BASTION",
		    "SSH-2.0-OpenSSH_9.2p1-#######");
	EXPECT_LEFT(ssh_redact_identification, "SSH-HOST QQQ", "######## ###");
	EXPECT_LEFT(ssh_redact_identification, "NO SSH QQQ", "## ### ###");
}

static bool is_kept(const char *text)
{
	return strcmp(left(ssh_redact_text, text), text) == 0;
}

Test(dissect_ssh_redact, each_notice_that_a_verdict_rests_on_stays)
{
#define NOTICE(text, cause, detail, source) cr_expect(is_kept(text), "%s", text);
#include "classify/notices.def"
#undef NOTICE
}

Test(dissect_ssh_redact, of_other_texts_nothing_but_their_length_stays)
{
	EXPECT_LEFT(ssh_redact_text, "WELCOME TO CORP", "####### ## ####");
	EXPECT_LEFT(ssh_redact_text, "Not allowed at this time BOB",
		    "Not allowed at this time ###");
}

Test(dissect_ssh_redact, names_of_other_domains_than_the_known_go)
{
	EXPECT_LEFT(ssh_redact_names, "aes128-ctr,aes256-gcm@openssh.com,AES@CORP.EXAMPLE,none",
		    "aes128-ctr,aes256-gcm@openssh.com,################,none");
	EXPECT_LEFT(ssh_redact_names, "AES@CORP", "########");
	EXPECT_LEFT(ssh_redact_names, "aes@openss", "aes@openss");
	EXPECT_LEFT(ssh_redact_names, "AES@openss,none", "##########,none");
	EXPECT_LEFT(ssh_redact_names, "<implicit>", "<implicit>");
}

/* ---- segments ---- */

static const char line[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";

Test(dissect_ssh_redact, a_segment_is_shown_up_to_what_is_not_known)
{
	static const char secret[] = "\x00\x00\x01\x0c\x05\x1f host key of the server";
	struct bytes b = bytes_join(bytes_copy(line, sizeof(line) - 1),
				    bytes_copy(secret, sizeof(secret) - 1));
	struct pseudonyms p = names();

	cr_expect_eq(ssh_redact_payload(&p, b.at, b.len), sizeof(line) - 1);
	cr_expect_arr_eq(b.at, line, 22);
	cr_expect_arr_neq(b.at + 22, line + 22, 8);
	cr_expect_arr_eq(b.at + sizeof(line) - 3, "\r\n", 2);
	bytes_free(b);
}

Test(dissect_ssh_redact, algorithms_stay_and_what_is_random_does_not)
{
	struct bytes b =
		hex("0000003c 04 14 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "00000004 6e6f6e65 00000000 00000000 00000000 00000000 00000000"
		    "00000000 00000000 00000000 00000000 01 00000000"); /* padding is cut */
	struct pseudonyms p = names();
	static const uint8_t zeros[16];

	put_u32(b, 0, 68);
	cr_expect_eq(ssh_redact_payload(&p, b.at, b.len), b.len);
	cr_expect_arr_eq(b.at + 6, zeros, 16);
	cr_expect_arr_eq(b.at + 22, "\x00\x00\x00\x04none", 8);
	cr_expect_eq(b.at[b.len - 5], 1, "whether a guess follows");
	bytes_free(b);
}

Test(dissect_ssh_redact, a_name_whose_domain_is_in_the_next_segment_goes)
{
	struct offer offer = openssh_offer;
	struct bytes b;
	const size_t cut = 6 + 16 + 4 + strlen("none,secret");
	struct pseudonyms p = names();

	offer.list[0] = "none,secret-kex";
	b = ssh_kexinit(&offer);
	cr_assert_arr_eq(b.at + cut - 6, "secret", 6);
	cr_expect_eq(ssh_redact_payload(&p, b.at, cut), cut);
	cr_expect_arr_eq(b.at + cut - 11, "none,", 5);
	cr_expect_arr_neq(b.at + cut - 6, "secret", 6);
	bytes_free(b);
}

Test(dissect_ssh_redact, nothing_is_shown_behind_newkeys)
{
	struct bytes newkeys = ssh_packet(21, bytes_copy("", 0));
	size_t shown = newkeys.len;
	struct bytes b = bytes_join(newkeys, ssh_disconnect(11, "not SSH's any more"));
	struct pseudonyms p = names();

	cr_expect_eq(ssh_redact_payload(&p, b.at, b.len), shown);
	bytes_free(b);
}

Test(dissect_ssh_redact, the_words_of_a_disconnect_go)
{
	struct bytes b =
		hex("0000001c 06 01 0000000b 00000008 424f422d484f5354 00000000 aabbccddeeff");
	struct pseudonyms p = names();

	cr_expect_eq(ssh_redact_payload(&p, b.at, b.len), b.len);
	cr_expect_eq(b.at[9], 11, "the code stays");
	cr_expect_arr_neq(b.at + 14, "BOB-HOST", 8);
	bytes_free(b);
}

static void feed(struct bytes b)
{
	struct pseudonyms p = names();

	cr_expect_leq(ssh_redact_payload(&p, b.at, b.len), b.len);
}

Test(dissect_ssh_redact, no_cut_and_no_wrong_length_leads_outside)
{
	struct bytes b =
		hex("0000001c 06 01 0000000b 00000008 424f422d484f5354 00000000 aabbccddeeff");
	struct bytes k = hex("00000044 04 14 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			     "00000004 6e6f6e65 00000000 00000000 00000000 00000000 00000000"
			     "00000000 00000000 00000000 00000000 01 00000000 00000000 00000000");

	feed_every_cut(b, feed);
	feed_every_change(b, b.len, feed);
	feed_every_cut(k, feed);
	feed_every_change(k, k.len, feed);
	bytes_free(b);
	bytes_free(k);
}
