/* SPDX-License-Identifier: BSD-3-Clause */
/* A ring of frames: what is kept comes out as it went in, the oldest goes first. */
#include <criterion/criterion.h>
#include <string.h>

#include "commands/lookback.h"

#define LONGEST 300

static uint32_t len_of(uint32_t number)
{
	return number * 7919 % LONGEST;
}

static void keep(struct lookback *l, uint32_t number)
{
	uint8_t bytes[LONGEST];
	struct frame f = { .number = number,
			   .input = (uint16_t)(number % 5),
			   .interface = number % 3,
			   .link_type = 1,
			   .time_ns = -(int64_t)number,
			   .wire_len = number * 2,
			   .len = len_of(number),
			   .bytes = bytes };

	memset(bytes, (int)(number & 0xff), sizeof(bytes));
	lookback_keep(l, &f, number + 1000);
}

static void expect_frame(const struct frame *f, uint32_t key, uint32_t number)
{
	cr_assert_eq(f->number, number);
	cr_expect_eq(key, number + 1000);
	cr_expect_eq(f->len, len_of(number));
	cr_expect_eq(f->wire_len, number * 2);
	cr_expect_eq(f->time_ns, -(int64_t)number);
	cr_expect_eq(f->input, number % 5);
	cr_expect_eq(f->interface, number % 3);
	for (uint32_t i = 0; i < f->len; i++)
		cr_assert_eq(f->bytes[i], number & 0xff);
}

/* From the oldest on without a hole, up to the last; how many there are. */
static uint32_t expect_run_to(const struct lookback *l, uint32_t last)
{
	struct lookback_at at = lookback_oldest(l);
	struct frame f;
	uint32_t key, count = 0, number = 0;

	while (lookback_next(l, &at, &f, &key)) {
		number = count == 0 ? f.number : number + 1;
		expect_frame(&f, key, number);
		count++;
	}
	cr_expect_eq(number, last);
	return count;
}

Test(commands_lookback, an_empty_one_has_no_frames)
{
	struct lookback *l = lookback_new(4096);
	struct lookback_at at = lookback_oldest(l);
	struct frame f;
	uint32_t key;

	cr_expect_not(lookback_next(l, &at, &f, &key));
	lookback_free(l);
}

Test(commands_lookback, what_fits_is_all_there)
{
	struct lookback *l = lookback_new(1 << 20);

	for (uint32_t i = 1; i <= 1000; i++)
		keep(l, i);
	cr_expect_eq(expect_run_to(l, 1000), 1000);
	lookback_free(l);
}

Test(commands_lookback, the_oldest_go_first_whatever_the_size)
{
	for (size_t size = 760; size < 2000; size += 8) {
		struct lookback *l = lookback_new(size);

		for (uint32_t i = 1; i <= 500; i++) {
			keep(l, i);
			cr_assert_geq(expect_run_to(l, i), 1, "%zu %u", size, i);
		}
		lookback_free(l);
	}
}

Test(commands_lookback, it_holds_about_as_much_as_it_has_room_for)
{
	struct lookback *l = lookback_new(1 << 20);

	for (uint32_t i = 1; i <= 50000; i++)
		keep(l, i);
	/* 150 octets and the entry before them, on average. */
	cr_expect_gt(expect_run_to(l, 50000), (1 << 20) / 210);
	lookback_free(l);
}

Test(commands_lookback, a_frame_that_is_too_long_is_left_out)
{
	static uint8_t bytes[4096];
	struct lookback *l = lookback_new(2048);
	struct frame f = { .number = 7, .len = sizeof(bytes), .bytes = bytes };

	keep(l, 1);
	lookback_keep(l, &f, 1);
	cr_expect_eq(expect_run_to(l, 1), 1);
	lookback_free(l);
}

Test(commands_lookback, both_directions_have_one_key)
{
	const struct endpoint a = { .ip = { .family = 4, .bytes = { 1 } }, .port = 22 };
	const struct endpoint b = { .ip = { .family = 4, .bytes = { 2 } }, .port = 50000 };
	const struct endpoint c = { .ip = { .family = 4, .bytes = { 2 } }, .port = 50001 };

	cr_expect_eq(lookback_key(&a, &b), lookback_key(&b, &a));
	cr_expect_neq(lookback_key(&a, &b), lookback_key(&a, &c));
}
