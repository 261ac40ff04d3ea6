/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <string.h>

TestSuite(classify_limits);

static bool says(const struct verdict *v, const char *words)
{
	for (uint8_t i = 0; i < v->limits; i++) {
		if (strstr(v->limit[i], words) != NULL)
			return true;
	}
	return false;
}

Test(classify_limits, a_whole_capture_of_an_open_session_has_none)
{
	struct facts f = facts_of_a_quiet_session();

	cr_expect_eq(verdict_of(&f).limits, 0);
}

#define expect_limit(field, value, words)                                                          \
	do {                                                                                       \
		struct facts f = facts_of_a_quiet_session();                                       \
		struct verdict v;                                                                  \
		f.field = (value);                                                                 \
		v = verdict_of(&f);                                                                \
		cr_expect(v.limits == 1 && says(&v, words), "%s", #field);                         \
	} while (0)

Test(classify_limits, what_the_capture_lacks_is_said)
{
	expect_limit(one_sided, true, "one direction");
	expect_limit(mid_stream, true, "mid-connection");
	expect_limit(missing, 3, "lost some");
	expect_limit(judged_early, true, "early");
	expect_limit(cut, true, "cut");
	expect_limit(copies, true, "captured twice");
	expect_limit(ssh.by_proxy[CLIENT], true, "client here is a proxy");
	expect_limit(ssh.by_proxy[SERVER], true, "server here is a proxy");
	expect_limit(overlaps, 1, "different bytes");
	expect_limit(multipath, true, "Multipath");
	expect_limit(clock_stepped, true, "clock");
	expect_limit(roles_guessed, true, "guess");
}

Test(classify_limits, what_a_live_capture_lost_is_told_in_numbers)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	f.health = (struct health){ .live = true, .seen = 4711, .dropped_by_interface = 9 };
	cr_expect_eq(verdict_of(&f).limits, 0, "nothing was lost, as far as is known");
	f.health.dropped_by_kernel = 23;
	v = verdict_of(&f);
	cr_expect_eq(v.limits, 1);
	cr_expect_not_null(strstr(v.loss, "saw 4711 frames and lost 23"));
	cr_expect_not_null(strstr(v.loss, "interface dropped is not known"));
	f.health.dropped_by_interface_known = true;
	f.health.link_down_ns = 3 * NS_PER_S;
	f.health.gaps = 1;
	f.health.gap_ns = 2 * NS_PER_S;
	f.health.evicted = 5;
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.loss, "interface dropped 9; the link was down for 3.0 s"), "%s",
			   v.loss);
	cr_expect_not_null(strstr(v.loss, "did not run for 2.0 s; 5 flows made room"), "%s",
			   v.loss);
}

Test(classify_limits, a_clock_that_was_set_while_it_lived_is_said)
{
	struct facts f = facts_of_a_quiet_session();
	struct conn conn = { .health = { .live = true, .clock_steps = 1 } };

	facts_of(&conn, &f);
	cr_expect(f.clock_stepped);
}

Test(classify_limits, a_reset_seen_from_one_place_can_be_copied)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with_reset(&f, SERVER, BY_KERNEL);
	v = verdict_of(&f);
	cr_expect(says(&v, "One vantage point"));
}

/* Said of this end, and no longer when what is missing is there. */
#define expect_limit_until(start, words, ...)                                                      \
	do {                                                                                       \
		struct facts then = (start);                                                       \
		struct verdict v = verdict_of(&then);                                              \
		cr_expect(says(&v, words), "%s", words_of(&v));                                    \
		__VA_ARGS__;                                                                       \
		v = verdict_of(&then);                                                             \
		cr_expect(!says(&v, words), "%s", words_of(&v));                                   \
	} while (0)

Test(classify_limits, what_one_place_cannot_show_is_said_where_the_verdict_rests_on_it)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.lessons.connections = 0;
	expect_limit_until(f, "No other connection", then.lessons.connections = 1);
	f.reset.tos = f.reset.trigger_tos = 0;
	expect_limit_until(f, "carries no DSCP", then.reset.tos = then.reset.trigger_tos = 0x48);
	f.reset.ttl_max = f.reset.ttl_min = 0;
	expect_limit_until(f, "no distance to compare",
			   then.reset.ttl_min = then.reset.ttl_max = 57);
	f = facts_of_a_quiet_session();
	be_silent_for(&f, SECONDS(2), CLIENT);
	wait_in_vain(&f, CLIENT, 9, SECONDS(100));
	end_with(&f, ENDING_silent, CLIENT);
	expect_limit_until(f, "look the same", then = facts_of_a_quiet_session());
}

Test(classify_limits, a_healthy_end_has_no_doubts_to_tell)
{
	struct facts f = facts_of_a_quiet_session();
	struct verdict v;

	end_with(&f, ENDING_closed, CLIENT);
	f.last.client_ago_ns = NS_PER_MS;
	f.lessons.connections = 0;
	v = verdict_of(&f);
	cr_assert_eq(v.cause, CAUSE_orderly_close, "%s", words_of(&v));
	cr_expect_eq(v.limits, 0, "%s", v.limit[0]);
}

Test(classify_limits, more_than_there_is_room_for_does_no_harm)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.one_sided = f.mid_stream = f.judged_early = f.cut = f.multipath = true;
	f.clock_stepped = f.roles_guessed = f.copies = true;
	f.ssh.by_proxy[CLIENT] = f.ssh.by_proxy[SERVER] = true;
	f.missing = f.overlaps = 1;
	cr_expect_eq(verdict_of(&f).limits, VERDICT_LIMITS_MAX);
}

Test(classify_limits, the_words_are_the_contracts)
{
	static const char *const who[] = { "client",  "server", "middlebox",
					   "network", "none",   "unknown" };
	static const char *const sure[] = { "certain", "likely", "possible", "unexplained" };
	static const char *const where[] = { "client", "server", "network" };

	for (int i = 0; i < WHO_COUNT; i++)
		cr_expect_str_eq(who_name((enum who)i), who[i]);
	for (int i = 0; i <= SURE_UNEXPLAINED; i++)
		cr_expect_str_eq(sure_name((enum sure)i), sure[i]);
	for (int i = 0; i <= WHERE_NETWORK; i++)
		cr_expect_str_eq(where_name((enum where)i), where[i]);
}
