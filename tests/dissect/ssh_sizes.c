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
