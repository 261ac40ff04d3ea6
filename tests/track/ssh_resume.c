/* SPDX-License-Identifier: BSD-3-Clause */
/* Encrypted packets are followed again behind what the capture lacks: track/ssh_records.c. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define GCM "aes128-gcm@openssh.com"

static const struct offer gcm_offer = { { "curve25519-sha256", "ssh-ed25519", GCM, GCM, "", "",
					  "none", "none", "", "" } };

static struct bytes gcm(size_t wire_len)
{
	struct bytes b = cipher_text(wire_len);

	put_u32(b, 0, (uint32_t)wire_len - 20);
	return b;
}

/* The capture lacks what the server says here, but for how long it is. */
static void unseen(struct talk *talk, size_t len)
{
	talk->uncaptured[SERVER] = true;
	talk_say(talk, SERVER, TCP_ACK, cipher_text(len));
	talk->uncaptured[SERVER] = false;
	talk_ack(talk, CLIENT);
}

static void begin(struct talk *talk, bool newkeys_seen)
{
	talk_open(talk);
	talk_identify(talk);
	talk_kexinit(talk, CLIENT, &gcm_offer);
	talk_kexinit(talk, SERVER, &gcm_offer);
	if (newkeys_seen)
		talk_say(talk, SERVER, TCP_ACK, ssh_packet(21, none()));
	else
		unseen(talk, 16);
	talk_say(talk, CLIENT, TCP_ACK, ssh_packet(21, none()));
}

/* Packets that are followed when these bytes come behind a hole, and then a packet. */
static uint32_t followed_behind(struct bytes behind, bool newkeys_seen)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;
	uint32_t packets;

	begin(&talk, newkeys_seen);
	unseen(&talk, 1448);
	talk_data(&talk, SERVER, 1448); /* its acknowledgment shows that the hole is one */
	talk_say(&talk, SERVER, TCP_ACK, behind);
	talk_ack(&talk, CLIENT);
	conn = wire_conn(wire);
	packets = conn->ssh.half[SERVER].packets;
	cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, 0);
	cr_expect_eq(conn->ssh.half[SERVER].followed, newkeys_seen || packets != 0);
	cr_expect(packets == 0 || conn->ssh.half[SERVER].packets_gap, "not all were seen");
	wire_free(wire);
	return packets;
}

Test(track_ssh_resume, a_segment_of_whole_packets_is_followed_again)
{
	for (int seen = 0; seen < 2; seen++) {
		cr_expect_eq(followed_behind(gcm(36), seen), 1);
		cr_expect_eq(followed_behind(bytes_join(gcm(36), gcm(1044)), seen), 2);
	}
}

Test(track_ssh_resume, the_second_packet_may_go_on_in_the_next_segment)
{
	struct bytes long_one = gcm(1044);

	cr_expect_eq(followed_behind(bytes_join(gcm(36), bytes_copy(long_one.at, 100)), true), 1);
	bytes_free(long_one);
}

Test(track_ssh_resume, what_may_be_chance_is_not_followed)
{
	struct bytes long_one = gcm(1044), odd = gcm(36);

	cr_expect_eq(followed_behind(cipher_text(1448), true), 0);
	cr_expect_eq(followed_behind(bytes_copy(long_one.at, 100), true), 0, "one length alone");
	cr_expect_eq(followed_behind(bytes_join(gcm(36), bytes_copy(long_one.at, 3)), true), 0);
	put_u32(odd, 0, 17);
	cr_expect_eq(followed_behind(odd, true), 0);
	bytes_free(long_one);
}

/* Messages of the key exchange are in the clear: their lengths are not those of GCM. */
Test(track_ssh_resume, clear_text_behind_a_hole_is_not_taken_for_encrypted)
{
	cr_expect_eq(followed_behind(ssh_packet(31, cipher_text(300)), false), 0);
	cr_expect_eq(followed_behind(
			     bytes_join(ssh_packet(31, cipher_text(300)), ssh_packet(21, none())),
			     false),
		     0);
}

/* Two keepalives in one segment: by its length alone nobody would know them. */
Test(track_ssh_resume, what_sizes_tell_is_told_again)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;

	begin(&talk, true);
	talk_say(&talk, SERVER, TCP_ACK, gcm(52));
	unseen(&talk, 1448);
	talk_data(&talk, SERVER, 1448);
	talk_say(&talk, SERVER, TCP_ACK, bytes_join(gcm(52), gcm(36))); /* ACCEPT, SUCCESS */
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_SESSION);
	cr_expect_eq(conn->ssh.half[SERVER].packets, 3);
	wire_free(wire);
}

/* A hole, and what shows that it is one. */
static void lose_track(struct talk *talk)
{
	begin(talk, true);
	talk_say(talk, SERVER, TCP_ACK, gcm(36));
	unseen(talk, 1448);
	talk_data(talk, SERVER, 1448);
	talk_data(talk, SERVER, 1448);
}

static void expect_packets(struct wire *wire, uint32_t packets)
{
	const struct conn *conn = wire_conn(wire);

	cr_expect_eq(conn->ssh.half[SERVER].packets, packets, "%u", conn->ssh.half[SERVER].packets);
	wire_free(wire);
}

Test(track_ssh_resume, what_was_followed_before_and_is_sent_again_is_not_followed_twice)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	lose_track(&talk);
	talk_at(&talk, SERVER, -(3 * 1448 + 36), gcm(36));
	expect_packets(wire, 1);
}

Test(track_ssh_resume, behind_an_impossible_length_nothing_is_followed_any_more)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	lose_track(&talk);
	talk_say(&talk, SERVER, TCP_ACK, gcm(36));
	talk_say(&talk, SERVER, TCP_ACK, hex("ffffffff ffffffff"));
	talk_say(&talk, SERVER, TCP_ACK, gcm(36));
	expect_packets(wire, 2);
}

/* ---- a snap length ---- */

static void say_cut(struct talk *talk, int32_t ahead, struct bytes b, uint32_t wire_len)
{
	struct packet p = talk_packet(talk, SERVER, TCP_ACK);

	p.cut = true;
	p.tcp.seq += (uint32_t)ahead;
	p.tcp.payload = b.at;
	p.tcp.payload_len = (uint32_t)b.len;
	p.tcp.payload_wire_len = wire_len;
	wire_feed(talk->wire, &p);
	bytes_free(b);
}

/* Sent again in other pieces: what was kept of it is old, what is new was not kept. */
Test(track_ssh_resume, a_cut_segment_that_is_partly_old_is_counted_from_where_it_is_new)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct bytes whole = gcm(1044);
	const struct conn *conn;

	begin(&talk, true);
	talk_say(&talk, SERVER, TCP_ACK, bytes_copy(whole.at, 200));
	say_cut(&talk, -100, bytes_copy(whole.at + 100, 50), 944);
	talk.next[SERVER] += 844;
	talk_say(&talk, SERVER, TCP_ACK, bytes_join(gcm(36), gcm(52)));
	bytes_free(whole);
	conn = wire_conn(wire);
	cr_expect_eq(conn->ssh.half[SERVER].packets, 3, "%u", conn->ssh.half[SERVER].packets);
	cr_expect_eq(conn->ssh.half[SERVER].desync_mark.number, 0);
	cr_expect_not(conn->ssh.half[SERVER].packets_gap);
	wire_free(wire);
}

/* The packet ends where the capture does, not where the segment does. */
Test(track_ssh_resume, a_cut_segment_with_one_length_may_be_chance)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	lose_track(&talk);
	say_cut(&talk, 0, gcm(36), 500);
	expect_packets(wire, 1);
}
