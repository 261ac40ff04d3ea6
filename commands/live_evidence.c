/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/live_evidence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/die.h"
#include "commands/evidence_dir.h"
#include "commands/evidence_inside.h"
#include "commands/lookback.h"
#include "commands/message.h"

#define WORDS_MAX 2048

/*
 * A file costs a look at the whole ring and a write to the disk, some tens of milliseconds, in which
 * nothing is read. So in a storm it is the first ones that get a file: a burst, then one a second.
 */
#define BURST 20
#define REFILL_NS NS_PER_S
#define SAY_EVERY_NS (60 * NS_PER_S) /* what the disk has against it */

struct live_evidence {
	const struct live_choice *choice;
	struct lookback *ring;
	struct evidence_dir *dir;
	uint64_t written, failed;
	int64_t full_ns; /* when the burst is there again: each file moves it on */
	int64_t said_ns;
};

struct live_evidence *live_evidence_new(const struct live_choice *c)
{
	struct evidence_dir *dir = evidence_dir_open(c->evidence, c->evidence_max_len);
	struct live_evidence *e;

	if (dir == NULL)
		return NULL;
	e = xcalloc(1, sizeof(*e));
	e->choice = c;
	e->dir = dir;
	e->ring = lookback_new((size_t)c->lookback_len);
	e->full_ns = e->said_ns = INT64_MIN / 2;
	return e;
}

void live_evidence_free(struct live_evidence *e)
{
	if (e == NULL)
		return;
	evidence_dir_close(e->dir);
	lookback_free(e->ring);
	free(e);
}

int live_evidence_fd(const struct live_evidence *e)
{
	return evidence_dir_fd(e->dir);
}

void live_evidence_count(const struct live_evidence *e, struct live_counts *c)
{
	c->evidence_written = e->written;
	c->evidence_failed = e->failed;
	c->evidence_removed = evidence_dir_removed(e->dir);
}

void live_evidence_keep(struct live_evidence *e, const struct frame *frame, const struct packet *p)
{
	struct address about[2];

	if (p != NULL)
		lookback_keep(e->ring, frame, lookback_key(&p->src, &p->dst));
	else if (dissect_telling(frame, about) != TELLING_NOTHING)
		lookback_keep(e->ring, frame, LOOKBACK_ANY);
}

/* ---- which frames ---- */

static bool is_of(const struct conn *conn, const struct packet *p)
{
	const struct endpoint *client = &conn->peer[CLIENT].at, *server = &conn->peer[SERVER].at;

	return p->time_ns >= conn->first_ns &&
	       ((endpoint_equal(&p->src, client) && endpoint_equal(&p->dst, server)) ||
		(endpoint_equal(&p->src, server) && endpoint_equal(&p->dst, client)));
}

static bool belongs(const struct evidence_kept *k, const struct conn *conn,
		    const struct frame *frame, uint32_t key)
{
	struct address about[2];
	struct packet packet;
	enum telling telling;
	enum skip why;

	if (key != LOOKBACK_ANY)
		return key == lookback_key(&conn->peer[CLIENT].at, &conn->peer[SERVER].at) &&
		       dissect(frame, &packet, &why) == DISSECT_OK && is_of(conn, &packet);
	telling = dissect_telling(frame, about);
	return evidence_has_telling(k, telling, about, frame->time_ns);
}

/* ---- the file ---- */

/* Without these a file proves nothing: who wrote it, how, what is missing, and whose clock it was. */
static void add_introduction(struct text *t, const struct live_evidence *e, const struct conn *conn)
{
	const struct live_options *o = &e->choice->capture;
	const struct health *h = &conn->health;

	text_add(t,
		 "rstscope " RSTSCOPE_VERSION
		 " live: the frames of one connection, from before its "
		 "end, ICMP errors about it, and ARP and neighbour discovery of its ends within a "
		 "minute of the end, so far as they were still in memory. Each frame has at most "
		 "%u octets. Filter: ",
		 o->clear_len > o->snap_len ? o->clear_len : o->snap_len);
	if (o->filter != NULL)
		text_add_wire(t, o->filter, strlen(o->filter));
	else
		text_add(t, "the SSH ports");
	text_add(t,
		 ". Times are the kernel's, in UTC; the clock was set %llu times meanwhile. While "
		 "it lived, %llu frames were seen and %llu lost for lack of room",
		 (unsigned long long)h->clock_steps, (unsigned long long)h->seen,
		 (unsigned long long)h->dropped_by_kernel);
	if (h->dropped_by_interface_known)
		text_add(t, "; the interface dropped %llu.",
			 (unsigned long long)h->dropped_by_interface);
	else
		text_add(t, "; what the interface dropped is not known.");
}

static struct pcapng_writer *begin_file(const struct live_evidence *e, const struct conn *conn,
					const struct verdict *v, const struct report_options *how,
					FILE *out)
{
	char introduction[WORDS_MAX], verdict[WORDS_MAX];
	const char *const texts[] = { introduction, verdict };
	const struct comments comments = { texts, 2 };
	struct text t = text_in(introduction, sizeof(introduction));
	struct text w = text_in(verdict, sizeof(verdict));

	add_introduction(&t, e, conn);
	report_comment_verdict(&w, how, conn, v);
	return pcapng_writer_new(out, "rstscope " RSTSCOPE_VERSION, &comments);
}

static void write_one(struct pcapng_writer *writer, struct evidence_kept *k,
		      const struct live *live, const struct frame *frame)
{
	const char *texts[EVIDENCE_NOTES_MAX + 1];
	struct comments comments = { texts, 0 };
	const struct mark mark = { frame->number, frame->input };
	const struct capture_interface about = live_interface(live, frame->input);
	size_t notes;
	const struct note *note = evidence_notes(k, mark, &notes);

	for (; comments.count < notes && comments.count <= EVIDENCE_NOTES_MAX; comments.count++)
		texts[comments.count] = k->pool + note[comments.count].text;
	pcapng_writer_frame(writer, frame, &about, &comments);
}

static void write_frames(const struct live_evidence *e, struct pcapng_writer *writer,
			 struct evidence_kept *k, const struct live *live, const struct conn *conn)
{
	struct lookback_at at = lookback_oldest(e->ring);
	struct frame frame;
	uint32_t key;
	size_t notes;

	while (lookback_next(e->ring, &at, &frame, &key)) {
		evidence_notes(k, (struct mark){ frame.number, frame.input }, &notes);
		if (notes != 0 || belongs(k, conn, &frame, key))
			write_one(writer, k, live, &frame);
	}
}

static void write_file(const struct live_evidence *e, const struct live *live,
		       const struct conn *conn, const struct verdict *v, FILE *out)
{
	const struct report_options how = { .inputs = e->choice->capture.names,
					    .paths = e->choice->capture.name };
	struct evidence_kept *k = evidence_new(&how, how.paths, NULL);
	struct pcapng_writer *writer;

	evidence_add(k, conn, conn, v);
	evidence_prepare(k);
	writer = begin_file(e, conn, v, &how, out);
	write_frames(e, writer, k, live, conn);
	pcapng_writer_free(writer);
	evidence_free(k);
}

/* ---- when ---- */

static bool is_allowed(struct live_evidence *e, int64_t elapsed_ns)
{
	if (e->full_ns < elapsed_ns)
		e->full_ns = elapsed_ns;
	if (e->full_ns - elapsed_ns >= BURST * REFILL_NS)
		return false;
	e->full_ns += REFILL_NS;
	return true;
}

static void say_failed(struct live_evidence *e, int64_t elapsed_ns, const char *why)
{
	e->failed++;
	if (elapsed_ns - e->said_ns < SAY_EVERY_NS)
		return;
	e->said_ns = elapsed_ns;
	message(e->choice->evidence, "evidence is not written: %s", why);
}

void live_evidence_judged(struct live_evidence *e, const struct live *live, int64_t elapsed_ns,
			  const struct conn *conn, const struct verdict *v)
{
	FILE *out;

	if (cause_is_healthy(v->cause))
		return;
	if (!is_allowed(e, elapsed_ns)) {
		say_failed(e, elapsed_ns, "too many connections end at once");
		return;
	}
	errno = 0;
	out = evidence_dir_begin(e->dir);
	if (out == NULL) {
		say_failed(e, elapsed_ns, strerror(errno));
		return;
	}
	write_file(e, live, conn, v, out);
	if (evidence_dir_end(e->dir, out, true,
			     conn->end.ending != ENDING_open ? conn->end.time_ns : conn->last_ns))
		e->written++;
	else
		say_failed(e, elapsed_ns, strerror(errno));
}
