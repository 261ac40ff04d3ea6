/* SPDX-License-Identifier: BSD-3-Clause */
/* The buffers for clear text are few. */
#include <criterion/criterion.h>

#include "tests/track/wire.h"
#include "track/slab.h"

Test(track_clear_text, without_a_buffer_the_connection_is_followed_unread)
{
	struct wire *wire = wire_new();
	struct talk talk;
	const struct conn *conn;
	uint32_t seen = 0;

	for (uint32_t i = 0; i <= CLEAR_TEXTS_MAX; i++) {
		talk = talk_from(wire, (uint16_t)(1024 + i), 2222);
		talk_open(&talk);
		talk_say(&talk, CLIENT, TCP_PSH | TCP_ACK, text_bytes(IDENTIFICATION));
	}
	talk_data(&talk, SERVER, 100);
	talk_close(&talk);
	cr_expect_eq(track_counts(wire->track).unread, 1);
	do {
		conn = wire_conn(wire);
		cr_assert(conn->ssh.recognised);
	} while (++seen <= CLEAR_TEXTS_MAX);
	cr_expect_eq(conn->peer[CLIENT].at.port, 1024 + CLEAR_TEXTS_MAX);
	cr_expect_eq(conn->end.ending, ENDING_closed);
	cr_expect(conn->ssh.half[CLIENT].gap);
	wire_free(wire);
}

Test(track_clear_text, buffers_of_finished_key_exchanges_serve_others)
{
	struct wire *wire = wire_new();

	for (uint32_t i = 0; i < 2 * CLEAR_TEXTS_MAX + 200; i++) {
		struct talk talk = talk_from(wire, (uint16_t)(1024 + i), 22);

		talk_open(&talk);
		if (i % 2 == 0)
			talk_kex(&talk);
		else
			talk_identify(&talk);
		talk_close(&talk);
		if (i % 2 != 0)
			wire_wait(wire, 60 * NS_PER_S);
		while (wire_finished(wire) != NULL)
			;
	}
	cr_expect_eq(track_counts(wire->track).unread, 0);
	wire_free(wire);
}
