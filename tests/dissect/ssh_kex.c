/* SPDX-License-Identifier: BSD-3-Clause */
#include "dissect/ssh_kex.h"

#include <criterion/criterion.h>
#include <string.h>

#include "dissect/packet.h"

static struct ssh_slice slice(const char *text)
{
	return (struct ssh_slice){ (const uint8_t *)text, strlen(text) };
}

static const char *name_of(const char *method, uint8_t number)
{
	return ssh_kex_message_name(method, strlen(method), number);
}

Test(dissect_ssh_kex, the_same_number_has_the_name_that_the_method_gives_it)
{
	static const struct {
		const char *method, *name;
		uint8_t key_message;
	} rows[] = {
		{ "diffie-hellman-group1-sha1", "KEXDH_REPLY", 31 },
		{ "diffie-hellman-group18-sha512", "KEXDH_REPLY", 31 },
		{ "diffie-hellman-group-exchange-sha1", "KEX_DH_GEX_GROUP", 33 },
		{ "curve25519-sha256@libssh.org", "KEX_ECDH_REPLY", 31 },
		{ "mlkem768x25519-sha256", "KEX_ECDH_REPLY", 31 },
		{ "unheard-of", "KEX_ECDH_REPLY", 31 },
		{ "gss-group14-sha256-toWM5Slw5Ew8Mqkay+al2g==", "KEXGSS_CONTINUE", 33 },
		{ "rsa2048-sha256", "KEXRSA_SECRET", 30 },
		{ "ecmqv-sha2", "KEX_ECMQV_REPLY", 31 },
		{ "d", "KEX_ECDH_REPLY", 31 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_expect_str_eq(name_of(rows[i].method, 31), rows[i].name, "%s", rows[i].method);
		cr_expect_eq(ssh_kex_key_message(slice(rows[i].method)), rows[i].key_message, "%s",
			     rows[i].method);
	}
}

Test(dissect_ssh_kex, without_a_method_and_outside_of_it_numbers_have_no_name)
{
	cr_expect_str_eq(name_of("", 31), "");
	cr_expect_str_eq(name_of("curve25519-sha256", 32), "");
	cr_expect_str_eq(name_of("curve25519-sha256", 20), "");
	cr_expect_str_eq(name_of("diffie-hellman-group-exchange-sha256", 34), "KEX_DH_GEX_REQUEST");
}

Test(dissect_ssh_kex, numbers_30_to_49_belong_to_the_method)
{
	cr_expect_not(ssh_is_kex_number(29));
	cr_expect(ssh_is_kex_number(30));
	cr_expect(ssh_is_kex_number(49));
	cr_expect_not(ssh_is_kex_number(50));
}
