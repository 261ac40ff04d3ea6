/* SPDX-License-Identifier: BSD-3-Clause */
/* KEXINITs that are longer than a segment, than the room for clear text, than what is compared. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

#define WITH_TALK                                                                                  \
	struct wire *wire = wire_new();                                                            \
	struct talk talk = talk_new(wire);                                                         \
	const struct conn *conn

#define NAMES_MAX 60000

/* Names of 19 letters that nobody else offers, and behind them the one that both have. */
static const char *long_list(char names[NAMES_MAX], size_t len, const char *last)
{
	for (size_t i = 0; i < len; i++)
		names[i] = (char)(i % 20 == 19 ? ',' : 'a' + (i / 20 >> i % 20 & 1));
	strcpy(names + len - len % 20, last);
	return names;
}

static void say_in_segments(struct talk *talk, enum side side, struct bytes bytes, size_t segment)
{
	for (size_t at = 0; at < bytes.len; at += segment)
		talk_say(talk, side, TCP_ACK,
			 bytes_copy(bytes.at + at,
				    bytes.len - at < segment ? bytes.len - at : segment));
	bytes_free(bytes);
	talk_ack(talk, !side);
}

/* Both sides have this host key algorithm behind a list of so many letters. */
static void offer_both(struct talk *talk, size_t len, size_t segment)
{
	static char names[NAMES_MAX];
	struct offer offer = openssh_offer;

	offer.list[SSH_HOST_KEY] = long_list(names, len, "ssh-ed25519");
	talk_open(talk);
	talk_identify(talk);
	say_in_segments(talk, CLIENT, ssh_kexinit(&offer), segment);
	offer.list[SSH_HOST_KEY] = "rsa-sha2-512,ssh-ed25519";
	talk_kexinit(talk, SERVER, &offer);
}

static void expect_agreed(const struct conn *conn, const char *host_key, const char *cipher)
{
	const struct ssh *ssh = &conn->ssh;

	cr_expect_eq(ssh->negotiated[SSH_HOST_KEY].len, strlen(host_key));
	cr_expect_arr_eq(ssh->negotiated[SSH_HOST_KEY].at, host_key, strlen(host_key));
	cr_expect_eq(ssh->negotiated[SSH_CIPHER_C2S].len, strlen(cipher));
	cr_expect_not(ssh->mismatch);
	cr_expect_eq(ssh->phase, SSH_PHASE_KEX);
	cr_expect(ssh->half[CLIENT].has_hassh);
	cr_expect_not(ssh->half[CLIENT].gap);
}

static void expect_compared(size_t len, size_t segment)
{
	WITH_TALK;

	offer_both(&talk, len, segment);
	conn = wire_conn(wire);
	expect_agreed(conn, "ssh-ed25519", "chacha20-poly1305@openssh.com");
	wire_free(wire);
}

Test(track_ssh_long_kexinit, offers_are_compared_however_long_and_however_cut)
{
	expect_compared(1000, 100);
	expect_compared(4500, 60000);
	expect_compared(4500, 1448);
	expect_compared(4500, 1);
}

/* One name of 34,000 letters is no name, but it shows that the room is used to its end. */
Test(track_ssh_long_kexinit, an_offer_as_long_as_a_packet_may_be_is_compared)
{
	static char name[34001];
	struct offer offer = openssh_offer;
	WITH_TALK;

	memset(name, 'x', sizeof(name) - 1);
	offer.list[9] = name; /* a language */
	talk_open(&talk);
	talk_identify(&talk);
	say_in_segments(&talk, CLIENT, ssh_kexinit(&offer), 1448);
	say_in_segments(&talk, SERVER, ssh_kexinit(&offer), 60000);
	conn = wire_conn(wire);
	expect_agreed(conn, "ssh-ed25519", "chacha20-poly1305@openssh.com");
	cr_expect_eq(event_of(conn, EVENT_KEXINIT)->arg, 0);
	wire_free(wire);
}

/* OpenSSH takes a packet of 256 KiB. */
Test(track_ssh_long_kexinit, what_is_too_long_to_be_compared_is_said_to_be)
{
	static char names[NAMES_MAX];
	struct offer offer = openssh_offer;
	struct ssh_hassh hassh;
	uint8_t wanted[SSH_HASSH_LEN];
	struct bytes body;
	size_t len;
	WITH_TALK;

	offer.list[SSH_KEX] = long_list(names, 50000, "curve25519-sha256");
	body = ssh_kexinit_body(&offer);
	len = body.len;
	ssh_hassh_begin(&hassh, false);
	ssh_hassh_add(&hassh, body.at, body.len);
	cr_assert(ssh_hassh_end(&hassh, wanted));
	talk_open(&talk);
	talk_identify(&talk);
	say_in_segments(&talk, CLIENT, bytes_join(ssh_packet(20, body), ssh_packet(21, none())),
			65000);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	conn = wire_conn(wire);
	expect_agreed(conn, "", "");
	cr_expect_arr_eq(conn->ssh.half[CLIENT].hassh, wanted, sizeof(wanted));
	cr_expect_eq(event_of(conn, EVENT_KEXINIT)->arg, len);
	cr_expect_neq(conn->ssh.half[CLIENT].newkeys_mark.number, 0, "reading goes on");
	wire_free(wire);
}

Test(track_ssh_long_kexinit, lists_of_more_names_than_are_compared_agree_on_nothing_we_know)
{
	static char names[NAMES_MAX];
	struct offer offer = openssh_offer;
	WITH_TALK;

	offer.list[SSH_HOST_KEY] = long_list(names, 20 * SSH_LIST_NAMES_MAX, "ssh-ed25519");
	talk_open(&talk);
	talk_identify(&talk);
	talk_kexinit(&talk, CLIENT, &offer);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	conn = wire_conn(wire);
	expect_agreed(conn, "", "chacha20-poly1305@openssh.com");
	wire_free(wire);
}

/* More than anybody says before a session begins, but it is the rest of one message. */
Test(track_ssh_long_kexinit, a_hole_in_one_does_not_make_a_session_of_the_rest)
{
	static char names[NAMES_MAX];
	struct offer offer = openssh_offer;
	struct bytes kexinit;
	WITH_TALK;

	offer.list[SSH_KEX] = long_list(names, 50000, "curve25519-sha256");
	kexinit = ssh_kexinit(&offer);
	talk_open(&talk);
	talk_identify(&talk);
	for (size_t at = 0; at + 1000 <= kexinit.len; at += 1000) {
		talk.uncaptured[CLIENT] = at == 5000;
		talk_say(&talk, CLIENT, TCP_ACK, bytes_copy(kexinit.at + at, 1000));
		talk_ack(&talk, SERVER);
	}
	bytes_free(kexinit);
	conn = wire_conn(wire);
	cr_expect(conn->ssh.half[CLIENT].gap);
	cr_expect_eq(conn->ssh.phase, SSH_PHASE_KEX);
	wire_free(wire);
}
