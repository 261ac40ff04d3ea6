/* SPDX-License-Identifier: BSD-3-Clause */
/* capture/file.c by way of the room's door: what one input file gives, or why it gives nothing. */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "capture/capture.h"
#include "tests/support.h"

#define PCAP_LE "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000"
#define PCAP_BE "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001"
#define PCAP_LE_NS "4d3cb2a1 0200 0400 00000000 00000000 ffff0000 01000000"
#define PCAP_BE_NS "a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000001"
/* 7 seconds, 9 microseconds (or nanoseconds), two bytes of 60. */
#define RECORD_LE "07000000 09000000 02000000 3c000000 aabb"
#define RECORD_BE "00000007 00000009 00000002 0000003c aabb"

#define SECTION_LE "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
#define INTERFACE_LE "01000000 14000000 0100 0000 ffff0000 14000000"
#define COOKED_LE "01000000 14000000 7100 0000 ffff0000 14000000"
#define NANO_LE "01000000 20000000 0100 0000 ffff0000 0900 0100 09000000 0000 0000 20000000"
#define PACKET_LE                                                                                  \
	"06000000 24000000 00000000 00000000 09000000 02000000 3c000000 aabb 0000 24000000"
#define SECTION_BE "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
#define INTERFACE_BE "00000001 00000014 0001 0000 0000ffff 00000014"
#define PACKET_BE                                                                                  \
	"00000006 00000024 00000000 00000000 00000009 00000002 0000003c aabb 0000 00000024"

/* A capture of one file with these bytes; the file is gone already. */
static struct capture *open_bytes(struct bytes b, char error[CAPTURE_ERROR_MAX])
{
	char path[TEMP_PATH_MAX];
	struct capture *capture = capture_new();
	bool added;

	temp_file(path, b);
	added = capture_add(capture, path, error);
	unlink(path);
	if (added)
		return capture;
	capture_close(capture);
	return NULL;
}

struct kind {
	const char *what, *bytes, *format;
	int64_t time_ns;
};

static const struct kind kinds[] = {
	{ "pcap, little-endian", PCAP_LE RECORD_LE, "pcap", 7000009000 },
	{ "pcap, big-endian", PCAP_BE RECORD_BE, "pcap", 7000009000 },
	{ "pcap, nanoseconds", PCAP_LE_NS RECORD_LE, "pcap", 7000000009 },
	{ "pcap, nanoseconds, big-endian", PCAP_BE_NS RECORD_BE, "pcap", 7000000009 },
	{ "pcapng, little-endian", SECTION_LE INTERFACE_LE PACKET_LE, "pcapng", 9000 },
	{ "pcapng, big-endian", SECTION_BE INTERFACE_BE PACKET_BE, "pcapng", 9000 },
	{ "pcapng, nanoseconds", SECTION_LE NANO_LE PACKET_LE, "pcapng", 9 },
};

Test(capture_file, every_kind_of_capture_gives_the_same_frame)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		char error[CAPTURE_ERROR_MAX] = "";
		struct capture *capture = open_bytes(hex(kinds[i].bytes), error);
		const struct capture_input *about;
		struct frame f;

		cr_assert_not_null(capture, "%s: %s", kinds[i].what, error);
		cr_assert(capture_next(capture, &f), "%s", kinds[i].what);
		cr_expect_eq(f.number, 1);
		cr_expect_eq(f.input, 0);
		cr_expect_eq(f.link_type, 1);
		cr_expect_eq(f.time_ns, kinds[i].time_ns, "%s", kinds[i].what);
		cr_expect_eq(f.len, 2);
		cr_expect_eq(f.wire_len, 60);
		cr_expect_arr_eq(f.bytes, "\xaa\xbb", 2);
		cr_expect_not(capture_next(capture, &f));
		about = capture_input(capture, 0);
		cr_expect_str_eq(about->format, kinds[i].format);
		cr_expect_str_eq(about->link_name, "EN10MB");
		cr_expect_eq(about->packets, 1);
		cr_expect_eq(about->bytes, 2);
		cr_expect_eq(about->first_ns, kinds[i].time_ns);
		cr_expect_eq(about->last_ns, kinds[i].time_ns);
		cr_expect_str_eq(about->damaged, "", "%s", kinds[i].what);
		capture_close(capture);
	}
}

/* A beginning that is no capture, and the words that must be in the reason. */
struct refusal {
	const char *what, *bytes, *words;
};

static const struct refusal refusals[] = {
	{ "nothing", "", "is empty" },
	{ "one byte", "d4", "is not a pcap or pcapng capture" },
	{ "text", "68656c6c6f 2c20 776f726c64 0a", "is not a pcap or pcapng capture" },
	{ "a magic number alone", "d4c3b2a1", "truncated" },
	{ "half a file header", "d4c3b2a1 0200 0400 00000000", "truncated" },
	{ "a version of the future", "d4c3b2a1 0300 0000 00000000 00000000 ffff0000 01000000",
	  "unsupported pcap savefile version 3.0" },
	{ "gzip", "1f8b0800 00000000", "gzip; unpack it first: zcat FILE | rstscope read -" },
	{ "gzip cut short", "1f8b", "gzip" },
	{ "zstd", "28b52ffd 0400", "zstd; unpack it first: zstdcat FILE" },
	{ "xz", "fd377a585a00 0004", "xz; unpack it first: xzcat FILE" },
	{ "lz4", "04224d18 6440", "lz4; unpack it first: lz4cat FILE" },
	{ "bzip2", "425a6839 3141", "bzip2; unpack it first: bzcat FILE" },
	{ "a message bus, whose frames may be huge",
	  "d4c3b2a1 0200 0400 00000000 00000000 ffffffff e7000000", "DBUS" },
	{ "a pcapng section that ends in its header", "0a0d0d0a 1c000000 4d3c2b1a", "truncated" },
};

static void expect_one_printable_line(const char *text)
{
	cr_expect_neq(*text, '\0');
	for (const char *c = text; *c != '\0'; c++)
		cr_expect(*c >= 0x20 && *c <= 0x7e, "%s", text);
}

Test(capture_file, what_is_no_capture_is_refused_in_one_line_that_says_why)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		char error[CAPTURE_ERROR_MAX] = "";

		cr_expect_null(open_bytes(hex(refusals[i].bytes), error), "%s", refusals[i].what);
		cr_expect_not_null(strstr(error, refusals[i].words), "%s: %s", refusals[i].what,
				   error);
		expect_one_printable_line(error);
	}
}

Test(capture_file, a_capture_of_no_frames_is_fine)
{
	static const char *const empty[] = { PCAP_LE, PCAP_BE_NS, SECTION_LE INTERFACE_LE };

	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		char error[CAPTURE_ERROR_MAX] = "";
		struct capture *capture = open_bytes(hex(empty[i]), error);
		struct frame f;

		cr_assert_not_null(capture, "%s", error);
		cr_expect_not(capture_next(capture, &f));
		cr_expect_eq(capture_input(capture, 0)->packets, 0);
		cr_expect_eq(capture_input(capture, 0)->first_ns, 0);
		cr_expect_str_eq(capture_input(capture, 0)->damaged, "");
		capture_close(capture);
	}
}

/* Reads to the end; the number of frames. */
static unsigned int count_frames(struct capture *capture)
{
	struct frame f;
	unsigned int frames = 0;
	uint32_t sum = 0;

	while (capture_next(capture, &f)) {
		frames++;
		cr_assert_eq(f.number, frames);
		for (uint32_t i = 0; i < f.len; i++)
			sum += f.bytes[i];
	}
	cr_expect_not(capture_next(capture, &f), "the end stays the end, after %u", sum);
	return frames;
}

Test(capture_file, a_file_that_ends_in_mid_frame_gives_the_frames_before)
{
	static const size_t header_len = 24, record_len = 18;
	struct bytes whole = hex(PCAP_LE RECORD_LE RECORD_LE);

	for (size_t len = header_len; len <= whole.len; len++) {
		char error[CAPTURE_ERROR_MAX] = "";
		struct capture *capture = open_bytes(bytes_copy(whole.at, len), error);
		size_t frames = (len - header_len) / record_len;
		const char *damaged;

		cr_assert_not_null(capture, "%zu bytes: %s", len, error);
		cr_expect_eq(count_frames(capture), frames, "%zu bytes", len);
		damaged = capture_input(capture, 0)->damaged;
		cr_expect_eq(*damaged == '\0', (len - header_len) % record_len == 0, "%zu bytes",
			     len);
		if (*damaged != '\0') {
			cr_expect_not_null(
				strstr(damaged, frames == 0 ? "first frame" : "after frame 1"));
			expect_one_printable_line(damaged);
		}
		capture_close(capture);
	}
	bytes_free(whole);
}

/* One good frame and then something that stops libpcap. */
static const struct refusal damages[] = {
	{ "a length bomb", PCAP_LE RECORD_LE "00000000 00000000 ffffffff 3c000000 aabb", "length" },
	{ "a second interface of another link type",
	  SECTION_LE INTERFACE_LE PACKET_LE COOKED_LE PACKET_LE, "type" },
	{ "a pcapng block of impossible length",
	  SECTION_LE INTERFACE_LE PACKET_LE "06000000 05000000 00000000", "length" },
	{ "a pcapng block of 4 GiB", SECTION_LE INTERFACE_LE PACKET_LE "06000000 fcffffff 00000000",
	  "maximum" },
	{ "an unknown interface",
	  SECTION_LE INTERFACE_LE PACKET_LE
	  "06000000 24000000 05000000 00000000 09000000 02000000 3c000000 aabb 0000 24000000",
	  "interface" },
};

Test(capture_file, a_fault_in_the_middle_is_told_after_the_frames_before_it)
{
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		char error[CAPTURE_ERROR_MAX] = "";
		struct capture *capture = open_bytes(hex(damages[i].bytes), error);
		const char *damaged;

		cr_assert_not_null(capture, "%s: %s", damages[i].what, error);
		cr_expect_eq(count_frames(capture), 1, "%s", damages[i].what);
		damaged = capture_input(capture, 0)->damaged;
		cr_expect_not_null(strstr(damaged, damages[i].words), "%s: %s", damages[i].what,
				   damaged);
		expect_one_printable_line(damaged);
		capture_close(capture);
	}
}

struct stamp {
	const char *file, *stamp;
	int64_t time_ns;
};

static const struct stamp stamps[] = {
	{ PCAP_LE, "ffffffff ffc99a3b", INT64_C(998999999000) }, /* -1 s and 999,999,999 us */
	{ PCAP_LE, "ffffffff 00000000", INT64_C(-1000000000) },
	{ PCAP_LE, "00000080 00000000", INT64_C(-2147483648000000000) },
	{ PCAP_LE, "ffffff7f 3f420f00", INT64_C(2147483647999999000) },
	{ PCAP_LE_NS, "01000000 00ca9a3b", INT64_C(2000000000) }, /* a whole second of them */
	{ PCAP_LE, "00000000 ffffffff", INT64_C(-1000) },
};

Test(capture_file, times_outside_their_range_become_nanoseconds_all_the_same)
{
	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		struct bytes b = bytes_join(bytes_join(hex(stamps[i].file), hex(stamps[i].stamp)),
					    hex("02000000 3c000000 aabb"));
		char error[CAPTURE_ERROR_MAX] = "";
		struct capture *capture = open_bytes(b, error);
		struct frame f;

		cr_assert_not_null(capture, "%s", error);
		cr_assert(capture_next(capture, &f));
		cr_expect_eq(f.time_ns, stamps[i].time_ns, "%s: %lld", stamps[i].stamp,
			     (long long)f.time_ns);
		capture_close(capture);
	}
}

static const char *const far_times[] = {
	SECTION_LE INTERFACE_LE /* 2^64 - 1 microseconds */
	"06000000 24000000 00000000 ffffffff ffffffff 02000000 3c000000 aabb 0000 24000000",
	/* 2^63 - 1 seconds, and an offset of nearly as many. */
	SECTION_LE
	"01000000 20000000 0100 0000 ffff0000 0900 0100 00000000 0000 0000 20000000"
	"06000000 24000000 00000000 ffffff7f ffffffff 02000000 3c000000 aabb 0000 24000000",
	SECTION_LE
	"01000000 24000000 0100 0000 ffff0000 0e00 0800 000000000000007f 0000 0000 24000000"
	"06000000 24000000 00000000 00000000 00000000 02000000 3c000000 aabb 0000 24000000",
};

Test(capture_file, times_whose_differences_would_not_fit_are_the_last_that_do)
{
	static const int64_t last_ns = INT64_C(4611686016000000000);

	for (size_t i = 0; i < sizeof(far_times) / sizeof(far_times[0]); i++) {
		char error[CAPTURE_ERROR_MAX] = "";
		struct capture *capture = open_bytes(hex(far_times[i]), error);
		struct frame f;

		cr_assert_not_null(capture, "%zu: %s", i, error);
		cr_assert(capture_next(capture, &f));
		cr_expect(f.time_ns >= last_ns || f.time_ns <= -last_ns, "%zu: %lld", i,
			  (long long)f.time_ns);
		capture_close(capture);
	}
}

Test(capture_file, a_link_type_without_a_name_has_its_number)
{
	char error[CAPTURE_ERROR_MAX] = "";
	struct capture *capture = open_bytes(hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000"
						 "e8030000"),
					     error);

	cr_assert_not_null(capture, "%s", error);
	cr_expect_eq(capture_input(capture, 0)->link_type, 1000);
	cr_expect_str_eq(capture_input(capture, 0)->link_name, "DLT_1000");
	capture_close(capture);
}
