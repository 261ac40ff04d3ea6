/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether the machine behind an address was missed, and whether it is still the same. */
#include <criterion/criterion.h>

#include "tests/track/hosts_talk.h"
#include "track/inside.h"

static const struct address router = { 4, { 203, 0, 113, 1 } };

/* A client that sends so many SYNs and has no answer. */
static void knocks(struct wire *wire, uint16_t port, int times)
{
	struct talk talk = talk_from(wire, port, 22);

	talk_syn(&talk);
	for (int i = 1; i < times; i++) {
		struct packet p = talk_packet(&talk, CLIENT, TCP_SYN);

		wire_wait(wire, NS_PER_S);
		p.tcp.seq = talk.isn[CLIENT];
		p.tcp.ack = 0;
		wire_feed(wire, &p);
	}
}

static void is_unreachable(struct wire *wire, uint16_t port, struct address from, uint8_t code)
{
	struct talk talk = talk_from(wire, port, 22);
	struct packet p;

	talk_syn(&talk);
	wire_wait(wire, 3 * NS_PER_S);
	p = talk_packet(&talk, CLIENT, 0);
	p.kind = PACKET_ICMP_ERROR;
	p.tcp.seq--;
	p.icmp.from = from;
	p.icmp.type = ICMP4_UNREACHABLE;
	p.icmp.code = code;
	wire_feed(wire, &p);
}

/* ---- missed ---- */

Test(track_hosts_machine, a_host_that_answers_no_syn_is_missed)
{
	for (int syns = 1; syns <= 5; syns++) {
		struct wire *wire = wire_new();
		struct talk it = talk_at_work(wire, 50001);
		struct lessons lessons;

		talk_closed_by_server(&it);
		wire_wait(wire, 3 * NS_PER_S);
		knocks(wire, 50002, syns);
		lessons = lessons_of(wire, 50001);
		cr_expect_eq(lessons.missed, syns >= 3, "%d SYNs", syns);
		cr_expect_eq(lessons.missed_mark.number != 0, syns >= 3);
		wire_free(wire);
	}
}

/* A rule, or a full queue, keeps one client out. */
Test(track_hosts_machine, a_host_that_others_hear_meanwhile_is_not_missed)
{
	struct wire *wire = wire_new();
	struct talk it = talk_at_work(wire, 50001), other = talk_at_work(wire, 50002), late;

	talk_closed_by_server(&it);
	late = talk_from(wire, 50003, 22);
	talk_syn(&late);
	talk_key(&other);
	for (int i = 1; i < 5; i++) {
		struct packet p = talk_packet(&late, CLIENT, TCP_SYN);

		wire_wait(wire, NS_PER_S);
		p.tcp.seq = late.isn[CLIENT];
		wire_feed(wire, &p);
	}
	cr_expect_eq(lessons_of(wire, 50001).missed, 0);
	wire_free(wire);
}

Test(track_hosts_machine, only_the_code_for_the_host_says_that_a_router_misses_it)
{
	static const uint8_t codes[] = { 0, 1, 3, 7, 9, 10, 13 };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct wire *wire = wire_new();
		struct talk it = talk_at_work(wire, 50001);
		bool is_missed = codes[i] == 1 || codes[i] == 7;

		talk_closed_by_server(&it);
		is_unreachable(wire, 50002, router, codes[i]);
		cr_expect_eq(lessons_of(wire, 50001).missed, is_missed, "code %d", codes[i]);
		wire_free(wire);
	}
}

Test(track_hosts_machine, a_host_does_not_miss_itself)
{
	struct wire *wire = wire_new();
	struct talk it = talk_at_work(wire, 50001);

	talk_closed_by_server(&it);
	is_unreachable(wire, 50002, it.end[SERVER].ip, 1);
	cr_expect_eq(lessons_of(wire, 50001).missed, 0);
	wire_free(wire);
}

Test(track_hosts_machine, what_was_missed_before_it_was_last_heard_is_over)
{
	struct wire *wire = wire_new();
	struct talk it;

	is_unreachable(wire, 50002, router, 1);
	it = talk_at_work(wire, 50001);
	talk_closed_by_server(&it);
	cr_expect_eq(lessons_of(wire, 50001).missed, 0);
	wire_free(wire);
}

/* ---- which machine ---- */

/* A login on a server whose ed25519 key ends with this octet. */
static struct talk login_at(struct wire *wire, uint16_t port, uint8_t key, const char *name)
{
	struct talk talk = talk_from(wire, port, 22);
	struct bytes blob = hex("00000033 0000000b7373682d65643235353139000000208922847d"
				"eae25f441c4a391b5ea040cd2e2a18f666cc008c25cdda2e4b65e922");

	put_u8(blob, blob.len - 1, key);
	talk_open(&talk);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK, text_bytes(name));
	talk_kexinit(&talk, CLIENT, &openssh_offer);
	talk_kexinit(&talk, SERVER, &openssh_offer);
	talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, ssh_packet(30, cipher_text(1194)));
	talk_say(&talk, SERVER, TCP_PSH | TCP_ACK,
		 ssh_packet(31, bytes_join(blob, cipher_text(1250))));
	talk_ack(&talk, CLIENT);
	return talk;
}

Test(track_hosts_machine, the_key_that_others_are_shown_afterwards_tells_the_machine)
{
	struct wire *wire = wire_new();
	struct talk it = login_at(wire, 50001, 0x22, IDENTIFICATION);
	struct lessons lessons;
	uint32_t other;

	wire_wait(wire, 60 * NS_PER_S);
	talk_forgotten(&it);
	login_at(wire, 50002, 0x33, IDENTIFICATION);
	other = wire->frame - 1;
	login_at(wire, 50003, 0x22, IDENTIFICATION);
	lessons = lessons_of(wire, 50001);
	cr_expect_eq(lessons.same_key_after, 1);
	cr_expect_eq(lessons.other_key_after, 1);
	cr_expect_eq(lessons.key_after_mark.number, other);
	cr_expect_eq(lessons.other_key_before, 0);
	cr_expect_eq(lessons.other_software_after, 0);
	wire_free(wire);
}

Test(track_hosts_machine, another_key_before_is_a_machine_in_turn)
{
	struct wire *wire = wire_new();
	struct talk it;
	struct lessons lessons;

	login_at(wire, 50002, 0x33, IDENTIFICATION);
	it = login_at(wire, 50001, 0x22, IDENTIFICATION);
	talk_forgotten(&it);
	lessons = lessons_of(wire, 50001);
	cr_expect_eq(lessons.other_key_before, 1);
	cr_expect_eq(lessons.other_key_after, 0);
	cr_expect_eq(lessons.same_key_after, 0);
	wire_free(wire);
}

Test(track_hosts_machine, another_identification_afterwards_is_seen)
{
	struct wire *wire = wire_new();
	struct talk it = login_at(wire, 50001, 0x22, "SSH-2.0-OpenSSH_9.1\r\n");
	struct lessons lessons;

	talk_forgotten(&it);
	login_at(wire, 50002, 0x22, "SSH-2.0-OpenSSH_9.2\r\n");
	lessons = lessons_of(wire, 50001);
	cr_expect_eq(lessons.other_software_after, 1);
	cr_expect_neq(lessons.software_after_mark.number, 0);
	cr_expect_eq(lessons.same_key_after, 1);
	wire_free(wire);
}

/* Linux at 57, Windows at 121: no way is so much longer than another. */
Test(track_hosts_machine, another_stack_is_one_that_answers_the_same_client_differently)
{
	static const struct {
		uint8_t ttl, client;
		bool is_other;
	} rows[] = { { 57, 1, false }, { 55, 1, false }, { 121, 1, true }, { 121, 9, false } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire *wire = wire_new();
		struct talk it = talk_at_work(wire, 50001), after;

		talk_forgotten(&it);
		after = talk_from(wire, 50002, 22);
		after.ttl[SERVER] = rows[i].ttl;
		after.end[CLIENT].ip.bytes[3] = rows[i].client;
		talk_open(&after);
		talk_identify(&after);
		cr_expect_eq(lessons_of(wire, 50001).other_stack_after, rows[i].is_other, "row %zu",
			     i);
		wire_free(wire);
	}
}
