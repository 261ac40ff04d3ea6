/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Many files as one timeline: each waits with its next frame, the earliest of them comes next.
 *
 * No frame is copied: the one handed out stays in its file until that file is asked for another,
 * which is at the start of the next capture_next(). The inputs are few, so they are simply gone
 * through.
 */
#include "capture/capture.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "capture/inside.h"

struct capture {
	size_t inputs;
	struct file *input[CAPTURE_INPUTS_MAX];
	bool started, has_stdin;
};

struct capture *capture_new(void)
{
	return xcalloc(1, sizeof(struct capture));
}

bool capture_add(struct capture *capture, const char *path, char error[CAPTURE_ERROR_MAX])
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct file *file;

	assert(!capture->started);
	if (capture->inputs == CAPTURE_INPUTS_MAX) {
		snprintf(error, CAPTURE_ERROR_MAX,
			 "is one more than the %d inputs that can be read at once",
			 CAPTURE_INPUTS_MAX);
		return false;
	}
	/* Two readers of one pipe would each get half of it. */
	if (is_stdin && capture->has_stdin) {
		snprintf(error, CAPTURE_ERROR_MAX, "standard input can be read only once");
		return false;
	}
	file = file_open(path, (uint16_t)capture->inputs, error);
	if (file == NULL)
		return false;
	capture->input[capture->inputs++] = file;
	capture->has_stdin |= is_stdin;
	return true;
}

bool capture_next(struct capture *capture, struct frame *next)
{
	struct file *earliest = NULL;

	capture->started = true;
	for (size_t i = 0; i < capture->inputs; i++) {
		const struct frame *frame = file_peek(capture->input[i]);

		/* Of frames with the same time the one of the first input comes first. */
		if (frame != NULL && (earliest == NULL || frame->time_ns < next->time_ns)) {
			earliest = capture->input[i];
			*next = *frame;
		}
	}
	if (earliest == NULL)
		return false;
	file_take(earliest);
	return true;
}

size_t capture_inputs(const struct capture *capture)
{
	return capture->inputs;
}

const struct capture_input *capture_input(const struct capture *capture, size_t index)
{
	assert(index < capture->inputs);
	return file_about(capture->input[index]);
}

void capture_close(struct capture *capture)
{
	for (size_t i = 0; i < capture->inputs; i++)
		file_close(capture->input[i]);
	free(capture);
}
