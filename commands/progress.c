/* SPDX-License-Identifier: BSD-3-Clause */
#include "commands/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* What is done sooner needs no line. */
#define FIRST_NS NS_PER_S
/* As often as digits can be read. */
#define AGAIN_NS (NS_PER_S / 5)
#define MEGABYTE 1e6

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

void progress_begin(struct progress *p)
{
	*p = (struct progress){ .on = isatty(STDERR_FILENO) == 1 };
	p->begin_ns = p->shown_ns = now_ns();
}

/* Rounded up: at the end it is never later than was said. */
static void add_left(struct text *t, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = { { 1, "s" }, { 60, "min" }, { 3600, "h" } };
	size_t i = 0;

	while (i < 2 && seconds / units[i].seconds >= 100)
		i++;
	text_add(t, ", %lld %s left", (long long)(seconds / units[i].seconds) + 1, units[i].name);
}

void progress_add(struct text *t, struct capture_course course, int64_t elapsed_ns)
{
	double seconds = (double)elapsed_ns / (double)NS_PER_S;
	double rate = seconds > 0 ? (double)course.read / seconds : 0;

	if (course.total == 0) {
		text_add(t, "%.1f MB read", (double)course.read / MEGABYTE);
		return;
	}
	/* Rounded down: what says 100 % is done. */
	text_add(t, "%d %%, %.1f MB/s", (int)(100.0 * (double)course.read / (double)course.total),
		 rate / MEGABYTE);
	if (rate <= 0)
		return;
	add_left(t, (int64_t)((double)(course.total - course.read) / rate));
}

/* Blanks over what was longer, and no escape sequence: every terminal knows a carriage return. */
static void show(struct progress *p, const char *line)
{
	int len = (int)strlen(line);

	fprintf(stderr, "\r%s%*s\r", line, p->width > len ? p->width - len : 0, "");
	fflush(stderr);
	p->width = len;
}

/* A pipe tells no offset: of it the bytes of its frames are known. */
static struct capture_course course_of(const struct capture *capture)
{
	struct capture_course course = capture_course(capture);

	if (course.total != 0)
		return course;
	course.read = 0;
	for (size_t i = 0; i < capture_inputs(capture); i++)
		course.read += capture_input(capture, i)->bytes;
	return course;
}

void progress_look(struct progress *p, const struct capture *capture)
{
	char line[96];
	struct text t = text_in(line, sizeof(line));
	int64_t now = now_ns();

	if (now - p->begin_ns < FIRST_NS || now - p->shown_ns < AGAIN_NS)
		return;
	text_add(&t, "rstscope: ");
	progress_add(&t, course_of(capture), now - p->begin_ns);
	show(p, line);
	p->shown_ns = now;
}

void progress_end(struct progress *p)
{
	if (p->width > 0)
		show(p, "");
	*p = (struct progress){ .on = false };
}
