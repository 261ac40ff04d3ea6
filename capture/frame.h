/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the capture room hands on: one captured frame.
 *
 * Lifetime: the bytes belong to the capture and are valid until the next capture_next().
 * Invariant: len <= wire_len is NOT promised (a file may lie); only bytes[0 .. len) may be read.
 */
#ifndef CAPTURE_FRAME_H
#define CAPTURE_FRAME_H

#include <stdint.h>

/* Of a frame whose interface a pcapng file does not describe; no DLT_ value is negative. */
#define LINK_TYPE_UNKNOWN (-1)

struct frame {
	uint32_t number;      /* from 1 in each input file, as Wireshark counts */
	uint16_t input;       /* index of the input file */
	uint32_t interface;   /* within that file, counted over all its sections; pcap knows only 0;
	                         UINT32_MAX: none that is described */
	int link_type;        /* DLT_ value of libpcap, or LINK_TYPE_UNKNOWN */
	int64_t time_ns;      /* since 1970, UTC */
	uint32_t wire_len;    /* what the file says was on the wire: a claim */
	uint32_t len;         /* bytes captured */
	const uint8_t *bytes;
};

/* Names a frame after it is gone: number 0 means "no frame". */
struct mark {
	uint32_t number;
	uint16_t input;
};

#endif
