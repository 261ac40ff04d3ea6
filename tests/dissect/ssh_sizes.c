/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

#include "dissect/ssh.h"

static struct ssh_slice slice(const char *text)
{
	return (struct ssh_slice){ (const uint8_t *)text, strlen(text) };
}

/* Measured with OpenSSH 9.2: USERAUTH_SUCCESS, and the DISCONNECT of a client that quits. */
static const struct {
	const char *cipher, *mac;
	size_t success, goodbye;
} sizes[] = {
	{ "chacha20-poly1305@openssh.com", "", 28, 60 },
	{ "aes128-gcm@openssh.com", "", 36, 68 },
	{ "aes128-ctr", "hmac-sha2-256-etm@openssh.com", 52, 84 },
	{ "aes128-ctr", "umac-64-etm@openssh.com", 28, 60 },
	{ "aes128-ctr", "umac-128-etm@openssh.com", 36, 68 },
	{ "aes128-ctr", "hmac-sha2-256", 48, 80 },
	{ "aes128-ctr", "hmac-sha2-512", 80, 112 },
	{ "aes128-ctr", "umac-64@openssh.com", 24, 56 },
	{ "aes128-ctr", "hmac-sha1", 36, 68 },
};

Test(dissect_ssh_sizes, sizes_on_the_wire_are_those_that_were_measured)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct ssh_slice cipher = slice(sizes[i].cipher), mac = slice(sizes[i].mac);

		cr_expect_eq(ssh_wire_len(cipher, mac, SSH_USERAUTH_SUCCESS_LEN), sizes[i].success,
			     "%s %s", sizes[i].cipher, sizes[i].mac);
		cr_expect_eq(ssh_wire_len(cipher, mac, SSH_GOODBYE_LEN), sizes[i].goodbye, "%s %s",
			     sizes[i].cipher, sizes[i].mac);
	}
}

Test(dissect_ssh_sizes, an_aead_cipher_needs_no_mac_and_ignores_one)
{
	struct ssh_slice chacha = slice("chacha20-poly1305@openssh.com");

	cr_expect_eq(ssh_wire_len(chacha, slice("hmac-sha2-512"), 1), 28);
	cr_expect(ssh_cipher_is_aead(chacha));
	cr_expect(ssh_cipher_is_aead(slice("aes256-gcm@openssh.com")));
	cr_expect_not(ssh_cipher_is_aead(slice("aes256-ctr")));
	cr_expect_not(ssh_cipher_is_aead(slice("unheard-of")));
}

Test(dissect_ssh_sizes, sizes_of_unknown_algorithms_are_unknown)
{
	cr_expect_eq(ssh_wire_len(slice("unheard-of"), slice("hmac-sha1"), 1), 0);
	cr_expect_eq(ssh_wire_len(slice("aes128-ctr"), slice("unheard-of"), 1), 0);
	cr_expect_eq(ssh_wire_len(slice("aes128-ctr"), slice(""), 1), 0);
	cr_expect_eq(ssh_wire_len(slice(""), slice(""), 1), 0);
}

/* What tells a follower where a packet ends: the length field, where it can be read. */
static const struct {
	const char *cipher, *mac;
	bool readable;
	uint32_t length, wire;
} forms[] = {
	{ "aes256-gcm@openssh.com", "", true, 16, 36 },
	{ "aes256-gcm@openssh.com", "", true, 32, 52 },
	{ "aes256-gcm@openssh.com", "", true, 24, 0 }, /* no whole block */
	{ "aes128-ctr", "hmac-sha2-256-etm@openssh.com", true, 16, 52 },
	{ "3des-cbc", "hmac-md5-etm@openssh.com", true, 24, 44 },
	{ "none", "hmac-sha1", true, 12, 36 },
	{ "none", "none", true, 12, 16 },
	{ "none", "none", true, 16, 0 }, /* its four bytes belong to the blocks */
	{ "aes128-ctr", "hmac-sha2-256", false, 12, 48 },
	{ "chacha20-poly1305@openssh.com", "", false, 8, 28 },
	{ "aes256-gcm@openssh.com", "", true, 0, 0 },
	{ "none", "none", true, 4, 0 }, /* less than padding and a message number */
	{ "aes256-gcm@openssh.com", "", true, 262144, 262164 },
	{ "aes256-gcm@openssh.com", "", true, 262160, 0 },
	{ "aes256-gcm@openssh.com", "", true, 0xfffffff0, 0 },
};

Test(dissect_ssh_sizes, lengths_that_no_packet_has_are_told_from_good_ones)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct ssh_form form = ssh_form_of(slice(forms[i].cipher), slice(forms[i].mac));

		cr_expect_eq(form.readable, forms[i].readable, "row %zu", i);
		cr_expect_eq(ssh_form_packet_len(form, forms[i].length), forms[i].wire,
			     "row %zu: %zu", i, ssh_form_packet_len(form, forms[i].length));
	}
}

Test(dissect_ssh_sizes, of_an_unknown_form_nothing_can_be_read)
{
	struct ssh_form form = ssh_form_of(slice("unheard-of"), slice("hmac-sha1"));

	cr_expect_not(form.known);
	cr_expect_not(form.readable);
	cr_expect_eq(ssh_form_packet_len(form, 16), 0);
	cr_expect_eq(ssh_form_wire_len(form, 1), 0);
}
