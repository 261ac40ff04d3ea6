/* SPDX-License-Identifier: BSD-3-Clause */
/* The SSH of a connection: a part of struct conn, which is where others include it from. */
#ifndef TRACK_CONN_SSH_H
#define TRACK_CONN_SSH_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/frame.h"

enum side { CLIENT, SERVER };

/* Text of bounded length, not terminated: may hold any byte. */
#define BYTES(max)                                                                                 \
	struct {                                                                                   \
		uint16_t len;                                                                      \
		char at[max];                                                                      \
	}

#define SSH_IDENTIFICATION_MAX 255 /* RFC 4253 section 4.2, CR LF included */
#define SSH_NAME_MAX 64            /* RFC 4251 section 6: algorithm names */
#define SSH_NOTICE_MAX 96          /* sshd's longest refusal text is 34; room for others' */
#define SSH_OFFER_MAX 120          /* of a name-list without a match: enough to paste */

enum ssh_phase { SSH_PHASE_IDENTIFICATION, SSH_PHASE_KEX, SSH_PHASE_AUTH, SSH_PHASE_SESSION };

/* RFC 4253 section 7.1, in the order of SSH_MSG_KEXINIT without the languages. */
enum ssh_algorithm {
	SSH_KEX, SSH_HOST_KEY, SSH_CIPHER_C2S, SSH_CIPHER_S2C, SSH_MAC_C2S, SSH_MAC_S2C,
	SSH_COMPRESSION_C2S, SSH_COMPRESSION_S2C, SSH_ALGORITHMS,
};

struct ssh_half {
	BYTES(SSH_IDENTIFICATION_MAX) identification; /* len 0: not seen */
	struct mark identification_mark, kexinit_mark, newkeys_mark;
	uint8_t versions;             /* protocols it offers: bit 0 for 1.x, bit 1 for 2.0 */
	bool not_ssh;                 /* its first bytes are no identification and no text before one */
	BYTES(SSH_NOTICE_MAX) text;   /* what it said in place of, or before, the identification */
	struct mark text_mark;
	bool gap;                     /* clear text is missing from the capture: what follows is unknown */
	bool malformed;               /* a clear-text packet breaks RFC 4253 section 6 */
	struct mark malformed_mark;
	uint32_t encrypted_segments;  /* with payload, after its NEWKEYS */
	uint64_t encrypted_bytes;
};

struct ssh_disconnect {
	bool seen;
	enum side from;
	struct mark mark;
	uint32_t code;                /* RFC 4253 section 11.1 */
	BYTES(SSH_NOTICE_MAX) description;
};

struct ssh {
	bool recognised;              /* by content; else by the port alone */
	enum ssh_phase phase;
	struct ssh_half half[2];
	BYTES(SSH_NAME_MAX) negotiated[SSH_ALGORITHMS]; /* len 0: unknown */
	bool mismatch;                /* both KEXINIT seen, and a list has no common entry */
	enum ssh_algorithm mismatch_in;
	BYTES(SSH_OFFER_MAX) mismatch_offer[2];
	struct ssh_disconnect disconnect;
	struct mark session_mark;     /* where the session phase was recognised */
	uint32_t goodbye_len;         /* wire length of OpenSSH's DISCONNECT; 0 = unknown */
};

#endif
