/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * HASSH: the fingerprint of what an SSH implementation offers. MD5 over four name-lists of its
 * KEXINIT (RFC 4253 section 7.1) with ';' between them: key exchange, and then ciphers, MACs and
 * compression of the direction in which the offering side sends. Source: salesforce/hassh, README.
 *
 * The body may come in pieces of any length, so a KEXINIT need not be kept to be fingerprinted.
 */
#ifndef DISSECT_SSH_HASSH_H
#define DISSECT_SSH_HASSH_H

#include <md5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SSH_HASSH_LEN 16 /* of an MD5 */

/* Lives between begin and end; holds nothing of the body but the hash of it. */
struct ssh_hassh {
	MD5_CTX md5;
	unsigned part;   /* 0: the cookie; then the lists, from 1 */
	uint32_t left;   /* bytes of this part, or of the length before it, still to come */
	bool in_length;  /* left counts bytes of a length */
	uint32_t length; /* so far as it came */
	bool from_server;
};

void ssh_hassh_begin(struct ssh_hassh *, bool from_server);
/* The next bytes of the payload after the message number. */
void ssh_hassh_add(struct ssh_hassh *, const uint8_t *bytes, size_t len);
/* False when the body ended before its lists did: there is no fingerprint then. */
bool ssh_hassh_end(struct ssh_hassh *, uint8_t digest[SSH_HASSH_LEN]);

#endif
