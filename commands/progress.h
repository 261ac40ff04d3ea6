/* SPDX-License-Identifier: BSD-3-Clause */
/* How far reading is: a line on a terminal that rewrites itself, for who would wait in the dark. */
#ifndef COMMANDS_PROGRESS_H
#define COMMANDS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "capture/capture.h"

/* All zero: nothing is ever shown. */
struct progress {
	bool on;
	uint32_t steps;
	int64_t begin_ns, shown_ns;
	int width; /* of what stands in the line now */
};

/* Only when standard error is a terminal: in a file or a pipe the line would be litter. */
void progress_begin(struct progress *);
/* Shows how far it is, if that is due. */
void progress_look(struct progress *, const struct capture *);

/* To ask the clock for each frame would cost more than to dissect some. */
#define PROGRESS_STEPS_PER_LOOK 256

/* After each frame; here, as most often there is nothing to be done. */
static inline void progress_step(struct progress *p, const struct capture *capture)
{
	if (p->on && ++p->steps % PROGRESS_STEPS_PER_LOOK == 0)
		progress_look(p, capture);
}

/* The line is empty again. */
void progress_end(struct progress *);

/* "43 %, 120.3 MB/s, 12 s left"; of a pipe only what was read. */
void progress_add(struct text *, struct capture_course, int64_t elapsed_ns);

#endif
