/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SSH's clear text with other names in it. All in place and of the same length: sequence numbers and
 * what is said of lengths stay true.
 */
#ifndef DISSECT_SSH_REDACT_H
#define DISSECT_SSH_REDACT_H

#include "base/pseudonym.h"

/* An identification string without CR LF: the comment goes, and a software that is not known. */
void ssh_redact_identification(const struct pseudonyms *, void *at, size_t len);

/* Free text of people and programs: rows of ssh_known_texts.def stay. */
void ssh_redact_text(const struct pseudonyms *, void *at, size_t len);

/* A name-list, or a name: RFC 4251 section 6. Of NAME@DOMAIN, both, when the domain is not known. */
void ssh_redact_names(const struct pseudonyms *, void *at, size_t len);

/*
 * The payload of a segment: identification strings, KEXINIT, NEWKEYS and DISCONNECT without names, up
 * to the first byte that is none of them, and no further than NEWKEYS. How many bytes may be shown; those behind are untouched.
 */
size_t ssh_redact_payload(const struct pseudonyms *, uint8_t *at, size_t len);

#endif
