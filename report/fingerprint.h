/* SPDX-License-Identifier: BSD-3-Clause */
/* Hashes, in the forms in which others print them: so that they can be searched for. */
#ifndef REPORT_FINGERPRINT_H
#define REPORT_FINGERPRINT_H

#include <stdint.h>

#include "base/text.h"

#define FINGERPRINT_SIZE 64 /* of a buffer for either form of 32 bytes, with room to spare */

/* Lower-case digits, as HASSH is written. */
void fingerprint_add_hex(struct text *, const uint8_t *bytes, size_t len);

/* "SHA256:" and base64 (RFC 4648 section 4) without the padding, as `ssh-keygen -l` prints it. */
void fingerprint_add_sha256(struct text *, const uint8_t *bytes, size_t len);

#endif
