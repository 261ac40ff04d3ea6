/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/inside.h"

TestSuite(track_clock);

#define TICKS_AT_START 0xfffffff0u /* so that it wraps on the way */

/* A segment of the server with this many ticks of its clock since the start. */
static void tick(struct talk *talk, uint8_t flags, uint32_t ticks)
{
	struct packet p = talk_packet(talk, SERVER, flags);

	p.tcp.has_options = p.tcp.has_timestamps = true;
	p.tcp.tsval = TICKS_AT_START + ticks;
	wire_feed(talk->wire, &p);
}

/* Three seconds with a clock of 1000 Hz, another second, then a reset that shows so many ticks. */
static bool fits(uint32_t ticks)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	const struct conn *conn;
	bool result;

	talk_open(&talk);
	talk_login(&talk);
	tick(&talk, TCP_ACK, 0);
	wire_wait(wire, 3 * NS_PER_S);
	tick(&talk, TCP_ACK, 3000);
	wire_wait(wire, NS_PER_S);
	tick(&talk, TCP_RST | TCP_ACK, ticks);
	conn = wire_conn(wire);
	cr_expect_eq(conn->end.ending, ENDING_reset);
	cr_expect_geq(peer_clock_hz(&conn->peer[SERVER]), 990);
	cr_expect_leq(peer_clock_hz(&conn->peer[SERVER]), 1010);
	cr_expect_eq(peer_clock_hz(&conn->peer[CLIENT]), 0);
	result = conn->reset[0].clock_fits;
	wire_free(wire);
	return result;
}

Test(track_clock, a_reset_that_continues_the_hosts_clock_fits)
{
	cr_expect(fits(3000));
	cr_expect(fits(4000));
	cr_expect(fits(5000), "jitter");
}

Test(track_clock, a_reset_from_another_clock_does_not_fit)
{
	cr_expect_not(fits(2999), "a clock does not go back");
	cr_expect_not(fits(20000), "nor that fast ahead");
	cr_expect_not(fits(0x70000000));
	cr_expect_not(fits(0 - TICKS_AT_START), "a forger who does not know writes 0");
}

Test(track_clock, a_reset_without_a_timestamp_shows_no_clock)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);
	struct packet p;

	talk_open(&talk);
	talk_login(&talk);
	tick(&talk, TCP_ACK, 0);
	p = talk_packet(&talk, SERVER, TCP_RST);
	wire_feed(wire, &p);
	cr_expect_not(wire_conn(wire)->reset[0].clock_fits);
	wire_free(wire);
}
