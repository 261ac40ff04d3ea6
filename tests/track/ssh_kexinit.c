/* SPDX-License-Identifier: BSD-3-Clause */
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

/* An ed25519 key of ssh-keygen as the string K_S. */
#define HOST_KEY                                                                                   \
	"00000033 0000000b7373682d65643235353139000000208922847d"                                  \
	"eae25f441c4a391b5ea040cd2e2a18f666cc008c25cdda2e4b65e922"

#define MARKERS_CLIENT ",ext-info-c,kex-strict-c-v00@openssh.com"
#define MARKERS_SERVER ",ext-info-s,kex-strict-s-v00@openssh.com"

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

/* KEXINIT with first_kex_packet_follows. */
static struct bytes guessing(const struct offer *offer)
{
	struct bytes body = ssh_kexinit_body(offer);

	put_u8(body, body.len - 5, 1);
	return ssh_packet(20, body);
}

/* ---- fingerprints of offers ---- */

/* Each by the lists of the direction in which it sends. */
Test(track_ssh_kexinit, each_side_has_the_fingerprint_of_what_it_offers)
{
	static const char *const md5[] = { "9451f33c68fa3913117cf01fe31bf5c6",
					   "4b50ca907e2249c88dea26019a337ee3" };
	WITH_TALK;
	struct offer offer = openssh_offer;

	offer.list[SSH_CIPHER_S2C] = "aes128-ctr";
	begin(&talk, &offer, &offer);
	conn = wire_conn(wire);
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct bytes wanted = hex(md5[side]);

		cr_expect(conn->ssh.half[side].has_hassh);
		cr_expect_eq(memcmp(conn->ssh.half[side].hassh, wanted.at, SSH_MD5_LEN), 0);
		bytes_free(wanted);
	}
	wire_free(wire);
}

Test(track_ssh_kexinit, who_offered_nothing_has_no_fingerprint)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	talk_say(&talk, SERVER, TCP_ACK, ssh_packet(20, cipher_text(64)));
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[CLIENT].has_hassh);
	cr_expect_not(conn->ssh.half[SERVER].has_hassh);
	wire_free(wire);
}

/* RFC 4253 section 6.1: 35000 bytes. The room for clear text is smaller. */
Test(track_ssh_kexinit, a_kexinit_of_35000_bytes_is_fingerprinted_as_it_passes)
{
	static char names[34001];
	WITH_TALK;
	struct offer theirs = openssh_offer;
	struct ssh_hassh hassh;
	uint8_t wanted[SSH_HASSH_LEN];
	struct bytes body, packet;

	for (size_t i = 0; i < 34000; i++)
		names[i] = i % 20 == 19 ? ',' : (char)('a' + i % 7);
	theirs.list[SSH_HOST_KEY] = names;
	body = ssh_kexinit_body(&theirs);
	ssh_hassh_begin(&hassh, true);
	ssh_hassh_add(&hassh, body.at, body.len);
	cr_assert(ssh_hassh_end(&hassh, wanted));
	packet = bytes_join(ssh_packet(20, body), ssh_packet(21, none()));
	talk_open(&talk);
	talk_identify(&talk);
	for (size_t at = 0; at < packet.len; at += 1448)
		talk_say(&talk, SERVER, TCP_ACK,
			 bytes_copy(packet.at + at,
				    packet.len - at < 1448 ? packet.len - at : 1448));
	bytes_free(packet);
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[SERVER].has_hassh);
	cr_expect_eq(memcmp(conn->ssh.half[SERVER].hassh, wanted, sizeof(wanted)), 0);
	cr_expect_eq(events_of(conn, EVENT_KEXINIT), 1);
	cr_expect_eq(conn->ssh.half[SERVER].newkeys_mark.number, wire->frame, "reading goes on");
	cr_expect_not(conn->ssh.half[SERVER].gap);
	cr_expect_not(conn->ssh.half[SERVER].malformed);
	wire_free(wire);
}

/* ---- who is the server ---- */

/* RFC 8071: a device opens the connection and is the server on it all the same. */
Test(track_ssh_kexinit, who_sends_the_host_key_is_the_server)
{
	WITH_TALK;
	struct offer device = openssh_offer, manager = openssh_offer;

	/* The manager's choice counts: a method whose messages have other numbers. */
	device.list[SSH_KEX] = "diffie-hellman-group-exchange-sha256,curve25519-sha256";
	manager.list[SSH_KEX] = "curve25519-sha256,diffie-hellman-group-exchange-sha256";
	device.list[SSH_CIPHER_C2S] = "chacha20-poly1305@openssh.com";
	begin(&talk, &device, &manager);
	talk_say(&talk, SERVER, TCP_ACK, ssh_packet(30, cipher_text(1194)));
	talk_say(&talk, CLIENT, TCP_ACK, bytes_join(reply(31), ssh_packet(21, none())));
	talk_say(&talk, SERVER, TCP_ACK, ssh_packet(21, none()));
	talk_say(&talk, SERVER, TCP_ACK, cipher_text(SERVICE_LEN));
	talk_say(&talk, SERVER, TCP_ACK, cipher_text(SUCCESS_LEN));
	conn = wire_conn(wire);
	cr_expect(conn->ssh.reversed);
	EXPECT_BYTES(conn->ssh.host_key_type, "ssh-ed25519");
	cr_expect_eq(conn->ssh.negotiated[SSH_KEX].len, 0, "whose choice it is counts");
	EXPECT_BYTES(conn->ssh.negotiated[SSH_HOST_KEY], "ssh-ed25519");
	cr_expect_not(conn->ssh.half[CLIENT].has_hassh, "it offers other ciphers to send");
	cr_expect(conn->ssh.half[SERVER].has_hassh);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_AUTH, "sizes say nothing now");
	cr_expect_eq(events_of(conn, EVENT_REVERSED), 1);
	wire_free(wire);
}

Test(track_ssh_kexinit, what_a_client_sends_with_such_a_number_makes_no_server_of_it)
{
	WITH_TALK;

	begin(&talk, &openssh_offer, &openssh_offer);
	talk_say(&talk, CLIENT, TCP_ACK, ssh_packet(31, cipher_text(200))); /* RFC 4432: SECRET */
	conn = wire_conn(wire);
	cr_expect_not(conn->ssh.reversed);
	cr_expect(conn->ssh.half[CLIENT].has_hassh);
	wire_free(wire);
}

/* ---- guesses: RFC 4253 section 7 ---- */

static const struct conn *guess_of(struct wire *wire, const char *client_list, bool client_seen)
{
	struct talk talk = talk_new(wire);
	struct offer offer = openssh_offer;

	offer.list[SSH_KEX] = "rsa2048-sha256,curve25519-sha256";
	talk_open(&talk);
	talk_identify(&talk);
	talk_say(&talk, SERVER, TCP_ACK, guessing(&offer));
	offer.list[SSH_KEX] = client_list;
	if (client_seen)
		talk_kexinit(&talk, CLIENT, &offer);
	talk_say(&talk, SERVER, TCP_ACK,
		 ssh_packet(30, bytes_join(ssh_string("a wrong key"), ssh_string("x"))));
	talk_say(&talk, SERVER, TCP_ACK, reply(30));
	return wire_conn(wire);
}

/* Both packets have the number that would bring the key: the first one is not for reading. */
Test(track_ssh_kexinit, the_packet_of_a_wrong_guess_is_ignored)
{
	WITH_TALK;
	struct offer ours = openssh_offer, theirs = openssh_offer;

	ours.list[SSH_KEX] = "curve25519-sha256,diffie-hellman-group14-sha256";
	theirs.list[SSH_KEX] = "diffie-hellman-group14-sha256,curve25519-sha256";
	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &ours);
	talk_say(&talk, SERVER, TCP_ACK, guessing(&theirs));
	talk_say(&talk, SERVER, TCP_ACK, /* a key that is not this server's */
		 ssh_packet(31, bytes_join(hex("0000000f 00000003 646564 00000004 61626364"),
					   ssh_string("x"))));
	talk_say(&talk, SERVER, TCP_ACK, reply(31));
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.half[SERVER].guess, SSH_GUESS_WRONG);
	cr_expect_eq(conn->ssh.half[CLIENT].guess, SSH_GUESS_NONE);
	EXPECT_BYTES(conn->ssh.negotiated[SSH_KEX], "curve25519-sha256");
	EXPECT_BYTES(conn->ssh.host_key_type, "ssh-ed25519");
	wire_free(wire);
}

Test(track_ssh_kexinit, a_guess_is_right_when_both_prefer_the_same)
{
	static const struct {
		const char *client;
		bool seen;
		enum ssh_guess guess;
	} rows[] = {
		{ "rsa2048-sha256,curve25519-sha256", true, SSH_GUESS_RIGHT },
		{ "curve25519-sha256,rsa2048-sha256", true, SSH_GUESS_WRONG },
		{ "rsa2048-sha256", false, SSH_GUESS_UNKNOWN },
	};

	for (size_t i = 0; i < 3; i++) {
		struct wire *wire = wire_new();
		const struct conn *conn = guess_of(wire, rows[i].client, rows[i].seen);

		cr_expect_eq(conn->ssh.half[SERVER].guess, rows[i].guess, "row %zu", i);
		wire_free(wire);
	}
}

/* ---- strict key exchange ---- */

Test(track_ssh_kexinit, key_exchange_is_strict_when_both_ask_for_it)
{
	static const struct {
		const char *client, *server;
		bool strict;
	} rows[] = {
		{ "curve25519-sha256" MARKERS_CLIENT, "curve25519-sha256" MARKERS_SERVER, true },
		{ "curve25519-sha256" MARKERS_CLIENT, "curve25519-sha256", false },
		{ "curve25519-sha256", "curve25519-sha256" MARKERS_SERVER, false },
		{ "curve25519-sha256" MARKERS_SERVER, "curve25519-sha256" MARKERS_CLIENT, false },
	};

	for (size_t i = 0; i < 4; i++) {
		WITH_TALK;
		struct offer ours = openssh_offer, theirs = openssh_offer;

		ours.list[SSH_KEX] = rows[i].client;
		theirs.list[SSH_KEX] = rows[i].server;
		begin(&talk, &ours, &theirs);
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.strict, rows[i].strict, "row %zu", i);
		EXPECT_BYTES(conn->ssh.negotiated[SSH_KEX], "curve25519-sha256");
		wire_free(wire);
	}
}

Test(track_ssh_kexinit, messages_that_strict_key_exchange_forbids_are_noted)
{
	static const struct {
		uint8_t number;
		bool is_extra;
	} rows[] = { { 1, false },  { 2, true },   { 3, true },   { 4, true },  { 7, true },
		     { 20, false }, { 30, false }, { 49, false }, { 50, true }, { 192, true } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		WITH_TALK;

		begin(&talk, &openssh_offer, &openssh_offer);
		talk_say(&talk, CLIENT, TCP_ACK, ssh_packet(rows[i].number, cipher_text(40)));
		talk_say(&talk, CLIENT, TCP_ACK, ssh_packet(4, cipher_text(40)));
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.half[CLIENT].extra_mark.number,
			     wire->frame - rows[i].is_extra, "message %d", rows[i].number);
		cr_expect_eq(conn->ssh.half[CLIENT].extra_number,
			     rows[i].is_extra ? rows[i].number : 4);
		cr_expect_eq(conn->ssh.half[SERVER].extra_mark.number, 0);
		wire_free(wire);
	}
}

/* ---- MACs ---- */

Test(track_ssh_kexinit, a_cipher_that_authenticates_has_an_implicit_mac)
{
	WITH_TALK;
	struct offer offer = openssh_offer;

	offer.list[SSH_CIPHER_S2C] = "aes128-ctr";
	begin(&talk, &offer, &offer);
	conn = wire_conn(wire);
	EXPECT_BYTES(conn->ssh.negotiated[SSH_MAC_C2S], "<implicit>");
	EXPECT_BYTES(conn->ssh.negotiated[SSH_MAC_S2C], "umac-64-etm@openssh.com");
	wire_free(wire);
}
