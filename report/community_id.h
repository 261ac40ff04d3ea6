/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Community ID version 1: the name of a connection that Zeek, Suricata, Wireshark and others give it,
 * too, so that their records can be joined. Inside a tunnel it is that of the inner connection.
 * Source: the Community ID specification, github.com/corelight/community-id-spec.
 */
#ifndef REPORT_COMMUNITY_ID_H
#define REPORT_COMMUNITY_ID_H

#include "base/base64.h"
#include "dissect/packet.h"

#define COMMUNITY_ID_DIGEST 20 /* SHA-1 */
#define COMMUNITY_ID_SIZE   (2 + BASE64_SIZE(COMMUNITY_ID_DIGEST)) /* "1:" before it */

/* The same for both directions. Both ends have addresses of one family, 4 or 6. */
void community_id(char out[COMMUNITY_ID_SIZE], const struct endpoint *, const struct endpoint *,
		  uint16_t seed);

#endif
