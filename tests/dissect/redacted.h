/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames without names, for the tests of what removes them; and checksums by the definition of RFC 1071. */
#ifndef TESTS_DISSECT_REDACTED_H
#define TESTS_DISSECT_REDACTED_H

#include <stdbool.h>

#include "base/pseudonym.h"
#include "tests/support.h"

/* The addresses of ipv4() and ethernet(). */
#define CLIENT4 "\xc0\x00\x02\x01"
#define SERVER4 "\xc6\x33\x64\x02"
#define CLIENT_MAC "\x02\x00\x00\x00\x00\x01"

/* Always the same key. */
struct pseudonyms redacted_names(void);
/* What may be shown of a frame. */
struct bytes redacted(int link_type, bool clear, struct bytes);
bool holds(struct bytes, const void *what, size_t len);

/* Folded; sum: what is added before. */
uint16_t sum_of(const uint8_t *at, size_t len, uint32_t sum);
uint32_t pseudo4(struct bytes ip, uint8_t protocol);
/* An IPv4 datagram with both checksums as a sender without offload writes them; inner is freed. */
struct bytes sealed(uint8_t protocol, size_t field, struct bytes inner);
bool is_right4(struct bytes ip, uint8_t protocol);

/* Neighbour solicitation of 2001:db8::2 by 02:00:00:00:00:01, with its checksum. */
struct bytes solicitation(void);

#endif
