/* SPDX-License-Identifier: BSD-3-Clause */
/* The second reading: frames that belong are copied, those that show something with our words. */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "commands/evidence_inside.h"
#include "commands/message.h"

#define WORDS_MAX 512
/* Comments of one frame: a reset that ended ten thousand sessions shows it with so many. */
#define FRAME_COMMENTS_MAX 64

struct copying {
	struct evidence_kept *k;
	const struct totals *totals;
	struct capture *capture;
	struct fragments *fragments;
	struct pcapng_writer *writer;
	uint64_t *taken; /* by input: frames of this reading */
};

struct comment_texts {
	const char *text[FRAME_COMMENTS_MAX + 1];
	size_t count;
	char origin[WORDS_MAX];
};

/* ---- what the file says of itself ---- */

static void add_introduction(struct text *t, const struct evidence_kept *k,
			     const struct totals *totals)
{
	text_add(t,
		 "rstscope " RSTSCOPE_VERSION
		 ": %llu of %llu SSH connections ended oddly. This file "
		 "holds their frames, ICMP errors about them, ARP and neighbour discovery of their "
		 "ends within a minute of the end, and frames of others that show something. ",
		 (unsigned long long)(k->odds + k->left_out),
		 (unsigned long long)totals->connections);
	text_add(t,
		 "Frames keep the numbers they had, in comments and as frame.packet_id; they are "
		 "from");
	for (size_t i = 0; i < totals->inputs && t->size - t->len > WORDS_MAX; i++) {
		text_add(t, "%s", i != 0 ? ", " : " ");
		report_comment_input(t, &k->options, (uint16_t)i);
	}
	text_add(t, ".");
	if (k->names != NULL)
		text_add(t,
			 " " REPORT_REDACTED " Of each frame its headers are here, and SSH's clear "
			 "text; what may be anything is cut off.");
	if (k->left_out != 0)
		text_add(t, " Left out, as there are too many: the last %llu odd connections.",
			 (unsigned long long)k->left_out);
	if (k->odds > EVIDENCE_VERDICTS_MAX)
		text_add(t, " The verdicts of %llu more stand beside their frames.",
			 (unsigned long long)(k->odds - EVIDENCE_VERDICTS_MAX));
}

static void begin_file(struct copying *c, FILE *out)
{
	const struct evidence_kept *k = c->k;
	char introduction[8 * WORDS_MAX];
	const char *text[1 + EVIDENCE_VERDICTS_MAX] = { introduction };
	struct comments comments = { text, 1 };
	struct text t = text_in(introduction, sizeof(introduction));

	add_introduction(&t, k, c->totals);
	for (size_t i = 0; i < k->odds && i < EVIDENCE_VERDICTS_MAX; i++)
		text[comments.count++] = k->pool + k->verdict[i];
	c->writer = pcapng_writer_new(out, "rstscope " RSTSCOPE_VERSION, &comments);
}

/* ---- frames ---- */

/* Only what shows something gets comments: so a display filter of "frame.comment" finds that. */
static void add_comments(struct evidence_kept *k, struct comment_texts *c, struct mark mark)
{
	size_t notes;
	struct note *note = evidence_notes(k, mark, &notes);
	struct text t = text_in(c->origin, sizeof(c->origin));

	c->count = 0;
	if (notes == 0)
		return;
	report_comment_frame(&t, &k->options, mark);
	c->text[c->count++] = c->origin;
	for (size_t i = 0; i < notes; i++) {
		note[i].written = true;
		if (i < FRAME_COMMENTS_MAX)
			c->text[c->count++] = k->pool + note[i].text;
	}
}

/* The name of the input is a comment of its interface, which no tool shows beside each frame. */
static void write_frame(struct copying *c, struct frame frame, bool clear,
			const struct comment_texts *texts)
{
	struct capture_interface about = capture_interface(c->capture);
	const struct comments comments = { texts->text, texts->count };
	char input[WORDS_MAX];
	struct text t = text_in(input, sizeof(input));

	report_comment_input(&t, &c->k->options, frame.input);
	about.comment = input;
	if (c->k->names != NULL)
		evidence_redact(c->k, &frame, &about, clear);
	pcapng_writer_frame(c->writer, &frame, &about, &comments);
}

/* Each frame is dissected again, as nothing of it was kept: memory is for connections. */
static bool belongs(struct copying *c, const struct frame *frame, bool *clear)
{
	struct address about[2];
	struct packet packet;
	enum telling telling;
	enum skip why;

	if (dissect_joined(c->fragments, frame, &packet, &why) == DISSECT_OK)
		return evidence_has_packet(c->k, &packet, clear);
	*clear = false;
	telling = dissect_telling(frame, about);
	return evidence_has_telling(c->k, telling, about, frame->time_ns);
}

/* A file may have grown since: what was not read then is not for this report. */
static bool was_read(struct copying *c, const struct frame *frame)
{
	if (c->taken[frame->input] == c->totals->input[frame->input].packets)
		return false;
	c->taken[frame->input]++;
	return true;
}

static void copy(struct copying *c)
{
	struct frame frame;
	uint64_t left = 0;

	for (size_t i = 0; i < c->totals->inputs; i++)
		left += c->totals->input[i].packets;
	while (left != 0 && capture_next(c->capture, &frame)) {
		struct comment_texts texts;
		bool is_of, clear;

		if (!was_read(c, &frame))
			continue;
		left--;
		is_of = belongs(c, &frame, &clear);
		add_comments(c->k, &texts, (struct mark){ frame.number, frame.input });
		if (is_of || texts.count != 0)
			write_frame(c, frame, clear, &texts);
	}
}

/* ---- whether it was the same input ---- */

static bool say_changed(const struct copying *c, size_t input)
{
	message(c->k->path[input], "changed while it was read: its evidence cannot be written");
	return false;
}

static bool is_complete(const struct copying *c)
{
	const struct evidence_kept *k = c->k;

	for (size_t i = 0; i < c->totals->inputs; i++) {
		if (c->taken[i] != c->totals->input[i].packets)
			return say_changed(c, i);
	}
	for (size_t i = 0; i < k->odds; i++) {
		if (k->odd[i].state == ODD_WAITS)
			return say_changed(c, k->odd[i].first.input);
	}
	for (size_t i = 0; i < k->notes; i++) {
		if (!k->note[i].written)
			return say_changed(c, k->note[i].mark.input);
	}
	return true;
}

/* All or nothing: evidence that lacks a file would prove less than its words say. */
static bool open_again(struct copying *c)
{
	char error[CAPTURE_ERROR_MAX];

	for (size_t i = 0; i < c->totals->inputs; i++) {
		const char *path = c->k->path[i];

		if (capture_add(c->capture, path, error) == CAPTURE_ADDED)
			continue;
		message(path, "cannot be read again: %s", error);
		return false;
	}
	return true;
}

/* What it is made of is there until the end: two outputs may ask for the same. */
bool evidence_write(struct evidence_kept *k, FILE *out, const struct totals *totals)
{
	struct copying c = {
		.k = k,
		.totals = totals,
		.capture = capture_new(),
		.fragments = fragments_new(),
		.taken = xcalloc(totals->inputs, sizeof(*c.taken)),
	};
	bool same = open_again(&c);

	if (same) {
		evidence_prepare(k);
		begin_file(&c, out);
		copy(&c);
		same = is_complete(&c);
		pcapng_writer_free(c.writer);
	}
	free(c.taken);
	fragments_free(c.fragments);
	capture_close(c.capture);
	return same;
}
