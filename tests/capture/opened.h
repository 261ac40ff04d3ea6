/* SPDX-License-Identifier: BSD-3-Clause */
/* Captures written byte by byte, opened through the room's door, their frames told in a line. */
#ifndef TESTS_CAPTURE_OPENED_H
#define TESTS_CAPTURE_OPENED_H

#include "capture/capture.h"
#include "tests/support.h"

#define PCAP_LE "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000"
#define PCAP_BE "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001"
#define PCAP_LE_NS "4d3cb2a1 0200 0400 00000000 00000000 ffff0000 01000000"
#define PCAP_BE_NS "a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000001"
/* 7 seconds, 9 microseconds (or nanoseconds), two bytes of 60. */
#define RECORD_LE "07000000 09000000 02000000 3c000000 aabb"
#define RECORD_BE "00000007 00000009 00000002 0000003c aabb"

#define SECTION_LE "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000 "
#define SECTION_BE "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c "
/* Ethernet; Linux cooked; Ethernet of which 1 byte is captured; nanoseconds. */
#define INTERFACE_LE "01000000 14000000 0100 0000 ffff0000 14000000 "
#define INTERFACE_BE "00000001 00000014 0001 0000 0000ffff 00000014 "
#define COOKED_LE "01000000 14000000 7100 0000 00000000 14000000 "
#define SNAPPED_LE "01000000 14000000 0100 0000 01000000 14000000 "
#define NANO_LE "01000000 20000000 0100 0000 ffff0000 0900 0100 09000000 0000 0000 20000000 "
/* A frame of aa and another byte, by the number of its interface: 9 units, two bytes of 60. */
#define PACKET_LE(interface, byte)                                                                 \
	"06000000 24000000 " interface "000000 00000000 09000000 02000000 3c000000 aa" byte        \
	" 0000 24000000 "
#define PACKET_BE(interface, byte)                                                                 \
	"00000006 00000024 000000" interface " 00000000 00000009 00000002 0000003c aa" byte        \
	" 0000 00000024 "

/* A capture of one file with these bytes, which is gone already; NULL if it cannot be opened. */
struct capture *opened(struct bytes, char error[CAPTURE_ERROR_MAX]);

/*
 * Each frame as "NUMBER ifINTERFACE dltTYPE TIMEns CAPTURED/LENGTH BYTES", with two bytes at most
 * and "; " between. damage: words of what is wrong with the file, NULL when nothing is.
 */
void expect_frames(struct bytes, const char *frames, const char *damage);

/* Reads to the end; the number of frames. Touches each byte. */
unsigned int count_frames(struct capture *);

void expect_one_printable_line(const char *text);

#endif
