/* SPDX-License-Identifier: BSD-3-Clause */
/* What ssh_text.c makes of binary packets in the clear. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

#define EXPECT_BYTES(field, text)                                                                  \
	cr_expect((field).len == strlen(text) && memcmp((field).at, text, strlen(text)) == 0,      \
		  "%.*s and not %s", (int)(field).len, (field).at, text)

/* An ed25519 key of ssh-keygen as the string K_S, and the fingerprint that its -l shows. */
#define HOST_KEY                                                                                   \
	"00000033 0000000b7373682d65643235353139000000208922847d"                                  \
	"eae25f441c4a391b5ea040cd2e2a18f666cc008c25cdda2e4b65e922"
#define FINGERPRINT "4a6d348198f003b8780e1dc33e26584eefb279459a2fc45322dc3bea406d6fcb"

Test(track_ssh_messages, both_kexinits_give_the_algorithms)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.negotiated[SSH_KEX], "sntrup761x25519-sha512@openssh.com");
	EXPECT_BYTES(conn->ssh.negotiated[SSH_HOST_KEY], "ssh-ed25519");
	EXPECT_BYTES(conn->ssh.negotiated[SSH_CIPHER_S2C], "chacha20-poly1305@openssh.com");
	EXPECT_BYTES(conn->ssh.negotiated[SSH_MAC_C2S], "<implicit>");
	EXPECT_BYTES(conn->ssh.negotiated[SSH_COMPRESSION_C2S], "none");
	cr_expect_not(conn->ssh.mismatch);
	cr_expect_eq(events_of(conn, EVENT_KEXINIT), 2);
	wire_free(wire);
}

Test(track_ssh_messages, a_message_may_come_in_segments_that_are_acknowledged_one_by_one)
{
	for (size_t cut = 1; cut < 200; cut += 7) {
		WITH_TALK;
		struct bytes b = ssh_kexinit(&openssh_offer);

		talk_open(&talk);
		talk_identify(&talk);
		talk_kexinit(&talk, SERVER, &openssh_offer);
		for (size_t at = 0; at < b.len; at += cut) {
			talk_say(&talk, CLIENT, TCP_ACK,
				 bytes_copy(b.at + at, b.len - at < cut ? b.len - at : cut));
			talk_ack(&talk, SERVER);
		}
		conn = wire_conn(wire);
		EXPECT_BYTES(conn->ssh.negotiated[SSH_HOST_KEY], "ssh-ed25519");
		cr_expect_not(conn->ssh.half[CLIENT].gap, "%zu bytes each", cut);
		bytes_free(b);
		wire_free(wire);
	}
}

Test(track_ssh_messages, an_aead_cipher_asks_for_no_common_mac)
{
	WITH_TALK;
	struct offer theirs = openssh_offer;

	theirs.list[SSH_MAC_C2S] = theirs.list[SSH_MAC_S2C] = "hmac-md5";
	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	talk_kexinit(&talk, SERVER, &theirs);
	conn = wire_conn(wire);
	cr_expect_not(conn->ssh.mismatch);
	wire_free(wire);
}

static void expect_mismatch(enum ssh_algorithm in, const char *only)
{
	WITH_TALK;
	struct offer theirs = openssh_offer;

	theirs.list[SSH_CIPHER_C2S] = theirs.list[SSH_CIPHER_S2C] = "aes128-ctr";
	theirs.list[in] = only;
	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	talk_kexinit(&talk, SERVER, &theirs);
	conn = wire_conn(wire);
	cr_expect(conn->ssh.mismatch, "list %d", in);
	cr_expect_eq(conn->ssh.mismatch_in, in);
	EXPECT_BYTES(conn->ssh.mismatch_offer[CLIENT], openssh_offer.list[in]);
	EXPECT_BYTES(conn->ssh.mismatch_offer[SERVER], only);
	cr_expect_eq(event_of(conn, EVENT_MISMATCH)->arg, in);
	cr_expect_eq(event_of(conn, EVENT_MISMATCH)->frame, wire->frame - 1);
	wire_free(wire);
}

Test(track_ssh_messages, a_list_without_a_common_name_is_a_mismatch)
{
	expect_mismatch(SSH_KEX, "diffie-hellman-group1-sha1");
	expect_mismatch(SSH_HOST_KEY, "ssh-dss");
	expect_mismatch(SSH_CIPHER_C2S, "3des-cbc");
	expect_mismatch(SSH_CIPHER_S2C, "3des-cbc");
	expect_mismatch(SSH_MAC_C2S, "hmac-md5");
	expect_mismatch(SSH_MAC_S2C, "hmac-md5");
	expect_mismatch(SSH_COMPRESSION_S2C, "");
}

Test(track_ssh_messages, a_disconnect_in_the_clear_is_read)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	talk_say(&talk, SERVER, TCP_ACK, ssh_disconnect(12, "Too many"));
	conn = wire_conn(wire);
	cr_expect(conn->ssh.disconnect.seen);
	cr_expect_eq(conn->ssh.disconnect.from, SERVER);
	cr_expect_eq(conn->ssh.disconnect.code, 12);
	cr_expect_eq(conn->ssh.disconnect.mark.number, wire->frame);
	EXPECT_BYTES(conn->ssh.disconnect.description, "Too many");
	wire_free(wire);
}

Test(track_ssh_messages, a_packet_that_breaks_the_rules_is_malformed)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_say(&talk, CLIENT, TCP_ACK, hex("ffffffff ff ff ff ff"));
	talk_data(&talk, CLIENT, 100);
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[CLIENT].malformed);
	cr_expect_eq(conn->ssh.half[CLIENT].malformed_mark.number, wire->frame - 2);
	cr_expect_eq(events_of(conn, EVENT_MALFORMED), 1);
	cr_expect_not(conn->ssh.half[SERVER].malformed);
	wire_free(wire);
}

Test(track_ssh_messages, a_proposal_with_a_list_beyond_its_end_is_malformed)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_say(&talk, CLIENT, TCP_ACK,
		 ssh_packet(20, hex("00000000000000000000000000000000 7fffffff 41414141")));
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[CLIENT].malformed);
	cr_expect_eq(conn->ssh.half[CLIENT].malformed_mark.number, wire->frame);
	cr_expect_eq(events_of(conn, EVENT_MALFORMED), 1);
	wire_free(wire);
}

static void begin(struct talk *talk, const struct offer *client, const struct offer *server)
{
	talk_open(talk);
	talk_identify(talk);
	talk_kexinit(talk, CLIENT, client);
	talk_kexinit(talk, SERVER, server);
}

static struct bytes reply(uint8_t number)
{
	return ssh_packet(number, bytes_join(hex(HOST_KEY), cipher_text(120)));
}

/* ---- the host key ---- */

static void expect_key(const char *method, uint8_t number, bool is_known)
{
	WITH_TALK;
	struct offer offer = openssh_offer;
	struct bytes wanted = hex(FINGERPRINT);

	offer.list[SSH_KEX] = method;
	begin(&talk, &offer, &offer);
	talk_say(&talk, CLIENT, TCP_ACK, reply(number)); /* a client has no host key */
	talk_say(&talk, SERVER, TCP_ACK, reply(number));
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.host_key_type, is_known ? "ssh-ed25519" : "");
	cr_expect_eq(memcmp(conn->ssh.host_key, wanted.at, SSH_SHA256_LEN) == 0, is_known,
		     "%s, message %d", method, number);
	cr_expect_eq(conn->ssh.host_key_mark.number, is_known ? wire->frame : 0);
	bytes_free(wanted);
	wire_free(wire);
}

Test(track_ssh_messages, the_host_key_stands_in_the_message_that_the_method_says)
{
	static const struct {
		const char *method;
		uint8_t number;
	} rows[] = {
		{ "diffie-hellman-group14-sha256", 31 },
		{ "curve25519-sha256", 31 },
		{ "ecdh-sha2-nistp521", 31 },
		{ "sntrup761x25519-sha512@openssh.com", 31 },
		{ "mlkem768x25519-sha256", 31 },
		{ "diffie-hellman-group-exchange-sha256", 33 },
		{ "rsa2048-sha256", 30 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (uint8_t number = 30; number <= 34; number++)
			expect_key(rows[i].method, number, number == rows[i].number);
	}
}

Test(track_ssh_messages, without_the_clients_kexinit_the_host_key_is_still_found)
{
	for (uint8_t number = 30; number <= 34; number++) {
		WITH_TALK;

		talk_open(&talk);
		talk_identify(&talk);
		talk_kexinit(&talk, SERVER, &openssh_offer);
		talk_say(&talk, SERVER, TCP_ACK, reply(number));
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.host_key_type.len != 0, number == 31 || number == 33);
		wire_free(wire);
	}
}

/* KEX_DH_GEX_GROUP has the same number as another method's reply: a prime is no key. */
Test(track_ssh_messages, a_prime_is_no_host_key)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_say(&talk, SERVER, TCP_ACK,
		 ssh_packet(31, bytes_join(hex("00000101 00ffffffff"), cipher_text(400))));
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.host_key_type.len, 0);
	wire_free(wire);
}
