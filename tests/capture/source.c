/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "capture/inside.h"
#include "tests/capture/opened.h"
#include "tests/capture/packed.h"

static struct source *source_of(struct bytes b, char error[CAPTURE_ERROR_MAX])
{
	char path[TEMP_PATH_MAX];
	enum capture_added why;
	struct source *source;

	temp_file(path, b);
	source = source_open(path, &why, error);
	unlink(path);
	cr_expect_eq(source != NULL, why == CAPTURE_ADDED);
	return source;
}

Test(capture_source, a_stream_has_all_bytes_packed_or_not_and_knows_where_it_is)
{
	struct bytes plain = hex(PCAP_LE RECORD_LE RECORD_LE);

	for (size_t i = 0; i <= PACKED_COUNT; i++) {
		const char *name = i < PACKED_COUNT ? packed[i].name : NULL;
		char error[CAPTURE_ERROR_MAX] = "";
		uint8_t out[100];
		struct source *source = source_of(name != NULL ? hex(packed[i].bytes) :
								 bytes_copy(plain.at, plain.len),
						  error);
		FILE *stream;

		cr_assert_not_null(source, "%s", error);
		if (name != NULL)
			cr_expect_str_eq(source_compression(source), name);
		else
			cr_expect_null(source_compression(source));
		cr_expect_eq(source_magic(source), 0xd4c3b2a1u);
		cr_expect(source_is_file(source));
		stream = source_stream(source);
		cr_assert_not_null(stream);
		cr_expect_eq(ftello(stream), 0);
		cr_expect_eq(fread(out, 1, 5, stream), 5);
		cr_expect_eq(ftello(stream), 5);
		cr_expect_eq(fread(out + 5, 1, sizeof(out) - 5, stream), plain.len - 5);
		cr_expect_eq(ftello(stream), (off_t)plain.len);
		cr_expect_arr_eq(out, plain.at, plain.len);
		cr_expect_null(source_fault(source), "%s", name);
		fclose(stream);
		source_close(source);
	}
	bytes_free(plain);
}

Test(capture_source, bytes_are_taken_where_they_lie_or_not_at_all)
{
	struct bytes plain = hex(PCAP_LE RECORD_LE);
	char error[CAPTURE_ERROR_MAX] = "";
	struct source *source = source_of(bytes_copy(plain.at, plain.len), error);

	cr_assert_not_null(source, "%s", error);
	cr_expect_arr_eq(source_peek(source, 24), plain.at, 24);
	cr_expect_eq(source_byte(source), 0, "a look takes nothing");
	cr_expect_arr_eq(source_take(source, 20), plain.at, 20);
	cr_expect(source_pass_over(source, 4));
	cr_expect_eq(source_byte(source), 24);
	cr_expect_null(source_take(source, plain.len - 23), "one byte too many");
	cr_expect_eq(source_left(source), plain.len - 24);
	cr_expect_arr_eq(source_take(source, plain.len - 24), plain.at + 24, plain.len - 24);
	cr_expect_null(source_peek(source, 1));
	cr_expect_not(source_pass_over(source, 1));
	cr_expect_eq(source_given(source), plain.len);
	source_close(source);
	bytes_free(plain);
}

/* Each level could be a thousand times as long as the one before. */
Test(capture_source, what_is_packed_twice_is_refused)
{
	char error[CAPTURE_ERROR_MAX] = "";

	/* "gzip -nc" of the gzip above */
	cr_expect_null(source_of(hex("1f8b0800000000000003 010a00f5ff"
				     "1f8b0800000000000003 00000000 00000000"),
				 error));
	cr_expect_not_null(strstr(error, "packed twice, with gzip and gzip"), "%s", error);
}

Test(capture_source, a_file_too_short_for_any_magic_number_has_none)
{
	char error[CAPTURE_ERROR_MAX] = "";
	struct source *source = source_of(hex("0a0d0d"), error);

	cr_assert_not_null(source, "%s", error);
	cr_expect_eq(source_magic(source), 0);
	source_close(source);
}

Test(capture_source, a_cut_is_a_fault_of_the_source_and_told_with_the_byte_and_the_frame)
{
	struct bytes b = hex(packed[0].bytes);

	/* The checksum at the end is missing, but the frames are all there. */
	expect_frames(bytes_copy(b.at, b.len - 8),
		      "1 if0 dlt1 7000009000ns 2/60 aabb; 2 if0 dlt1 7000009000ns 2/60 aabb",
		      "cannot be read beyond byte 60 (unpacked), after frame 2: "
		      "its gzip data ends too early");
	bytes_free(b);
}

Test(capture_source, the_compression_is_told_of_an_input)
{
	for (size_t i = 0; i < PACKED_COUNT; i++) {
		char error[CAPTURE_ERROR_MAX] = "";
		struct capture *capture = opened(hex(packed[i].bytes), error);

		cr_assert_not_null(capture, "%s: %s", packed[i].name, error);
		cr_expect_str_eq(capture_input(capture, 0)->compression, packed[i].name);
		cr_expect_eq(count_frames(capture), 2);
		cr_expect_null(capture_input(capture, 0)->damaged);
		capture_close(capture);
	}
}
