/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "capture/unpack.h"
#include "tests/capture/opened.h"
#include "tests/capture/packed.h"

#define MIB (1024 * 1024)

/* The plain bytes are the first of these, `times` over, and the fault has these words. */
static void expect_plain(struct bytes b, size_t at_once, size_t times, const char *fault)
{
	struct bytes plain = hex(PCAP_LE RECORD_LE RECORD_LE);
	struct trial t = trial_of(b, at_once, no_limits);

	cr_expect_eq(t.len, times * plain.len, "%zu", t.len);
	for (size_t i = 0; i < t.len; i += plain.len)
		cr_expect_arr_eq(t.plain + i, plain.at, plain.len);
	if (fault == NULL)
		cr_expect_str_empty(t.fault, "%s", t.fault);
	else
		cr_expect_not_null(strstr(t.fault, fault), "%s; wanted: %s", t.fault, fault);
	bytes_free(plain);
}

Test(capture_unpack, every_compression_gives_back_what_was_packed)
{
	for (size_t i = 0; i < PACKED_COUNT; i++) {
		struct bytes b = hex(packed[i].bytes);

		cr_expect_str_eq(compression_of(b.at, b.len)->name, packed[i].name);
		expect_plain(bytes_copy(b.at, b.len), b.len, 1, NULL);
		expect_plain(b, 1, 1, NULL);
	}
}

Test(capture_unpack, what_was_appended_is_read_on)
{
	for (size_t i = 0; i < PACKED_COUNT; i++) {
		struct bytes b = hex(packed[i].bytes);
		struct bytes thrice =
			bytes_join(bytes_join(bytes_copy(b.at, b.len), bytes_copy(b.at, b.len)),
				   bytes_copy(b.at, b.len));

		expect_plain(bytes_copy(thrice.at, thrice.len), thrice.len, 3, NULL);
		expect_plain(thrice, 7, 3, NULL);
		bytes_free(b);
	}
	/* pzstd begins with a frame that is to be skipped. */
	expect_plain(bytes_join(hex("502a4d18 04000000 38000000"), hex(packed[1].bytes)), 64, 1,
		     NULL);
	/* Between xz streams zeros are allowed, by four. */
	expect_plain(bytes_join(bytes_join(hex(packed[3].bytes), hex("00000000 00000000")),
				hex(packed[3].bytes)),
		     1000, 2, NULL);
}

Test(capture_unpack, what_follows_and_is_not_packed_is_told)
{
	expect_plain(bytes_join(hex(packed[0].bytes), hex("68656c6c6f20776f726c640a")), 1000, 1,
		     "what follows its gzip data is not gzip");
	expect_plain(bytes_join(hex(packed[0].bytes), hex("789c0300 00000001")), 1000, 1,
		     "what follows its gzip data is not gzip");
	expect_plain(bytes_join(hex(packed[1].bytes), hex("68656c6c6f20776f726c640a")), 1000, 1,
		     "what follows its zstd data is not zstd");
	expect_plain(bytes_join(hex(packed[2].bytes), hex("68656c6c6f20776f726c640a")), 1000, 1,
		     "what follows its lz4 data is not lz4");
	expect_plain(bytes_join(hex(packed[3].bytes), hex("68656c6c6f20776f726c640a")), 1000, 1,
		     "its xz data is damaged");
}

/* All that was packed before the cut comes out, as far as the compression lets it. */
Test(capture_unpack, a_cut_is_told_at_every_length)
{
	struct bytes plain = hex(PCAP_LE RECORD_LE RECORD_LE);

	for (size_t i = 0; i < PACKED_COUNT; i++) {
		struct bytes b = hex(packed[i].bytes);
		size_t before = 0;

		for (size_t len = 6; len < b.len; len++) {
			struct trial t = trial_of(bytes_copy(b.at, len), len, no_limits);

			cr_expect_not_null(strstr(t.fault, "ends too early"), "%s %zu: %s",
					   packed[i].name, len, t.fault);
			cr_expect_geq(t.len, before);
			cr_expect_leq(t.len, plain.len);
			if (t.len != 0)
				cr_expect_arr_eq(t.plain, plain.at, t.len);
			before = t.len;
		}
		cr_expect_eq(before, plain.len, "%s: only its checksum is missing", packed[i].name);
		bytes_free(b);
	}
	bytes_free(plain);
}

static void unpack_all(struct bytes b)
{
	const struct compression *compression = compression_of(b.at, b.len);

	if (compression != NULL && compression->unpacker != NULL)
		trial_of(bytes_copy(b.at, b.len), b.len, no_limits);
}

Test(capture_unpack, no_changed_byte_does_harm, .timeout = 120)
{
	for (size_t i = 0; i < PACKED_COUNT; i++) {
		struct bytes b = hex(packed[i].bytes);

		feed_every_change(b, b.len, unpack_all);
		bytes_free(b);
	}
}

Test(capture_unpack, a_wrong_checksum_is_told_after_all_bytes)
{
	static const size_t at[PACKED_COUNT] = { 43, 55, 65, 64 };

	for (size_t i = 0; i < PACKED_COUNT; i++) {
		struct bytes b = hex(packed[i].bytes);

		b.at[at[i]] ^= 1;
		expect_plain(b, 1000, 1, "data is damaged: ");
	}
}

/* ---- good blocks before a bad one ---- */

Test(capture_unpack, a_bad_block_of_zstd_takes_no_good_one_with_it)
{
	/* 256 KiB of zeros in two blocks, of which the second has a reserved type. */
	struct trial t = trial_of(hex("28b52ffd a4000004005400001000000100fbff39c002"
				      "07001000 40270fa6"),
				  1000, no_limits);

	cr_expect_eq(t.len, 128 * 1024, "%zu", t.len);
	cr_expect_not_null(strstr(t.fault, "its zstd data is damaged"), "%s", t.fault);
}

/* 192 KiB of zeros in three blocks of the same length, each with a checksum. */
static struct bytes lz4_blocks(size_t *block_len)
{
	LZ4F_preferences_t how = { .frameInfo = { .blockSizeID = LZ4F_max64KB,
						  .blockMode = LZ4F_blockIndependent,
						  .blockChecksumFlag =
							  LZ4F_blockChecksumEnabled } };
	static const uint8_t zeros[3 * 64 * 1024];
	static uint8_t out[4 * 64 * 1024];
	size_t len = LZ4F_compressFrame(out, sizeof(out), zeros, sizeof(zeros), &how);

	cr_assert_not(LZ4F_isError(len));
	/* Seven bytes before them, four zeros behind. */
	*block_len = (len - 7 - 4) / 3;
	return bytes_copy(out, len);
}

static void expect_two_blocks(struct bytes b)
{
	struct trial t = trial_of(b, b.len, no_limits);

	cr_expect_eq(t.len, 2 * 64 * 1024, "%zu", t.len);
	cr_expect_not_null(strstr(t.fault, "its lz4 data is damaged"), "%s", t.fault);
}

Test(capture_unpack, a_bad_block_of_lz4_takes_no_good_one_with_it)
{
	size_t block_len;
	struct bytes checksum = lz4_blocks(&block_len), length = lz4_blocks(&block_len);

	checksum.at[checksum.len - 4 - 1] ^= 1;
	expect_two_blocks(checksum);
	length.at[7 + 2 * block_len + 2] = 0x7f;
	expect_two_blocks(length);
}

/* ---- limits ---- */

/* So many zeros as gzip. */
static struct bytes zeros_as_gzip(size_t len)
{
	z_stream z = { .zalloc = Z_NULL };
	uint8_t *zeros = calloc(len, 1), *out = malloc(len / 500 + 1000);
	struct bytes b;

	cr_assert(zeros != NULL && out != NULL);
	cr_assert_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = zeros;
	z.avail_in = (unsigned int)len;
	z.next_out = out;
	z.avail_out = (unsigned int)(len / 500 + 1000);
	cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
	b = bytes_copy(out, z.total_out);
	deflateEnd(&z);
	free(zeros);
	free(out);
	return b;
}

Test(capture_unpack, a_file_that_grows_out_of_proportion_is_stopped)
{
	struct unpack_limits limits = { .free = 100000, .ratio = 200, .bytes = UINT64_MAX };
	struct trial t = trial_of(zeros_as_gzip(MIB / 2), 4096, limits);

	cr_expect_not_null(strstr(t.fault, "more than 200 times its size"), "%s", t.fault);
	cr_expect_not_null(strstr(t.fault, "zcat FILE | rstscope read -"), "%s", t.fault);
	cr_expect(t.len > 100000, "what came before is given");

	limits.free = MIB;
	t = trial_of(zeros_as_gzip(MIB / 2), 4096, limits);
	cr_expect_str_empty(t.fault, "%s", t.fault);
	cr_expect_eq(t.len, MIB / 2);
	limits = (struct unpack_limits){ .free = 0, .ratio = 2000, .bytes = UINT64_MAX };
	t = trial_of(zeros_as_gzip(MIB / 2), 4096, limits);
	cr_expect_str_empty(t.fault, "deflate cannot do better than 1,032: %s", t.fault);
}

Test(capture_unpack, a_file_that_grows_without_end_is_stopped)
{
	struct unpack_limits limits = { .free = UINT64_MAX, .ratio = 1, .bytes = MIB / 4 };
	struct trial t = trial_of(zeros_as_gzip(MIB / 2), 4096, limits);

	cr_expect_not_null(strstr(t.fault, "GiB"), "%s", t.fault);
	cr_expect(t.len > MIB / 4);
}

/* A dictionary of 256 MiB, as the file says itself: xz --lzma2=dict=256MiB, zstd --long=28. */
Test(capture_unpack, more_memory_than_one_file_may_have_is_refused)
{
	struct trial t = trial_of(hex("fd377a585a000004e6d6b44602002101200000000988a576e00029001e5d"
				      "006a30d1c87d8bf8099bad944b8af3488542e17a69cb6869b421fa1dbae2"
				      "0000000010d3f086f66dba6b00013a2a84a294de1fb6f37d010000000004"
				      "595a"),
				  1000, no_limits);

	cr_expect_not_null(strstr(t.fault, "memory"), "%s", t.fault);
	t = trial_of(hex("28b52ffd0490510100d4c3b2a1020004000000000000000000ffff0000010000000700"
			 "000009000000020000003c000000aabb61135f19"),
		     1000, no_limits);
	cr_expect_not_null(strstr(t.fault, "memory"), "%s", t.fault);
	/* 128 MiB, which is zstd --long */
	t = trial_of(hex("28b52ffd0488510100d4c3b2a1020004000000000000000000ffff0000010000000700"
			 "000009000000020000003c000000aabb61135f19"),
		     1000, no_limits);
	cr_expect_str_empty(t.fault, "%s", t.fault);
	cr_expect_eq(t.len, 42);
}

Test(capture_unpack, what_is_not_packed_is_not_taken_for_it)
{
	static const char *const plain[] = { "", "1f", "d4c3b2a1 0200 0400", "0a0d0d0a 1c000000",
					     "fd377a585a01" };

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		struct bytes b = hex(plain[i]);

		cr_expect_null(compression_of(b.at, b.len), "%s", plain[i]);
		bytes_free(b);
	}
}
