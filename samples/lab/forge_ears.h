/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two ears on one interface, one for each way a packet can go: only libpcap knows it, as nothing in
 * the frame of a TUN device says.
 */
#ifndef SAMPLES_LAB_FORGE_EARS_H
#define SAMPLES_LAB_FORGE_EARS_H

#include <pcap/pcap.h>

#include "base/text.h"
#include "samples/lab/forge_flow.h"

enum way { ARRIVING, LEAVING };

struct ears {
	pcap_t *way[2];  /* never block */
	size_t link_len; /* of the header before IP */
};

/* Listens for the packets of a connection. False on failure, and why; close in any case. */
bool ears_open(struct ears *, const char *iface, const struct address address[2], struct text *why);

void ears_close(struct ears *);

#endif
