/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The dissect room's door: a frame in, a packet out. Stateless: same bytes, same answer; what waits
 * for the other pieces of its datagram is the caller's, in struct fragments.
 */
#ifndef DISSECT_DISSECT_H
#define DISSECT_DISSECT_H

#include "base/pseudonym.h"
#include "dissect/packet.h"

enum dissect_result {
	DISSECT_OK,
	DISSECT_NOT_OURS,  /* well formed, but nothing that carries or tells of TCP */
	DISSECT_TRUNCATED, /* the capture cut it before the end of the TCP header */
	DISSECT_MALFORMED, /* lengths or fields that contradict each other */
};

/* Why a frame was not used: rows of skips.def. SKIP_NONE goes with DISSECT_OK alone. */
enum skip {
	SKIP_NONE,
#define SKIP(id, result, text) SKIP_##id,
#include "dissect/skips.def"
#undef SKIP
	SKIP_COUNT,
};

/*
 * Fills *packet on DISSECT_OK; on any other result *packet is unspecified. *why is always set.
 * A fragment of a datagram is never a packet.
 */
enum dissect_result dissect(const struct frame *frame, struct packet *packet, enum skip *why);

struct fragments;

/* 4 MiB, touched as they are used. Dies when there is no memory. */
struct fragments *fragments_new(void);
void fragments_free(struct fragments *);

/*
 * The same, and keeps fragments: the frame that completes a datagram gives its packet, with the mark
 * and the time of that frame and the IP header of the first piece. The packet's payload is valid
 * until the next call.
 */
enum dissect_result dissect_joined(struct fragments *, const struct frame *, struct packet *,
				   enum skip *why);

/* What a frame that is no packet says of hosts. */
enum telling {
	TELLING_NOTHING,
	TELLING_NEIGHBOUR, /* ARP or neighbour discovery: who has which hardware address */
	TELLING_FRAGMENT,  /* a piece of a datagram between the two */
};

/* Sets the two whom it is about, unless it is about nobody; they may be the same. */
enum telling dissect_telling(const struct frame *, struct address about[2]);

/* The JSON key of a reason, e.g. "not_tcp", and the words for people. */
const char *skip_name(enum skip why);
const char *skip_text(enum skip why);

/*
 * Writes the frame to out (of frame->len bytes) with other names: addresses of IP, ARP, neighbour
 * discovery and what ICMP quotes, MAC addresses, and names in SSH's clear text; checksums are as right or
 * wrong as they were. How many bytes may be shown is returned: from there on they were payload, or
 * nothing that is understood, and are zeros. clear: the sender's NEWKEYS was not before this frame.
 */
size_t dissect_redact(const struct pseudonyms *, const struct frame *, bool clear, uint8_t *out);

/* Whether frames of this DLT_ can be dissected at all. */
bool link_type_known(int link_type);

#endif
