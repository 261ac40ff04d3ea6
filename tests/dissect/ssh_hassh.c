/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissect/ssh_hassh.h"

#include <criterion/criterion.h>
#include <string.h>

#include "tests/ssh_bytes.h"

#define CLIENT_KEX                                                                                 \
	"curve25519-sha256@libssh.org,diffie-hellman-group-exchange-sha256,"                       \
	"ecdh-sha2-nistp521,ecdh-sha2-nistp384,ecdh-sha2-nistp256,"                                \
	"diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1,"                           \
	"diffie-hellman-group14-sha1,diffie-hellman-group14-sha256,"                               \
	"diffie-hellman-group15-sha512,diffie-hellman-group16-sha512,"                             \
	"diffie-hellman-group17-sha512,diffie-hellman-group18-sha512,"                             \
	"diffie-hellman-group14-sha256@ssh.com,diffie-hellman-group15-sha256,"                     \
	"diffie-hellman-group15-sha256@ssh.com,"                                                   \
	"diffie-hellman-group15-sha384@ssh.com,diffie-hellman-group16-sha256,"                     \
	"diffie-hellman-group16-sha384@ssh.com,"                                                   \
	"diffie-hellman-group16-sha512@ssh.com,"                                                   \
	"diffie-hellman-group18-sha512@ssh.com"
#define CLIENT_CIPHERS                                                                             \
	"aes128-cbc,aes128-ctr,aes192-cbc,aes192-ctr,aes256-cbc,aes256-ctr,"                       \
	"blowfish-cbc,blowfish-ctr,cast128-cbc,cast128-ctr,idea-cbc,idea-ctr,"                     \
	"serpent128-cbc,serpent128-ctr,serpent192-cbc,serpent192-ctr,"                             \
	"serpent256-cbc,serpent256-ctr,3des-cbc,3des-ctr,twofish128-cbc,"                          \
	"twofish128-ctr,twofish192-cbc,twofish192-ctr,twofish256-cbc,"                             \
	"twofish256-ctr,twofish-cbc,arcfour,arcfour128,arcfour256"
#define CLIENT_MACS "hmac-sha1,hmac-sha1-96,hmac-md5,hmac-md5-96,hmac-sha2-256,hmac-sha2-512"
#define CLIENT_COMPRESSION "zlib@openssh.com,zlib,none"
#define SERVER_KEX                                                                                 \
	"diffie-hellman-group-exchange-sha256,"                                                    \
	"diffie-hellman-group-exchange-sha1,diffie-hellman-group14-sha1,"                          \
	"diffie-hellman-group1-sha1"
#define SERVER_CIPHERS                                                                             \
	"aes128-ctr,aes192-ctr,aes256-ctr,arcfour256,arcfour128,aes128-cbc,"                       \
	"3des-cbc,blowfish-cbc,cast128-cbc,aes192-cbc,aes256-cbc,arcfour,"                         \
	"rijndael-cbc@lysator.liu.se"
#define SERVER_MACS                                                                                \
	"hmac-md5,hmac-sha1,umac-64@openssh.com,hmac-ripemd160,"                                   \
	"hmac-ripemd160@openssh.com,hmac-sha1-96,hmac-md5-96"
#define SERVER_COMPRESSION "none,zlib@openssh.com"

/* From the README of hassh: CyberDuck 6.7.1 with its hash, the lists of OpenSSH 5.3 as a server. */
static const struct {
	bool from_server;
	const char *hassh;
	struct offer offer;
} published[] = {
	{ false,
	  "8a8ae540028bf433cd68356c1b9e8d5b",
	  { { CLIENT_KEX, "ssh-rsa", CLIENT_CIPHERS, SERVER_CIPHERS, CLIENT_MACS, SERVER_MACS,
	      CLIENT_COMPRESSION, SERVER_COMPRESSION, "", "" } } },
	{ true,
	  "b1c6c0d56317555b85c7005a3de29325",
	  { { SERVER_KEX, "ssh-rsa", CLIENT_CIPHERS, SERVER_CIPHERS, CLIENT_MACS, SERVER_MACS,
	      CLIENT_COMPRESSION, SERVER_COMPRESSION, "", "" } } },
};

/* In pieces of this length. */
static bool hassh_of(struct bytes body, size_t piece, bool from_server,
		     uint8_t digest[SSH_HASSH_LEN])
{
	struct ssh_hassh hassh;

	ssh_hassh_begin(&hassh, from_server);
	for (size_t at = 0; at < body.len; at += piece) {
		struct bytes part =
			bytes_copy(body.at + at, body.len - at < piece ? body.len - at : piece);

		ssh_hassh_add(&hassh, part.at, part.len);
		bytes_free(part);
	}
	return ssh_hassh_end(&hassh, digest);
}

Test(dissect_ssh_hassh, published_fingerprints_come_out_however_the_bytes_are_cut)
{
	for (size_t i = 0; i < 2; i++) {
		struct bytes body = ssh_kexinit_body(&published[i].offer);
		struct bytes wanted = hex(published[i].hassh);

		for (size_t piece = 1; piece < 40; piece++) {
			uint8_t digest[SSH_HASSH_LEN];

			cr_expect(hassh_of(body, piece, published[i].from_server, digest));
			cr_expect_eq(memcmp(digest, wanted.at, sizeof(digest)), 0,
				     "%s in pieces of %zu", published[i].hassh, piece);
		}
		bytes_free(body);
		bytes_free(wanted);
	}
}

/* MD5 of ";;;": the separators stay. */
Test(dissect_ssh_hassh, empty_lists_are_hashed_as_nothing)
{
	static const struct offer none = { { "", "", "", "", "", "", "", "", "", "" } };
	struct bytes body = ssh_kexinit_body(&none);
	struct bytes wanted = hex("95420f9d932ddd22833f17b96a80bedb");
	uint8_t digest[SSH_HASSH_LEN];

	cr_expect(hassh_of(body, body.len, false, digest));
	cr_expect_eq(memcmp(digest, wanted.at, sizeof(digest)), 0);
	bytes_free(body);
	bytes_free(wanted);
}

static size_t lists_len;

static void feed_body(struct bytes b)
{
	uint8_t digest[SSH_HASSH_LEN];

	cr_expect_eq(hassh_of(b, b.len + 1, false, digest), b.len >= lists_len, "%zu", b.len);
}

Test(dissect_ssh_hassh, a_kexinit_that_ends_before_its_lists_has_no_fingerprint)
{
	struct bytes b = ssh_kexinit_body(&openssh_offer);

	lists_len = b.len - 5; /* first_kex_packet_follows and what is reserved */
	feed_every_cut(b, feed_body);
	bytes_free(b);
}

/* The last four bytes of a length: a list that claims 4 GiB swallows all and is never complete. */
Test(dissect_ssh_hassh, a_list_of_4_gib_is_never_complete)
{
	struct bytes b = ssh_kexinit_body(&openssh_offer);
	uint8_t digest[SSH_HASSH_LEN];

	put_u32(b, 16, 0xffffffff);
	cr_expect_not(hassh_of(b, 7, true, digest));
	bytes_free(b);
}
