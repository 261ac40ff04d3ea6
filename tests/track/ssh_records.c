/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

#define GCM "aes128-gcm@openssh.com"

/* With AES-GCM: 4 bytes of length, whole blocks of 16, 16 bytes of tag. */
enum { SUCCESS_GCM = 36, ACCEPT_GCM = 52 };

static const struct offer gcm_offer = { { "curve25519-sha256", "ssh-ed25519", GCM, GCM, "", "",
					  "none", "none", "", "" } };

/* An encrypted packet of so many bytes on the wire, with its length in the clear. */
static struct bytes gcm(size_t wire_len)
{
	struct bytes b = cipher_text(wire_len);

	put_u32(b, 0, (uint32_t)wire_len - 20);
	return b;
}

/* Up to both NEWKEYS. */
static void agree(struct talk *talk, const struct offer *offer)
{
	talk_open(talk);
	talk_identify(talk);
	talk_kexinit(talk, CLIENT, offer);
	talk_kexinit(talk, SERVER, offer);
	talk_say(talk, SERVER, TCP_ACK, ssh_packet(21, none()));
	talk_say(talk, CLIENT, TCP_ACK, ssh_packet(21, none()));
}

/* The bytes in segments of `cut`, in order. */
static void say_in_pieces(struct talk *talk, struct bytes b, size_t cut)
{
	for (size_t at = 0; at < b.len; at += cut)
		talk_say(talk, SERVER, TCP_ACK,
			 bytes_copy(b.at + at, b.len - at < cut ? b.len - at : cut));
	bytes_free(b);
}

static struct bytes four_packets(void)
{
	return bytes_join(bytes_join(gcm(52), gcm(36)), bytes_join(gcm(1044), gcm(68)));
}

#define FOUR_LEN (52 + 36 + 1044 + 68)

Test(track_ssh_records, packets_are_followed_however_segments_cut_them)
{
	for (size_t cut = 1; cut <= FOUR_LEN; cut += cut < 60 ? 1 : 97) {
		WITH_TALK;

		agree(&talk, &gcm_offer);
		say_in_pieces(&talk, four_packets(), cut);
		conn = wire_conn(wire);
		cr_expect(conn->ssh.half[SERVER].followed);
		cr_expect_eq(conn->ssh.half[SERVER].packets, 4, "%zu: %u", cut,
			     conn->ssh.half[SERVER].packets);
		cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, 0);
		cr_expect_not(conn->ssh.half[SERVER].packets_gap);
		cr_expect_eq(conn->ssh.half[CLIENT].packets, 0);
		wire_free(wire);
	}
}

Test(track_ssh_records, packets_behind_newkeys_in_one_segment_are_followed)
{
	WITH_TALK;

	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &gcm_offer);
	talk_kexinit(&talk, SERVER, &gcm_offer);
	talk_say(&talk, SERVER, TCP_ACK, bytes_join(ssh_packet(21, none()), four_packets()));
	talk_say(&talk, SERVER, TCP_ACK, gcm(36));
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.half[SERVER].packets, 5);
	cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, 0);
	wire_free(wire);
}

/* SERVICE_ACCEPT and USERAUTH_SUCCESS in one segment: no size of a segment would tell. */
Test(track_ssh_records, success_is_found_inside_of_a_segment)
{
	WITH_TALK;

	agree(&talk, &gcm_offer);
	talk_say(&talk, SERVER, TCP_ACK, bytes_join(gcm(ACCEPT_GCM), gcm(SUCCESS_GCM)));
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_eq(conn->ssh.session_mark.number, wire->frame);
	wire_free(wire);
}

/* A segment of that size that is a part of a packet is no success. */
Test(track_ssh_records, a_segment_of_the_size_of_success_is_none)
{
	WITH_TALK;

	agree(&talk, &gcm_offer);
	talk_say(&talk, SERVER, TCP_ACK, gcm(ACCEPT_GCM));
	say_in_pieces(&talk, gcm(4 * SUCCESS_GCM + 4), SUCCESS_GCM);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_AUTH);
	wire_free(wire);
}

Test(track_ssh_records, what_comes_out_of_order_or_twice_is_put_in_order)
{
	static const struct {
		int32_t from, to;
	} pieces[] = { { 500, 1200 }, { 0, 30 }, { 0, 60 }, { 40, 300 }, { 200, 510 } };
	WITH_TALK;
	struct bytes b = four_packets();

	agree(&talk, &gcm_offer);
	for (size_t i = 0; i < 5; i++)
		talk_at(&talk, SERVER, pieces[i].from,
			bytes_copy(b.at + pieces[i].from, (size_t)(pieces[i].to - pieces[i].from)));
	talk.next[SERVER] += FOUR_LEN;
	talk_say(&talk, SERVER, TCP_ACK, gcm(36));
	bytes_free(b);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.half[SERVER].packets, 5, "%u", conn->ssh.half[SERVER].packets);
	cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, 0);
	cr_expect_not(conn->ssh.half[SERVER].packets_gap);
	wire_free(wire);
}

/* ---- what the capture lacks ---- */

/* Sends four packets; the capture lacks the bytes from `from` to `to`. */
static const struct conn *followed_without(struct wire *wire, size_t from, size_t to)
{
	struct talk talk = talk_new(wire);
	struct bytes b = four_packets();

	agree(&talk, &gcm_offer);
	talk_say(&talk, SERVER, TCP_ACK, bytes_copy(b.at, from));
	talk.uncaptured[SERVER] = true;
	talk_say(&talk, SERVER, TCP_ACK, bytes_copy(b.at + from, to - from));
	talk.uncaptured[SERVER] = false;
	talk_say(&talk, SERVER, TCP_ACK, bytes_copy(b.at + to, b.len - to));
	talk_ack(&talk, CLIENT);
	talk_say(&talk, SERVER, TCP_ACK, gcm(36));
	talk_say(&talk, SERVER, TCP_ACK, gcm(36));
	bytes_free(b);
	return wire_conn(wire);
}

Test(track_ssh_records, a_hole_inside_of_a_packet_is_stepped_over)
{
	struct wire *wire = wire_new();
	const struct conn *conn = followed_without(wire, 200, 900);

	cr_expect_eq(conn->ssh.half[SERVER].packets, 6, "%u", conn->ssh.half[SERVER].packets);
	cr_expect_not(conn->ssh.half[SERVER].packets_gap);
	wire_free(wire);
}

/* Until a segment begins with a packet again: the two of one packet each. */
Test(track_ssh_records, behind_a_hole_with_a_length_in_it_the_next_whole_packets_are_followed)
{
	static const struct {
		size_t from, to;
		uint32_t packets;
	} holes[] = { { 50, 54, 2 }, { 60, 89, 3 }, { 90, 91, 4 }, { 900, 1133, 4 } };

	for (size_t i = 0; i < 4; i++) {
		struct wire *wire = wire_new();
		const struct conn *conn = followed_without(wire, holes[i].from, holes[i].to);

		cr_expect(conn->ssh.half[SERVER].packets_gap, "hole %zu", i);
		cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, 0, "hole %zu", i);
		cr_expect_not(conn->ssh.half[SERVER].malformed);
		cr_expect_eq(conn->ssh.half[SERVER].packets, holes[i].packets, "hole %zu: %u", i,
			     conn->ssh.half[SERVER].packets);
		wire_free(wire);
	}
}

/* With a snap length the beginning of each segment is there, and a length with it. */
static const struct conn *cut_at(struct wire *wire, uint32_t kept)
{
	struct talk talk = talk_new(wire);
	struct bytes b = bytes_join(gcm(52), gcm(1044));

	agree(&talk, &gcm_offer);
	for (int i = 0; i < 3; i++) {
		struct packet p = talk_packet(&talk, SERVER, TCP_PSH | TCP_ACK);
		struct bytes part = bytes_copy(b.at, kept);

		p.cut = true;
		p.tcp.payload = part.at;
		p.tcp.payload_len = kept;
		p.tcp.payload_wire_len = (uint32_t)b.len;
		wire_feed(wire, &p);
		talk.next[SERVER] += (uint32_t)b.len;
		bytes_free(part);
	}
	bytes_free(b);
	return wire_conn(wire);
}

Test(track_ssh_records, segments_that_were_cut_are_followed_while_their_lengths_are_there)
{
	static const struct {
		uint32_t kept, packets;
		bool gap;
	} rows[] = { { 56, 6, false }, { 100, 6, false }, { 55, 1, true }, { 10, 0, true } };

	for (size_t i = 0; i < 4; i++) {
		struct wire *wire = wire_new();
		const struct conn *conn = cut_at(wire, rows[i].kept);

		cr_expect_eq(conn->ssh.half[SERVER].packets, rows[i].packets, "%u kept: %u",
			     rows[i].kept, conn->ssh.half[SERVER].packets);
		cr_expect_eq(conn->ssh.half[SERVER].packets_gap, rows[i].gap);
		cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, 0);
		wire_free(wire);
	}
}

/* ---- what is damaged ---- */

Test(track_ssh_records, a_length_that_no_packet_has_ends_the_following)
{
	static const uint32_t lengths[] = { 0, 17, 0x00040010, 0xfffffff0, 0x53534820 };

	for (size_t i = 0; i < 5; i++) {
		WITH_TALK;
		struct bytes bad = gcm(52);

		put_u32(bad, 0, lengths[i]);
		agree(&talk, &gcm_offer);
		talk_say(&talk, SERVER, TCP_ACK, gcm(52));
		talk_say(&talk, SERVER, TCP_ACK, bad);
		talk_say(&talk, SERVER, TCP_ACK, gcm(52));
		conn = wire_conn(wire);
		cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, wire->frame - 1, "row %zu",
			     i);
		cr_expect_eq(conn->ssh.half[SERVER].packets, 1);
		cr_expect_not(conn->ssh.half[SERVER].packets_gap);
		wire_free(wire);
	}
}

/* ---- what cannot be followed ---- */

Test(track_ssh_records, where_the_length_is_encrypted_nothing_is_followed)
{
	WITH_TALK;

	agree(&talk, &openssh_offer); /* chacha20-poly1305 */
	talk_say(&talk, SERVER, TCP_ACK, gcm(52));
	conn = wire_conn(wire);
	cr_expect_not(conn->ssh.half[SERVER].followed);
	cr_expect_eq(conn->ssh.half[SERVER].packets, 0);
	cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, 0);
	wire_free(wire);
}

/* A buffer that was lent to one connection in the middle of a message serves the next one. */
Test(track_ssh_records, a_buffer_keeps_nothing_of_the_connection_before)
{
	struct wire *wire = wire_new();
	struct talk first = talk_new(wire), second = talk_from(wire, TEST_SPORT + 1, 22);
	const struct conn *conn;

	talk_open(&first);
	talk_identify(&first);
	talk_say(&first, SERVER, TCP_ACK, hex("00008000 04 02 00000000"));
	talk_say(&first, SERVER, TCP_RST, none());
	wire_wait(wire, 100 * NS_PER_S);
	talk_syn(&second);
	cr_assert(wire_finished(wire) != NULL);
	cr_assert(wire_finished(wire) == NULL);
	talk_syn_ack(&second);
	talk_ack(&second, CLIENT);
	talk_identify(&second);
	talk_kexinit(&second, SERVER, &gcm_offer);
	conn = wire_conn(wire);
	cr_expect_neq(conn->ssh.half[SERVER].kexinit_mark.number, 0);
	wire_free(wire);
}
