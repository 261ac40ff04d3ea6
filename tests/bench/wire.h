/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames on their way into a capture file: headers are patched in place, checksums computed anew.
 */
#ifndef TESTS_BENCH_WIRE_H
#define TESTS_BENCH_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ETHERNET_LEN 14
#define WIRE_MAX 2048 /* an Ethernet frame and some room */

static inline uint16_t get_u16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t get_u32(const uint8_t *at)
{
	return (uint32_t)get_u16(at) << 16 | get_u16(at + 2);
}

static inline void set_u16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void set_u32(uint8_t *at, uint32_t value)
{
	set_u16(at, (uint16_t)(value >> 16));
	set_u16(at + 2, (uint16_t)value);
}

/* Where the parts of an IP packet are; at points to its IP header. */
struct ip_parts {
	bool v6;
	uint8_t protocol;
	uint8_t *source, *destination; /* 4 or 16 bytes */
	uint8_t *id;                   /* NULL: IPv6 */
	uint8_t *transport;
};

enum { PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };

struct ip_parts ip_parts_of(uint8_t *ip);
/* As the IP header says it. */
size_t ip_len(const uint8_t *ip);
/* Sets the lengths for so many bytes behind the IP header. */
void ip_set_len(uint8_t *ip, size_t transport_len);
/* Both checksums of an IP packet. */
void ip_sum(uint8_t *ip);

/* Where the timestamps of a TCP header are; NULL: it has none. */
uint8_t *tcp_timestamps(uint8_t *tcp);

/* ---- capture files ---- */

struct out;

/*
 * pcap, or pcapng. With per_file != 0 the path is a folder, and each of its files 000001.pcap and so
 * on gets so many frames. NULL and errno when it cannot be written.
 */
struct out *out_open(const char *path, bool pcapng, uint64_t per_file);
void out_frame(struct out *, int64_t time_us, const uint8_t *frame, size_t len);
uint64_t out_frames(const struct out *);
/* False when the disk was full. */
bool out_close(struct out *);

#endif
