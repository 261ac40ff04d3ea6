/* SPDX-License-Identifier: BSD-3-Clause */
/* Base64 of RFC 4648 section 4, as Community IDs and SSH fingerprints are written. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

/* Characters for len bytes, with '=' up to a multiple of four, and the end of the string. */
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4 + 1)

/* Writes BASE64_SIZE(len) characters. */
void base64(char *out, const void *bytes, size_t len);

#endif
