/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_idle_timeout);

/* The client comes back after this silence, and a device answers. */
static struct facts forgotten(int64_t seconds)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_FILTER);
	make_nearer(&f);
	be_silent_for(&f, SECONDS(seconds), CLIENT);
	return f;
}

static struct facts dropped(int64_t seconds, enum side side)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_silent, !side);
	be_silent_for(&f, SECONDS(seconds), side);
	wait_in_vain(&f, side, 7, SECONDS(27));
	return f;
}

static void live_on(struct facts *f)
{
	f->lessons.accepted_after = 1;
	f->lessons.accepted_after_mark = MARK(95);
}

Test(classify_causes_idle_timeout, a_device_that_resets_who_speaks_next_forgot)
{
	struct facts f = forgotten(352);
	struct verdict v;

	expect_verdict(&f, idle_timeout, WHO_MIDDLEBOX, SURE_CERTAIN);
	v = verdict_of(&f);
	cr_expect_str_eq(v.detail, "reset_on_next");
	cr_expect_not_null(strstr(v.sentence, "the server did not send it"), "%s", v.sentence);
}

Test(classify_causes_idle_timeout, a_device_that_resets_both_ends_at_the_limit_forgot)
{
	struct facts f = forgotten(240);

	f.silence.broken = false;
	f.reset.answers = false;
	f.reset.since_trigger_ns = SECONDS(240);
	f.reset.both_ways = true;
	f.reset.both_mark = MARK(91);
	expect_verdict(&f, idle_timeout, WHO_MIDDLEBOX, SURE_CERTAIN);
	cr_expect_str_eq(verdict_of(&f).detail, "reset_at_expiry");
}

Test(classify_causes_idle_timeout, a_device_that_drops_all_from_then_on_forgot)
{
	struct facts f = dropped(352, CLIENT);

	expect_verdict(&f, idle_timeout, WHO_MIDDLEBOX, SURE_LIKELY);
	live_on(&f);
	expect_verdict(&f, idle_timeout, WHO_MIDDLEBOX, SURE_CERTAIN);
	cr_expect_str_eq(verdict_of(&f).detail, "silent_drop");
}

Test(classify_causes_idle_timeout, the_servers_capture_sees_the_nat_speak_for_the_client)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, CLIENT, BY_KERNEL); /* the NAT has a kernel, which copies the DSCP */
	f.reset.ttl = 66;
	f.reset.rtt_min_ns = 0;
	be_silent_for(&f, SECONDS(7500), SERVER);
	expect_verdict(&f, idle_timeout, WHO_MIDDLEBOX, SURE_LIKELY);
}

Test(classify_causes_idle_timeout, a_known_limit_just_below_the_silence_adds_weight)
{
	struct facts near = forgotten(352), far = forgotten(500);

	cr_expect_gt(weigh(CAUSE_idle_timeout, &near), weigh(CAUSE_idle_timeout, &far));
}

Test(classify_causes_idle_timeout, below_four_minutes_a_silence_says_little)
{
	struct facts f = forgotten(100);
	struct verdict v = verdict_of(&f);

	cr_expect_geq(v.sure, SURE_LIKELY, "%s", words_of(&v));
}

Test(classify_causes_idle_timeout, must_not_be_loud_when_the_hosts_own_kernel_answers)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		struct facts f = facts_of_a_quiet_session();
		struct verdict v;

		end_with_reset(&f, side, BY_KERNEL); /* it may have restarted */
		be_silent_for(&f, SECONDS(3650), !side);
		live_on(&f);
		v = verdict_of(&f);
		cr_expect_geq(v.sure, SURE_POSSIBLE, "%s", words_of(&v));
		cr_expect_null(strstr(v.sentence, "did not send it"), "%s", v.sentence);
	}
}

Test(classify_causes_idle_timeout, must_not_win_when_a_socket_answers)
{
	struct facts f = forgotten(352);

	end_with_reset(&f, SERVER, BY_SOCKET);
	expect_not(&f, idle_timeout);
	f.silence.broken = false; /* sshd or a proxy ends what is idle */
	expect_modest(&f);
}

Test(classify_causes_idle_timeout, must_not_win_when_a_longer_silence_did_no_harm)
{
	struct facts f = forgotten(352);

	f.silence.survived_ns = SECONDS(900);
	expect_not(&f, idle_timeout);
}

Test(classify_causes_idle_timeout, must_not_win_without_a_silence)
{
	struct facts f = forgotten(29);

	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), INT_MIN);
	f = dropped(2, CLIENT);
	expect_not(&f, idle_timeout);
}

Test(classify_causes_idle_timeout, must_not_win_by_a_reset_that_nobody_obeys)
{
	struct facts f = forgotten(352);

	f.reset.fit = RESET_FIT_OUTSIDE;
	expect_not(&f, idle_timeout);
}

Test(classify_causes_idle_timeout, must_not_win_for_a_fin)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_closed, SERVER);
	be_silent_for(&f, SECONDS(352), CLIENT);
	expect_not(&f, idle_timeout); /* it answers the client */
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), INT_MIN);
	f.silence.broken = false;
	expect_not(&f, idle_timeout); /* no timer is as odd */
	be_silent_for(&f, SECONDS(600), CLIENT);
	f.silence.broken = false;
	expect_not(&f, idle_timeout); /* the server's own timer may be */
	end_with(&f, ENDING_closed, CLIENT);
	f.silence.ns = SECONDS(29);
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), INT_MIN);
}

Test(classify_causes_idle_timeout, a_proxy_hangs_up_on_the_second)
{
	struct facts f = facts_of_a_quiet_session();
	int round;

	end_with(&f, ENDING_closed, CLIENT);
	be_silent_for(&f, SECONDS(600), CLIENT);
	f.silence.broken = false;
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(600);
	round = weigh(CAUSE_idle_timeout, &f);
	cr_expect_gt(round, 10);
	f.silence.ns = SECONDS(615); /* somebody came back and left */
	cr_expect_lt(weigh(CAUSE_idle_timeout, &f), 0);
	f.silence.ns = SECONDS(350) + NS_PER_S / 2; /* no half minute, but a limit of devices */
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), round);
	f.silence.ns = SECONDS(352);
	cr_expect_lt(weigh(CAUSE_idle_timeout, &f), round);
	f.one_sided = true;
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), INT_MIN);
}

Test(classify_causes_idle_timeout, what_other_connections_survived_and_what_not_brackets_the_limit)
{
	struct facts f = forgotten(352);
	int alone = weigh(CAUSE_idle_timeout, &f);

	f.lessons.silence_survived_ns = SECONDS(351);
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), alone);
	f.lessons.silence_survived_ns = SECONDS(352);
	cr_expect_lt(weigh(CAUSE_idle_timeout, &f), alone);
	f.lessons.silence_survived_ns = 0;
	f.lessons.silence_killed_ns = SECONDS(380);
	cr_expect_gt(weigh(CAUSE_idle_timeout, &f), alone);
	f.lessons.silence_killed_ns = SECONDS(390); /* longer than this one: another matter */
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), alone);
	f.lessons.silence_killed_ns = SECONDS(352);
	alone = weigh(CAUSE_idle_timeout, &f);
	f.lessons.silence_survived_ns = SECONDS(340);
	cr_expect_gt(weigh(CAUSE_idle_timeout, &f), alone);
}

Test(classify_causes_idle_timeout, a_client_that_is_gone_looks_the_same_from_the_server)
{
	struct facts user = dropped(500, CLIENT), server = dropped(500, SERVER);

	live_on(&server); /* which tells of the server, not of the client */
	cr_expect_lt(weigh(CAUSE_idle_timeout, &server), weigh(CAUSE_idle_timeout, &user));
	expect_modest(&server);
}

Test(classify_causes_idle_timeout, must_not_be_loud_when_probes_measured_the_silence)
{
	struct facts f = facts_of_a_quiet_session();

	/* TCP keep-alive: 7200 s is its own interval, and the client may be switched off. */
	end_with_reset(&f, SERVER, BY_SOCKET);
	f.last.client_ago_ns = f.last.server_ago_ns = SECONDS(7875);
	be_silent_for(&f, SECONDS(7200), SERVER);
	wait_in_vain(&f, SERVER, 9, SECONDS(675));
	f.waiting.len = 0;
	expect_modest(&f);
}

Test(classify_causes_idle_timeout, the_weight_of_a_reset_follows_its_marks_within_bounds)
{
	struct facts host = facts_of_a_quiet_session(), vague, device = forgotten(500);

	end_with_reset(&host, SERVER, BY_KERNEL);
	be_silent_for(&host, SECONDS(500), CLIENT);
	vague = host;
	vague.reset.ttl_min = vague.reset.ttl_max = 0;
	vague.reset.rtt_min_ns = 0;
	cr_expect_eq(weigh(CAUSE_idle_timeout, &host), 6 - 12);
	cr_expect_eq(weigh(CAUSE_idle_timeout, &vague), 6 + 3 - 2);
	cr_expect_eq(weigh(CAUSE_idle_timeout, &device), 6 + 15);
	cr_expect_not_null(
		strstr(plea_of(CAUSE_idle_timeout, &host).evidence[0].text, "restarted"));
	cr_expect_not_null(strstr(plea_of(CAUSE_idle_timeout, &vague).evidence[0].text, "may be"));
	cr_expect_not_null(
		strstr(plea_of(CAUSE_idle_timeout, &device).evidence[0].text, "was made"));
}

Test(classify_causes_idle_timeout, each_sign_counts)
{
	struct facts f = forgotten(500);

	expect_gain(f, idle_timeout, then.reset.both_ways = true);
	expect_gain(f, idle_timeout, live_on(&then));
	end_with_reset(&f, SERVER, BY_SOCKET);
	expect_gain(f, idle_timeout, then.silence.broken = false);
	f = dropped(500, CLIENT);
	expect_gain(f, idle_timeout, live_on(&then));
	expect_gain(f, idle_timeout, then.lessons.alive_after = 1);
	expect_loss(f, idle_timeout, then.waiting.len = 0);
	expect_loss(f, idle_timeout, then.silence.broken = false);
	f = dropped(352, CLIENT); /* a probe's silence is near to a limit by chance */
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), 6 + 6 + 5);
	f.waiting.len = 0;
	cr_expect_eq(weigh(CAUSE_idle_timeout, &f), 2 + 6);
}
