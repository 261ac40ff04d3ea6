/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Lifelike bytes of SSH as OpenSSH 9.2 on Debian 12 sends them: its identification string, its
 * name-lists, its sizes. Keys and signatures are dice; whoever checks them finds them wrong.
 */
#ifndef SAMPLES_SSH_BYTES_H
#define SAMPLES_SSH_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples/dice.h"

#define SSH_LINE "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n"

enum ssh_message {
	SSH_NOTHING,
	SSH_KEXINIT,
	SSH_KEX_ECDH_INIT,
	SSH_KEX_ECDH_REPLY, /* with NEWKEYS behind it, as sshd sends the two */
	SSH_NEWKEYS,
};

/* A server shows the same key to all; the dice make it when it is asked for first. */
struct host_key {
	bool made;
	uint8_t at[32];
};

struct ssh_packet {
	enum ssh_message message;
	bool from_client;
	const char *kex; /* kex_algorithms of a KEXINIT; NULL for the real list */
	struct host_key *host_key;
};

/* Writes the unencrypted packets to out and returns their length; room is at least SSH_PACKET_MAX. */
#define SSH_PACKET_MAX 2048
size_t ssh_packet(const struct ssh_packet *, struct dice *, uint8_t *out, size_t room);

#endif
