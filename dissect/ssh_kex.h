/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Message numbers 30 to 49 belong to the key exchange method (RFC 4253 section 12): what they are
 * called, and which of them brings the host key, depends on what was negotiated.
 */
#ifndef DISSECT_SSH_KEX_H
#define DISSECT_SSH_KEX_H

#include "dissect/ssh.h"

/* The number of the server's message that begins with its host key (K_S). */
uint8_t ssh_kex_key_message(struct ssh_slice method);

/* Whether the number is one of the method's, for any method. */
bool ssh_is_kex_number(uint8_t number);

#endif
