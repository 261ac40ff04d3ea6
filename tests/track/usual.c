/* SPDX-License-Identifier: BSD-3-Clause */
/* The short way leaves a connection as the long way does, and refuses what only that can judge. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/flow.h"

/* The one connection of a wire. */
static struct slot *slot_of(struct wire *wire)
{
	return slab_slot(wire->track->slab, 0);
}

static struct wire *logged_in(struct talk *talk)
{
	struct wire *wire = wire_new();

	*talk = talk_new(wire);
	talk_open(talk);
	talk_login(talk);
	talk_data(talk, CLIENT, 100);
	talk_data(talk, SERVER, 100);
	return wire;
}

/* The packet comes next; true when the short way took it, after both ways were found to agree. */
static bool taken(struct talk *talk, enum side side, struct packet *p)
{
	struct wire *wire = talk->wire;
	struct slot *slot = slot_of(wire);
	static struct slot before, after;
	bool usual;

	p->mark.number = wire->frame + 1;
	p->time_ns += wire->now_ns + STEP_NS;
	before = *slot;
	usual = usual_segment(wire->track, slot, side, p);
	after = *slot;
	*slot = before;
	if (!usual) {
		cr_expect_arr_eq(&after, &before, sizeof(after), "what is refused changes nothing");
		return false;
	}
	any_segment(wire->track, slot, side, p);
	cr_expect_arr_eq(&after, slot, sizeof(after));
	*slot = before;
	return true;
}

static void next(struct talk *talk, enum side side, uint32_t len, bool usual)
{
	struct packet p = talk_packet(talk, side, len != 0 ? TCP_PSH | TCP_ACK : TCP_ACK);
	struct bytes payload = cipher_text(len);

	p.tcp.payload = payload.at;
	p.tcp.payload_len = p.tcp.payload_wire_len = len;
	cr_expect_eq(taken(talk, side, &p), usual, "%u octets", len);
	p.time_ns = 0;
	wire_feed(talk->wire, &p);
	talk->next[side] += len;
	bytes_free(payload);
}

Test(track_usual, a_download_goes_the_short_way_and_stays_the_same)
{
	struct talk talk;
	struct wire *wire = logged_in(&talk);

	for (int i = 0; i < 40; i++) {
		next(&talk, SERVER, 1400, true);
		next(&talk, SERVER, 1400, true);
		next(&talk, CLIENT, 0, true);
	}
	wire_free(wire);
}

Test(track_usual, typing_goes_the_short_way_and_stays_the_same)
{
	struct talk talk;
	struct wire *wire = logged_in(&talk);

	for (int i = 0; i < 40; i++) {
		next(&talk, CLIENT, KEY_LEN, true);
		next(&talk, SERVER, KEY_LEN + 8, true);
		next(&talk, CLIENT, 0, true);
	}
	wire_free(wire);
}

#define ODD 16

/* Makes a usual packet one that is not, in one of many ways. */
static void make_odd(struct packet *p, int way)
{
	struct segment *tcp = &p->tcp;

	switch (way) {
	case 0:
		tcp->flags |= TCP_FIN;
		break;
	case 1:
		tcp->flags |= TCP_RST;
		break;
	case 2:
		tcp->flags = TCP_SYN;
		break;
	case 3:
		tcp->flags = TCP_PSH;
		break;
	case 4:
		tcp->window = 0;
		break;
	case 5:
		tcp->sacks = 1;
		break;
	case 6:
		tcp->has_mptcp = true;
		break;
	case 7:
		tcp->seq += 100;
		break; /* a hole */
	case 8:
		tcp->seq -= 50;
		break; /* sent before, in part */
	case 9:
		tcp->seq--;
		break;
	case 10:
		tcp->ack++;
		break; /* of what nobody saw */
	case 11:
		tcp->ack ^= 1u << 31;
		break; /* neither behind nor ahead */
	case 12:
		tcp->payload_len = tcp->payload_wire_len = 1;
		break;
	case 13:
		p->time_ns = 11 * NS_PER_S;
		break;
	case 14:
		p->time_ns = -2 * STEP_NS;
		break;
	default:
		p->cut = true;
		tcp->payload_len--;
		break;
	}
}

Test(track_usual, whatever_is_odd_goes_the_long_way)
{
	struct talk talk;
	struct wire *wire = logged_in(&talk);
	struct bytes payload = cipher_text(100);

	for (int way = 0; way < ODD; way++) {
		struct packet p = talk_packet(&talk, CLIENT, TCP_PSH | TCP_ACK);

		p.tcp.payload = payload.at;
		p.tcp.payload_len = p.tcp.payload_wire_len = (uint32_t)payload.len;
		cr_expect(taken(&talk, CLIENT, &p));
		p.time_ns = 0;
		make_odd(&p, way);
		cr_expect_not(taken(&talk, CLIENT, &p), "way %d", way);
	}
	bytes_free(payload);
	wire_free(wire);
}

Test(track_usual, an_acknowledgment_that_is_repeated_goes_the_long_way)
{
	struct talk talk;
	struct wire *wire = logged_in(&talk);

	next(&talk, SERVER, 1400, true);
	next(&talk, CLIENT, 0, true);
	next(&talk, CLIENT, 0, false);
	next(&talk, SERVER, 1400, true);
	next(&talk, CLIENT, 0, true);
	wire_free(wire);
}

Test(track_usual, what_comes_behind_a_loss_goes_the_long_way_until_it_is_made_good)
{
	struct talk talk;
	struct wire *wire = logged_in(&talk);
	struct slot *slot = slot_of(wire);

	slot->conn.peer[SERVER].lack.mark.number = 1;
	next(&talk, CLIENT, KEY_LEN, false);
	slot->conn.peer[SERVER].lack.mark.number = 0;
	slot->conn.peer[SERVER].unheard.mark.number = 1;
	next(&talk, CLIENT, KEY_LEN, false);
	next(&talk, SERVER, 100, false);
	next(&talk, SERVER, 100, true);
	wire_free(wire);
}

Test(track_usual, duplicates_are_counted_anew_after_a_usual_segment)
{
	struct talk talk;
	struct wire *wire = logged_in(&talk);
	struct slot *slot = slot_of(wire);

	slot->analysis[CLIENT].duplicates = 2;
	next(&talk, CLIENT, KEY_LEN, true);
	cr_expect_eq(slot->analysis[CLIENT].duplicates, 0);
	wire_free(wire);
}

Test(track_usual, what_is_acknowledged_too_far_behind_goes_the_long_way_whatever_was_allowed)
{
	struct talk talk;
	struct wire *wire = logged_in(&talk);
	struct packet p = talk_packet(&talk, CLIENT, TCP_ACK);

	p.tcp.ack += 100 + (1u << 31);
	slot_of(wire)->leap[SERVER].edge = p.tcp.ack;
	cr_expect_not(taken(&talk, CLIENT, &p));
	wire_free(wire);
}

Test(track_usual, after_a_fin_or_a_reset_nothing_is_usual)
{
	struct talk talk;
	struct wire *wire = logged_in(&talk);

	talk_say(&talk, SERVER, TCP_FIN | TCP_ACK, none());
	next(&talk, CLIENT, KEY_LEN, false);
	wire_free(wire);
	wire = logged_in(&talk);
	talk_say(&talk, SERVER, TCP_RST | TCP_ACK, none());
	next(&talk, CLIENT, KEY_LEN, false);
	wire_free(wire);
}
