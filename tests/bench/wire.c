/* SPDX-License-Identifier: BSD-3-Clause */
/* Checksums of RFC 1071, and capture files in the byte order of this machine. */
#include "tests/bench/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

#define IPV4_LEN 20
#define IPV6_LEN 40
#define UDP_LEN 8

/* ---- headers ---- */

struct ip_parts ip_parts_of(uint8_t *ip)
{
	if (ip[0] >> 4 == 6)
		return (struct ip_parts){ true, ip[6], ip + 8, ip + 24, NULL, ip + IPV6_LEN };
	return (struct ip_parts){ false,   ip[9],  ip + 12,
				  ip + 16, ip + 4, ip + (size_t)(ip[0] & 15) * 4 };
}

size_t ip_len(const uint8_t *ip)
{
	return ip[0] >> 4 == 6 ? IPV6_LEN + get_u16(ip + 4) : get_u16(ip + 2);
}

void ip_set_len(uint8_t *ip, size_t transport_len)
{
	if (ip[0] >> 4 == 6)
		set_u16(ip + 4, (uint16_t)transport_len);
	else
		set_u16(ip + 2, (uint16_t)(IPV4_LEN + transport_len));
	if (ip_parts_of(ip).protocol == PROTOCOL_UDP)
		set_u16(ip_parts_of(ip).transport + 4, (uint16_t)transport_len);
}

uint8_t *tcp_timestamps(uint8_t *tcp)
{
	uint8_t *end = tcp + (size_t)(tcp[12] >> 4) * 4;

	for (uint8_t *at = tcp + 20; at < end && at[0] != 0; at += at[0] == 1 ? 1 : at[1]) {
		if (at[0] == 8)
			return at + 2;
	}
	return NULL;
}

/* RFC 1071 section 2: sums of any width may be folded, in any byte order. */
static uint64_t sum_of(const uint8_t *at, size_t len, uint64_t sum)
{
	uint32_t word;

	for (; len >= sizeof(word); at += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		sum += word;
	}
	word = 0;
	memcpy(&word, at, len);
	return sum + word;
}

static void put_sum(uint8_t *at, uint64_t sum)
{
	uint16_t folded;

	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	folded = (uint16_t)~sum;
	memcpy(at, &folded, sizeof(folded));
}

void ip_sum(uint8_t *ip)
{
	static const uint8_t offset[] = {
		[PROTOCOL_ICMP] = 2, [PROTOCOL_TCP] = 16, [PROTOCOL_UDP] = 6
	};
	struct ip_parts parts = ip_parts_of(ip);
	size_t len = ip_len(ip) - (size_t)(parts.transport - ip);
	uint8_t *sum = parts.transport + offset[parts.protocol];
	uint8_t pseudo[4] = { 0, parts.protocol, (uint8_t)(len >> 8), (uint8_t)len };
	uint64_t start = 0;

	if (!parts.v6) {
		set_u16(ip + 10, 0);
		put_sum(ip + 10, sum_of(ip, (size_t)(parts.transport - ip), 0));
	}
	/* RFC 9293 section 3.1: over addresses, protocol and length, too. */
	if (parts.protocol != PROTOCOL_ICMP)
		start = sum_of(parts.source, parts.v6 ? 32 : 8, sum_of(pseudo, sizeof(pseudo), 0));
	set_u16(sum, 0);
	put_sum(sum, sum_of(parts.transport, len, start));
}

/* ---- files ---- */

#define BUFFER_LEN (1024 * 1024)
#define PATH_LEN 4096
#define SNAP_LEN 262144

struct out {
	FILE *file;
	const char *folder; /* NULL: one file */
	bool pcapng, failed;
	uint64_t per_file, frames;
	char buffer[BUFFER_LEN];
};

static void put(struct out *out, const void *bytes, size_t len)
{
	out->failed |= out->file == NULL || fwrite(bytes, 1, len, out->file) != len;
}

static void put_header(struct out *out)
{
	const uint32_t pcap[] = { 0xa1b2c3d4, 0x00040002, 0, 0, SNAP_LEN, 1 };
	const uint32_t pcapng[] = { 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX,
				    28,         1,  20,         1, SNAP_LEN,   20 };

	if (out->pcapng)
		put(out, pcapng, sizeof(pcapng));
	else
		put(out, pcap, sizeof(pcap));
}

static void start_file(struct out *out, const char *path)
{
	out->file = fopen(path, "wb");
	if (out->file == NULL) {
		out->failed = true;
		return;
	}
	setvbuf(out->file, out->buffer, _IOFBF, sizeof(out->buffer));
	put_header(out);
}

static void end_file(struct out *out)
{
	out->failed |= out->file == NULL || fclose(out->file) != 0;
	out->file = NULL;
}

static void next_file(struct out *out)
{
	char path[PATH_LEN];

	if (out->file != NULL)
		end_file(out);
	snprintf(path, sizeof(path), "%s/%06u.pcap", out->folder,
		 (unsigned int)(out->frames / out->per_file + 1));
	start_file(out, path);
}

struct out *out_open(const char *path, bool pcapng, uint64_t per_file)
{
	struct out *out = xcalloc(1, sizeof(*out));

	out->pcapng = pcapng;
	out->per_file = per_file;
	if (per_file != 0)
		out->folder = path;
	else
		start_file(out, path);
	return out;
}

void out_frame(struct out *out, int64_t time_us, const uint8_t *frame, size_t len)
{
	uint32_t captured = (uint32_t)len, block = 32 + (captured + 3) / 4 * 4;
	const uint32_t record[] = { (uint32_t)(time_us / 1000000), (uint32_t)(time_us % 1000000),
				    captured, captured };
	const uint32_t packet[] = {
		6, block, 0, (uint32_t)(time_us >> 32), (uint32_t)time_us, captured, captured
	};
	static const uint8_t padding[4];

	if (out->per_file != 0 && out->frames % out->per_file == 0)
		next_file(out);
	out->frames++;
	put(out, out->pcapng ? packet : record, out->pcapng ? sizeof(packet) : sizeof(record));
	put(out, frame, len);
	if (!out->pcapng)
		return;
	put(out, padding, -len % 4);
	put(out, &block, sizeof(block));
}

uint64_t out_frames(const struct out *out)
{
	return out->frames;
}

bool out_close(struct out *out)
{
	bool done;

	end_file(out);
	done = !out->failed;
	free(out);
	return done;
}
