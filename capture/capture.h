/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The capture room's door: capture files in, frames out in the order of their time.
 *
 * Several files are one timeline: the earliest frame of all files comes next. Within one file the
 * order of the file is kept, also where its clock steps back. Few files are open at a time: one
 * whose first frame is still far away is closed until it is due.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "capture/frame.h"

/* A frame names its input in 16 bits. */
#define CAPTURE_INPUTS_MAX 65535
/* So many may overlap in time; more would run out of descriptors, of which 1,024 are usual. */
#define CAPTURE_OPEN_MAX 256
#define CAPTURE_ERROR_MAX 256
/* Of one file; a machine with more kinds of interfaces has not been seen. */
#define CAPTURE_LINK_TYPES_MAX 16

/* What is known of one input file. Valid until capture_close(). */
struct capture_input {
	const char *path;        /* as given; "-" is standard input */
	const char *format;      /* "pcap" or "pcapng" */
	const char *compression; /* "gzip" and the like; NULL: none */
	/* Of its frames, in libpcap's words: "EN10MB"; "DLT_300" if that has no word. */
	const char *link_names[CAPTURE_LINK_TYPES_MAX];
	size_t link_types;
	uint64_t packets;          /* frames handed out so far */
	uint64_t bytes;            /* captured bytes of these */
	int64_t first_ns, last_ns; /* time of the first and last of them; 0 while packets == 0 */
	const char *damaged;       /* why reading stopped early, one line; NULL when it did not */
};

struct capture;

struct capture *capture_new(void);

enum capture_added {
	CAPTURE_ADDED,
	CAPTURE_UNKNOWN, /* it is no capture, and does not look like a broken one */
	CAPTURE_FAILED,  /* it cannot be read, whatever it is */
};

/*
 * Adds one more input; call before the first capture_next(). The reason of a failure is put in
 * error (one line, without the path). The path is borrowed and must outlive the capture.
 *
 * An input is a regular file, standard input ("-"), or a pipe that somebody writes to.
 */
enum capture_added capture_add(struct capture *, const char *path, char error[CAPTURE_ERROR_MAX]);

/* The next frame of the timeline. False at the end of all inputs. */
bool capture_next(struct capture *, struct frame *);

#define CAPTURE_NAME_MAX 128 /* names of Windows are GUIDs; what is longer is cut */

/* What a file says of the interface that a frame came through. */
struct capture_interface {
	int link_type;               /* DLT_ value */
	uint32_t snap_len;           /* 0: unlimited */
	char name[CAPTURE_NAME_MAX]; /* printable ASCII; "": none, as in every pcap */
	char description[CAPTURE_NAME_MAX];
	const char *comment; /* for the writer; reading leaves it NULL */
};

/* Of the frame that capture_next() gave last, until the next call. */
struct capture_interface capture_interface(const struct capture *);

size_t capture_inputs(const struct capture *);
const struct capture_input *capture_input(const struct capture *, size_t index);

/* How far reading is, in bytes as they lie in the files, packed or not. */
struct capture_course {
	uint64_t read, total; /* total 0: not known, as one input is a pipe */
};

/* A few microseconds for each file that is open: not for every frame. */
struct capture_course capture_course(const struct capture *);

void capture_close(struct capture *);

/* ---- writing ---- */

struct comments {
	const char *const *text; /* of more than 65,535 bytes the rest is cut */
	size_t count;
};

struct pcapng_writer;

/*
 * Begins a file of one section. out is borrowed: whoever opened it asks it for errors at the end.
 * application: who writes it, for the file's own header.
 */
struct pcapng_writer *pcapng_writer_new(FILE *out, const char *application,
					const struct comments *of_section);
/*
 * Describes its interface before the first frame of each. Time in ns, bytes and lengths as they are;
 * its packet ID is the number of the frame, and that of the input times 2^32.
 */
void pcapng_writer_frame(struct pcapng_writer *, const struct frame *,
			 const struct capture_interface *, const struct comments *);
void pcapng_writer_free(struct pcapng_writer *);

/* ---- directories ---- */

/* Paths of the regular files directly in a directory, sorted by name. Owns its strings. */
struct capture_list {
	char **path;
	size_t paths;
};

bool capture_is_folder(const char *path);

/* Hidden files (".name") are left out. False, with the reason in error, leaves an empty list. */
bool capture_list_folder(struct capture_list *, const char *path, char error[CAPTURE_ERROR_MAX]);
void capture_list_free(struct capture_list *);

#endif
