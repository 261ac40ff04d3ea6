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

#include "base/cursor.h"

/* OpenSSH's PACKET_MAX_SIZE; RFC 4253 section 6.1 asks for 35000 at least. */
#define SSH_PACKET_MAX (256 * 1024)

/* Longest line before or of the identification: RFC 4253 section 4.2 says 255; OpenSSH takes so many
   (SSH_MAX_BANNER_LEN). */
#define SSH_LINE_MAX 8192

#define SSH_KEXINIT_LISTS 10 /* RFC 4253 section 7.1; the last two are languages */
#define SSH_COOKIE_LEN    16 /* random bytes before them */

enum {
	SSH_MSG_DISCONNECT = 1,
	SSH_MSG_KEXINIT = 20,
	SSH_MSG_NEWKEYS = 21,
};

#define SSH_ALGORITHM_NAME_MAX 64 /* RFC 4251 section 6 */

/* Payloads whose size gives them away. */
#define SSH_USERAUTH_SUCCESS_LEN 1 /* RFC 4252 section 5.1: the number alone */
#define SSH_GOODBYE_LEN 33         /* OpenSSH's DISCONNECT: 11, "disconnected by user", no language */

struct ssh_slice {
	const uint8_t *at;
	size_t len;
};

bool ssh_slice_is(struct ssh_slice, const char *text);

/* RFC 4251 section 5: a string or name-list; one that is cut sets short_read. */
struct ssh_slice ssh_string_of(struct cursor *);

struct ssh_line {
	struct ssh_slice text;  /* without CR LF */
	bool is_identification; /* begins with "SSH-" */
};

/* One line of the identification exchange. -1: longer than SSH_LINE_MAX, or no text. */
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
	bool follows; /* first_kex_packet_follows: the next packet is sent on a guess */
};

/* False when the lists do not fit into the body. */
bool ssh_kexinit_parse(struct ssh_slice body, struct ssh_kexinit *kexinit);

/* ---- ssh_negotiate.c: RFC 4253 section 7.1 ---- */

/*
 * The first name of the client's list that the server's list has too. False when there is none.
 * index counts the lists as KEXINIT does. Names that only announce something are no algorithms.
 */
bool ssh_negotiate(const struct ssh_kexinit *client, const struct ssh_kexinit *server, size_t index,
		   struct ssh_slice *chosen);

/* OpenSSH looks at the first 40 names of a list (match.c, MAX_PROP); others offer fewer than 100. */
#define SSH_LIST_NAMES_MAX 256

/* Longer than that: comparing it costs more than it can tell, and nothing is known of the outcome. */
bool ssh_list_is_long(struct ssh_slice list);

/* Section 7: a guess is right when both prefer the same key exchange and the same host key. */
bool ssh_guess_is_right(const struct ssh_kexinit *client, const struct ssh_kexinit *server);

/* Whether the side asks for strict key exchange (OpenSSH's PROTOCOL 1.10) in its first KEXINIT. */
bool ssh_asks_for_strict(const struct ssh_kexinit *, bool from_server);

/* ---- ssh_sizes.c: RFC 4253 section 6 ---- */

/* How packets look on the wire under a cipher and MAC. */
struct ssh_form {
	bool known;
	bool outside;   /* the length field is not in the part that is padded to whole blocks */
	bool readable;  /* the length field is not encrypted */
	uint8_t block_len, tag_len;
};

/* Whether this cipher authenticates by itself, so that no MAC is negotiated. */
bool ssh_cipher_is_aead(struct ssh_slice cipher);

struct ssh_form ssh_form_of(struct ssh_slice cipher, struct ssh_slice mac);

/* Bytes on the wire of a packet with this payload; 0 when the form is not known. */
size_t ssh_form_wire_len(struct ssh_form, size_t payload_len);

/* Bytes on the wire of the packet with this length field; 0 when no packet has such a one. */
size_t ssh_form_packet_len(struct ssh_form, uint32_t length);

size_t ssh_wire_len(struct ssh_slice cipher, struct ssh_slice mac, size_t payload_len);

struct ssh_disconnect_body {
	uint32_t code;
	struct ssh_slice description;
};

bool ssh_disconnect_parse(struct ssh_slice body, struct ssh_disconnect_body *disconnect);

#endif
