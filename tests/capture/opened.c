/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/capture/opened.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define FRAMES_TEXT_MAX 1024

struct capture *opened(struct bytes b, char error[CAPTURE_ERROR_MAX])
{
	char path[TEMP_PATH_MAX];
	struct capture *capture = capture_new();
	enum capture_added added;

	temp_file(path, b);
	added = capture_add(capture, path, error);
	unlink(path);
	if (added == CAPTURE_ADDED)
		return capture;
	capture_close(capture);
	return NULL;
}

static void add_frame(struct text *t, const struct frame *f)
{
	text_add(t, "%s%" PRIu32 " if%" PRIu32 " dlt%d %" PRId64 "ns %" PRIu32 "/%" PRIu32 " ",
		 t->len != 0 ? "; " : "", f->number, f->interface, f->link_type, f->time_ns, f->len,
		 f->wire_len);
	for (uint32_t i = 0; i < f->len && i < 2; i++)
		text_add(t, "%02x", f->bytes[i]);
}

void expect_frames(struct bytes b, const char *frames, const char *damage)
{
	char error[CAPTURE_ERROR_MAX] = "", told[FRAMES_TEXT_MAX];
	struct text t = text_in(told, sizeof(told));
	struct capture *capture = opened(b, error);
	const char *damaged;
	struct frame f;

	cr_assert_not_null(capture, "%s", error);
	while (capture_next(capture, &f))
		add_frame(&t, &f);
	cr_expect_str_eq(told, frames, "told:   %s\nwanted: %s", told, frames);
	damaged = capture_input(capture, 0)->damaged;
	if (damage == NULL)
		cr_expect_null(damaged, "%s", damaged);
	else if (damaged == NULL)
		cr_expect_fail("no damage, but wanted: %s", damage);
	else
		cr_expect_not_null(strstr(damaged, damage), "%s; wanted: %s", damaged, damage);
	if (damaged != NULL)
		expect_one_printable_line(damaged);
	capture_close(capture);
}

unsigned int count_frames(struct capture *capture)
{
	struct frame f;
	unsigned int frames = 0;
	uint32_t sum = 0;

	while (capture_next(capture, &f)) {
		frames++;
		for (uint32_t i = 0; i < f.len; i++)
			sum += f.bytes[i];
	}
	cr_expect_not(capture_next(capture, &f), "the end stays the end, after %u", sum);
	return frames;
}

void expect_one_printable_line(const char *text)
{
	cr_expect_neq(*text, '\0');
	for (const char *c = text; *c != '\0'; c++)
		cr_expect(*c >= 0x20 && *c <= 0x7e, "%s", text);
}
