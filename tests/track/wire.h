/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A capture that a test writes by talking: sequence numbers, acknowledgments, frame numbers and
 * times follow by themselves. Each packet comes 1 ms after the one before.
 *
 *	struct wire *wire = wire_new();
 *	struct talk talk = talk_new(wire);
 *
 *	talk_open(&talk);
 *	talk_login(&talk);
 *	talk_say(&talk, SERVER, TCP_RST, none());
 *	conn = wire_conn(wire);
 *	...
 *	wire_free(wire);
 */
#ifndef TESTS_TRACK_WIRE_H
#define TESTS_TRACK_WIRE_H

#include "base/clock.h"
#include "tests/ssh_bytes.h"
#include "tests/support.h"
#include "track/track.h"

#define STEP_NS        NS_PER_MS
#define IDENTIFICATION "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"

/* Sizes of encrypted packets with chacha20-poly1305, as OpenSSH sends them. */
enum { SERVICE_LEN = 44, FAILURE_LEN = 52, SUCCESS_LEN = 28, KEY_LEN = 36, GOODBYE_LEN = 60 };

struct wire {
	struct track *track;
	int64_t now_ns; /* of the last packet */
	uint32_t frame; /* number of the last packet */
	bool ended;
	const struct conn *conn; /* handed out last, not yet released */
};

/* One connection. */
struct talk {
	struct wire *wire;
	struct endpoint end[2];
	uint32_t isn[2];
	uint32_t next[2]; /* what each side sends next */
	uint16_t ip_id[2], window[2];
	uint8_t ttl[2];
	bool uncaptured[2]; /* this side's segments are sent, but the capture lacks them */
};

/* Port 22 is SSH. */
struct wire *wire_new(void);
struct wire *wire_new_for(const struct track_options *);
void wire_free(struct wire *);
void wire_wait(struct wire *, int64_t ns);
/* Stamps it with the next frame number and time, and hands it to the tracker. */
void wire_feed(struct wire *, struct packet *);
/* The next finished connection, NULL when there is none yet; the one before is released. */
const struct conn *wire_finished(struct wire *);
/* The same at the end of the capture; fails the test when there is none. */
const struct conn *wire_conn(struct wire *);
/* Fails the test when anything is left at the end of the capture. */
void wire_expect_no_more(struct wire *);

/* From 192.0.2.1 port 51000 to 198.51.100.2 port 22. */
struct talk talk_new(struct wire *);
/* The same with other ports and other initial sequence numbers. */
struct talk talk_from(struct wire *, uint16_t client_port, uint16_t server_port);
void talk_set_isn(struct talk *, uint32_t client, uint32_t server);

struct bytes none(void);
/* The packet a side would send next; it is neither fed nor counted as sent. */
struct packet talk_packet(struct talk *, enum side, uint8_t flags);
/* Sends: the bytes are freed. */
void talk_say(struct talk *, enum side, uint8_t flags, struct bytes payload);
/* Sends len encrypted bytes; the other side acknowledges. */
void talk_data(struct talk *, enum side, size_t len);
void talk_ack(struct talk *, enum side);
/* What was sent len bytes ago, again. */
void talk_again(struct talk *, enum side, size_t len);
/* Sends a copy of `payload` at a distance from what comes next; counts nothing as sent. */
void talk_at(struct talk *, enum side, int32_t ahead, struct bytes payload);

void talk_syn(struct talk *);
void talk_syn_ack(struct talk *);
void talk_open(struct talk *);     /* SYN, SYN-ACK, ACK */
void talk_identify(struct talk *); /* both sides */
void talk_kexinit(struct talk *, enum side, const struct offer *);
void talk_kex(struct talk *);     /* identification to both NEWKEYS */
void talk_login(struct talk *);   /* talk_kex(), then to USERAUTH_SUCCESS */
void talk_key(struct talk *);     /* a keystroke and its echo */
void talk_close(struct talk *);   /* the client's goodbye and all FINs */
void talk_session(struct talk *); /* all of it */

/* All that a user would notice of a connection, in words: to compare two. */
#define OUTCOME_MAX 8192
void outcome_of(const struct conn *, char outcome[OUTCOME_MAX]);
/* Events of a kind in its timeline, folded ones once. */
uint32_t events_of(const struct conn *, enum event_kind);
/* The first event of a kind, NULL when there is none. */
const struct event *event_of(const struct conn *, enum event_kind);

#endif
