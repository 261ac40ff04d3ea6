/* SPDX-License-Identifier: BSD-3-Clause */
/* The same small capture in each compression that is read. */
#ifndef TESTS_CAPTURE_PACKED_H
#define TESTS_CAPTURE_PACKED_H

/*
 * PCAP_LE RECORD_LE RECORD_LE as "gzip -n", "zstd", "lz4" and "xz --lzma2=dict=4KiB" pack it; with its
 * usual 8 MiB of dictionary, xz takes its time under AddressSanitizer.
 */
struct packed {
	const char *name, *bytes;
};

#define PACKED_COUNT 4
extern const struct packed packed[PACKED_COUNT];

#endif
