/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The track room's door: packets in, finished connections out.
 *
 * A connection is finished when it closed and its linger time is over, when its ports were reused,
 * when it had to make room, or at track_end(). Only SSH connections come out: those recognised by
 * content on any port, and those of the ports in the options.
 */
#ifndef TRACK_TRACK_H
#define TRACK_TRACK_H

#include <stddef.h>
#include <stdint.h>

#include "base/pseudonym.h"
#include "track/conn.h"

#define TRACK_PORTS_MAX 64

struct track_options {
	uint16_t ports[TRACK_PORTS_MAX]; /* server ports that are SSH whatever they carry */
	size_t port_count;
};

/* Told in the report. */
struct track_counts {
	uint64_t flows;        /* TCP connections of any kind */
	uint64_t evicted;      /* flows that made room before they were known to be SSH */
	uint64_t judged_early; /* SSH connections that made room */
	uint64_t unread;       /* SSH connections whose clear text found no buffer */
};

struct track;

struct track *track_new(const struct track_options *);
void track_packet(struct track *, const struct packet *);

/*
 * So late it is at least, though no packet says so: what lingers is finished, and what was silent for
 * longer than anybody asks. For live captures, when all that came by then was handed in.
 */
void track_time(struct track *, int64_t now_ns);

/* No more packets: every connection left becomes finished. */
void track_end(struct track *);

/*
 * After track_end(), when there is no more time: attempts of which no more than a handshake was seen are
 * not handed on. How many these are; they count as evicted.
 */
uint64_t track_hurry(struct track *);

/* The next finished connection, or NULL. It stays valid until conn_release(). */
const struct conn *track_finished(struct track *);
void conn_release(struct track *, const struct conn *);

/*
 * A copy that names nobody: addresses, what a proxy was asked for, comments, texts and the host key are
 * replaced. Nothing that a verdict rests on is changed, so who judges the copy need not know the rest.
 */
void conn_redact(const struct pseudonyms *, const struct conn *, struct conn *copy);

struct track_counts track_counts(const struct track *);
void track_free(struct track *);

#endif
