/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/classify/facts_of.h"

TestSuite(classify_shape);

/* A bare RST with ACK of nobody in particular, without a word about its TTL. */
static struct facts bare(void)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_KERNEL);
	f.reset.has_ack = true;
	f.reset.trigger_had_ack = false; /* so a kernel answers with ACK */
	f.reset.tos = f.reset.trigger_tos = 0;
	return f;
}

static int decibans_of(const struct facts *facts, enum reset_kind *kind)
{
	struct facts f = *facts;
	struct plea p = { 0 };

	weigh_shape(&f, &p);
	*kind = f.origin.kind;
	return p.decibans;
}

#define expect_shape(facts, wanted, condition)                                                     \
	do {                                                                                       \
		enum reset_kind kind;                                                              \
		int decibans = decibans_of(facts, &kind);                                          \
		cr_expect(kind == (wanted) && decibans condition, "kind %d, %d decibans",          \
			  (int)kind, decibans);                                                    \
	} while (0)

Test(classify_shape, zeros_alone_never_speak_against_the_host)
{
	struct facts f = bare();

	expect_shape(&f, KIND_KERNEL, > 0);
	f.reset.has_ack = false;
	expect_shape(&f, KIND_KERNEL, > 0);
	f.reset.has_ip_id = f.reset.df = false;
	expect_shape(&f, KIND_KERNEL, > 0);
}

Test(classify_shape, asa_has_255_no_df_and_the_window_of_its_trigger)
{
	struct facts f = bare();

	f.reset.df = false;
	f.reset.window = f.reset.trigger_window;
	f.reset.ttl = 250;
	expect_shape(&f, KIND_DEVICE, <= -20);
	f.reset.ttl_min = f.reset.ttl_max = 250; /* the host begins at 255 too */
	expect_shape(&f, KIND_DEVICE, <= -12);
	f.reset.ttl = 57;
	expect_shape(&f, KIND_DEVICE, <= -12);
	f.reset.df = true; /* a socket whose window happens to be the same */
	expect_shape(&f, KIND_UNKNOWN, == 0);
}

Test(classify_shape, a_socket_has_a_window_and_a_device_that_of_its_trigger)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	expect_shape(&f, KIND_SOCKET, >= 20);
	f.reset.window = 0;
	expect_shape(&f, KIND_UNKNOWN, == 0);
	f = bare();
	f.reset.df = false;
	f.reset.window = f.reset.trigger_window - 1;
	expect_shape(&f, KIND_UNKNOWN, == 0);
}

Test(classify_shape, a_window_of_zero_is_echoed_by_nobody)
{
	struct facts f = bare();

	f.reset.df = false;
	f.reset.window = f.reset.trigger_window = 0;
	expect_shape(&f, KIND_BARE, == -3);
}

Test(classify_shape, without_a_window_the_counter_tells_a_socket_from_a_kernel_of_windows)
{
	struct facts f = bare();

	f.reset.ttl = f.reset.ttl_min = f.reset.ttl_max = 121;
	f.reset.ip_id = 4001;
	f.reset.ip_id_step = 1;
	expect_shape(&f, KIND_SOCKET, >= 10);
	f.reset.has_ack = false;
	expect_shape(&f, KIND_KERNEL, >= 10);
	f.reset.ip_id_step = 4000;
	expect_shape(&f, KIND_BARE, == 0);
}

Test(classify_shape, appliances_that_begin_at_255_differ_by_df_and_window)
{
	struct facts f = bare();

	f.reset.ttl = 250;
	expect_shape(&f, KIND_DEVICE, == -6); /* F5 */
	f.reset.df = false;
	expect_shape(&f, KIND_DEVICE, == -6); /* IOS */
	f.reset.window = 8201;
	expect_shape(&f, KIND_DEVICE, == -15); /* NetScaler */
	f.reset.window = 8301;
	expect_shape(&f, KIND_UNKNOWN, == 0);
	f.reset.window = 0; /* a host that begins at 255 itself */
	f.reset.ttl_min = f.reset.ttl_max = 250;
	expect_shape(&f, KIND_BARE, == -3);
}

Test(classify_shape, a_kernel_and_a_rule_have_ack_just_where_the_segment_had_none)
{
	struct facts f = bare();

	f.reset.trigger_tos = 0x48;
	expect_shape(&f, KIND_FILTER, < 0);
	f.reset.trigger_had_ack = true; /* a SYN proxy passed on what was said to another SYN */
	expect_shape(&f, KIND_KERNEL, == 2);
	f.reset.has_ack = false;
	expect_shape(&f, KIND_FILTER, < 0);
	f.reset.tos = 0x48;
	expect_shape(&f, KIND_KERNEL, >= 10);
}

Test(classify_shape, nobody_knows_that_windows_copies_marks)
{
	struct facts f = bare();

	use_long_addresses(&f);
	f.reset.trigger_tos = 0x48;
	expect_shape(&f, KIND_FILTER, < 0);
	f.reset.ttl = f.reset.ttl_min = f.reset.ttl_max = 121;
	expect_shape(&f, KIND_KERNEL, > 0);
}

Test(classify_shape, pf_writes_tos_0x10)
{
	struct facts f = bare();

	f.reset.tos = 0x10;
	expect_shape(&f, KIND_FILTER, < 0);
	f.reset.trigger_tos = 0x10; /* Debian marks its SSH so: then it is a copy */
	expect_shape(&f, KIND_KERNEL, > 0);
}

Test(classify_shape, ecn_is_not_part_of_the_mark)
{
	struct facts f = bare();

	f.reset.trigger_tos = 0x48 | 2;
	f.reset.tos = 0x48;
	expect_shape(&f, KIND_KERNEL, >= 10);
	f.reset.trigger_tos = 2;
	f.reset.tos = 0;
	expect_shape(&f, KIND_KERNEL, < 10);
}

Test(classify_shape, only_what_answers_can_copy_or_clear)
{
	struct facts f = bare();

	f.reset.trigger_tos = 0x48;
	expect_shape(&f, KIND_FILTER, < 0);
	f.reset.answers = false;
	expect_shape(&f, KIND_KERNEL, > 0);
}

Test(classify_shape, boxes_have_kernels_so_a_copy_without_a_ttl_says_little)
{
	struct facts f = bare();

	f.reset.tos = f.reset.trigger_tos = 0x48;
	expect_shape(&f, KIND_KERNEL, >= 10);
	f.reset.ttl_min = f.reset.ttl_max = 0;
	expect_shape(&f, KIND_KERNEL, <= 2);
}

Test(classify_shape, the_initial_ttl_is_the_next_that_stacks_use)
{
	static const int rows[][2] = {
		{ 1, 32 },   { 32, 32 },   { 33, 64 },   { 64, 64 },
		{ 65, 128 }, { 128, 128 }, { 129, 255 }, { 255, 255 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect_eq(initial_ttl(rows[i][0]), rows[i][1], "%d", rows[i][0]);
}

Test(classify_shape, a_bare_reset_with_an_identification_is_anybodys)
{
	struct facts f = bare();

	f.reset.ip_id = 33000;
	expect_shape(&f, KIND_BARE, == 0);
}

Test(classify_shape, a_timestamp_of_another_clock_is_no_mark_of_the_socket)
{
	struct facts f = facts_of_a_quiet_session();

	end_with_reset(&f, SERVER, BY_SOCKET);
	f.reset.ip_id_step = 12345;
	cr_expect_eq(origin_of(&f).kind, KIND_SOCKET);
	f.reset.clock_wrong = true;
	cr_expect_neq(origin_of(&f).kind, KIND_SOCKET);
	cr_expect_neq(origin_of(&f).who, WHO_SERVER);
}
