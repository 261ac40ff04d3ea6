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
#define SSH_KEY_TYPE_MAX 48        /* the longest of OpenSSH's key types has 43 letters */
#define SSH_TARGET_MAX 72          /* the longest address and its port have 47; most names are shorter */
#define SSH_MD5_LEN 16
#define SSH_SHA256_LEN 32

/* Stands for the MAC where the cipher needs none, as OpenSSH writes it. */
#define SSH_MAC_IMPLICIT "<implicit>"

enum ssh_phase { SSH_PHASE_IDENTIFICATION, SSH_PHASE_KEX, SSH_PHASE_AUTH, SSH_PHASE_SESSION };

/* RFC 4253 section 7.1, in the order of SSH_MSG_KEXINIT without the languages. */
enum ssh_algorithm {
	SSH_KEX, SSH_HOST_KEY, SSH_CIPHER_C2S, SSH_CIPHER_S2C, SSH_MAC_C2S, SSH_MAC_S2C,
	SSH_COMPRESSION_C2S, SSH_COMPRESSION_S2C, SSH_ALGORITHMS,
};

/* RFC 4253 section 7: a side may send its first packet of the key exchange on a guess. */
enum ssh_guess {
	SSH_GUESS_NONE,
	SSH_GUESS_UNKNOWN, /* announced; the other side's KEXINIT was not seen */
	SSH_GUESS_WRONG,   /* the receiver ignores that packet */
	SSH_GUESS_RIGHT,
};

struct ssh_half {
	uint64_t encrypted_bytes;
	uint64_t bulk_bytes;          /* of them, in the session, in full segments */
	uint32_t encrypted_segments;  /* with payload, after its NEWKEYS */
	/*
	 * Where the length of encrypted packets can be read (AES-GCM, MACs over the encrypted packet,
	 * cipher none), they are followed one by one; packets counts them. Following ends where the
	 * capture lacks bytes, until a segment shows how they lie, or for good with a length that no packet has: it, or the end of the one before,
	 * was damaged, forged, or encrypted in a way that was not seen to be agreed on.
	 */
	uint32_t packets;
	bool followed;                /* packets is meaningful */
	bool packets_gap;             /* not all of them: bytes are missing from the capture */
	struct mark desync_mark;      /* not to the end: an impossible length; number 0: none */

	struct mark identification_mark, kexinit_mark, newkeys_mark;
	BYTES(SSH_IDENTIFICATION_MAX) identification; /* len 0: not seen */
	BYTES(SSH_NOTICE_MAX) text;   /* what it said in place of, or before, the identification */
	struct mark text_mark;
	uint8_t versions;             /* protocols it offers: bit 0 for 1.x, bit 1 for 2.0 */
	bool not_ssh;                 /* its first bytes are no identification and no text before one */
	bool gap;                     /* clear text is missing from the capture: what follows is unknown */
	bool malformed;               /* a clear-text packet breaks RFC 4253 section 6 */
	struct mark malformed_mark;
	/*
	 * Its first message in the clear that is no part of a key exchange and no DISCONNECT. With
	 * ssh.strict the receiver ends the connection over it (OpenSSH's PROTOCOL 1.10).
	 */
	struct mark extra_mark;       /* number 0: there was none */
	uint8_t extra_number;
	bool has_hassh;
	uint8_t hassh[SSH_MD5_LEN];   /* of its first KEXINIT; the server's is its hasshServer */
	enum ssh_guess guess;
};

struct ssh_disconnect {
	bool seen;
	enum side from;
	struct mark mark;
	uint32_t code;                /* RFC 4253 section 11.1 */
	BYTES(SSH_NOTICE_MAX) description;
};

/*
 * What a side asks only to learn whether the other lives: OpenSSH's ServerAliveInterval (side CLIENT)
 * and ClientAliveInterval (SERVER), recognised by the sizes of question and answer and by rhythm.
 */
struct ssh_alive {
	uint16_t answered;            /* in a row at the same interval; one alone proves little */
	uint16_t unanswered;          /* at the end of what was seen; a retransmission may hide more */
	uint32_t interval_ms;         /* of silence before each of them; 0 = unknown */
	struct mark last_mark;        /* the last question */
};

struct ssh {
	bool recognised;              /* by content; else by the port alone */
	/*
	 * SSH goes through a proxy, or comes from one. Then the addresses of the connection are not
	 * both those of SSH's ends: the server's is the proxy's, or, with the PROXY protocol, the
	 * client's is.
	 */
	uint8_t prelude;              /* enum prelude_kind */
	struct mark prelude_mark;
	BYTES(SSH_TARGET_MAX) prelude_target; /* what the proxy was asked for, or whom it announces */
	enum ssh_phase phase;
	struct ssh_half half[2];
	BYTES(SSH_NAME_MAX) negotiated[SSH_ALGORITHMS]; /* len 0: unknown */
	bool reversed;                /* the server's key came from side CLIENT: nothing is negotiated */
	bool strict;                  /* both asked for strict key exchange in their first KEXINIT */
	BYTES(SSH_KEY_TYPE_MAX) host_key_type; /* len 0: the server's key was not seen */
	uint8_t host_key[SSH_SHA256_LEN];  /* its fingerprint; of a certificate, of the key inside */
	struct mark host_key_mark;
	struct mark ssh1_key_mark;    /* SSH-1: where the server sent its key; number 0: not seen */
	bool mismatch;                /* both KEXINIT seen, and a list has no common entry */
	enum ssh_algorithm mismatch_in;
	BYTES(SSH_OFFER_MAX) mismatch_offer[2];
	struct ssh_disconnect disconnect;
	struct mark session_mark;     /* where the session phase was recognised */
	/*
	 * What sizes tell after NEWKEYS; nothing where they are not known: another implementation's
	 * packets, compression, cipher or MAC without a row. Lengths of packets where those are
	 * followed, else of segments, which may hold several: so each count is "at least".
	 */
	struct ssh_alive alive[2];
	struct mark goodbye_mark;     /* the client's last packet is a DISCONNECT by its size */
	uint16_t rekeys;              /* key exchanges after the first */
	uint16_t auth_failures;       /* refusals after the first answer, which is to "none" */
	bool auth_counted;            /* auth_failures is meaningful */
	bool auth_refused_last;       /* and the server's last answer before a session was one */
	bool obfuscated;              /* keystrokes are hidden in a stream of one packet each 20 ms */
	uint32_t keys;                /* pressed, by size and answer; chaff is counted, too */
	uint32_t goodbye_len;         /* wire length of OpenSSH's DISCONNECT; 0 = unknown */
	uint32_t close_len;           /* and of the server's CHANNEL_CLOSE */
};

/* A short word: fewer answers of that size come about in other ways, too. */
#define SSH_KEYS_MIN 5

/* More than a hundred screens of 80 x 24 letters: nobody reads that much. */
#define SSH_BULK_MIN (256 * 1024)

/* Somebody types, or a program does that behaves like a person. */
bool ssh_is_typed(const struct ssh *);
/* The side sends files, or as much as files. */
bool ssh_is_bulk(const struct ssh *, enum side);

#endif
