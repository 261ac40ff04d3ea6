/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One input: a source, the reader of its format, and what is known of both.
 *
 * A file whose turn is far away is closed (it rests), and opened again by the first look at its next
 * frame. Nothing was taken from it then, so it begins anew.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "base/text.h"
#include "capture/inside.h"

/* Frames that are read at a time: so many are looked for in one go, and lie in the nearest cache. */
#define BATCH 32

struct file {
	struct capture_input about;
	struct source *source; /* NULL while it rests, and at its end */
	const struct reader *reader;
	void *own; /* the reader's; NULL when source is */
	struct source_id id;
	uint64_t size; /* packed; 0 of a pipe */
	uint16_t input;
	bool is_file; /* and no pipe */
	bool ended;
	struct frame
		*frame; /* BATCH, of which have were read and at were taken; NULL when source is */
	size_t at, have;
	uint32_t last; /* number of the frame that was taken last */
};

static char *copy_of(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(xcalloc(size, 1), text, size);
}

void input_add_link_type(struct capture_input *input, int link_type)
{
	char name[LINK_NAME_MAX];

	link_name_of(link_type, name);
	for (size_t i = 0; i < input->link_types; i++)
		if (strcmp(input->link_names[i], name) == 0)
			return;
	if (input->link_types < CAPTURE_LINK_TYPES_MAX)
		input->link_names[input->link_types++] = copy_of(name);
}

/* ---- open and closed ---- */

static void close_parts(struct file *file)
{
	if (file->own != NULL)
		file->reader->close(file->own);
	if (file->source != NULL)
		source_close(file->source);
	free(file->frame);
	file->own = NULL;
	file->source = NULL;
	file->frame = NULL;
	file->at = file->have = 0;
}

static const struct reader *reader_for(struct source *source)
{
	if (source_magic(source) == PCAPNG_MAGIC)
		return &reader_pcapng;
	return classic_knows(source) ? &reader_classic : &reader_libpcap;
}

static enum capture_added open_reader(struct file *file, char error[CAPTURE_ERROR_MAX])
{
	enum capture_added why = CAPTURE_ADDED;
	const char *fault;

	if (source_magic(file->source) == 0)
		return capture_refuse(error, CAPTURE_UNKNOWN, "is not a pcap or pcapng capture");
	file->reader = reader_for(file->source);
	file->own = file->reader->open(file->source, &file->about, &why, error);
	fault = source_fault(file->source);
	/* A reader sees only that the bytes end. */
	if (file->own == NULL && fault != NULL)
		return capture_refuse(error, CAPTURE_FAILED, "cannot be read: %s", fault);
	return why;
}

static enum capture_added open_parts(struct file *file, char error[CAPTURE_ERROR_MAX])
{
	enum capture_added why;

	file->source = source_open(file->about.path, &why, error);
	if (why == CAPTURE_ADDED)
		why = open_reader(file, error);
	if (why != CAPTURE_ADDED) {
		close_parts(file);
		return why;
	}
	file->frame = xcalloc(BATCH, sizeof(*file->frame));
	for (size_t i = 0; i < BATCH; i++)
		file->frame[i].input = file->input;
	return why;
}

struct file *file_open(const char *path, uint16_t input, enum capture_added *why,
		       char error[CAPTURE_ERROR_MAX])
{
	struct file *file = xcalloc(1, sizeof(*file));

	file->about.path = path;
	file->input = input;
	*why = open_parts(file, error);
	if (*why != CAPTURE_ADDED) {
		file_close(file);
		return NULL;
	}
	file->about.format = file->reader->format;
	file->about.compression = source_compression(file->source);
	file->is_file = source_is_file(file->source);
	file->id = source_id(file->source);
	file->size = source_size(file->source);
	return file;
}

/* ---- the end ---- */

static void keep_damage(struct file *file, uint64_t byte, const char *words)
{
	char reason[CAPTURE_ERROR_MAX];
	struct text t = text_in(reason, sizeof(reason));

	text_add(&t, "cannot be read beyond byte %" PRIu64 "%s", byte,
		 file->about.compression != NULL ? " (unpacked), " : ", ");
	if (file->last == 0)
		text_add(&t, "before its first frame: %s", words);
	else
		text_add(&t, "after frame %" PRIu32 ": %s", file->last, words);
	file->about.damaged = copy_of(reason);
}

/* No more frames. What is wrong with the source explains what the reader found wrong. */
static void end(struct file *file, enum read_result result, const struct damage *damage)
{
	const char *fault = source_fault(file->source);

	if (fault != NULL)
		keep_damage(file, source_given(file->source), fault);
	else if (result == READ_DAMAGED)
		keep_damage(file, damage->byte, damage->words);
	close_parts(file);
	file->ended = true;
}

void file_forgo(struct file *file, const char *reason)
{
	file->about.damaged = copy_of(reason);
	file->ended = true;
}

static bool is_other(const struct file *file, struct source_id id)
{
	return id.device != file->id.device || id.inode != file->id.inode;
}

/* Also where the sandbox does not let it be opened: it knows files, not their names. */
static bool name_moved(const struct file *file)
{
	struct stat st;

	return stat(file->about.path, &st) == 0 &&
	       is_other(file, (struct source_id){ st.st_dev, st.st_ino });
}

/* A name may stand for another file in the meantime: tcpdump -W writes in a ring. */
static void open_again(struct file *file)
{
	char error[CAPTURE_ERROR_MAX], reason[CAPTURE_ERROR_MAX];
	struct text t = text_in(reason, sizeof(reason));

	if (open_parts(file, error) != CAPTURE_ADDED && !name_moved(file)) {
		text_add(&t, "cannot be read again: %s", error);
		file_forgo(file, reason);
		return;
	}
	if (file->source != NULL && !is_other(file, source_id(file->source)))
		return;
	close_parts(file);
	file_forgo(file, "is not read: another file has its name now");
}

/* ---- frames ---- */

static const struct frame *read_on(struct file *file)
{
	const struct reader *reader = file->reader;
	enum read_result result = READ_OK;
	struct damage damage;

	if (!file->ended && file->own == NULL)
		open_again(file);
	if (file->ended)
		return NULL;
	file->at = 0;
	file->have = reader->more != NULL ? reader->more(file->own, file->frame, BATCH) : 0;
	if (file->have == 0) {
		result = reader->next(file->own, file->frame, &damage);
		file->have = result == READ_OK;
	}
	if (result == READ_OK)
		return file->frame;
	end(file, result, &damage);
	return NULL;
}

const struct frame *file_peek(struct file *file)
{
	return file->at < file->have ? &file->frame[file->at] : read_on(file);
}

void file_take(struct file *file)
{
	const struct frame *frame = &file->frame[file->at++];
	struct capture_input *about = &file->about;

	file->last = frame->number;
	about->packets++;
	about->bytes += frame->len;
	about->last_ns = frame->time_ns;
	if (about->packets == 1)
		about->first_ns = frame->time_ns;
}

bool file_rest(struct file *file)
{
	if (!file->is_file || file->own == NULL || file->about.packets != 0)
		return false;
	close_parts(file);
	return true;
}

bool file_is_open(const struct file *file)
{
	return file->own != NULL;
}

struct capture_interface file_interface(const struct file *file)
{
	const struct frame *taken = file->at != 0 ? &file->frame[file->at - 1] : NULL;
	struct capture_interface about = { .link_type = LINK_TYPE_UNKNOWN };

	if (taken == NULL)
		return about;
	about.link_type = taken->link_type;
	if (taken->interface != UINT32_MAX)
		file->reader->describe(file->own, taken->interface, &about);
	return about;
}

struct source_id file_id(const struct file *file)
{
	return file->id;
}

uint64_t file_at(const struct file *file)
{
	if (file->ended)
		return file->size;
	return file->source != NULL ? source_at(file->source) : 0;
}

uint64_t file_size(const struct file *file)
{
	return file->size;
}

const struct capture_input *file_about(const struct file *file)
{
	return &file->about;
}

void file_close(struct file *file)
{
	close_parts(file);
	for (size_t i = 0; i < file->about.link_types; i++)
		free((char *)file->about.link_names[i]);
	free((char *)file->about.damaged);
	free(file);
}
