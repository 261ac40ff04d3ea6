/* SPDX-License-Identifier: BSD-3-Clause */
/* What the ends of other connections tell about what happened to the server. */
#include <criterion/criterion.h>

#include "tests/track/hosts_talk.h"
#include "track/inside.h"

Test(track_hosts_teach, sessions_closed_in_one_moment_went_together)
{
	struct wire *wire = wire_new();
	struct talk talk[3] = { talk_at_work(wire, 50001), talk_at_work(wire, 50002),
				talk_at_work(wire, 50003) };
	struct lessons lessons;
	uint32_t fin;

	talk_closed_by_server(&talk[0]);
	fin = wire->frame + 1;
	talk_closed_by_server(&talk[1]);
	wire_wait(wire, 5 * NS_PER_S);
	talk_closed_by_server(&talk[2]);
	lessons = lessons_of(wire, 50001);
	cr_expect_eq(lessons.ended_with, 1);
	cr_expect_eq(lessons.ended_other_age, 1,
		     "begun a second before, ended within milliseconds");
	cr_expect_eq(lessons.ended_with_mark.number, fin);
	cr_expect_eq(lessons_of(wire, 50003).ended_with, 0);
	wire_free(wire);
}

Test(track_hosts_teach, what_began_and_ended_together_may_have_had_the_same_limit)
{
	struct wire *wire = wire_new();
	struct talk first = talk_from(wire, 50001, 22), second = talk_from(wire, 50002, 22);
	struct lessons lessons;

	talk_open(&first);
	talk_open(&second);
	talk_login(&first);
	talk_login(&second);
	talk_key(&first);
	talk_key(&second);
	wire_wait(wire, 60 * NS_PER_S);
	talk_closed_by_server(&first);
	talk_closed_by_server(&second);
	lessons = lessons_of(wire, 50001);
	cr_expect_eq(lessons.ended_with, 1);
	cr_expect_eq(lessons.ended_other_age, 0);
	wire_free(wire);
}

Test(track_hosts_teach, a_logout_at_that_moment_is_nothing_that_the_server_did)
{
	struct wire *wire = wire_new();
	struct talk it = talk_at_work(wire, 50001), other = talk_at_work(wire, 50002);

	talk_closed_by_server(&it);
	talk_say(&other, CLIENT, TCP_PSH | TCP_ACK, cipher_text(GOODBYE_LEN));
	talk_closed_by_server(&other); /* as dropbear does on the last words */
	cr_expect_eq(lessons_of(wire, 50001).ended_with, 0);
	wire_free(wire);
}

Test(track_hosts_teach, a_sockets_reset_is_an_end_and_a_kernels_is_none)
{
	struct wire *wire = wire_new();
	struct talk it = talk_at_work(wire, 50001), by_socket = talk_at_work(wire, 50002);
	struct talk by_kernel = talk_at_work(wire, 50003);
	struct lessons lessons;

	talk_closed_by_server(&it);
	talk_say(&by_socket, SERVER, TCP_RST | TCP_ACK, none());
	talk_forgotten(&by_kernel);
	lessons = lessons_of(wire, 50001);
	cr_expect_eq(lessons.ended_with, 1);
	cr_expect_eq(lessons.forgotten, 1);
	cr_expect_eq(lessons.survived, 0);
	wire_free(wire);
}

Test(track_hosts_teach, who_comes_within_a_minute_learns_of_sessions_that_were_closed_before)
{
	struct wire *wire = wire_new();
	struct talk talk[2] = { talk_at_work(wire, 50001), talk_at_work(wire, 50002) };
	struct talk late;
	struct lessons lessons;

	talk_closed_by_server(&talk[0]);
	talk_closed_by_server(&talk[1]);
	wire_wait(wire, 50 * NS_PER_S);
	late = talk_from(wire, 50003, 22);
	talk_syn(&late);
	wire_wait(wire, 30 * NS_PER_S);
	late = talk_from(wire, 50004, 22);
	talk_syn(&late);
	lessons = lessons_of(wire, 50003);
	cr_expect_eq(lessons.ended_before, 2);
	cr_expect_neq(lessons.ended_before_mark.number, 0);
	cr_expect_eq(lessons.ended_with, 0);
	cr_expect_eq(lessons_of(wire, 50004).ended_before, 0, "long over");
	wire_free(wire);
}

/* ---- forgotten, survived ---- */

Test(track_hosts_teach, sessions_of_one_time_that_are_unknown_later_were_forgotten_together)
{
	struct wire *wire = wire_new();
	struct talk first = talk_at_work(wire, 50001), second = talk_at_work(wire, 50002), young;
	struct lessons lessons;
	uint32_t reset;

	wire_wait(wire, 600 * NS_PER_S);
	talk_forgotten(&first);
	wire_wait(wire, 50 * NS_PER_S);
	talk_forgotten(&second);
	reset = wire->frame;
	young = talk_at_work(wire, 50003);
	talk_forgotten(&young); /* another story */
	lessons = lessons_of(wire, 50001);
	cr_expect_eq(lessons.forgotten, 1);
	cr_expect_eq(lessons.forgotten_mark.number, reset);
	cr_expect_eq(lessons.ended_with, 0);
	cr_expect_eq(lessons_of(wire, 50003).forgotten, 0);
	wire_free(wire);
}

Test(track_hosts_teach, a_session_that_goes_on_survived_only_if_it_is_as_old)
{
	struct wire *wire = wire_new();
	struct talk old = talk_at_work(wire, 50001), it = talk_at_work(wire, 50002), young;
	struct lessons lessons;
	uint32_t alive;

	wire_wait(wire, 60 * NS_PER_S);
	young = talk_at_work(wire, 50003); /* the machine may be another one by now */
	talk_forgotten(&it);
	talk_key(&young);
	talk_key(&old);
	alive = wire->frame - 1;
	lessons = lessons_of(wire, 50002);
	cr_expect_eq(lessons.survived, 1);
	cr_expect_eq(lessons.survived_mark.number, alive);
	cr_expect_eq(lessons.alive_after, 2);
	wire_free(wire);
}

Test(track_hosts_teach, what_a_client_repeats_in_vain_is_no_sign_of_life)
{
	struct wire *wire = wire_new();
	struct talk other = talk_at_work(wire, 50001), it = talk_at_work(wire, 50002);
	struct lessons lessons;

	talk_closed_by_server(&it);
	talk_say(&other, CLIENT, TCP_PSH | TCP_ACK, cipher_text(KEY_LEN));
	for (int i = 0; i < 4; i++) {
		wire_wait(wire, NS_PER_S);
		talk_again(&other, CLIENT, KEY_LEN);
	}
	lessons = lessons_of(wire, 50002);
	cr_expect_eq(lessons.alive_after, 0);
	cr_expect_eq(lessons.survived, 0);
	wire_free(wire);
}

Test(track_hosts_teach, who_speaks_after_it_and_is_closed_with_it_did_not_survive)
{
	struct wire *wire = wire_new();
	struct talk other = talk_at_work(wire, 50001), it = talk_at_work(wire, 50002);

	talk_closed_by_server(&it);
	talk_data(&other, SERVER, 100); /* was on its way */
	talk_closed_by_server(&other);
	cr_expect_eq(lessons_of(wire, 50002).survived, 0);
	wire_free(wire);
}
