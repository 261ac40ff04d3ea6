/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/pcapng_interface.c by way of the room's door: what an interface says of its frames. */
#include <criterion/criterion.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/capture/opened.h"

/* An Ethernet interface with these options, whose padded length is 4 to 99; a frame at tick 9. */
static struct bytes with_options(const char *options)
{
	struct bytes block = hex("01000000 00000000 0100 0000 00000000");
	struct bytes opts = hex(options), len = hex("00000000");

	put_u8(block, 4, (uint8_t)(20 + opts.len));
	put_u8(len, 0, (uint8_t)(20 + opts.len));
	return bytes_join(bytes_join(bytes_join(hex(SECTION_LE), block), bytes_join(opts, len)),
			  hex(PACKET_LE("00", "bb")));
}

struct clock_row {
	const char *what, *options, *frame;
};

static const struct clock_row clocks[] = {
	{ "no options", "", "1 if0 dlt1 9000ns 2/60 aabb" },
	{ "milliseconds", "0900 0100 03000000", "1 if0 dlt1 9000000ns 2/60 aabb" },
	{ "nanoseconds, then the end, then more", "0900 0100 09000000 0000 0000 0900 0100 03000000",
	  "1 if0 dlt1 9ns 2/60 aabb" },
	{ "eighths of a second", "0900 0100 83000000", "1 if0 dlt1 1125000000ns 2/60 aabb" },
	{ "an offset of 2 s", "0e00 0800 0200000000000000", "1 if0 dlt1 2000009000ns 2/60 aabb" },
	{ "an offset of -1 s", "0e00 0800 ffffffffffffffff", "1 if0 dlt1 -999991000ns 2/60 aabb" },
	{ "both, behind a padded comment",
	  "0100 0500 68656c6c6f000000 0900 0100 09000000"
	  "0e00 0800 0100000000000000",
	  "1 if0 dlt1 1000000009ns 2/60 aabb" },
};

Test(capture_pcapng_interface, times_are_told_in_the_clock_of_the_interface)
{
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
		expect_frames(with_options(clocks[i].options), clocks[i].frame, NULL);
	expect_frames(hex(SECTION_BE
			  "00000001 00000028 0001 0000 00000000 000e 0008 0000000000000002"
			  "0009 0001 09000000 00000028" PACKET_BE("00", "bb")),
		      "1 if0 dlt1 2000000009ns 2/60 aabb", NULL);
}

/* A wrong guess would shift all its frames. */
Test(capture_pcapng_interface, a_clock_that_cannot_be_read_is_damage)
{
	static const char words[] = "beyond byte 28, before its first frame: "
				    "an interface with malformed options";

	expect_frames(with_options("0900 0200 03030000"), "", words);
	expect_frames(with_options("0900 0000"), "", words);
	expect_frames(with_options("0e00 0400 00000000"), "", words);
	expect_frames(with_options("0900 4000 03000000"), "", words);
	expect_frames(with_options("0100 0500 68656c6c"), "", words);
}

Test(capture_pcapng_interface, a_block_without_room_for_an_interface_is_damage)
{
	expect_frames(hex(SECTION_LE "01000000 10000000 0100 0000 10000000"), "",
		      "too short for an interface");
}

/* The numbers of files are one list for all systems, those of libpcap are not. */
Test(capture_pcapng_interface, link_types_are_those_that_libpcap_makes_of_a_pcap_file)
{
	for (unsigned int type = 0; type < 300; type++) {
		struct bytes ng = hex(SECTION_LE INTERFACE_LE PACKET_LE("00", "bb"));
		struct bytes classic = hex(PCAP_LE RECORD_LE);
		struct capture *a, *b;
		char error[CAPTURE_ERROR_MAX] = "";
		struct frame f, g;

		put_u8(ng, 36, (uint8_t)type);
		put_u8(ng, 37, (uint8_t)(type >> 8));
		put_u8(classic, 20, (uint8_t)type);
		put_u8(classic, 21, (uint8_t)(type >> 8));
		a = opened(ng, error);
		b = opened(classic, error);
		cr_assert_not_null(a, "%s", error);
		if (b != NULL) {
			cr_assert(capture_next(a, &f) && capture_next(b, &g));
			cr_expect_eq(f.link_type, g.link_type, "%u: %d and %d", type, f.link_type,
				     g.link_type);
			capture_close(b);
		}
		capture_close(a);
	}
}

/* A frame of this interface. */
static struct bytes packet_of(uint32_t interface)
{
	struct bytes packet = hex(PACKET_LE("00", "bb"));

	put_u8(packet, 8, (uint8_t)interface);
	put_u8(packet, 9, (uint8_t)(interface >> 8));
	put_u8(packet, 10, (uint8_t)(interface >> 16));
	return packet;
}

/* So many interfaces, of which number 3 is another; frames of that and of the last. */
static struct bytes with_interfaces(uint32_t count)
{
	static const uint8_t interface[] = { 1, 0, 0, 0, 20, 0, 0,  0, 1, 0,
					     0, 0, 0, 0, 0,  0, 20, 0, 0, 0 };
	struct bytes section = hex(SECTION_LE), all;
	uint8_t *at = malloc(count * sizeof(interface));

	cr_assert_not_null(at);
	for (uint32_t i = 0; i < count; i++)
		memcpy(at + i * sizeof(interface), interface, sizeof(interface));
	at[3 * sizeof(interface) + 8] = DLT_LINUX_SLL;
	all = bytes_join(section, bytes_copy(at, count * sizeof(interface)));
	free(at);
	return bytes_join(bytes_join(all, packet_of(3)), packet_of(count - 1));
}

Test(capture_pcapng_interface, interfaces_may_be_many_but_not_without_end)
{
	expect_frames(with_interfaces(1000),
		      "1 if3 dlt113 9000ns 2/60 aabb; 2 if999 dlt1 9000ns 2/60 aabb", NULL);
	expect_frames(with_interfaces(65536),
		      "1 if3 dlt113 9000ns 2/60 aabb; 2 if65535 dlt1 9000ns 2/60 aabb", NULL);
	expect_frames(with_interfaces(65537), "", "more than 65536 interfaces");
}

Test(capture_pcapng_interface, of_many_link_types_the_first_are_named)
{
	struct bytes b = hex(SECTION_LE);
	char error[CAPTURE_ERROR_MAX] = "";
	struct capture *capture;

	for (unsigned int type = 0; type < 2 * CAPTURE_LINK_TYPES_MAX; type++) {
		struct bytes interface = hex(INTERFACE_LE);

		put_u8(interface, 8, (uint8_t)(200 + type));
		b = bytes_join(b, interface);
	}
	capture = opened(b, error);
	cr_assert_not_null(capture, "%s", error);
	cr_expect_eq(count_frames(capture), 0);
	cr_expect_eq(capture_input(capture, 0)->link_types, CAPTURE_LINK_TYPES_MAX);
	cr_expect_null(capture_input(capture, 0)->damaged);
	capture_close(capture);
}
