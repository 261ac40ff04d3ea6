/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of this room share: one open capture file and the frame it waits with.
 */
#ifndef CAPTURE_INSIDE_H
#define CAPTURE_INSIDE_H

#include "capture/capture.h"

struct file;

/* The file, or NULL with the reason in error. The path is borrowed. */
struct file *file_open(const char *path, uint16_t input, char error[CAPTURE_ERROR_MAX]);

/*
 * The next frame of this file, which stays the next until file_take(); NULL at its end. Its bytes
 * are valid until the first file_peek() after the file_take().
 */
const struct frame *file_peek(struct file *);
void file_take(struct file *);

const struct capture_input *file_about(const struct file *);
void file_close(struct file *);

#endif
