/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/pcapng_block.c by way of the room's door: lengths that are true, and others. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/capture/opened.h"

static const char frame[] = "1 if0 dlt1 9000ns 2/60 aabb";

static struct bytes after_a_frame(const char *more)
{
	return bytes_join(hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "bb")), hex(more));
}

/* The good frame ends at byte 84. */
Test(capture_pcapng_block, lengths_that_cannot_be_are_told_with_their_place)
{
	expect_frames(after_a_frame("06000000 0b000000 00000000"), frame,
		      "cannot be read beyond byte 84, after frame 1: a block of length 11");
	expect_frames(after_a_frame("06000000 00000000 00000000"), frame, "a block of length 0");
	expect_frames(after_a_frame("0a0d0d0a 0c000000 4d3c2b1a 0c000000"), frame,
		      "a block of length 12");
	expect_frames(after_a_frame("77000000 0c000000 10000000"), frame,
		      "beyond byte 84, after frame 1: a block whose length is 12 and then 16");
	expect_frames(after_a_frame("06000000 24000000 00000000 00000000 09000000 02000000"
				    "3c000000 aabb 0000 24000001"),
		      frame, "a block whose length is 36 and then 16777252");
}

Test(capture_pcapng_block, a_length_beyond_the_end_costs_no_memory)
{
	expect_frames(after_a_frame("06000000 fcffffff 00000000"), frame,
		      "cannot be read beyond byte 96, after frame 1: "
		      "the file ends within the block that begins at byte 84");
	expect_frames(after_a_frame("77000000 ffffffff 00000000"), frame, "byte 96");
	expect_frames(after_a_frame("0a0d0d0a ffffffff 4d3c2b1a 0100"), frame, "byte 98");
}

/* Padded all the same, as by the first writers of the format; Wireshark reads them, too. */
Test(capture_pcapng_block, a_length_that_does_not_count_its_padding_is_understood)
{
	expect_frames(hex(SECTION_LE INTERFACE_LE
			  "06000000 22000000 00000000 00000000 09000000 02000000 3c000000"
			  "aabb 0000 22000000"
			  "77000000 0d000000 01 000000 0d000000" PACKET_LE("00", "02")),
		      "1 if0 dlt1 9000ns 2/60 aabb; 2 if0 dlt1 9000ns 2/60 aa02", NULL);
}

/* A section's own length is in its own byte order, which its body tells. */
Test(capture_pcapng_block, a_section_of_the_other_byte_order_is_measured_in_it)
{
	expect_frames(hex(SECTION_LE INTERFACE_LE
			  "0a0d0d0a 00000024 1a2b3c4d 0001 0002 ffffffffffffffff 1234567812345678"
			  "00000024" INTERFACE_BE PACKET_BE("00", "bb")),
		      "1 if1 dlt1 9000ns 2/60 aabb", NULL);
	expect_frames(after_a_frame("0a0d0d0a 1c000000 4d3c2b1b 0100 0000 ffffffffffffffff"), frame,
		      "byte 84, after frame 1: a section of no known byte order");
}

/* 5 MB of what is not read, as secrets or names may be, and of an interface's comments. */
Test(capture_pcapng_block, a_long_block_is_passed_over_to_its_end)
{
	enum { BODY = 5000000 };
	struct bytes head = hex(SECTION_LE INTERFACE_LE "77000000 4c4b4c00");
	uint8_t *zeros = calloc(BODY, 1);

	cr_assert_not_null(zeros);
	expect_frames(bytes_join(bytes_join(head, bytes_copy(zeros, BODY)),
				 hex("4c4b4c00" PACKET_LE("00", "bb"))),
		      frame, NULL);
	free(zeros);
}

Test(capture_pcapng_block, a_cut_is_told_with_the_length_of_what_is_there)
{
	struct bytes whole =
		hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "bb") PACKET_LE("00", "cc"));

	for (size_t len = 85; len < whole.len; len++) {
		char words[100];

		sprintf(words, "cannot be read beyond byte %zu, after frame 1: the file ends", len);
		expect_frames(bytes_copy(whole.at, len), frame, words);
	}
	for (size_t len = 49; len < 84; len++)
		expect_frames(bytes_copy(whole.at, len), "", "before its first frame");
	bytes_free(whole);
}
