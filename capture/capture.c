/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Many files as one timeline: a heap of the files that have a next frame, the earliest on top.
 *
 * Months of rotated captures are thousands of files, each of which follows the one before. So beyond
 * the first few a file is closed after a look at its first frame, and opened when that is the
 * earliest of all: open at one time are only those that overlap.
 *
 * No frame is copied: the one handed out stays in its file until that file is asked for another,
 * which is at the start of the next capture_next().
 */
#include "capture/capture.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "capture/inside.h"

/* Stay open from the start: for so few it is not worth opening them twice. */
#define OPEN_EAGERLY 16
#define ROOM_FIRST 16

/* The next frame of an input; it is not asked again until it is handed out. */
struct due {
	int64_t time_ns;
	const struct frame *frame; /* NULL: the input rests */
	uint16_t input;
};

/*
 * Invariant: due[0 .. dues) is a heap; each of its inputs is open and has its frame waiting, or rests;
 * given, if any, is the input of due[0], and due[0].frame what was handed out.
 */
struct capture {
	struct file **file;
	struct due *due;
	size_t files, dues, room;
	size_t open;        /* files that are, at the moment */
	struct file *given; /* whose frame is handed out */
	bool started, has_stdin;
};

struct capture *capture_new(void)
{
	return xcalloc(1, sizeof(struct capture));
}

/* ---- the heap ---- */

/* Of frames with the same time the one of the first input comes first. */
static bool is_earlier(const struct due *a, const struct due *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->input < b->input;
}

static void swap(struct due *a, struct due *b)
{
	struct due c = *a;

	*a = *b;
	*b = c;
}

static void push(struct capture *c, struct due due)
{
	size_t at = c->dues++;

	c->due[at] = due;
	for (; at > 0 && is_earlier(&c->due[at], &c->due[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&c->due[at], &c->due[(at - 1) / 2]);
}

/* After the first has become another, or later. */
static void sink_first(struct capture *c)
{
	size_t at = 0, child;

	while ((child = 2 * at + 1) < c->dues) {
		if (child + 1 < c->dues && is_earlier(&c->due[child + 1], &c->due[child]))
			child++;
		if (!is_earlier(&c->due[child], &c->due[at]))
			break;
		swap(&c->due[child], &c->due[at]);
		at = child;
	}
}

/* ---- adding ---- */

static void make_room(struct capture *c)
{
	size_t room = c->room != 0 ? 2 * c->room : ROOM_FIRST;
	struct file **file = xcalloc(room, sizeof(*file));
	struct due *due = xcalloc(room, sizeof(*due));

	for (size_t i = 0; i < c->files; i++)
		file[i] = c->file[i];
	for (size_t i = 0; i < c->dues; i++)
		due[i] = c->due[i];
	free(c->file);
	free(c->due);
	c->file = file;
	c->due = due;
	c->room = room;
}

/* Two readers of one pipe would each get half of it. */
static bool is_taken(const struct capture *c, const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct stat st;

	if (is_stdin && c->has_stdin)
		return true;
	if ((is_stdin ? fstat(STDIN_FILENO, &st) : stat(path, &st)) != 0 || !S_ISFIFO(st.st_mode))
		return false;
	for (size_t i = 0; i < c->files; i++) {
		struct source_id id = file_id(c->file[i]);

		if (id.device == st.st_dev && id.inode == st.st_ino)
			return true;
	}
	return false;
}

static void add(struct capture *c, struct file *file)
{
	struct due due = { .input = (uint16_t)c->files };

	if (c->files == c->room)
		make_room(c);
	c->file[c->files++] = file;
	due.frame = file_peek(file);
	if (due.frame == NULL) /* at its end already, and closed */
		return;
	due.time_ns = due.frame->time_ns;
	if (c->open >= OPEN_EAGERLY)
		file_rest(file);
	if (file_is_open(file))
		c->open++;
	else
		due.frame = NULL;
	push(c, due);
}

enum capture_added capture_add(struct capture *c, const char *path, char error[CAPTURE_ERROR_MAX])
{
	enum capture_added why;
	struct file *file;

	assert(!c->started);
	if (c->files == CAPTURE_INPUTS_MAX || c->open == CAPTURE_OPEN_MAX)
		return capture_refuse(error, CAPTURE_FAILED,
				      "is one more input than can be read at once");
	if (is_taken(c, path))
		return capture_refuse(error, CAPTURE_FAILED, "can be read only once");
	file = file_open(path, (uint16_t)c->files, &why, error);
	if (file == NULL)
		return why;
	add(c, file);
	c->has_stdin |= strcmp(path, "-") == 0;
	return CAPTURE_ADDED;
}

/* ---- reading ---- */

/* Has the heap say when this frame of its first input is due; NULL: that input is at its end. */
static void put_first(struct capture *c, const struct frame *frame)
{
	if (frame != NULL) {
		c->due[0].time_ns = frame->time_ns;
		c->due[0].frame = frame;
	} else {
		c->due[0] = c->due[--c->dues];
	}
	sink_first(c);
}

/* The first input has handed out its frame: its next one may be later than that of others. */
static void move_on(struct capture *c)
{
	const struct frame *frame = file_peek(c->given);

	c->given = NULL;
	if (frame == NULL)
		c->open--;
	put_first(c, frame);
}

/* The first input rests. Opens it; its first frame is not always what it was at the first look. */
static void open_first(struct capture *c)
{
	struct file *file = c->file[c->due[0].input];
	const struct frame *frame;

	if (c->open == CAPTURE_OPEN_MAX)
		file_forgo(file, "is not read: too many inputs overlap in time; "
				 "read them in several runs");
	frame = file_peek(file);
	if (frame != NULL)
		c->open++;
	put_first(c, frame);
}

bool capture_next(struct capture *c, struct frame *next)
{
	c->started = true;
	if (c->given != NULL)
		move_on(c);
	while (c->dues > 0 && c->due[0].frame == NULL)
		open_first(c);
	if (c->dues == 0)
		return false;
	c->given = c->file[c->due[0].input];
	*next = *c->due[0].frame;
	file_take(c->given);
	return true;
}

/* ---- what is known ---- */

struct capture_interface capture_interface(const struct capture *c)
{
	assert(c->given != NULL);
	return file_interface(c->given);
}

size_t capture_inputs(const struct capture *c)
{
	return c->files;
}

const struct capture_input *capture_input(const struct capture *c, size_t index)
{
	assert(index < c->files);
	return file_about(c->file[index]);
}

struct capture_course capture_course(const struct capture *c)
{
	struct capture_course course = { 0, 0 };
	bool known = true;

	for (size_t i = 0; i < c->files; i++) {
		uint64_t size = file_size(c->file[i]), at = file_at(c->file[i]);

		known &= size != 0;
		course.read += at;
		course.total += at > size ? at : size; /* it may still grow */
	}
	if (!known)
		course.total = 0;
	return course;
}

void capture_close(struct capture *c)
{
	for (size_t i = 0; i < c->files; i++)
		file_close(c->file[i]);
	free(c->file);
	free(c->due);
	free(c);
}
