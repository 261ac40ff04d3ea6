/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The grammar of SSH's clear text: RFC 4253 sections 4.2, 6, 7.1 and 11.1. Stateless.
 *
 * Slices borrow the bytes they were parsed from. A parser answers with the bytes it used, 0 for
 * "need more", or -1 for "this is not SSH".
 */
#ifndef DISSECT_SSH_H
#define DISSECT_SSH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* OpenSSH's PACKET_MAX_SIZE; RFC 4253 section 6.1 asks for 35000 at least. */
#define SSH_PACKET_MAX (256 * 1024)

/* Longest line before or of the identification: RFC 4253 section 4.2 says 255; some send more. */
#define SSH_LINE_MAX 1024

#define SSH_KEXINIT_LISTS 10 /* RFC 4253 section 7.1; the last two are languages */

enum {
	SSH_MSG_DISCONNECT = 1,
	SSH_MSG_KEXINIT = 20,
	SSH_MSG_NEWKEYS = 21,
};

/* Payloads whose size gives them away. */
#define SSH_USERAUTH_SUCCESS_LEN 1 /* RFC 4252 section 5.1: the number alone */
#define SSH_GOODBYE_LEN 33         /* OpenSSH's DISCONNECT: 11, "disconnected by user", no language */

struct ssh_slice {
	const uint8_t *at;
	size_t len;
};

struct ssh_line {
	struct ssh_slice text;  /* without CR LF */
	bool is_identification; /* begins with "SSH-" */
};

/* One line of the identification exchange. -1: longer than SSH_LINE_MAX. */
ssize_t ssh_line_parse(const uint8_t *bytes, size_t len, struct ssh_line *line);

/* Could these first bytes of a stream become an identification string? Short input: maybe. */
bool ssh_identification_begins(const uint8_t *bytes, size_t len);

/* The major protocol versions an identification string offers: bit 1 for 1.x, bit 2 for 2.0. */
enum { SSH_VERSION_1 = 1, SSH_VERSION_2 = 2 };
unsigned ssh_identification_versions(struct ssh_slice text);

struct ssh_message {
	uint8_t number;
	struct ssh_slice body; /* the payload after the number */
	size_t wire_len;       /* of the whole packet, also when it is not complete yet */
};

/* One clear-text binary packet. On 0, message->wire_len is what is needed, or 0 if not known. */
ssize_t ssh_message_parse(const uint8_t *bytes, size_t len, struct ssh_message *message);

struct ssh_kexinit {
	struct ssh_slice list[SSH_KEXINIT_LISTS];
};

/* False when the lists do not fit into the body. */
bool ssh_kexinit_parse(struct ssh_slice body, struct ssh_kexinit *kexinit);

/*
 * RFC 4253 section 7.1: the first name of the client's list that the server's list has too. False
 * when there is none. index counts the lists as KEXINIT does.
 */
bool ssh_negotiate(const struct ssh_kexinit *client, const struct ssh_kexinit *server, size_t index,
		   struct ssh_slice *chosen);

/* Whether this cipher authenticates by itself, so that no MAC is negotiated. */
bool ssh_cipher_is_aead(struct ssh_slice cipher);

/* Bytes on the wire of a packet with this payload; 0 when the cipher or MAC is not known. */
size_t ssh_wire_len(struct ssh_slice cipher, struct ssh_slice mac, size_t payload_len);

struct ssh_disconnect_body {
	uint32_t code;
	struct ssh_slice description;
};

bool ssh_disconnect_parse(struct ssh_slice body, struct ssh_disconnect_body *disconnect);

#endif
