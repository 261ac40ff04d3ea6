/* SPDX-License-Identifier: BSD-3-Clause */
/* draft-ietf-opsawg-pcap: always little-endian here, so that each machine writes the same bytes. */
#include "samples/pcap_file.h"

#define MAGIC_MICROSECONDS 0xa1b2c3d4u
#define VERSION_2_4 0x00040002u /* major 2 first: two 16-bit numbers */
#define SNAP_LEN 262144
#define LINKTYPE_ETHERNET 1

static int write_words(FILE *out, const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (int shift = 0; shift < 32; shift += 8) {
			if (fputc((int)(words[i] >> shift & 0xff), out) == EOF)
				return -1;
		}
	}
	return 0;
}

int pcap_file_start(FILE *out)
{
	const uint32_t header[] = { MAGIC_MICROSECONDS, VERSION_2_4,      0, 0,
				    SNAP_LEN,           LINKTYPE_ETHERNET };

	return write_words(out, header, sizeof(header) / sizeof(header[0]));
}

int pcap_file_add(FILE *out, int64_t time_us, const uint8_t *frame, size_t len)
{
	const uint32_t record[] = { (uint32_t)(time_us / 1000000), (uint32_t)(time_us % 1000000),
				    (uint32_t)len, (uint32_t)len };

	if (write_words(out, record, sizeof(record) / sizeof(record[0])) < 0)
		return -1;
	return fwrite(frame, 1, len, out) == len ? 0 : -1;
}
