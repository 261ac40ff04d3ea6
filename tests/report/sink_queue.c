/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sink.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(report_sink_queue, records_come_back_in_their_order_with_their_numbers)
{
	struct sink_queue q;
	uint64_t event;
	size_t len;

	queue_open(&q, 256);
	cr_expect_null(queue_first(&q, &event, &len));
	cr_assert(queue_push(&q, 7, "one", 3));
	cr_assert(queue_push(&q, 8, "", 0));
	cr_assert(queue_push(&q, 9, "three", 5));
	cr_expect_arr_eq(queue_first(&q, &event, &len), "one", 3);
	cr_expect(event == 7 && len == 3);
	queue_pop(&q);
	cr_expect_not_null(queue_first(&q, &event, &len));
	cr_expect(event == 8 && len == 0);
	queue_pop(&q);
	cr_expect_arr_eq(queue_first(&q, &event, &len), "three", 5);
	queue_pop(&q);
	cr_expect_null(queue_first(&q, &event, &len));
	queue_free(&q);
}

Test(report_sink_queue, what_finds_no_room_changes_nothing)
{
	char bytes[300] = { 0 };
	struct sink_queue q;
	uint64_t event;
	size_t len;

	queue_open(&q, 256);
	cr_expect_not(queue_push(&q, 1, bytes, 256), "no room for what stands before it");
	cr_expect_not(queue_push(&q, 1, bytes, SIZE_MAX));
	cr_assert(queue_push(&q, 2, bytes, 200));
	cr_expect_not(queue_push(&q, 3, bytes, 100));
	cr_assert_not_null(queue_first(&q, &event, &len));
	cr_expect(event == 2 && len == 200);
	queue_pop(&q);
	cr_expect(queue_push(&q, 3, bytes, 100), "there is room again");
	queue_free(&q);
}

/* Beside the queue stands what it has to be: the numbers of the records alone tell their bytes. */
Test(report_sink_queue, whatever_comes_and_goes_nothing_is_mixed_up)
{
	uint64_t first = 1, next = 1, event;
	struct sink_queue q;
	size_t len, refused = 0;

	queue_open(&q, 1000);
	srand(8);
	for (int i = 0; i < 100000; i++) {
		char bytes[400];

		if (rand() % 5 < 3) {
			len = (size_t)(rand() % 400);
			memset(bytes, (int)(next % 251), len);
			if (queue_push(&q, next, bytes, len))
				next++;
			else
				refused++;
		} else if (first < next) {
			const char *at = queue_first(&q, &event, &len);

			cr_assert_eq(event, first++);
			for (size_t j = 0; j < len; j++)
				cr_assert_eq((unsigned char)at[j], event % 251);
			queue_pop(&q);
		} else
			cr_assert_null(queue_first(&q, &event, &len));
	}
	cr_expect_gt(refused, 100, "the queue was never full");
	queue_free(&q);
}
