/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/pcapng_write.c by way of the room's door: bytes as the draft has them, and read back. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/capture/opened.h"

#define ETHERNET 1
#define SECTION_HEX "0a0d0d0a 20000000 4d3c2b1a 0100 0000 ffffffffffffffff 00000000 20000000 "
#define INTERFACE_HEX "01000000 20000000 0100 0000 00000400 0900 0100 09000000 0000 0000 20000000 "

static const struct comments no_comments;
static const struct capture_interface plain = { .link_type = ETHERNET, .snap_len = 262144 };

static FILE *memory(char **at, size_t *len)
{
	FILE *out = open_memstream(at, len);

	cr_assert_not_null(out);
	return out;
}

/* What was written since memory(); the caller frees it. */
static struct bytes closed(FILE *out, char **at, const size_t *len)
{
	struct bytes b;

	fclose(out);
	b = bytes_copy(*at, *len);
	free(*at);
	return b;
}

static struct frame frame_with(const void *bytes, uint32_t len, int64_t time_ns)
{
	return (struct frame){ .number = 7,
			       .link_type = ETHERNET,
			       .time_ns = time_ns,
			       .wire_len = 60,
			       .len = len,
			       .bytes = bytes };
}

static struct bytes file_of(const struct frame *frame, const struct capture_interface *about,
			    const struct comments *comments)
{
	char *at;
	size_t len;
	FILE *out = memory(&at, &len);
	struct pcapng_writer *w = pcapng_writer_new(out, NULL, &no_comments);

	pcapng_writer_frame(w, frame, about, comments);
	pcapng_writer_free(w);
	return closed(out, &at, &len);
}

static void expect_bytes(struct bytes got, const char *expected)
{
	struct bytes e = hex(expected);

	cr_expect_eq(got.len, e.len, "%zu bytes, not %zu", got.len, e.len);
	for (size_t i = 0; i < got.len && i < e.len; i++)
		cr_assert_eq(got.at[i], e.at[i], "byte %zu is %02x, not %02x", i, got.at[i],
			     e.at[i]);
	bytes_free(got);
	bytes_free(e);
}

static uint32_t u32_at(struct bytes b, size_t at)
{
	cr_assert(at + 4 <= b.len, "a number beyond the end");
	return (uint32_t)b.at[at] | (uint32_t)b.at[at + 1] << 8 | (uint32_t)b.at[at + 2] << 16 |
	       (uint32_t)b.at[at + 3] << 24;
}

/* Options from here to the end of the block's body: each whole, the last one the end of options. */
static void expect_options(struct bytes b, size_t at, size_t end)
{
	uint32_t head = 1;

	while (at < end && head != 0) {
		head = u32_at(b, at);
		at += 4 + ((head >> 16) + 3) / 4 * 4;
	}
	cr_expect_eq(at, end, "options end at %zu, the block at %zu", at, end);
	cr_expect_eq(head, 0, "no end of options");
}

/* All blocks have a length of whole words, twice, and options that fill them. */
static unsigned int expect_sound(struct bytes b)
{
	unsigned int blocks = 0;
	size_t at = 0;

	for (; at < b.len; blocks++) {
		uint32_t type = u32_at(b, at), len = u32_at(b, at + 4), fixed = 24;

		cr_assert_eq(len % 4, 0, "a block of %" PRIu32 " bytes", len);
		cr_assert(len >= 12 && at + len <= b.len, "a block beyond the end");
		cr_expect_eq(u32_at(b, at + len - 4), len);
		if (type == 1)
			fixed = 16;
		else if (type == 6)
			fixed = 28 + (u32_at(b, at + 20) + 3) / 4 * 4;
		expect_options(b, at + fixed, at + len - 4);
		at += len;
	}
	return blocks;
}

Test(capture_pcapng_write, a_file_without_frames_is_a_section)
{
	char *at;
	size_t len;
	FILE *out = memory(&at, &len);

	pcapng_writer_free(pcapng_writer_new(out, NULL, &no_comments));
	expect_bytes(closed(out, &at, &len), SECTION_HEX);
}

Test(capture_pcapng_write, the_interface_comes_before_its_first_frame)
{
	struct frame frame = frame_with("\xaa\xbb", 2, 9000);

	expect_bytes(file_of(&frame, &plain, &no_comments), SECTION_HEX INTERFACE_HEX
		     "06000000 34000000 00000000 00000000 28230000 02000000 3c000000 aabb0000"
		     "0500 0800 07000000 00000000 0000 0000 34000000");
}

Test(capture_pcapng_write, comments_of_the_section_and_who_wrote_it_are_in_its_header)
{
	const char *const text[] = { "one", "", "two!!" };
	const struct comments comments = { text, 3 };
	char *at;
	size_t len;
	FILE *out = memory(&at, &len);

	pcapng_writer_free(pcapng_writer_new(out, "rst", &comments));
	expect_bytes(closed(out, &at, &len),
		     "0a0d0d0a 3c000000 4d3c2b1a 0100 0000 ffffffffffffffff"
		     "0100 0300 6f6e6500 0100 0500 74776f2121000000 0400 0300 72737400 00000000"
		     "3c000000");
}

Test(capture_pcapng_write, the_interface_keeps_its_names_and_its_snap_length)
{
	struct frame frame = frame_with("", 0, 0);
	const struct capture_interface about = { .link_type = 113,
						 .snap_len = 96,
						 .name = "eth0",
						 .description = "LAN",
						 .comment = "a.pcap" };
	struct bytes b = file_of(&frame, &about, &no_comments);

	cr_assert_eq(expect_sound(b), 3);
	memmove(b.at, b.at + 32, b.len - 32);
	b.len = u32_at(b, 4);
	expect_bytes(b, "01000000 3c000000 7100 0000 60000000 0100 0600 612e70636170 0000"
			"0200 0400 65746830 0300 0300 4c414e00 0900 0100 09000000 00000000"
			"3c000000");
}

/* Some numbers in files are others than those of the system: raw IP is 12 here, 101 in files. */
Test(capture_pcapng_write, link_types_have_the_numbers_of_files)
{
	struct frame frame = frame_with("", 0, 0);
	const struct capture_interface raw = { .link_type = 12 };
	struct bytes b = file_of(&frame, &raw, &no_comments);

	cr_expect_eq(u32_at(b, 40), 101);
	bytes_free(b);
}

Test(capture_pcapng_write, every_length_of_frames_and_comments_gives_whole_words)
{
	static const char letters[] = "abcdefghi", bytes[] = "\1\2\3\4\5\6\7\10\11";

	for (uint32_t len = 0; len <= 9; len++) {
		for (size_t comment = 0; comment <= 9; comment++) {
			const char *const text[] = { letters + 9 - comment, "x" };
			const struct comments comments = { text, 2 };
			struct frame frame = frame_with(bytes, len, 5);
			struct bytes b = file_of(&frame, &plain, &comments);
			char told[80];
			int at = snprintf(told, sizeof(told), "1 if0 dlt1 5ns %u/60 ", len);

			cr_expect_eq(expect_sound(b), 3);
			for (uint32_t i = 0; i < len && i < 2; i++)
				at += snprintf(told + at, sizeof(told) - (size_t)at, "%02x",
					       (unsigned)bytes[i]);
			expect_frames(b, told, NULL);
		}
	}
}

Test(capture_pcapng_write, a_comment_that_is_too_long_for_an_option_is_cut)
{
	char *long_text = calloc(70001, 1);
	const char *const text[] = { long_text };
	const struct comments comments = { text, 1 };
	struct frame frame = frame_with("ab", 2, 5);
	struct bytes b;

	memset(long_text, 'x', 70000);
	b = file_of(&frame, &plain, &comments);
	cr_expect_eq(expect_sound(b), 3);
	cr_expect_eq(u32_at(b, 32 + 32 + 32), 0xffff0001, "the longest option there is");
	bytes_free(b);
	free(long_text);
}

/* Two inputs, each with its interfaces; and times before 1970, for which ticks have no sign. */
Test(capture_pcapng_write, each_interface_of_each_input_is_one_of_its_own)
{
	static const struct {
		uint16_t input;
		uint32_t interface;
		int64_t time_ns;
	} rows[] = { { 0, 0, 1 }, { 0, 1, 2 }, { 1, 0, 3 },  { 0, 0, -4 },
		     { 1, 0, 5 }, { 0, 1, 6 }, { 0, 0, -7 }, { 0, 0, 4600000000000000000 } };
	char *at;
	size_t len;
	FILE *out = memory(&at, &len);
	struct pcapng_writer *w = pcapng_writer_new(out, NULL, &no_comments);
	struct bytes b;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame frame = frame_with("ab", 2, rows[i].time_ns);

		frame.input = rows[i].input;
		frame.interface = rows[i].interface;
		pcapng_writer_frame(w, &frame, &plain, &no_comments);
	}
	pcapng_writer_free(w);
	b = closed(out, &at, &len);
	cr_expect_eq(expect_sound(b), 1 + 4 + 8);
	expect_frames(b,
		      "1 if0 dlt1 1ns 2/60 6162; 2 if1 dlt1 2ns 2/60 6162; "
		      "3 if2 dlt1 3ns 2/60 6162; 4 if3 dlt1 -4ns 2/60 6162; "
		      "5 if2 dlt1 5ns 2/60 6162; 6 if1 dlt1 6ns 2/60 6162; "
		      "7 if3 dlt1 -7ns 2/60 6162; 8 if0 dlt1 4600000000000000000ns 2/60 6162",
		      NULL);
}

/* ---- what the interfaces of an input are ---- */

static struct capture_interface interface_of_first(struct bytes b)
{
	char error[CAPTURE_ERROR_MAX] = "";
	struct capture *capture = opened(b, error);
	struct capture_interface about;
	struct frame frame;

	cr_assert_not_null(capture, "%s", error);
	cr_assert(capture_next(capture, &frame));
	about = capture_interface(capture);
	capture_close(capture);
	return about;
}

Test(capture_pcapng_write, an_interface_of_pcapng_is_read_with_its_names)
{
	struct capture_interface about = interface_of_first(
		hex(SECTION_LE INTERFACE_LE
		    "01000000 28000000 7100 0000 60000000 0200 0600"
		    "65746807c3a9 0000 0300 0200 5c580000 28000000" PACKET_LE("01", "bb")));

	cr_expect_eq(about.link_type, 113);
	cr_expect_eq(about.snap_len, 96);
	cr_expect_str_eq(about.name, "eth???", "what nobody can print is not kept");
	cr_expect_str_eq(about.description, "\\X");
}

Test(capture_pcapng_write, an_interface_of_pcap_has_a_snap_length_alone)
{
	struct capture_interface about = interface_of_first(hex(PCAP_LE RECORD_LE));

	cr_expect_eq(about.link_type, ETHERNET);
	cr_expect_eq(about.snap_len, 65535);
	cr_expect_str_empty(about.name);
}

Test(capture_pcapng_write, a_frame_of_no_described_interface_has_none)
{
	struct capture_interface about =
		interface_of_first(hex(SECTION_LE INTERFACE_LE PACKET_LE("05", "bb")));

	cr_expect_eq(about.link_type, LINK_TYPE_UNKNOWN);
	cr_expect_eq(about.snap_len, 0);
}
