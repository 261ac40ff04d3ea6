/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/conn_of.h"

TestSuite(classify_facts_silence);

Test(classify_facts_silence, who_waits_longest_waits)
{
	struct conn *conn = conn_with_reset();
	struct facts f;

	cr_expect_not(facts_from(conn).waiting.any);
	conn->peer[SERVER].pending = (struct pending){ .mark = MARK(30),
						       .time_ns = AT(3000),
						       .last_mark = MARK(35),
						       .last_ns = AT(9000),
						       .repeats = 4,
						       .len = 100 };
	f = facts_from(conn);
	cr_expect(f.waiting.any && f.waiting.side == SERVER && !f.waiting.both);
	cr_expect_eq(f.waiting.span_ns, SECONDS(6));
	cr_expect_eq(f.waiting.repeats, 4);
	conn->peer[CLIENT].pending = (struct pending){
		.mark = MARK(29), .time_ns = AT(2000), .last_ns = AT(8000), .repeats = 3
	};
	f = facts_from(conn);
	cr_expect(f.waiting.side == CLIENT && f.waiting.both);
	conn->peer[CLIENT].pending.repeats = 0;
	cr_expect_not(facts_from(conn).waiting.both);
}

Test(classify_facts_silence, what_is_repeated_is_as_long_as_its_latest_repeat)
{
	struct conn *conn = conn_with_reset();

	conn->peer[SERVER].pending =
		(struct pending){ .mark = MARK(30), .len = 2896, .repeats = 2, .repeat_len = 1448 };
	cr_expect_eq(facts_from(conn).waiting.len, 1448, "offload had merged two");
	conn->peer[SERVER].pending.repeats = 0;
	cr_expect_eq(facts_from(conn).waiting.len, 2896);
}

/* Nine keep-alives, each answered in the capture. */
static struct unheard probes(int64_t silence_ns, int64_t every_ns)
{
	return (struct unheard){ .mark = MARK(30),
				 .last = MARK(46),
				 .time_ns = AT(0),
				 .last_ns = AT(0) + 8 * every_ns,
				 .silence_ns = silence_ns,
				 .repeats = 8,
				 .answers = 9,
				 .probe = true };
}

Test(classify_facts_silence, probes_in_haste_were_not_heard)
{
	struct conn *conn = conn_with_reset();
	struct facts f;

	conn->peer[CLIENT].unheard = probes(SECONDS(7200), SECONDS(75));
	f = facts_from(conn);
	cr_expect(f.waiting.any && f.waiting.unheard && f.waiting.probe);
	cr_expect_eq(f.waiting.side, CLIENT);
	cr_expect_eq(f.waiting.repeats, 8);
	cr_expect_eq(f.waiting.span_ns, SECONDS(600));
}

Test(classify_facts_silence, probes_at_the_idle_interval_were_heard)
{
	struct conn *conn = conn_with_reset();

	conn->peer[CLIENT].unheard = probes(SECONDS(60), SECONDS(60));
	cr_expect_not(facts_from(conn).waiting.any);
}

Test(classify_facts_silence, what_was_never_answered_comes_before_what_was_not_heard)
{
	struct conn *conn = conn_with_reset();

	conn->peer[CLIENT].unheard = probes(SECONDS(7200), SECONDS(75));
	conn->peer[SERVER].pending = (struct pending){ .mark = MARK(40), .repeats = 3 };
	cr_expect_not(facts_from(conn).waiting.unheard);
	cr_expect_eq(facts_from(conn).waiting.side, SERVER);
}

Test(classify_facts_silence, of_two_holes_the_longer_lasting_counts_with_the_icmp_about_it)
{
	struct conn *conn = conn_with_reset();
	struct facts f;

	conn->peer[CLIENT].lack = (struct lack){
		.mark = MARK(20), .last = MARK(21), .time_ns = AT(50000), .len = 36
	};
	conn->peer[SERVER].lack = (struct lack){ .mark = MARK(10),
						 .last = MARK(12),
						 .time_ns = AT(40000),
						 .len = 1448,
						 .beyond_len = 100 };
	conn->too_big = MARK(15);
	conn->too_big_about = CLIENT;
	f = facts_from(conn);
	cr_expect(f.lack.any && f.lack.side == SERVER);
	cr_expect_eq(f.lack.span_ns, SECONDS(20));
	cr_expect_eq(f.lack.len, 1448);
	cr_expect_not(f.lack.too_big, "it was about the other");
	conn->too_big_about = SERVER;
	cr_expect_eq(facts_from(conn).lack.too_big_mark.number, 15);
}

Test(classify_facts_silence, who_is_near_has_the_ttl_it_left_with)
{
	struct conn *conn = conn_with_reset();
	struct facts f;

	conn->peer[CLIENT].ttl_min = conn->peer[CLIENT].ttl_max = 64;
	conn->peer[CLIENT].ttl_samples = 5;
	f = facts_from(conn);
	cr_expect(f.near[CLIENT]);
	cr_expect_not(f.near[SERVER], "56 and 57: behind routers");
	conn->peer[SERVER].ttl_samples = 0;
	conn->peer[SERVER].ttl_min = conn->peer[SERVER].ttl_max = 0;
	conn->lessons.ttl_min = conn->lessons.ttl_max = 128;
	cr_expect(facts_from(conn).near[SERVER], "as its other connections show");
	conn->lessons.ttl_min = 127;
	cr_expect_not(facts_from(conn).near[SERVER]);
}
