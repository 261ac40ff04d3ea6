/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of this room share. Bytes come from a source (a file or pipe, unpacked), a reader
 * makes frames of them, a file is both together with what is known of it.
 */
#ifndef CAPTURE_INSIDE_H
#define CAPTURE_INSIDE_H

#include <stdio.h>
#include <sys/types.h>

#include "base/cursor.h"
#include "capture/capture.h"

/* Sets the reason; returns why, so that a check can end with it. */
__attribute__((format(printf, 3, 4))) enum capture_added
capture_refuse(char error[CAPTURE_ERROR_MAX], enum capture_added why, const char *format, ...);

/*
 * What follows of a longer frame is cut off. libpcap's own limit: no link that carries IP has longer
 * ones, segmentation offload included.
 */
#define FRAME_LEN_MAX (256 * 1024)

/* ---- source: the bytes of an input ---- */

struct source;

/* Waits for the first bytes. NULL when there are none to be had, with the reason in error. */
struct source *source_open(const char *path, enum capture_added *why,
			   char error[CAPTURE_ERROR_MAX]);

/* What a source begins with: the bytes that wait in memory. */
struct waiting {
	const uint8_t *at, *end;
};

/* Has len bytes wait, moving those that do. NULL when the input ends before. */
const uint8_t *source_fill(struct source *, size_t len);

/*
 * The next len bytes, unpacked; valid until the next call with this source. NULL, and nothing is
 * taken, when the input ends before; source_left() is what there was. peek leaves them in place.
 * Here, as a frame asks twice, and nearly always lies in memory.
 */
static inline const uint8_t *source_peek(struct source *source, size_t len)
{
	const struct waiting *waiting = (const struct waiting *)source;

	return (size_t)(waiting->end - waiting->at) >= len ? waiting->at : source_fill(source, len);
}

static inline const uint8_t *source_take(struct source *source, size_t len)
{
	struct waiting *waiting = (struct waiting *)source;
	const uint8_t *bytes = source_peek(source, len);

	if (bytes != NULL)
		waiting->at += len;
	return bytes;
}

#define SOURCE_TAKE_MAX ((size_t)FRAME_LEN_MAX + 4096) /* a frame, and what is around it */
/* False when the input ends before. */
bool source_pass_over(struct source *, uint64_t len);
/* Those that wait. */
static inline struct cursor source_waiting(const struct source *source)
{
	const struct waiting *waiting = (const struct waiting *)source;

	return cursor_over(waiting->at, (size_t)(waiting->end - waiting->at));
}

/* Unpacked bytes that were taken so far, and those that wait in memory. */
uint64_t source_byte(const struct source *);
static inline size_t source_left(const struct source *source)
{
	const struct waiting *waiting = (const struct waiting *)source;

	return (size_t)(waiting->end - waiting->at);
}

/* What is not taken yet, for who wants a FILE; to be closed before source_close(). NULL: no memory. */
FILE *source_stream(struct source *);

/* The first four of what is not taken yet, in network order; 0 if there are fewer. */
uint32_t source_magic(const struct source *);
const char *source_compression(const struct source *);
/* Why the stream ended before the input did; NULL when both ended. */
const char *source_fault(const struct source *);
/* Unpacked bytes before the end or the fault, taken or not. */
uint64_t source_given(const struct source *);

/* A file can be closed and opened again; a pipe's bytes are gone. */
bool source_is_file(const struct source *);
/* Packed bytes: where reading is, and how many there are; 0 of a pipe. For any thread. */
uint64_t source_at(const struct source *);
uint64_t source_size(const struct source *);
/* Two names of one file or pipe have the same. */
struct source_id {
	dev_t device;
	ino_t inode;
};
struct source_id source_id(const struct source *);
void source_close(struct source *);

/* ---- readers: frames of a source ---- */

enum read_result { READ_OK, READ_END, READ_DAMAGED };

/* Where and why a reader can go no further. */
struct damage {
	uint64_t byte;
	char words[CAPTURE_ERROR_MAX]; /* printable */
};

struct reader {
	const char *format;
	/*
	 * NULL, and a reason, when it cannot be read. The source is borrowed; the input is told of
	 * link types, also by next(). Both have to outlive the reader.
	 */
	void *(*open)(struct source *, struct capture_input *, enum capture_added *why,
		      char error[CAPTURE_ERROR_MAX]);
	/* Sets all of the frame but its input. Its bytes are valid until the next call. */
	enum read_result (*next)(void *own, struct frame *, struct damage *);
	/*
	 * The same for those of the next frames, up to a number, that lie in memory whole and sound; how many
	 * there were. What next() would wait for, or complain of, is left to it. NULL: it knows no more than
	 * one at a time.
	 */
	size_t (*more)(void *own, struct frame *, size_t);
	/* Of an interface that the last frame named; all fields are zero before. */
	void (*describe)(const void *own, uint32_t interface, struct capture_interface *);
	void (*close)(void *own);
};

extern const struct reader reader_classic, reader_libpcap, reader_pcapng;

/* Whether reader_classic reads it; reader_libpcap says what is wrong with it, if it does not either. */
bool classic_knows(struct source *);

#define PCAPNG_MAGIC 0x0a0d0d0au

/* Of one that is known already nothing is added. The input owns the names. */
void input_add_link_type(struct capture_input *, int link_type);

#define LINK_NAME_MAX 40
/* libpcap's word, or "DLT_300". */
void link_name_of(int link_type, char name[LINK_NAME_MAX]);
/* The DLT_ value of a link type as files have it. */
int link_dlt_of(uint32_t link_type);
/* And back, for a file that is written. */
uint32_t link_type_of_dlt(int dlt);

/* ---- times ---- */

/*
 * Any two numbers of a file to nanoseconds since 1970, between the years 1824 and 2116: so the
 * difference of any two times fits, too.
 */
int64_t stamp_ns(int64_t seconds, int64_t ns);

/* How an interface of pcapng counts: if_tsresol and if_tsoffset as the file has them. */
struct stamp_unit {
	uint8_t resolution;
	int64_t offset_s;
};

int64_t stamp_of_ticks(const struct stamp_unit *, uint64_t ticks);

/* ---- file: one input ---- */

struct file;

/*
 * Opens the file and finds its first frame. NULL, with the reason in error, when it cannot be read
 * as a capture at all. The path is borrowed.
 */
struct file *file_open(const char *path, uint16_t input, enum capture_added *why,
		       char error[CAPTURE_ERROR_MAX]);

/*
 * The next frame of this file, which stays the next until file_take(); NULL at its end. Its bytes
 * are valid until the first file_peek() after the file_take(). Opens the file if it rests.
 */
const struct frame *file_peek(struct file *);
void file_take(struct file *);

/* Closes a file of which nothing was taken until the next file_peek(). False if that cannot be. */
bool file_rest(struct file *);
bool file_is_open(const struct file *);
/* Gives up a file that rests, for a reason that is not its own. */
void file_forgo(struct file *, const char *reason);

/* Of the frame that was taken last. */
struct capture_interface file_interface(const struct file *);
struct source_id file_id(const struct file *);
/* Packed bytes that were read, and that there were when it was opened; 0 of a pipe. */
uint64_t file_at(const struct file *);
uint64_t file_size(const struct file *);
const struct capture_input *file_about(const struct file *);
void file_close(struct file *);

#endif
