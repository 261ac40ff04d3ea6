/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files that follow SSH share. A direction passes through them in this order:
 *
 *   ssh.c          puts clear text in order and hands it to its reader; then to
 *   ssh_prelude.c  what a proxy is told first
 *   ssh_text.c     lines and the identification (RFC 4253 section 4.2)
 *   ssh_messages.c binary packets in the clear (section 6), up to NEWKEYS
 *   ssh_one.c      the same for SSH-1
 *   ssh_kexinit.c  what both sides offer, and what follows from it (section 7.1)
 *   ssh_records.c  encrypted packets, where their length can be read
 *   ssh_course.c   what the sizes of encrypted packets tell
 *   ssh_use.c      whether somebody types, or files are sent
 *   ssh_redact.c   all that without names
 */
#ifndef TRACK_SSH_H
#define TRACK_SSH_H

#include <sys/types.h>

#include "dissect/packet.h"
#include "dissect/ssh.h"
#include "dissect/ssh_hassh.h"
#include "track/conn_ssh.h"

struct pseudonyms;
struct slot;
struct track;

/* A message that is longer than the room for clear text: what is left of it. */
struct ssh_passing {
	uint32_t left;      /* of the packet; 0: none is passing */
	uint32_t body_left; /* of that, the message without its padding */
	uint8_t number;
};

/*
 * RFC 4253 section 6.1: the largest packet that every implementation takes. A KEXINIT up to this is
 * kept until the other side's is there, to compare the two. Of a longer one, which OpenSSH takes up
 * to SSH_PACKET_MAX, there is the fingerprint alone.
 */
#define SSH_OFFER_LEN_MAX 35000

/* The KEXINIT of a side. */
struct ssh_offered {
	struct ssh_hassh hassh;
	bool complete, too_long;
	uint16_t len; /* kept so far */
	uint8_t bytes[SSH_OFFER_LEN_MAX];
};

#define KEEP(field, bytes, size)                                                                   \
	ssh_keep((field).at, &(field).len, sizeof((field).at), (bytes), (size))

/* Keeps what fits. */
void ssh_keep(char *at, uint16_t *kept_len, size_t max, const void *bytes, size_t len);

/* Whether first bytes of a direction are, or may become, an SSH identification. */
bool ssh_may_begin(const struct packet *);

/*
 * ssh_prelude.c. What a proxy is told before SSH begins: bytes used, 0 for "need more", -1 when there
 * is none here, or no more.
 */
ssize_t ssh_read_prelude(struct slot *, enum side, const struct packet *, const uint8_t *bytes,
			 size_t len);
/* Whether the first bytes of a direction are one. */
bool ssh_prelude_may_begin(const struct packet *);
/* Who was told did not take it: to the server, the client did not speak SSH. */
void ssh_prelude_refused(struct slot *);
/* The server of the connection is a proxy, and SSH's is behind it. */
bool ssh_is_proxied(const struct ssh *);
/* It led to something else than SSH. */
bool ssh_prelude_failed(const struct slot *);

/* The first text of a side: what it says in place of, or before, SSH. */
void ssh_keep_text(struct slot *, enum side, const struct packet *, const uint8_t *bytes,
		   size_t len);

/* Read one line or message; bytes used, 0 for "not now", -1 for "not SSH". */
ssize_t ssh_read_line(struct slot *, enum side, const struct packet *, const uint8_t *bytes,
		      size_t len);
ssize_t ssh_read_message(struct slot *, enum side, const struct packet *, const uint8_t *bytes,
			 size_t len);

/* ssh_one.c: whether SSH-1 is spoken, as far as both identifications tell; and its packets. */
bool ssh_one_is_spoken(const struct ssh *);
bool ssh_one_may_be_spoken(const struct ssh *, enum side by);
ssize_t ssh_one_read(struct slot *, enum side, const struct packet *, const uint8_t *bytes,
		     size_t len);

/* Whether all is printable: sshd complains in plain lines, also after its identification. */
bool ssh_is_text(const uint8_t *bytes, size_t len);

/* A side's first KEXINIT, in pieces of any length: its body without the number has len octets. */
void ssh_kexinit_begin(struct slot *, enum side, const struct packet *, uint32_t len);
void ssh_kexinit_add(struct slot *, enum side, const uint8_t *bytes, size_t len);
/* Forgets what depends on who of the two is SSH's client. */
void ssh_kexinit_reverse(struct slot *);
void ssh_kexinit_end(struct slot *, enum side, const struct packet *);

/* ---- ssh_records.c: encrypted packets whose length can be read ---- */

/* How far the packets of a direction were walked. In struct slot: it lives as long as that. */
struct ssh_records {
	struct ssh_form form;
	bool on;
	uint8_t head_len;  /* bytes of the length field that were read */
	uint32_t head;     /* them, or the whole field */
	uint32_t at;       /* sequence number of the next byte to walk over */
	uint32_t left;     /* of the packet, when head_len is 4 */
	uint32_t wire_len; /* of the packet */
};

/* From here on the side's packets are encrypted; at: sequence number of the first. */
void ssh_records_begin(struct slot *, enum side, uint32_t at);
/* Walks over a segment's bytes; whether it takes it: else the segment's length is all there is. */
bool ssh_records_segment(struct track *, struct slot *, enum side, const struct packet *);

/* ---- ssh_course.c: what sizes tell ---- */

/* A unit is a packet where those are followed, else a segment. */

#define SSH_KEXINIT_SIZES 4 /* with and without what only the first KEXINIT announces */

struct ssh_course {
	/* By side that sends; 0 = unknown. */
	uint32_t alive_len[2], answer_len[2], kexinit_len[2][SSH_KEXINIT_SIZES];
	uint32_t key_len, close_len; /* from the client: one keystroke, CHANNEL_CLOSE */
	uint32_t accept_len, failure_max, none_max;

	int64_t last_ns;         /* the unit before, of either side */
	int64_t kexinit_ns[2];   /* a unit of that size, not yet answered by the other side's; 0 */
	bool asked[2];           /* a question waits for its answer */
	uint32_t asked_ms[2];    /* the silence before it */
	uint32_t asked_again[2]; /* how often since the last answer */

	bool accepted;        /* SERVICE_ACCEPT was seen */
	bool first_done;      /* the first request was answered */
	bool requested;       /* a request waits for its refusal, or for something else */
	uint32_t request_len; /* of the client's first request */
	uint32_t answer;      /* of the server's last unit */
	uint32_t failure_len; /* 0 = unknown */

	int64_t key_ns;   /* the client's last unit of key_len */
	uint16_t key_run; /* how many of them in the rhythm of the machine */
};

/* When all names are negotiated; kexinit_len: of both payloads. */
void ssh_course_begin(struct slot *, const size_t kexinit_len[2]);
void ssh_course_unit(struct slot *, enum side, const struct packet *, uint32_t len);

/* ssh_use.c: the same, and segments with new payload */
void ssh_use_unit(struct slot *, enum side, uint32_t len);
void ssh_use_segment(struct slot *, enum side, uint32_t len);

/* ssh.c: a unit of this length on the wire was sent. */
void ssh_packet_seen(struct slot *, enum side, const struct packet *, uint32_t wire_len);

/* ssh_redact.c: without the names in it. */
void ssh_redact(const struct pseudonyms *, struct ssh *);

/* A negotiated name; len 0 when it is not known. */
struct ssh_slice ssh_negotiated(const struct ssh *, enum ssh_algorithm);

#endif
