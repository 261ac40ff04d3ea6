/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/file.c: what is known of one input, and why it is none. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "capture/inside.h"
#include "tests/capture/opened.h"

struct kind {
	const char *what, *bytes, *format;
};

static const struct kind kinds[] = {
	{ "pcap", PCAP_LE RECORD_LE RECORD_LE, "pcap" },
	{ "pcapng", SECTION_LE INTERFACE_LE PACKET_LE("00", "bb") PACKET_LE("00", "cc"), "pcapng" },
};

Test(capture_file, an_input_tells_its_format_link_types_and_what_was_read)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char error[CAPTURE_ERROR_MAX] = "";
		struct capture *capture = opened(hex(kinds[i].bytes), error);
		const struct capture_input *about;
		struct frame f;

		cr_assert_not_null(capture, "%s: %s", kinds[i].what, error);
		about = capture_input(capture, 0);
		cr_expect_eq(about->packets, 0, "%s: nothing was handed out yet", kinds[i].what);
		cr_assert(capture_next(capture, &f));
		cr_expect_eq(about->first_ns, f.time_ns);
		cr_expect_eq(count_frames(capture), 1);
		cr_expect_str_eq(about->format, kinds[i].format);
		cr_expect_null(about->compression);
		cr_expect_eq(about->link_types, 1);
		cr_expect_str_eq(about->link_names[0], "EN10MB");
		cr_expect_eq(about->packets, 2);
		cr_expect_eq(about->bytes, 4);
		cr_expect_eq(about->last_ns, f.time_ns);
		cr_expect_null(about->damaged, "%s", kinds[i].what);
		capture_close(capture);
	}
}

/* A beginning that is no capture, and the words that must be in the reason. */
struct refusal {
	const char *what, *bytes, *words;
	enum capture_added why;
};

static const struct refusal refusals[] = {
	{ "nothing", "", "is empty", CAPTURE_UNKNOWN },
	{ "one byte", "d4", "is not a pcap or pcapng capture", CAPTURE_UNKNOWN },
	{ "text", "68656c6c6f 2c20 776f726c64 0a", "is not a pcap or pcapng capture",
	  CAPTURE_UNKNOWN },
	{ "a magic number alone", "d4c3b2a1", "truncated", CAPTURE_FAILED },
	{ "half a file header", "d4c3b2a1 0200 0400 00000000", "truncated", CAPTURE_FAILED },
	{ "a version of the future", "d4c3b2a1 0300 0000 00000000 00000000 ffff0000 01000000",
	  "unsupported pcap savefile version 3.0", CAPTURE_FAILED },
	{ "bzip2", "425a6839 3141", "is packed with bzip2, which is not read; try bzcat FILE",
	  CAPTURE_FAILED },
	{ "compress", "1f9d9070 0a1c", "is packed with compress", CAPTURE_FAILED },
	{ "gzip cut short", "1f8b", "its gzip data ends too early", CAPTURE_FAILED },
	{ "gzip cut within the header of the capture",
	  "1f8b0800000000000003bb7278d3422606160618f8ff", "its gzip data ends too early",
	  CAPTURE_FAILED },
	{ "gzip of nothing", "1f8b0800 00000000 0003 0300 00000000 00000000",
	  "is empty, once unpacked", CAPTURE_UNKNOWN },
	{ "gzip of words", "1f8b0800 00000000 0203 cb48cdc9c95748cbcfe70200 4353099b 0a000000",
	  "is not a pcap or pcapng capture", CAPTURE_UNKNOWN },
	{ "a message bus, whose frames may be huge",
	  "d4c3b2a1 0200 0400 00000000 00000000 ffffffff e7000000", "DBUS", CAPTURE_FAILED },
	{ "a pcapng section that ends in its header", "0a0d0d0a 1c000000 4d3c2b1a", "ends within",
	  CAPTURE_FAILED },
	{ "a pcapng section of another version",
	  "0a0d0d0a 1c000000 4d3c2b1a 0100 0100 ffffffffffffffff 1c000000", "version 1.1",
	  CAPTURE_FAILED },
	{ "a section of no byte order", "0a0d0d0a 1c000000 4d3c2b1b 0100 0000", "byte order",
	  CAPTURE_FAILED },
};

Test(capture_file, what_is_no_capture_is_refused_in_one_line_that_says_why)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		char error[CAPTURE_ERROR_MAX] = "", path[TEMP_PATH_MAX];
		struct capture *capture = capture_new();

		temp_file(path, hex(r->bytes));
		cr_expect_eq(capture_add(capture, path, error), r->why, "%s", r->what);
		unlink(path);
		cr_expect_not_null(strstr(error, r->words), "%s: %s", r->what, error);
		cr_expect_eq(capture_inputs(capture), 0);
		expect_one_printable_line(error);
		capture_close(capture);
	}
}

/* ---- rest ---- */

static struct file *file_of(const char *path)
{
	enum capture_added why;
	char error[CAPTURE_ERROR_MAX] = "";
	struct file *file = file_open(path, 0, &why, error);

	cr_assert_not_null(file, "%s", error);
	return file;
}

Test(capture_file, a_file_that_rests_begins_anew)
{
	char path[TEMP_PATH_MAX];
	struct file *file;

	temp_file(path, hex(PCAP_LE RECORD_LE RECORD_LE));
	file = file_of(path);
	cr_expect_eq(file_peek(file)->number, 1);
	cr_assert(file_rest(file));
	cr_expect_not(file_is_open(file));
	cr_expect_eq(file_peek(file)->number, 1);
	cr_expect(file_is_open(file));
	file_take(file);
	cr_expect_not(file_rest(file), "what was taken would come again");
	cr_expect_eq(file_peek(file)->number, 2);
	file_take(file);
	cr_expect_null(file_peek(file));
	cr_expect_eq(file_about(file)->packets, 2);
	cr_expect_eq(file_about(file)->link_types, 1);
	cr_expect_null(file_about(file)->damaged);
	cr_expect_not(file_is_open(file), "a file is closed at its end");
	file_close(file);
	unlink(path);
}

Test(capture_file, a_file_that_is_gone_or_another_after_its_rest_is_not_read)
{
	char path[TEMP_PATH_MAX], other[TEMP_PATH_MAX];
	struct file *gone, *changed;

	temp_file(path, hex(PCAP_LE RECORD_LE));
	gone = file_of(path);
	changed = file_of(path);
	cr_assert(file_peek(gone) != NULL && file_rest(gone));
	cr_assert(file_peek(changed) != NULL && file_rest(changed));
	temp_file(other, hex(PCAP_LE RECORD_LE));
	rename(other, path);
	cr_expect_null(file_peek(changed));
	cr_expect_not_null(strstr(file_about(changed)->damaged, "another file has its name"));
	unlink(path);
	cr_expect_null(file_peek(gone));
	cr_expect_not_null(strstr(file_about(gone)->damaged, "No such file or directory"));
	cr_expect_null(file_peek(gone), "the end stays the end");
	file_close(gone);
	file_close(changed);
}

/* As in the sandbox, where the other cannot be opened. */
Test(capture_file, another_that_cannot_be_read_is_another_all_the_same)
{
	char path[TEMP_PATH_MAX], other[TEMP_PATH_MAX];
	struct file *changed;

	temp_file(path, hex(PCAP_LE RECORD_LE));
	changed = file_of(path);
	cr_assert(file_peek(changed) != NULL && file_rest(changed));
	temp_file(other, hex("00 00 00 00"));
	rename(other, path);
	cr_expect_null(file_peek(changed));
	cr_expect_not_null(strstr(file_about(changed)->damaged, "another file has its name"));
	file_close(changed);
	unlink(path);
}

Test(capture_file, a_file_that_was_cut_during_its_rest_has_no_frame_it_could_be_read_after)
{
	char path[TEMP_PATH_MAX];
	struct file *file;

	temp_file(path, hex(PCAP_LE RECORD_LE));
	file = file_of(path);
	cr_assert(file_peek(file) != NULL && file_rest(file));
	cr_assert_eq(truncate(path, 30), 0);
	cr_expect_null(file_peek(file));
	cr_expect_not_null(strstr(file_about(file)->damaged, "byte 30, before its first frame"),
			   "%s", file_about(file)->damaged);
	file_close(file);
	unlink(path);
}
