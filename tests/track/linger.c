/* SPDX-License-Identifier: BSD-3-Clause */
/* When an ended connection is handed on: whoever it belongs to, the next packet tells the time. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"

/* A packet of someone else, some seconds after the last. */
static void later(struct wire *wire, uint16_t port, int64_t seconds)
{
	struct talk other = talk_from(wire, port, 22);

	wire_wait(wire, seconds * NS_PER_S);
	talk_syn(&other);
}

Test(track_linger, an_orderly_close_waits_for_seconds)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_session(&talk);
	later(wire, 50001, 4);
	cr_expect_null(wire_finished(wire));
	later(wire, 50002, 2);
	cr_expect_not_null(wire_finished(wire));
	wire_free(wire);
}

Test(track_linger, a_reset_waits_for_a_minute)
{
	struct wire *wire = wire_new();
	struct talk talk = talk_new(wire);

	talk_open(&talk);
	talk_login(&talk);
	talk_say(&talk, SERVER, TCP_RST | TCP_ACK, none());
	later(wire, 50001, 10);
	cr_expect_null(wire_finished(wire));
	later(wire, 50002, 45);
	cr_expect_null(wire_finished(wire));
	later(wire, 50003, 10);
	cr_expect_not_null(wire_finished(wire));
	wire_free(wire);
}

Test(track_linger, who_waits_for_long_keeps_nobody_else_waiting)
{
	struct wire *wire = wire_new();
	struct talk odd = talk_new(wire), closed = talk_from(wire, 51001, 22);
	const struct conn *conn;

	talk_open(&odd);
	talk_login(&odd);
	talk_say(&odd, SERVER, TCP_RST | TCP_ACK, none());
	later(wire, 50001, 10);
	talk_session(&closed);
	later(wire, 50002, 6);
	conn = wire_finished(wire);
	cr_assert_not_null(conn);
	cr_expect_eq(conn->peer[CLIENT].at.port, 51001);
	cr_expect_null(wire_finished(wire), "the reset one waits on");
	later(wire, 50003, 50);
	conn = wire_finished(wire);
	cr_assert_not_null(conn);
	cr_expect_eq(conn->peer[CLIENT].at.port, odd.end[CLIENT].port);
	wire_free(wire);
}

Test(track_linger, each_who_is_due_is_handed_on_by_one_packet)
{
	struct wire *wire = wire_new();
	struct talk a = talk_new(wire), b = talk_from(wire, 51001, 22);

	talk_session(&a);
	talk_session(&b);
	later(wire, 50001, 6);
	cr_expect_not_null(wire_finished(wire));
	cr_expect_not_null(wire_finished(wire));
	wire_free(wire);
}
