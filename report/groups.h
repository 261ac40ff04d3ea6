/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Connections of one cause to one network, folded: one ticket in place of forty. A table of fixed size,
 * kept while connections come and go.
 */
#ifndef REPORT_GROUPS_H
#define REPORT_GROUPS_H

#include "base/text.h"
#include "classify/verdict.h"
#include "report/prefix.h"
#include "track/conn.h"

#define GROUPS_MAX 128
#define PLACES_MAX 256
#define GROUP_EXAMPLES 3
#define GROUP_LEVELS 4 /* widths of networks, one after the other: see groups.c */

/* From least to most, of those that have it. */
struct range {
	uint64_t count;
	int64_t least, most;
};

/* How much it matters: what was lost, and how much of all there is. */
enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };

/* Where a distance is counted from: the end at which the capture was made, if it was at one. */
enum vantage { VANTAGE_BETWEEN, VANTAGE_CLIENT, VANTAGE_SERVER };

/* A network of servers, and all connections to it. */
struct place {
	struct prefix key, servers; /* servers: no wider than those that were seen */
	uint64_t connections;
};

struct group {
	enum cause_id cause;
	enum who who;
	bool in_session; /* somebody was logged in: work was lost */
	struct prefix key, servers, clients;
	bool clients_mixed; /* of both families */
	uint16_t port;      /* of the servers; 0: several */
	uint64_t count;
	int64_t first_ns, last_ns;        /* of the ends */
	struct range silence_ns;          /* before the end, where one came before it */
	struct range hops;                /* to where the resets were made */
	enum vantage vantage;             /* BETWEEN as soon as two differ */
	double confidence;                /* the sum of them */
	uint64_t example[GROUP_EXAMPLES]; /* ids of the first */
};

struct groups {
	unsigned level; /* how wide the networks are by now */
	size_t count, places;
	struct group group[GROUPS_MAX];
	struct place place[PLACES_MAX];
	uint64_t odd;    /* all that did not end well */
	uint64_t others; /* of these, what found no room */
};

/* Each connection, healthy ones too: they are what a share is of. */
void groups_add(struct groups *, const struct conn *, const struct verdict *);

/* Whether it is an example of a group: until another has its place. */
bool groups_has_example(const struct groups *, uint64_t id);

/* All connections to the servers of a group. Never NULL for a group of the table. */
const struct place *groups_place(const struct groups *, const struct group *);

/* Two screens; who has more groups than that has one problem behind them, or is being scanned. */
#define GROUPS_SHOWN 20
/* A handful is read one by one: groups are for more than these. */
#define GROUPS_FROM 6

/* groups_words.c: what a group has in common, without how much it matters; longest in all. */
#define GROUP_TEXT_MAX 768
void groups_add_words(struct text *, const struct groups *, const struct group *);
const char *severity_name(enum severity);
/* Odd connections that are in none of the first groups. */
uint64_t groups_rest(const struct groups *, size_t shown);

/* severity.c: how much a group matters; and all of them, the gravest first, then the largest. */
enum severity groups_severity(const struct groups *, const struct group *);
void groups_sort(struct groups *);

#endif
