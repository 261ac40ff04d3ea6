/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/capture/opened.h"
#include "tests/capture/packed.h"

#define PLAIN_MAX (1024 * 1024)
#define ROOM 50000 /* at once: no divisor of a block */

const struct packed packed[PACKED_COUNT] = {
	{ "gzip", "1f8b0800000000000003 bb7278d3422606160618f8ff9f81811148b3033127103301b10d10"
		  "afda8d29020019af941a3c000000" },
	{ "zstd",
	  "28b52ffd 243c5d01002402d4c3b2a102000400ffff0000010000000700000009000000020000003c"
	  "000000aabb0200d6f4830071cd6dabce" },
	{ "lz4", "04224d18 6440a72f00000084d4c3b2a1020004000100f90bffff0000010000000700000009000000"
		 "020000003c000000aabb120050000000aabb00000000471c8c5f" },
	{ "xz", "fd377a585a00 0004e6d6b4460200210100000000372797d6e0003b00205d006a30d1c87d8bf8099b"
		"ad944b8af3488542e17a69cb6869b421fa6b14c883800000a519f0d0b3c12b6900013c3c53b01a7c"
		"1fb6f37d010000000004595a" },
};

const struct unpack_limits no_limits = { UINT64_MAX, UINT64_MAX, UINT64_MAX };

/* What came out last. Here and not in the heap: thousands of megabytes would take their time. */
static uint8_t plain_bytes[PLAIN_MAX];

static size_t feed(void *from, uint8_t *out, size_t size)
{
	struct trial *t = from;
	size_t len = t->left < size ? t->left : size;

	len = len < t->at_once ? len : t->at_once;
	memcpy(out, t->next, len);
	t->next += len;
	t->left -= len;
	return len;
}

struct trial trial_of(struct bytes b, size_t at_once, struct unpack_limits limits)
{
	struct trial t = { .next = b.at, .left = b.len, .at_once = at_once };
	const struct compression *compression = compression_of(b.at, b.len);
	struct unpack *u;
	size_t len;

	cr_assert(compression != NULL && compression->unpacker != NULL);
	u = unpack_new(compression, limits, feed, &t);
	t.plain = plain_bytes;
	cr_assert_not_null(u);
	while ((len = unpack_read(u, t.plain + t.len, ROOM)) > 0) {
		t.len += len;
		cr_assert_leq(t.len + ROOM, PLAIN_MAX);
	}
	cr_expect_eq(unpack_read(u, t.plain + t.len, 1), 0, "the end stays the end");
	if (unpack_fault(u) != NULL)
		strcpy(t.fault, unpack_fault(u));
	unpack_free(u);
	bytes_free(b);
	if (t.fault[0] != '\0')
		expect_one_printable_line(t.fault);
	return t;
}
