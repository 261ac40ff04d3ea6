/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/classic.c by way of the room's door. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/capture/opened.h"

static const char frame_us[] = "1 if0 dlt1 7000009000ns 2/60 aabb";
static const char frame_ns[] = "1 if0 dlt1 7000000009ns 2/60 aabb";

Test(capture_classic, both_byte_orders_and_both_units_give_the_same_frame)
{
	expect_frames(hex(PCAP_LE RECORD_LE), frame_us, NULL);
	expect_frames(hex(PCAP_BE RECORD_BE), frame_us, NULL);
	expect_frames(hex(PCAP_LE_NS RECORD_LE), frame_ns, NULL);
	expect_frames(hex(PCAP_BE_NS RECORD_BE), frame_ns, NULL);
}

Test(capture_classic, a_file_without_frames_is_fine)
{
	expect_frames(hex(PCAP_LE), "", NULL);
	expect_frames(hex(PCAP_BE_NS), "", NULL);
}

Test(capture_classic, a_file_that_ends_in_mid_frame_gives_the_frames_before_and_the_byte)
{
	static const size_t header_len = 24, record_len = 18;
	struct bytes whole = hex(PCAP_LE RECORD_LE RECORD_LE);

	for (size_t len = header_len; len <= whole.len; len++) {
		char error[CAPTURE_ERROR_MAX] = "", byte[32];
		struct capture *capture = opened(bytes_copy(whole.at, len), error);
		size_t frames = (len - header_len) / record_len;
		const char *damaged;

		cr_assert_not_null(capture, "%zu bytes: %s", len, error);
		cr_expect_eq(count_frames(capture), frames, "%zu bytes", len);
		damaged = capture_input(capture, 0)->damaged;
		cr_expect_eq(damaged == NULL, (len - header_len) % record_len == 0, "%zu bytes",
			     len);
		if (damaged != NULL) {
			sprintf(byte, "beyond byte %zu, ", len);
			cr_expect_not_null(strstr(damaged, byte), "%s: %s", byte, damaged);
			cr_expect_not_null(strstr(damaged, frames == 0 ? "before its first frame" :
									 "after frame 1"));
			expect_one_printable_line(damaged);
		}
		capture_close(capture);
	}
	bytes_free(whole);
}

Test(capture_classic, a_length_bomb_is_told_after_the_frame_before_it)
{
	expect_frames(
		hex(PCAP_LE RECORD_LE "00000000 00000000 ffffffff 3c000000 aabb"), frame_us,
		"cannot be read beyond byte 58, after frame 1: invalid packet capture length");
}

struct stamp {
	const char *file, *stamp, *frame;
};

static const struct stamp stamps[] = {
	/* the last second that a file can hold, and 999,999,999 us */
	{ PCAP_LE, "ffffffff ffc99a3b", "1 if0 dlt1 4294968294999999000ns 2/60 aabb" },
	{ PCAP_LE, "ffffffff 00000000", "1 if0 dlt1 4294967295000000000ns 2/60 aabb" },
	{ PCAP_LE, "00000080 00000000", "1 if0 dlt1 2147483648000000000ns 2/60 aabb" },
	{ PCAP_LE, "ffffff7f 3f420f00", "1 if0 dlt1 2147483647999999000ns 2/60 aabb" },
	/* a whole second of nanoseconds */
	{ PCAP_LE_NS, "01000000 00ca9a3b", "1 if0 dlt1 2000000000ns 2/60 aabb" },
	{ PCAP_LE, "00000000 ffffffff", "1 if0 dlt1 4294967295000ns 2/60 aabb" },
};

Test(capture_classic, times_outside_their_range_become_nanoseconds_all_the_same)
{
	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++)
		expect_frames(bytes_join(bytes_join(hex(stamps[i].file), hex(stamps[i].stamp)),
					 hex("02000000 3c000000 aabb")),
			      stamps[i].frame, NULL);
}

Test(capture_classic, a_link_type_without_a_name_has_its_number)
{
	char error[CAPTURE_ERROR_MAX] = "";
	struct capture *capture =
		opened(hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 e8030000"), error);

	cr_assert_not_null(capture, "%s", error);
	cr_expect_eq(capture_input(capture, 0)->link_types, 1);
	cr_expect_str_eq(capture_input(capture, 0)->link_names[0], "DLT_1000");
	capture_close(capture);
}
