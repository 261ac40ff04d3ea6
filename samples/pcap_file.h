/* SPDX-License-Identifier: BSD-3-Clause */
/* Writes a classic pcap file by hand: what reads it in the program is libpcap. */
#ifndef SAMPLES_PCAP_FILE_H
#define SAMPLES_PCAP_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* File header: microseconds, Ethernet. -1 and errno when it cannot be written. */
int pcap_file_start(FILE *);
int pcap_file_add(FILE *, int64_t time_us, const uint8_t *frame, size_t len);

#endif
