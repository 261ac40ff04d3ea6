/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The capture room's door: capture files in, frames out in the order of their time.
 *
 * Several files are one timeline: the earliest frame of all open files comes next. Within one file
 * the order of the file is kept, also where its clock steps back.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/frame.h"

/* A file is one timeline with the others while all are open; more would run out of descriptors. */
#define CAPTURE_INPUTS_MAX 256
#define CAPTURE_ERROR_MAX 256

/* What is known of one input file. Valid until capture_close(). */
struct capture_input {
	const char *path;         /* as given; "-" is standard input */
	const char *format;       /* "pcap" or "pcapng" */
	int link_type;            /* DLT_ value of libpcap */
	const char *link_name;    /* libpcap's name of it, e.g. "EN10MB"; never NULL */
	uint64_t packets;         /* frames read so far */
	uint64_t bytes;           /* captured bytes read so far */
	int64_t first_ns, last_ns; /* time of the first and last frame; 0 while packets == 0 */
	char damaged[CAPTURE_ERROR_MAX]; /* why reading stopped early; "" when it did not */
};

struct capture;

struct capture *capture_new(void);

/*
 * Opens one more input; call before the first capture_next(). False when it cannot be read as a
 * capture at all, with the reason in error (one line, without the path). The path is borrowed and
 * must outlive the capture.
 */
bool capture_add(struct capture *, const char *path, char error[CAPTURE_ERROR_MAX]);

/* The next frame of the timeline. False at the end of all inputs. */
bool capture_next(struct capture *, struct frame *);

size_t capture_inputs(const struct capture *);
const struct capture_input *capture_input(const struct capture *, size_t index);

void capture_close(struct capture *);

#endif
