/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Segments with a wrong checksum. Their receiver drops them unseen: they were damaged on the way, or
 * forged by one who wants them seen on the path and nowhere else, as tools against censors do.
 *
 * But most wrong checksums are the capture's: a host that leaves them to its card shows none of its own
 * segments right, and a card that joins what it received leaves any in the joined one. So a wrong
 * one is believed of a side most of whose segments are right, and of a segment that is no longer
 * than those.
 */
#include "track/inside.h"

/* RFC 9293 section 3.7.1: so much fits into a packet on any path, so nothing that was joined is shorter. */
#define JOINED_MIN 536

bool checksum_refuses(struct slot *slot, enum side side, const struct packet *p)
{
	struct sums *sums = &slot->sums[side];
	uint32_t len = p->tcp.payload_wire_len;

	switch (packet_checksum(p)) {
	case CHECKSUM_RIGHT:
		sums->right++;
		if (len > sums->longest)
			sums->longest = len;
		return false;
	case CHECKSUM_WRONG:
		sums->wrong++;
		return sums->right > sums->wrong && (len < JOINED_MIN || len <= sums->longest);
	case CHECKSUM_UNKNOWN:
	case CHECKSUM_LEFT:
		break;
	}
	return false;
}
