/* SPDX-License-Identifier: BSD-3-Clause */
/* The same small capture in each compression that is read, and what becomes of packed bytes. */
#ifndef TESTS_CAPTURE_PACKED_H
#define TESTS_CAPTURE_PACKED_H

#include "capture/capture.h"
#include "capture/unpack.h"
#include "tests/support.h"

/*
 * PCAP_LE RECORD_LE RECORD_LE as "gzip -n", "zstd", "lz4" and "xz --lzma2=dict=4KiB" pack it; with its
 * usual 8 MiB of dictionary, xz takes its time under AddressSanitizer.
 */
struct packed {
	const char *name, *bytes;
};

#define PACKED_COUNT 4
extern const struct packed packed[PACKED_COUNT];

/* Packed bytes, fed `at_once` at a time; what became of them. */
struct trial {
	const uint8_t *next;
	size_t left, at_once;
	uint8_t *plain; /* valid until the next trial */
	size_t len;
	char fault[CAPTURE_ERROR_MAX]; /* "" for none */
};

extern const struct unpack_limits no_limits;

/* Unpacks them to the end; frees them. */
struct trial trial_of(struct bytes, size_t at_once, struct unpack_limits);

#endif
