/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/pcapng.c by way of the room's door: which frames a file of blocks holds. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/capture/opened.h"

Test(capture_pcapng, both_byte_orders_give_the_same_frame)
{
	expect_frames(hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "bb")),
		      "1 if0 dlt1 9000ns 2/60 aabb", NULL);
	expect_frames(hex(SECTION_BE INTERFACE_BE PACKET_BE("00", "bb")),
		      "1 if0 dlt1 9000ns 2/60 aabb", NULL);
}

Test(capture_pcapng, a_file_without_frames_or_interfaces_is_fine)
{
	expect_frames(hex(SECTION_LE INTERFACE_LE), "", NULL);
	expect_frames(hex(SECTION_BE), "", NULL);
}

Test(capture_pcapng, each_frame_has_the_link_type_and_the_clock_of_its_interface)
{
	struct bytes b = hex(SECTION_LE INTERFACE_LE COOKED_LE NANO_LE PACKET_LE("00", "00")
				     PACKET_LE("01", "01") PACKET_LE("02", "02"));
	char error[CAPTURE_ERROR_MAX] = "";
	struct capture *capture;

	expect_frames(bytes_copy(b.at, b.len),
		      "1 if0 dlt1 9000ns 2/60 aa00; 2 if1 dlt113 9000ns 2/60 aa01; "
		      "3 if2 dlt1 9ns 2/60 aa02",
		      NULL);
	capture = opened(b, error);
	cr_assert_not_null(capture, "%s", error);
	cr_expect_eq(count_frames(capture), 3);
	cr_expect_eq(capture_input(capture, 0)->link_types, 2, "each is named once");
	cr_expect_str_eq(capture_input(capture, 0)->link_names[0], "EN10MB");
	cr_expect_str_eq(capture_input(capture, 0)->link_names[1], "LINUX_SLL");
	capture_close(capture);
}

Test(capture_pcapng, an_interface_may_be_described_after_frames_of_others)
{
	expect_frames(
		hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "00") COOKED_LE PACKET_LE("01", "01")),
		"1 if0 dlt1 9000ns 2/60 aa00; 2 if1 dlt113 9000ns 2/60 aa01", NULL);
}

/* Merged files keep their sections: each has interfaces from 0 on, and a byte order. */
Test(capture_pcapng, a_section_begins_with_no_interfaces_and_may_have_another_byte_order)
{
	expect_frames(hex(SECTION_LE COOKED_LE NANO_LE PACKET_LE("01", "00")
				  SECTION_BE INTERFACE_BE PACKET_BE("00", "01")
					  SECTION_LE COOKED_LE PACKET_LE("00", "02")),
		      "1 if1 dlt1 9ns 2/60 aa00; 2 if2 dlt1 9000ns 2/60 aa01; "
		      "3 if3 dlt113 9000ns 2/60 aa02",
		      NULL);
	expect_frames(hex(SECTION_LE INTERFACE_LE SECTION_LE PACKET_LE("00", "00")),
		      "1 if4294967295 dlt-1 0ns 0/60 ", NULL);
}

/* Merged files have such frames. Its time is that of the frame before, as its own has no unit. */
Test(capture_pcapng, a_frame_of_an_interface_that_is_not_described_does_not_end_the_capture)
{
	expect_frames(hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "bb") PACKET_LE("05", "00")
				  PACKET_LE("00", "cc")),
		      "1 if0 dlt1 9000ns 2/60 aabb; "
		      "2 if4294967295 dlt-1 9000ns 0/60 ; "
		      "3 if0 dlt1 9000ns 2/60 aacc",
		      NULL);
}

/* They have no time, so it is that of tick 0. */
Test(capture_pcapng, of_a_simple_block_what_the_snap_length_and_the_block_allow_was_captured)
{
	expect_frames(hex(SECTION_LE COOKED_LE "03000000 14000000 04000000 aabbccdd 14000000"),
		      "1 if0 dlt113 0ns 4/4 aabb", NULL);
	expect_frames(hex(SECTION_LE COOKED_LE "03000000 14000000 03000000 aabbcc00 14000000"),
		      "1 if0 dlt113 0ns 3/3 aabb", NULL);
	expect_frames(hex(SECTION_LE SNAPPED_LE "03000000 14000000 3c000000 aa000000 14000000"),
		      "1 if0 dlt1 0ns 1/60 aa", NULL);
	expect_frames(hex(SECTION_LE COOKED_LE "03000000 14000000 3c000000 aabbccdd 14000000"),
		      "1 if0 dlt113 0ns 4/60 aabb", NULL);
	expect_frames(hex(SECTION_LE "03000000 14000000 04000000 aabbccdd 14000000"),
		      "1 if4294967295 dlt-1 0ns 0/4 ", NULL);
}

Test(capture_pcapng, the_old_packet_block_has_a_16_bit_interface_and_a_count_of_drops)
{
	expect_frames(hex(SECTION_LE INTERFACE_LE COOKED_LE
			  "02000000 24000000 0100 2a00 00000000 09000000 02000000 3c000000"
			  "aabb 0000 24000000"),
		      "1 if1 dlt113 9000ns 2/60 aabb", NULL);
	expect_frames(hex(SECTION_BE INTERFACE_BE
			  "00000002 00000024 0000 ffff 00000000 00000009 00000002 0000003c"
			  "aabb 0000 00000024"),
		      "1 if0 dlt1 9000ns 2/60 aabb", NULL);
}

Test(capture_pcapng, both_halves_of_a_time_count)
{
	expect_frames(hex(SECTION_LE INTERFACE_LE
			  "06000000 20000000 00000000 01000000 02000000 00000000 00000000"
			  "20000000"),
		      "1 if0 dlt1 4294967298000ns 0/0 ", NULL);
}

/* What else is in captures, with lengths of 16: statistics, names, secrets, and nobody's own. */
Test(capture_pcapng, other_blocks_are_passed_over)
{
	static const char *const types[] = { "05000000", "04000000", "0a000000", "07000000",
					     "77000000", "01000080", "01010000" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		expect_frames(
			bytes_join(bytes_join(hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "00")),
					      hex(types[i])),
				   hex("10000000 12345678 10000000" PACKET_LE("00", "01"))),
			"1 if0 dlt1 9000ns 2/60 aa00; 2 if0 dlt1 9000ns 2/60 aa01", NULL);
}

/* Seen with tshark 4.0: a frame's number must be the one that Wireshark shows. */
Test(capture_pcapng, blocks_that_wireshark_counts_are_counted)
{
	static const char *const types[] = { "ad0b0000", "ad0b0040", "09000000",
					     "04020000", "16020000", "21020000" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		expect_frames(
			bytes_join(bytes_join(hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "00")),
					      hex(types[i])),
				   hex("10000000 12345678 10000000" PACKET_LE("00", "01"))),
			"1 if0 dlt1 9000ns 2/60 aa00; 3 if0 dlt1 9000ns 2/60 aa01", NULL);
}

/* A packet block of the given captured length, whose first bytes are aabb. */
static struct bytes packet_of(uint32_t len)
{
	struct bytes zeros = hex(""), block = hex("06000000 00000000 00000000 00000000 09000000");
	uint32_t block_len = 32 + (len + 3) / 4 * 4;
	uint8_t le[4] = { (uint8_t)block_len, (uint8_t)(block_len >> 8), (uint8_t)(block_len >> 16),
			  (uint8_t)(block_len >> 24) };
	uint8_t lens[8] = { (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)(len >> 16), 0,
			    (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)(len >> 16), 0 };
	uint8_t *data = calloc(block_len, 1);

	memcpy(block.at + 4, le, 4);
	data[0] = 0xaa;
	data[1] = 0xbb;
	zeros = bytes_join(zeros, bytes_copy(data, block_len - 32));
	free(data);
	block = bytes_join(block, bytes_copy(lens, 8));
	return bytes_join(bytes_join(block, zeros), bytes_copy(le, 4));
}

Test(capture_pcapng, a_frame_of_more_than_256_kib_is_cut_there)
{
	expect_frames(bytes_join(bytes_join(hex(SECTION_LE INTERFACE_LE), packet_of(262144)),
				 hex(PACKET_LE("00", "01"))),
		      "1 if0 dlt1 9000ns 262144/262144 aabb; 2 if0 dlt1 9000ns 2/60 aa01", NULL);
	expect_frames(bytes_join(bytes_join(hex(SECTION_LE INTERFACE_LE), packet_of(262145)),
				 hex(PACKET_LE("00", "01"))),
		      "1 if0 dlt1 9000ns 262144/262145 aabb; 2 if0 dlt1 9000ns 2/60 aa01", NULL);
	expect_frames(bytes_join(bytes_join(hex(SECTION_LE INTERFACE_LE), packet_of(9000000)),
				 hex(PACKET_LE("00", "01"))),
		      "1 if0 dlt1 9000ns 262144/9000000 aabb; 2 if0 dlt1 9000ns 2/60 aa01", NULL);
}

struct damage_row {
	const char *what, *bytes, *damage;
};

/* After a good frame, which ends at byte 84. */
static const struct damage_row damages[] = {
	{ "a frame longer than its block",
	  "06000000 24000000 00000000 00000000 09000000 05000000 3c000000 aabb 0000 24000000",
	  "beyond byte 84, after frame 1: a frame of 5 bytes in a block of 36" },
	{ "a frame of 4 GiB",
	  "06000000 24000000 00000000 00000000 09000000 ffffffff ffffffff aabb 0000 24000000",
	  "a frame of 4294967295 bytes" },
	{ "a block that is no frame's",
	  "06000000 1c000000 00000000 00000000 09000000 02000000 1c000000", "too short" },
	{ "an empty simple block", "03000000 0c000000 0c000000", "too short" },
	{ "a section of another version",
	  "0a0d0d0a 1c000000 4d3c2b1a 0200 0000 ffffffffffffffff 1c000000", "version 2.0" },
};

Test(capture_pcapng, a_fault_in_the_middle_is_told_after_the_frames_before_it)
{
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++)
		expect_frames(bytes_join(hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "bb")),
					 hex(damages[i].bytes)),
			      "1 if0 dlt1 9000ns 2/60 aabb", damages[i].damage);
}

/* ---- whatever is in it ---- */

#define BLOCKS 4 /* behind the section; one changed byte makes a frame of an interface, too */

static void read_all(struct bytes b)
{
	char error[CAPTURE_ERROR_MAX] = "";
	struct capture *capture = opened(bytes_copy(b.at, b.len), error);

	if (capture == NULL) {
		expect_one_printable_line(error);
		return;
	}
	cr_expect_leq(count_frames(capture), BLOCKS);
	if (capture_input(capture, 0)->damaged != NULL)
		expect_one_printable_line(capture_input(capture, 0)->damaged);
	capture_close(capture);
}

Test(capture_pcapng, no_cut_and_no_changed_byte_makes_it_read_what_is_not_there, .timeout = 60)
{
	struct bytes b = hex(SECTION_LE NANO_LE PACKET_LE(
		"00", "00") "03000000 14000000 04000000 aabbccdd 14000000"
			    "02000000 20000000 0000 2a00 00000000 09000000 00000000 3c000000"
			    "20000000");

	feed_every_cut(b, read_all);
	feed_every_change(b, b.len, read_all);
	bytes_free(b);
}
