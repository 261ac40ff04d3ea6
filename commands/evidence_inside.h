/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of evidence share: what is kept between the two readings. */
#ifndef COMMANDS_EVIDENCE_INSIDE_H
#define COMMANDS_EVIDENCE_INSIDE_H

#include "commands/evidence.h"
#include "dissect/dissect.h"

/*
 * So many connections are kept: about 2 KiB each, 20 MiB in all. Nobody looks at more of them in
 * Wireshark; of ten thousand scanners the first ten thousand are like the rest.
 */
#define EVIDENCE_CONNS_MAX 10000
/* Comments of a connection beside its verdict, for it and against it, the heaviest first. */
#define EVIDENCE_NOTES_MAX 12
#define EVIDENCE_AGAINST_MAX 4 /* what outweighs the verdict is not there: the first few tell */
/* Verdicts in the comment of the section, about 400 bytes each; all are beside their frames, too. */
#define EVIDENCE_VERDICTS_MAX 200

enum odd_state { ODD_WAITS, ODD_RUNS, ODD_LINGERS, ODD_OVER };

/* A connection that ended oddly. Ends in an order that both directions share. */
struct odd {
	struct endpoint end[2];
	struct mark first, last;
	int64_t first_ns, last_ns, end_ns;
	bool speaks[2];         /* by end: what it sends first is SSH's clear text, */
	struct mark newkeys[2]; /* up to this frame; number 0: all of it is */
	bool clear[2];          /* while reading: it still is */
	enum odd_state state;
	struct odd
		*running; /* of the first with these ends: the first of those that run or linger */
	struct odd *next; /* of one that does: the next */
};

/* Sorted by the mark: what begins with this frame. */
struct beginning {
	struct mark mark;
	struct odd *odd;
};

/* Words beside a frame. */
struct note {
	struct mark mark;
	uint32_t order; /* of the same frame: as they were made */
	size_t text;    /* where in the pool */
	bool written;
};

/* Frames that name no ports belong to whoever has these addresses at that time. */
struct watch {
	struct address a, b; /* b.family 0: one host, and whoever tells of its hardware address */
	int64_t from_ns, to_ns;
};

/* Invariants: odds <= EVIDENCE_CONNS_MAX; the pool holds texts that end with '\0'. */
struct evidence_kept {
	struct report_options options;
	const char *const *path;        /* of the inputs, to read them again */
	const struct pseudonyms *names; /* NULL: frames are written as they are */
	uint8_t *redacted;              /* a frame with other names */
	size_t redacted_room;
	struct odd *odd;
	struct note *note;
	struct beginning *beginning; /* of each odd */
	struct watch *watch;
	char *pool;
	size_t odds, odd_room, notes, note_room, watches, pool_len, pool_room;
	size_t verdict[EVIDENCE_VERDICTS_MAX]; /* where in the pool */
	uint64_t left_out;                     /* odd connections beyond the limit */
};

/* More room for an array that is full: twice as much, the rest is zero. */
void *evidence_grow(void *array, size_t count, size_t *room, size_t size);

/* ---- evidence_find.c: which frames belong ---- */

/* One order of all ends, and of all addresses: as qsort() wants it. */
int evidence_order(const struct endpoint *, const struct endpoint *);
/* After the last evidence_add(), before the first question; again before each reading. */
void evidence_prepare(struct evidence_kept *);
/*
 * Whether the packet is of an odd connection, and whether its payload can be SSH's clear text. To be
 * asked for each packet, in their order.
 */
bool evidence_has_packet(struct evidence_kept *, const struct packet *, bool *clear);
bool evidence_has_telling(const struct evidence_kept *, enum telling, const struct address about[2],
			  int64_t time_ns);
/* The notes beside a frame. */
struct note *evidence_notes(struct evidence_kept *, struct mark, size_t *count);

/* ---- evidence_redact.c ---- */

/*
 * Puts other names in place of those in the frame, which is valid until the next call then, and of its
 * interface's. clear: its payload can be SSH's clear text.
 */
void evidence_redact(struct evidence_kept *, struct frame *, struct capture_interface *,
		     bool clear);

#endif
