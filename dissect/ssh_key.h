/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Public keys as they stand in a key exchange reply (K_S of RFC 4253 section 8): their type, and
 * the fingerprint that `ssh-keygen -l` shows of them.
 */
#ifndef DISSECT_SSH_KEY_H
#define DISSECT_SSH_KEY_H

#include "dissect/ssh.h"

#define SSH_FINGERPRINT_LEN 32 /* of a SHA-256 */

struct ssh_key {
	struct ssh_slice type; /* as the key names itself; borrows the blob */
	uint8_t fingerprint[SSH_FINGERPRINT_LEN];
};

/*
 * Of a certificate the key inside is hashed, as ssh-keygen does: a renewed certificate is the same
 * host. False when the blob is no key, or a certificate of a kind that is not known.
 */
bool ssh_key_parse(struct ssh_slice blob, struct ssh_key *);

#endif
