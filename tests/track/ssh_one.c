/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "dissect/ssh_one.h"
#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

#define EXPECT_BYTES(field, text)                                                                  \
	cr_expect((field).len == strlen(text) && memcmp((field).at, text, strlen(text)) == 0,      \
		  "%.*s and not %s", (int)(field).len, (field).at, text)

#define SOFTWARE "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"

static void say(struct talk *talk, enum side side, const char *text)
{
	talk_say(talk, side, TCP_PSH | TCP_ACK, text_bytes(text));
	talk_ack(talk, !side);
}

Test(track_ssh_one, packets_of_ssh_1_are_not_malformed)
{
	static const char *const identifications[][2] = {
		{ "SSH-1.5-old\n", "SSH-1.99-Cisco-1.25\n" },
		{ "SSH-1.5-old\n", "SSH-2.0-new\r\n" },
		{ NULL, "SSH-1.99-Cisco-1.25\n" }, /* the client's was not captured */
	};

	for (size_t i = 0; i < 3; i++) {
		WITH_TALK;

		talk_open(&talk);
		if (identifications[i][CLIENT] != NULL)
			say(&talk, CLIENT, identifications[i][CLIENT]);
		say(&talk, SERVER, identifications[i][SERVER]);
		/* SSH_SMSG_PUBLIC_KEY: length, padding, type 2 */
		talk_say(&talk, SERVER, TCP_ACK,
			 bytes_join(hex("0000010b 0000000000 02"), cipher_text(266)));
		conn = wire_conn(wire);
		cr_expect_not(conn->ssh.half[SERVER].malformed, "row %zu", i);
		wire_free(wire);
	}
}

Test(track_ssh_one, the_server_of_ssh_2_tells_a_client_of_ssh_1_so)
{
	WITH_TALK;

	talk_open(&talk);
	say(&talk, CLIENT, "SSH-1.5-old\n");
	say(&talk, SERVER, IDENTIFICATION);
	say(&talk, SERVER, "Protocol major versions differ.\n");
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.half[CLIENT].versions, SSH_VERSION_1);
	EXPECT_BYTES(conn->ssh.half[SERVER].text, "Protocol major versions differ.");
	wire_free(wire);
}

static struct bytes packet_of(uint8_t type, size_t data_len)
{
	struct bytes head = hex("00000000 0000000000000000");
	size_t length = 1 + data_len + 4, padding = 8 - length % 8;
	struct bytes start = bytes_copy(head.at, 4 + padding);

	bytes_free(head);
	put_u32(start, 0, (uint32_t)length);
	return bytes_join(bytes_join(start, bytes_copy(&type, 1)), cipher_text(data_len + 4));
}

Test(track_ssh_one, its_key_exchange_leads_to_authentication)
{
	WITH_TALK;

	talk_open(&talk);
	say(&talk, SERVER, "SSH-1.99-Cisco-1.25\n");
	say(&talk, CLIENT, "SSH-1.5-old\n");
	talk_say(&talk, SERVER, TCP_ACK, packet_of(SSH_ONE_PUBLIC_KEY, 262));
	talk_say(&talk, CLIENT, TCP_ACK,
		 bytes_join(packet_of(SSH_ONE_SESSION_KEY, 140), cipher_text(12)));
	talk_data(&talk, SERVER, 12);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.ssh1_key_mark.number, 8);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_AUTH);
	cr_expect_eq(conn->ssh.half[CLIENT].encrypted_bytes, 12);
	cr_expect_eq(conn->ssh.half[SERVER].encrypted_bytes, 12);
	cr_expect_not(conn->ssh.half[CLIENT].gap);
	wire_free(wire);
}

Test(track_ssh_one, the_servers_key_alone_is_key_exchange)
{
	WITH_TALK;

	talk_open(&talk);
	say(&talk, SERVER, "SSH-1.5-old\n");
	talk_say(&talk, SERVER, TCP_ACK, packet_of(SSH_ONE_PUBLIC_KEY, 262));
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_KEX);
	cr_expect_eq(conn->ssh.ssh1_key_mark.number, wire->frame);
	wire_free(wire);
}

Test(track_ssh_one, other_packets_and_the_wrong_side_are_no_key)
{
	for (uint8_t type = 1; type <= 4; type++) {
		for (enum side side = CLIENT; side <= SERVER; side++) {
			WITH_TALK;

			talk_open(&talk);
			say(&talk, SERVER, "SSH-1.5-old\n");
			say(&talk, CLIENT, "SSH-1.5-old\n");
			talk_say(&talk, side, TCP_ACK, packet_of(type, 100));
			conn = wire_conn(wire);
			cr_expect_eq(conn->ssh.ssh1_key_mark.number != 0,
				     side == SERVER && type == SSH_ONE_PUBLIC_KEY);
			cr_expect_eq(conn->ssh.phase == SSH_PHASE_AUTH,
				     side == CLIENT && type == SSH_ONE_SESSION_KEY);
			wire_free(wire);
		}
	}
}

/* Dropbear sends its KEXINIT along with its identification, before it knows whom it talks to. */
Test(track_ssh_one, a_client_of_ssh_2_is_heard_although_the_server_speaks_ssh_1)
{
	WITH_TALK;

	talk_open(&talk);
	say(&talk, SERVER, "SSH-1.5-Cisco-1.25\n");
	say(&talk, CLIENT, "SSH-2.0-dropbear_2022.83\r\n");
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[CLIENT].has_hassh);
	cr_expect_not(conn->ssh.half[CLIENT].malformed);
	wire_free(wire);
}
