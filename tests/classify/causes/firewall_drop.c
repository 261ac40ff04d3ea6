/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

#include <limits.h>
#include <string.h>

TestSuite(classify_causes_firewall_drop);

static struct facts unanswered(uint32_t repeats)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_unanswered, SERVER);
	get_half_open(&f);
	f.ssh = (struct fact_ssh){ .notice = -1 };
	f.syn_ack_mark = NO_MARK;
	f.syn_repeats = repeats;
	f.near[CLIENT] = true;
	return f;
}

static void serve_others(struct facts *f)
{
	f->lessons.accepted_before = 2;
	f->lessons.accepted_before_mark = MARK(3);
	f->lessons.accepted_after = 1;
	f->lessons.accepted_after_mark = MARK(95);
	f->lessons.accepted_after_ns = f->end.time_ns + SECONDS(4);
}

static void stand_beside_server(struct facts *f)
{
	f->near[CLIENT] = false;
	f->near[SERVER] = true;
}

/* The client's segment, seen beside the server, is not acknowledged. */
static struct facts stopped_at_the_door(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with(&f, ENDING_silent, SERVER);
	wait_in_vain(&f, CLIENT, 7, SECONDS(27));
	f.silence.ns = NS_PER_S / 2;
	stand_beside_server(&f);
	return f;
}

Test(classify_causes_firewall_drop, syns_vanish_while_others_are_answered)
{
	struct facts f = unanswered(4);

	serve_others(&f);
	expect_verdict(&f, firewall_drop, WHO_MIDDLEBOX, SURE_LIKELY);
	f.lessons.accepted_after = 0;
	f.lessons.alive_after = 1; /* an older session goes on */
	expect_verdict(&f, firewall_drop, WHO_MIDDLEBOX, SURE_LIKELY);
}

Test(classify_causes_firewall_drop, a_full_queue_looks_alike_so_nobody_is_certain)
{
	struct facts f = unanswered(6);

	serve_others(&f);
	f.lessons.alive_after = 2;
	stand_beside_server(&f);
	expect_uncertain(&f);
}

Test(classify_causes_firewall_drop, beside_the_server_its_own_host_dropped_the_syn)
{
	struct facts f = unanswered(4);
	struct verdict v;

	serve_others(&f);
	stand_beside_server(&f);
	expect_verdict(&f, firewall_drop, WHO_SERVER, SURE_LIKELY);
	v = verdict_of(&f);
	cr_expect_not_null(strstr(v.sentence, "on the server's host"), "%s", v.sentence);
}

Test(classify_causes_firewall_drop, answers_that_vanish_are_dropped_on_the_path)
{
	struct facts f = unanswered(4);

	end_with(&f, ENDING_silent, CLIENT);
	wait_in_vain(&f, SERVER, 4, SECONDS(3));
	f.silence.ns = 0;
	f.syn_ack_mark = MARK(2);
	serve_others(&f);
	stand_beside_server(&f);
	expect_verdict(&f, firewall_drop, WHO_MIDDLEBOX, SURE_POSSIBLE);
	f.syn_repeats = 0; /* a scanner, or a forged address: it does not ask again */
	expect_not(&f, firewall_drop);
}

Test(classify_causes_firewall_drop, answers_that_are_repeated_show_that_the_server_is_there)
{
	struct facts f = unanswered(4);

	end_with(&f, ENDING_silent, CLIENT);
	wait_in_vain(&f, SERVER, 4, SECONDS(20));
	f.silence.ns = 0;
	f.syn_ack_mark = MARK(2);
	expect_verdict(&f, firewall_drop, WHO_MIDDLEBOX, SURE_POSSIBLE);
}

Test(classify_causes_firewall_drop, what_arrives_while_the_server_speaks_is_dropped_by_its_host)
{
	struct facts f = stopped_at_the_door();

	f.waiting.both = true;
	serve_others(&f);
	expect_verdict(&f, firewall_drop, WHO_SERVER, SURE_LIKELY);
	f.near[CLIENT] = true; /* one network: it may be lost between */
	expect_not(&f, firewall_drop);
}

Test(classify_causes_firewall_drop, must_not_win_when_the_host_may_be_dead)
{
	struct facts f = stopped_at_the_door();

	expect_not(&f, firewall_drop);
	f = unanswered(6);
	expect_not(&f, firewall_drop);
	f.lessons.accepted_before = 3;
	expect_not(&f, firewall_drop);
}

Test(classify_causes_firewall_drop, must_not_be_loud_when_the_host_returned_much_later)
{
	struct facts f = unanswered(4);

	serve_others(&f);
	f.lessons.accepted_after_ns = f.end.time_ns + SECONDS(90);
	f.lessons.alive_after = 1; /* the one that was accepted */
	expect_modest(&f);
}

Test(classify_causes_firewall_drop, must_not_win_for_a_single_syn)
{
	struct facts f = unanswered(0);

	expect_not(&f, firewall_drop);
}

Test(classify_causes_firewall_drop, must_not_win_for_what_was_answered)
{
	struct facts f = facts_of_a_quiet_session();

	cr_expect_eq(weigh(CAUSE_firewall_drop, &f), INT_MIN);
	refuse(&f, BY_KERNEL);
	cr_expect_eq(weigh(CAUSE_firewall_drop, &f), INT_MIN);
	f = stopped_at_the_door();
	f.silence.ns = SECONDS(352); /* idle: a device forgot */
	cr_expect_eq(weigh(CAUSE_firewall_drop, &f), INT_MIN);
	f = stopped_at_the_door();
	f.waiting.unheard = true; /* it was acknowledged */
	cr_expect_eq(weigh(CAUSE_firewall_drop, &f), INT_MIN);
}
