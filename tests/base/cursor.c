/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>

#include "base/cursor.h"
#include "tests/support.h"

Test(base_cursor, reads_numbers_in_network_order)
{
	struct bytes b = hex("01 0203 04050607 f0e1d2c3");
	struct cursor c = cursor_over(b.at, b.len);

	cr_expect_eq(cursor_u8(&c), 0x01);
	cr_expect_eq(cursor_u16(&c), 0x0203);
	cr_expect_eq(cursor_u32(&c), 0x04050607u);
	cr_expect_eq(cursor_u32(&c), 0xf0e1d2c3u);
	cr_expect_eq(cursor_left(&c), 0);
	cr_expect_not(c.short_read);
	bytes_free(b);
}

Test(base_cursor, reads_numbers_of_little_endian_formats)
{
	struct bytes b = hex("0203 04050607 f0e1d2c3 ff");
	struct cursor c = cursor_over(b.at, b.len);

	cr_expect_eq(cursor_u16le(&c), 0x0302);
	cr_expect_eq(cursor_u32le(&c), 0x07060504u);
	cr_expect_eq(cursor_u32le(&c), 0xc3d2e1f0u);
	cr_expect_not(c.short_read);
	cr_expect_eq(cursor_u16le(&c), 0);
	cr_expect_eq(cursor_u32le(&c), 0);
	cr_expect(c.short_read);
	bytes_free(b);
}

Test(base_cursor, a_read_past_the_end_gives_zero_and_uses_up_the_rest)
{
	struct bytes b = hex("ff ff ff");
	struct cursor c = cursor_over(b.at, b.len);

	cr_expect_eq(cursor_u32(&c), 0);
	cr_expect(c.short_read);
	cr_expect_eq(cursor_left(&c), 0);
	bytes_free(b);
}

Test(base_cursor, a_short_read_is_not_forgotten)
{
	struct bytes b = hex("01 02");
	struct cursor c = cursor_over(b.at, b.len);

	cursor_skip(&c, 3);
	cr_expect_eq(cursor_u8(&c), 0);
	cursor_skip(&c, 0);
	cr_expect(c.short_read);
	bytes_free(b);
}

Test(base_cursor, each_read_of_nothing_is_short)
{
	struct cursor c = cursor_over(NULL, 0);
	uint8_t copy[2] = { 0xaa, 0xaa };

	cr_expect_not(c.short_read);
	cr_expect_eq(cursor_u8(&c), 0);
	cr_expect(c.short_read);
	cr_expect_eq(cursor_u16(&c), 0);
	cr_expect_null(cursor_bytes(&c, 1));
	cursor_copy(&c, copy, sizeof(copy));
	cr_expect_eq(copy[0], 0);
	cr_expect_eq(copy[1], 0);
}

Test(base_cursor, zero_bytes_of_nothing_are_there)
{
	struct cursor c = cursor_over(NULL, 0);

	cr_expect_not_null(cursor_bytes(&c, 0));
	cr_expect_not(c.short_read);
}

Test(base_cursor, a_slice_ends_where_it_was_cut_and_its_owner_goes_on_behind_it)
{
	struct bytes b = hex("01 02 03 04");
	struct cursor c = cursor_over(b.at, b.len);
	struct cursor slice = cursor_slice(&c, 3);

	cr_expect_eq(cursor_left(&slice), 3);
	cursor_skip(&slice, 3);
	cr_expect_eq(cursor_u8(&slice), 0);
	cr_expect(slice.short_read);
	cr_expect_eq(cursor_u8(&c), 0x04);
	cr_expect_not(c.short_read, "what the slice lacks is no matter of its owner");
	bytes_free(b);
}

Test(base_cursor, a_slice_longer_than_the_rest_is_the_rest_and_short)
{
	struct bytes b = hex("01 02");
	struct cursor c = cursor_over(b.at, b.len);
	struct cursor slice = cursor_slice(&c, SIZE_MAX);

	cr_expect_eq(cursor_left(&slice), 2);
	cr_expect(slice.short_read);
	cr_expect(c.short_read);
	cr_expect_eq(cursor_u8(&slice), 0x01);
	bytes_free(b);
}

Test(base_cursor, copies_bytes_as_they_are)
{
	struct bytes b = hex("de ad be ef");
	struct cursor c = cursor_over(b.at, b.len);
	uint8_t copy[4];

	cursor_copy(&c, copy, sizeof(copy));
	cr_expect_arr_eq(copy, b.at, 4);
	bytes_free(b);
}
