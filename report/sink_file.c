/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each line goes out in one write() to a descriptor with O_APPEND, so that readers see whole lines
 * only; of one that did not fit the disk the beginning is cut off again. What was torn all the same,
 * by a power failure say, is moved aside before anything is added: a line that was cut may end a file,
 * but no other may be glued to it.
 */
#include "report/sink_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static bool failed(struct text *error, const char *what)
{
	text_add(error, "%s: %s", what, strerror(errno));
	return false;
}

static void close_fd(struct line_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	f->done = 0;
}

/* Of a FIFO only the end to write to: with both we would be its reader. */
static int open_name(const struct line_file *f)
{
	const int flags = O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
	struct stat st;

	if (fstatat(f->folder.fd, f->folder.base, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISFIFO(st.st_mode))
		return openat(f->folder.fd, f->folder.base, O_WRONLY | flags);
	/* It speaks of other people's connections: for its owner alone. */
	return openat(f->folder.fd, f->folder.base, O_RDWR | O_CREAT | flags, 0600);
}

/*
 * A second name would let whoever made it choose which file grows. A second writer would turn each
 * other's files away under one's hands; O_APPEND keeps the lines apart, but not that.
 */
static bool may_be_written(struct line_file *f, const struct stat *st, struct text *error)
{
	if (!S_ISREG(st->st_mode) && !S_ISFIFO(st->st_mode))
		text_add(error, "is neither a file nor a FIFO");
	else if (S_ISREG(st->st_mode) && st->st_nlink != 1)
		text_add(error, "has a second name (a hard link), and is left alone");
	else if (S_ISREG(st->st_mode) && flock(f->fd, LOCK_EX | LOCK_NB) != 0)
		text_add(error, "is being written by another rstscope");
	return error->len == 0;
}

static bool ends_in_a_line(const struct line_file *f)
{
	char last;

	return f->len == 0 || (pread(f->fd, &last, 1, (off_t)f->len - 1) == 1 && last == '\n');
}

static bool take_name(struct line_file *f, struct text *error)
{
	struct stat st;

	f->fd = open_name(f);
	f->unread = f->fd < 0 && errno == ENXIO;
	if (f->unread)
		text_add(error, "nobody reads from this FIFO");
	else if (f->fd < 0)
		failed(error, "cannot be opened");
	if (f->fd < 0)
		return false;
	if (fstat(f->fd, &st) != 0)
		failed(error, "cannot be opened");
	else if (may_be_written(f, &st, error)) {
		f->regular = S_ISREG(st.st_mode);
		f->len = f->regular ? (uint64_t)st.st_size : 0;
		f->torn = f->regular && !ends_in_a_line(f);
		f->fresh = true;
		return true;
	}
	close_fd(f);
	return false;
}

/* Not when others moved it. */
static bool name_is_ours(const struct line_file *f)
{
	struct stat name, open;

	return f->fd >= 0 &&
	       fstatat(f->folder.fd, f->folder.base, &name, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstat(f->fd, &open) == 0 && name.st_ino == open.st_ino && name.st_dev == open.st_dev;
}

bool line_file_rotate(struct line_file *f, struct text *error)
{
	if (name_is_ours(f) && !line_file_aside(f, error))
		return false;
	close_fd(f);
	return take_name(f, error);
}

bool line_file_open(struct line_file *f, const char *path, uint64_t keep, struct text *error)
{
	*f = (struct line_file){ .fd = -1, .keep = keep };
	if (!folder_open(&f->folder, path, error))
		return false;
	f->number = line_file_highest(f);
	if (take_name(f, error) && (!f->torn || line_file_rotate(f, error)))
		return true;
	if (f->unread) { /* its reader may come */
		error->len = 0;
		return true;
	}
	close_fd(f);
	folder_close(&f->folder);
	return false;
}

/* What was removed can still be written to, and nobody would ever read it. */
static bool was_removed(const struct line_file *f)
{
	struct stat st;

	return f->fd >= 0 && (fstat(f->fd, &st) != 0 || st.st_nlink == 0);
}

bool line_file_ready(struct line_file *f, struct text *error)
{
	if (was_removed(f))
		close_fd(f);
	if (f->fd < 0 && !take_name(f, error)) {
		if (!folder_renewed(&f->folder))
			return false;
		error->len = 0;
		if (!take_name(f, error))
			return false;
	}
	return !f->torn || line_file_rotate(f, error);
}

/* ---- writing ---- */

/* So many bytes of it went out; errno tells why not more. */
static size_t write_all(int fd, const char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t got = write(fd, bytes + done, len - done);

		if (got > 0)
			done += (size_t)got;
		else if (got == 0 || errno != EINTR)
			break;
	}
	return done;
}

/* A disk that is full may have room again: as nothing of the line stays, it may wait. */
static enum line not_written(struct line_file *f, size_t done, struct text *error)
{
	const int why = errno;

	text_add(error, "cannot be written: %s", strerror(why));
	if (done != 0 && ftruncate(f->fd, (off_t)f->len) != 0)
		f->torn = true;
	return why == ENOSPC || why == EDQUOT ? LINE_AWAY : LINE_LOST;
}

static enum line into_fifo(struct line_file *f, const char *bytes, size_t len, struct text *error)
{
	f->done += write_all(f->fd, bytes + f->done, len - f->done);
	if (f->done == len) {
		f->done = 0;
		return LINE_WRITTEN;
	}
	if (errno == EAGAIN)
		return LINE_WAITS;
	failed(error, "cannot be written");
	close_fd(f); /* its reader went; what it had of the line is of no use to the next */
	return LINE_AWAY;
}

enum line line_file_write(struct line_file *f, const char *bytes, size_t len, struct text *error)
{
	size_t done;

	if (!f->regular)
		return into_fifo(f, bytes, len, error);
	done = write_all(f->fd, bytes, len);
	if (done != len)
		return not_written(f, done, error);
	f->len += len;
	return LINE_WRITTEN;
}

/* ---- others moved it ---- */

/* The old file is kept until there is a new one: better in the wrong place than lost. */
bool line_file_reopen(struct line_file *f, struct text *error)
{
	struct line_file old = *f;

	if (!folder_renewed(&f->folder) && name_is_ours(f))
		return true;
	old.folder = f->folder;
	if (take_name(f, error)) {
		f->done = 0;
		close_fd(&old);
		return !f->torn || line_file_rotate(f, error);
	}
	*f = old;
	return false;
}

bool line_file_close(struct line_file *f, struct text *error)
{
	bool good = f->fd < 0 || !f->regular || fsync(f->fd) == 0;

	if (!good)
		failed(error, "cannot be written");
	close_fd(f);
	folder_close(&f->folder);
	return good;
}
