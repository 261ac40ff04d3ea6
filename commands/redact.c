/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A key is as good as the names it hides: who has it can try addresses until one fits. So it is made
 * for its owner alone, never overwritten, and never printed.
 */
#include "commands/redact.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "commands/message.h"

/* ---- the key ---- */

/* Durable before it is used: reports made with a key that is lost cannot be compared any more. */
static bool write_key(int fd, const uint8_t key[PSEUDONYM_KEY_LEN])
{
	ssize_t written = write(fd, key, PSEUDONYM_KEY_LEN);

	if (written >= 0 && written != PSEUDONYM_KEY_LEN)
		errno = ENOSPC;
	return written == PSEUDONYM_KEY_LEN && fsync(fd) == 0;
}

static bool make_key(const char *path, uint8_t key[PSEUDONYM_KEY_LEN], bool quiet)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool made;

	if (fd < 0) {
		message(path, "%s", strerror(errno));
		return false;
	}
	if (getrandom(key, PSEUDONYM_KEY_LEN, 0) != PSEUDONYM_KEY_LEN)
		abort(); /* the kernel promises 256 bytes without interruption */
	made = write_key(fd, key);
	if (!made) {
		message(path, "%s", strerror(errno));
		unlink(path);
	} else if (!quiet) {
		message(path, "a new key was made: keep it, and the same names come out again");
	}
	close(fd);
	return made;
}

/* One octet more than a key has is asked for, so that a longer file is noticed. */
static bool read_key(int fd, const char *path, uint8_t key[PSEUDONYM_KEY_LEN], bool quiet)
{
	uint8_t bytes[PSEUDONYM_KEY_LEN + 1];
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    read(fd, bytes, sizeof(bytes)) != PSEUDONYM_KEY_LEN) {
		message(path, "is no key: a key is a file of %d octets", PSEUDONYM_KEY_LEN);
		return false;
	}
	if (!quiet && (st.st_mode & 077) != 0)
		message(path, "other users may read or change this key: chmod 600");
	memcpy(key, bytes, PSEUDONYM_KEY_LEN);
	return true;
}

/* O_NONBLOCK: a pipe that nobody writes to is no key, and must not be waited for. */
static bool load_key(const char *path, uint8_t key[PSEUDONYM_KEY_LEN], bool quiet)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool read;

	if (fd < 0 && errno == ENOENT)
		return make_key(path, key, quiet);
	if (fd < 0) {
		message(path, "%s", strerror(errno));
		return false;
	}
	read = read_key(fd, path, key, quiet);
	close(fd);
	return read;
}

bool redact_begin(struct pseudonyms *p, const char *path, bool quiet)
{
	uint8_t key[PSEUDONYM_KEY_LEN];
	bool loaded = true;

	if (path == NULL) {
		pseudonyms_begin_random(p);
		return true;
	}
	loaded = load_key(path, key, quiet);
	if (loaded)
		pseudonyms_begin(p, key);
	explicit_bzero(key, sizeof(key));
	return loaded;
}

/* ---- names of files ---- */

#define NAME_SIZE sizeof("file18446744073709551615.pcapng")

const char **redact_paths(const struct inputs *in, const struct capture *capture)
{
	size_t head = in->count * sizeof(char *);
	const char **path = xcalloc(1, head + in->count * NAME_SIZE);
	char *name = (char *)path + head;

	for (size_t i = 0; i < in->count; i++, name += NAME_SIZE) {
		const char *format = capture_input(capture, i)->format;
		const char *ending = strncmp(format, "pcapng", 6) == 0 ? "pcapng" : "pcap";

		path[i] = in->path[i];
		if (strcmp(in->path[i], "-") == 0)
			continue;
		snprintf(name, NAME_SIZE, "file%zu.%s", i + 1, ending);
		path[i] = name;
	}
	return path;
}
