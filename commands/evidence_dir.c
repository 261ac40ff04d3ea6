/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Names are made of a counter and the time, never of what came over a wire; all is done by the
 * directory's descriptor, so that a link that somebody puts there leads nowhere.
 */
#include "commands/evidence_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/text.h"
#include "commands/evidence.h"
#include "commands/message.h"

#define PREFIX "rstscope-"
#define UNFINISHED "rstscope.part"
/* "rstscope-00000001-20261120T094527Z.pcapng": sorted by name is sorted by age. */
#define NAME_SIZE 48
/* More are not looked for: the rest of the room on the disk is for the directory itself. */
#define FILES_MAX 65536

struct kept_file {
	uint64_t number, len;
	char name[NAME_SIZE];
};

/* Invariant: file[first .. first + files), modulo FILES_MAX, are there, the oldest first. */
struct evidence_dir {
	int fd;
	const char *path;
	uint64_t max_len, total_len, next, removed;
	struct kept_file *file;
	size_t first, files;
};

static struct kept_file *file_at(struct evidence_dir *d, size_t i)
{
	return &d->file[(d->first + i) % FILES_MAX];
}

/* ---- what is there ---- */

static bool is_ours(const char *name, uint64_t *number)
{
	const size_t len = strlen(name), prefix = strlen(PREFIX);
	char *end;

	if (len >= NAME_SIZE || strncmp(name, PREFIX, prefix) != 0 || !evidence_is_named(name))
		return false;
	*number = strtoull(name + prefix, &end, 10);
	return end == name + prefix + 8 && *end == '-' && *number != 0;
}

static void note_file(struct evidence_dir *d, const char *name)
{
	struct kept_file *f;
	struct stat st;
	uint64_t number;

	if (d->files == FILES_MAX || !is_ours(name, &number) ||
	    fstatat(d->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return;
	f = file_at(d, d->files++);
	f->number = number;
	f->len = (uint64_t)st.st_size;
	memcpy(f->name, name, strlen(name) + 1);
	d->total_len += f->len;
	if (number >= d->next)
		d->next = number + 1;
}

static int compare_files(const void *a, const void *b)
{
	const struct kept_file *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static bool look_around(struct evidence_dir *d)
{
	int again = openat(d->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = again >= 0 ? fdopendir(again) : NULL;
	const struct dirent *entry;

	if (dir == NULL)
		return false;
	while ((entry = readdir(dir)) != NULL)
		note_file(d, entry->d_name);
	closedir(dir);
	qsort(d->file, d->files, sizeof(*d->file), compare_files);
	unlinkat(d->fd, UNFINISHED, 0);
	return true;
}

/* ---- the door ---- */

static bool begin(struct evidence_dir *d)
{
	d->fd = open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd < 0) {
		message(d->path, "%s", strerror(errno));
		return false;
	}
	if (flock(d->fd, LOCK_EX | LOCK_NB) != 0) {
		message(d->path, "%s",
			errno == EWOULDBLOCK ? "another rstscope writes its evidence there" :
					       strerror(errno));
		return false;
	}
	if (faccessat(d->fd, ".", W_OK | X_OK, AT_EACCESS) != 0 || !look_around(d)) {
		message(d->path, "%s", strerror(errno));
		return false;
	}
	return true;
}

struct evidence_dir *evidence_dir_open(const char *path, uint64_t max_len)
{
	struct evidence_dir *d = xcalloc(1, sizeof(*d));

	d->path = path;
	d->max_len = max_len;
	d->next = 1;
	d->file = xcalloc(FILES_MAX, sizeof(*d->file));
	if (begin(d))
		return d;
	evidence_dir_close(d);
	return NULL;
}

void evidence_dir_close(struct evidence_dir *d)
{
	if (d == NULL)
		return;
	if (d->fd >= 0)
		close(d->fd);
	free(d->file);
	free(d);
}

int evidence_dir_fd(const struct evidence_dir *d)
{
	return d->fd;
}

uint64_t evidence_dir_removed(const struct evidence_dir *d)
{
	return d->removed;
}

/* ---- writing ---- */

/* openat2(2), which has no function in the C library; before Linux 5.6 the name alone keeps it inside. */
static int create(int dir, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	const struct open_how how = { .flags = (uint64_t)flags,
				      .mode = 0600,
				      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS };
	int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));

	return fd >= 0 || errno != ENOSYS ? fd : openat(dir, name, flags, 0600);
}

FILE *evidence_dir_begin(struct evidence_dir *d)
{
	int fd = create(d->fd, UNFINISHED);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

static void remove_oldest(struct evidence_dir *d)
{
	struct kept_file *f = file_at(d, 0);

	/* Whoever took it away made the room. */
	if (unlinkat(d->fd, f->name, 0) == 0)
		d->removed++;
	d->total_len -= f->len;
	d->first = (d->first + 1) % FILES_MAX;
	d->files--;
}

static bool make_room(struct evidence_dir *d, uint64_t len)
{
	if (len > d->max_len) {
		errno = EFBIG;
		return false;
	}
	while (d->files != 0 && (d->total_len + len > d->max_len || d->files == FILES_MAX))
		remove_oldest(d);
	return true;
}

/* RFC 3339 without what a file name should not have. */
static void name_of(struct evidence_dir *d, int64_t time_ns, char name[NAME_SIZE])
{
	char time[32];
	struct text t = text_in(name, NAME_SIZE), when = text_in(time, sizeof(time));

	clock_add_utc(&when, time_ns); /* 2026-11-20 09:45:27 UTC */
	text_add(&t, PREFIX "%08llu-%.4s%.2s%.2sT%.2s%.2s%.2sZ" EVIDENCE_ENDING,
		 (unsigned long long)(d->next % 100000000), time, time + 5, time + 8, time + 11,
		 time + 14, time + 17);
}

/* Durable first, then visible. */
static bool finish(struct evidence_dir *d, uint64_t len, int64_t time_ns)
{
	struct kept_file *f;
	char name[NAME_SIZE];

	if (!make_room(d, len))
		return false;
	name_of(d, time_ns, name);
	if (renameat(d->fd, UNFINISHED, d->fd, name) != 0)
		return false;
	f = file_at(d, d->files++);
	*f = (struct kept_file){ .number = d->next++, .len = len };
	memcpy(f->name, name, sizeof(name));
	d->total_len += len;
	return fsync(d->fd) == 0;
}

bool evidence_dir_end(struct evidence_dir *d, FILE *file, bool good, int64_t time_ns)
{
	struct stat st = { 0 };
	int error = 0;

	errno = 0;
	good = good && fflush(file) == 0 && !ferror(file) && fsync(fileno(file)) == 0 &&
	       fstat(fileno(file), &st) == 0;
	if (!good)
		error = errno;
	if (fclose(file) != 0 && good) {
		good = false;
		error = errno;
	}
	if (good && finish(d, (uint64_t)st.st_size, time_ns))
		return true;
	if (good)
		error = errno;
	unlinkat(d->fd, UNFINISHED, 0);
	errno = error;
	return false;
}
