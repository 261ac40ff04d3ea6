/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

/* ---- phases ---- */

Test(track_ssh, phases_follow_each_other)
{
	static void (*const courses[])(struct talk *) = { talk_open, talk_identify, talk_kex,
							  talk_login };

	for (size_t i = 0; i < 4; i++) {
		WITH_TALK;

		if (i != 0)
			talk_open(&talk);
		courses[i](&talk);
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.phase, i, "course %zu: %s", i,
			     ssh_phase_name(conn->ssh.phase));
		wire_free(wire);
	}
}

Test(track_ssh, the_session_begins_with_the_packet_of_the_size_of_success)
{
	WITH_TALK;

	talk_open(&talk);
	talk_login(&talk);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.session_mark.number, wire->frame - 1);
	cr_expect_eq(event_of(conn, EVENT_SESSION)->frame, wire->frame - 1);
	cr_expect_eq(event_of(conn, EVENT_SESSION)->from, FROM_SERVER);
	cr_expect_eq(conn->ssh.goodbye_len, GOODBYE_LEN);
	wire_free(wire);
}

Test(track_ssh, failures_keep_it_in_authentication)
{
	WITH_TALK;

	talk_open(&talk);
	talk_kex(&talk);
	talk_data(&talk, CLIENT, SERVICE_LEN);
	talk_data(&talk, SERVER, SERVICE_LEN);
	for (int i = 0; i < 6; i++) {
		talk_data(&talk, CLIENT, 148);
		talk_data(&talk, SERVER, FAILURE_LEN);
	}
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_AUTH);
	wire_free(wire);
}

Test(track_ssh, the_size_of_success_from_the_client_means_nothing)
{
	WITH_TALK;

	talk_open(&talk);
	talk_kex(&talk);
	talk_data(&talk, SERVER, SERVICE_LEN);
	talk_data(&talk, SERVER, FAILURE_LEN);
	talk_data(&talk, CLIENT, SUCCESS_LEN);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_AUTH);
	wire_free(wire);
}

/* EXT_INFO or SERVICE_ACCEPT comes first. */
Test(track_ssh, the_first_packet_of_the_server_is_no_success)
{
	WITH_TALK;

	talk_open(&talk);
	talk_kex(&talk);
	talk_data(&talk, SERVER, SUCCESS_LEN);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_AUTH);
	wire_free(wire);
}

Test(track_ssh, success_may_be_padded_by_a_block_more_as_dropbear_does)
{
	WITH_TALK;

	talk_open(&talk);
	talk_kex(&talk);
	talk_data(&talk, SERVER, SERVICE_LEN);
	talk_data(&talk, SERVER, SUCCESS_LEN + 8);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	wire_free(wire);
}

/* A tail of that size may come again and again: only the shortest so far is a sign. */
Test(track_ssh, a_length_that_was_seen_before_is_no_padded_success)
{
	WITH_TALK;

	talk_open(&talk);
	talk_kex(&talk);
	talk_data(&talk, SERVER, SUCCESS_LEN + 8);
	talk_data(&talk, SERVER, SUCCESS_LEN + 8);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_AUTH);
	wire_free(wire);
}

Test(track_ssh, success_with_a_mac_of_its_own_has_another_size)
{
	static const struct offer offer = { { "curve25519-sha256", "ssh-ed25519", "aes128-ctr",
					      "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256",
					      "none", "none", "", "" } };

	for (uint32_t len = 28; len <= 48; len += 20) { /* of chacha20, and of this */
		WITH_TALK;

		talk_open(&talk);
		talk_identify(&talk);
		talk_kexinit(&talk, CLIENT, &offer);
		talk_kexinit(&talk, SERVER, &offer);
		talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, ssh_packet(21, none()));
		talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, ssh_packet(21, none()));
		talk_data(&talk, SERVER, 64);
		talk_data(&talk, SERVER, len);
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.phase, len == 48 ? SSH_PHASE_SESSION : SSH_PHASE_AUTH);
		wire_free(wire);
	}
}

Test(track_ssh, newkeys_and_encrypted_bytes_may_share_a_segment)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, ssh_packet(21, none()));
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK,
		 bytes_join(ssh_packet(21, none()), cipher_text(SERVICE_LEN)));
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_AUTH);
	cr_expect_eq(conn->ssh.half[CLIENT].encrypted_bytes, SERVICE_LEN);
	cr_expect_eq(conn->ssh.half[CLIENT].encrypted_segments, 1);
	cr_expect_not(conn->ssh.half[CLIENT].malformed);
	wire_free(wire);
}

Test(track_ssh, who_sends_much_or_stays_long_is_logged_in)
{
	for (int much = 0; much < 2; much++) {
		WITH_TALK;

		talk_open(&talk);
		talk_kex(&talk);
		talk_data(&talk, SERVER, SERVICE_LEN);
		for (int i = 0; i < 12 && much; i++)
			talk_data(&talk, SERVER, 1448);
		if (!much)
			wire_wait(wire, 601 * NS_PER_S);
		talk_data(&talk, CLIENT, 36);
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION, "much %d", much);
		wire_free(wire);
	}
}

Test(track_ssh, the_middle_of_an_unread_connection_is_a_session)
{
	WITH_TALK;

	talk_data(&talk, SERVER, 36);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_not(conn->ssh.recognised);
	cr_expect_not(conn->ssh.half[SERVER].not_ssh);
	wire_free(wire);
}

/* ---- what the capture lacks ---- */

/* Ends with both sides in clear text; says which of the server's segments the capture lacks. */
static const struct conn *kex_without(struct wire *wire, int missing)
{
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	for (int i = 0; i < 4; i++) {
		talk.uncaptured[SERVER] = i == missing;
		if (i < 2) /* one message in two segments */
			talk_say(&talk, SERVER, TCP_ACK,
				 i == 0 ? hex("00000f04 04 1e") : cipher_text(1000));
		else
			talk_say(&talk, SERVER, TCP_ACK, cipher_text(1000));
		talk_ack(&talk, CLIENT);
	}
	talk.uncaptured[SERVER] = false;
	for (int i = 0; i < 20; i++)
		talk_data(&talk, SERVER, 1448);
	return wire_conn(wire);
}

Test(track_ssh, clear_text_with_a_gap_is_not_waited_for)
{
	for (int missing = 0; missing < 4; missing++) {
		struct wire *wire = wire_new();
		const struct conn *conn = kex_without(wire, missing);

		cr_expect(conn->ssh.half[SERVER].gap, "segment %d is missing", missing);
		cr_expect_not(conn->ssh.half[SERVER].malformed);
		cr_expect_geq(conn->ssh.half[SERVER].encrypted_segments, 19, "%u",
			      conn->ssh.half[SERVER].encrypted_segments);
		cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
		wire_free(wire);
	}
}

Test(track_ssh, what_the_snap_length_cut_is_a_gap_behind_what_is_there)
{
	WITH_TALK;
	struct bytes whole = bytes_join(text_bytes(IDENTIFICATION), ssh_kexinit(&openssh_offer));
	struct bytes kept = bytes_copy(whole.at, 60);
	struct packet p;

	talk_open(&talk);
	p = talk_packet(&talk, CLIENT, TCP_PSH | TCP_ACK);
	p.cut = true;
	p.tcp.payload = kept.at;
	p.tcp.payload_len = 60;
	p.tcp.payload_wire_len = (uint32_t)whole.len;
	wire_feed(wire, &p);
	conn = wire_conn(wire);
	cr_expect(conn->cut);
	cr_expect(conn->ssh.recognised);
	cr_expect_gt(conn->ssh.half[CLIENT].identification.len, 0);
	cr_expect(conn->ssh.half[CLIENT].gap);
	cr_expect_not(conn->ssh.half[CLIENT].malformed);
	bytes_free(whole);
	bytes_free(kept);
	wire_free(wire);
}

/* 32772 bytes on the wire, of an unusual message: what follows it is read again. */
Test(track_ssh, a_message_too_long_to_be_kept_is_passed_over)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_say(&talk, SERVER, TCP_ACK, hex("00008000 04 02"));
	for (int i = 0; i < 10; i++)
		talk_data(&talk, SERVER, 3276);
	talk_data(&talk, SERVER, 6);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.half[SERVER].kexinit_mark.number, wire->frame - 1);
	cr_expect_not(conn->ssh.half[SERVER].gap);
	cr_expect_not(conn->ssh.half[SERVER].malformed);
	wire_free(wire);
}

Test(track_ssh, clear_text_is_read_on_while_a_reset_is_in_doubt)
{
	WITH_TALK;
	struct packet p;

	talk_open(&talk);
	talk_identify(&talk);
	p = talk_packet(&talk, SERVER, TCP_RST);
	p.tcp.seq += 5000;
	wire_feed(wire, &p);
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	wire_wait(wire, 400 * NS_PER_MS);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_open);
	cr_expect_not(conn->ssh.half[CLIENT].gap);
	cr_expect_gt(conn->ssh.negotiated[SSH_KEX].len, 0);
	wire_free(wire);
}
