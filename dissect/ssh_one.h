/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Packets of SSH-1, which is long gone but on old devices. Source: draft-ylonen-ssh-protocol-00,
 * "The Binary Packet Protocol": uint32 length of type, data and CRC; one to eight bytes of padding
 * before them.
 */
#ifndef DISSECT_SSH_ONE_H
#define DISSECT_SSH_ONE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	SSH_ONE_PUBLIC_KEY = 2,  /* SSH_SMSG_PUBLIC_KEY: the server's two keys */
	SSH_ONE_SESSION_KEY = 3, /* SSH_CMSG_SESSION_KEY: all after it is encrypted */
};

/* One packet in the clear: bytes used, 0 for "need more", -1 when no packet has this length. */
ssize_t ssh_one_parse(const uint8_t *bytes, size_t len, uint8_t *type);

#endif
