/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Other names for what tells whose network it was: the same key and the same name give the same other
 * name, in every file and on every machine, and without the key there is no way back.
 *
 * All functions work in place and keep the length.
 */
#ifndef BASE_PSEUDONYM_H
#define BASE_PSEUDONYM_H

#include "base/cryptopan.h"

#define PSEUDONYM_KEY_LEN CRYPTOPAN_KEY_LEN
#define MAC_LEN 6

struct pseudonyms {
	struct cryptopan addresses;
	struct aes128_ctx words;
};

void pseudonyms_begin(struct pseudonyms *, const uint8_t key[PSEUDONYM_KEY_LEN]);
/* The same with a key of the kernel's random numbers, which nobody learns. */
void pseudonyms_begin_random(struct pseudonyms *);

/* Prefix-preserving and one to one; kept_prefixes.def says which keep their kind. */
void pseudonym_ipv4(const struct pseudonyms *, uint8_t at[4]);
void pseudonym_ipv6(const struct pseudonyms *, uint8_t at[16]);

/* Locally administered, a group's stays one; zeros and the broadcast address stay. */
void pseudonym_mac(const struct pseudonyms *, uint8_t at[MAC_LEN]);

/* Lower-case letters; blanks and ends of lines stay, so that a text can still be laid out. */
void pseudonym_words(const struct pseudonyms *, void *at, size_t len);
/* Any bytes: for a fingerprint. */
void pseudonym_bytes(const struct pseudonyms *, void *at, size_t len);

#endif
