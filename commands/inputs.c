/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What was named has to be readable. What merely lies in a directory that was named may be anything:
 * a file that is no capture is told and skipped, one that is but cannot be read is damage.
 */
#include "commands/inputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "commands/message.h"

static void keep(struct inputs *in, const char *path)
{
	in->path[in->count++] = path;
}

static bool stdin_is_file(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode);
}

static void add_named(struct inputs *in, struct capture *capture, const char *path)
{
	char error[CAPTURE_ERROR_MAX];

	if (capture_add(capture, path, error) == CAPTURE_ADDED) {
		keep(in, path);
		in->from_stdin |= strcmp(path, "-") == 0 && !stdin_is_file();
		return;
	}
	message(path, "%s", error);
	in->missing = true;
}

static void add_found(struct inputs *in, struct capture *capture, const char *path, bool quiet)
{
	char error[CAPTURE_ERROR_MAX];

	switch (capture_add(capture, path, error)) {
	case CAPTURE_ADDED:
		keep(in, path);
		break;
	case CAPTURE_UNKNOWN:
		if (!quiet)
			message(path, "%s; skipped", error);
		break;
	case CAPTURE_FAILED:
		message(path, "%s", error);
		in->partly = true;
		break;
	}
}

static void add_folder(struct inputs *in, struct capture *capture, const char *path,
		       const struct capture_list *list, bool quiet)
{
	size_t before = in->count;

	for (size_t i = 0; i < list->paths; i++)
		add_found(in, capture, list->path[i], quiet);
	if (in->count != before)
		return;
	message(path, "holds no capture that can be read; directories in it are not searched");
	in->missing = true;
}

void inputs_list(struct inputs *in, const struct options *o)
{
	char error[CAPTURE_ERROR_MAX];
	size_t paths = o->files;

	*in = (struct inputs){ .count = 0 };
	in->lists = o->files;
	in->list = xcalloc(in->lists, sizeof(*in->list));
	for (size_t i = 0; i < o->files; i++) {
		if (!capture_is_folder(o->file[i]))
			continue;
		if (!capture_list_folder(&in->list[i], o->file[i], error))
			message(o->file[i], "%s", error);
		paths += in->list[i].paths;
	}
	in->path = xcalloc(paths, sizeof(*in->path));
}

const char **inputs_named(const struct inputs *in, const struct options *o, size_t *count)
{
	size_t most = o->files;
	const char **named;

	for (size_t i = 0; i < in->lists; i++)
		most += in->list[i].paths;
	named = xcalloc(most + 1, sizeof(*named));
	*count = 0;
	for (size_t i = 0; i < o->files; i++) {
		for (size_t k = 0; k < in->list[i].paths; k++)
			named[(*count)++] = in->list[i].path[k];
		if (in->list[i].path == NULL && strcmp(o->file[i], "-") != 0)
			named[(*count)++] = o->file[i];
	}
	return named;
}

void inputs_open(struct inputs *in, struct capture *capture, const struct options *o)
{
	for (size_t i = 0; i < o->files; i++) {
		if (in->list[i].path != NULL)
			add_folder(in, capture, o->file[i], &in->list[i], o->quiet);
		else if (!capture_is_folder(o->file[i]))
			add_named(in, capture, o->file[i]);
		else
			in->missing = true; /* could not be listed, which is said */
	}
}

void inputs_free(struct inputs *in)
{
	for (size_t i = 0; i < in->lists; i++)
		capture_list_free(&in->list[i]);
	free(in->list);
	free(in->path);
}

struct input_total inputs_total(const struct capture *capture, size_t index)
{
	const struct capture_input *input = capture_input(capture, index);

	return (struct input_total){
		.path = input->path,
		.format = input->format,
		.compression = input->compression,
		.link_names = input->link_names,
		.link_types = input->link_types,
		.packets = input->packets,
		.bytes = input->bytes,
		.first_ns = input->first_ns,
		.last_ns = input->last_ns,
		.damaged = input->damaged,
	};
}
