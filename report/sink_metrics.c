/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file of metrics for node_exporter's textfile collector, which reads it whenever it is asked: so
 * each version is written under another name, that the collector does not read, and then renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"
#include "report/escape.h"
#include "report/sink_metrics.h"

/* Prometheus asks every 15 to 60 s. */
#define EVERY_NS (15 * NS_PER_S)

/* The collector reads *.prom only. */
#define PART_ENDING ".part"

static bool open_metrics(struct sink *sink, const struct sinks_options *o, size_t index,
			 struct text *why)
{
	struct text name = text_in(sink->name, sizeof(sink->name));
	struct metrics *m;
	int len;

	if (o->metrics == NULL || index != 0)
		return false;
	escape_add_path(&name, o->metrics);
	m = xcalloc(1, sizeof(*m));
	if (!folder_open(&m->folder, o->metrics, why)) {
		free(m);
		return false;
	}
	len = snprintf(m->part, sizeof(m->part), "%s" PART_ENDING, m->folder.base);
	if (len < 0 || (size_t)len >= sizeof(m->part)) {
		text_add(why, "%s", strerror(ENAMETOOLONG));
		folder_close(&m->folder);
		free(m);
		return false;
	}
	m->stream = open_memstream(&m->bytes, &m->len);
	sink->own = m;
	return true;
}

static void judged(struct sink *sink, uint64_t event, const struct conn *conn,
		   const struct verdict *v)
{
	(void)event;
	metrics_count(sink->own, conn, v);
}

/* ---- the file ---- */

/* What a run that was killed has left is removed: nothing else makes this name. */
static int open_part(const struct metrics *m)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	unlinkat(m->folder.fd, m->part, 0);
	return openat(m->folder.fd, m->part, flags, 0644);
}

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t got = write(fd, bytes, len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		bytes += got;
		len -= (size_t)got;
	}
	return true;
}

/* The collector has another user; there are numbers in it, and no addresses. Closes fd. */
static bool fill(int fd, const char *bytes, size_t len)
{
	bool filled = fchmod(fd, 0644) == 0 && write_all(fd, bytes, len);
	int why = errno;

	if (close(fd) != 0 && filled)
		return false;
	errno = why;
	return filled;
}

static bool replace(struct metrics *m, const char *bytes, size_t len)
{
	int fd = open_part(m), why;

	if (fd < 0 && errno == ENOENT && folder_renewed(&m->folder))
		fd = open_part(m);
	if (fd < 0)
		return false;
	if (fill(fd, bytes, len) &&
	    renameat(m->folder.fd, m->part, m->folder.fd, m->folder.base) == 0)
		return true;
	why = errno;
	unlinkat(m->folder.fd, m->part, 0);
	errno = why;
	return false;
}

static bool write_now(struct sink *sink)
{
	struct metrics *m = sink->own;
	size_t len;

	m->due_ns = sink->all->now_ns + EVERY_NS;
	metrics_print(m, sink->all, m->stream);
	fflush(m->stream);
	len = m->len;
	fseek(m->stream, 0, SEEK_SET);
	if (replace(m, m->bytes, len))
		return true;
	sink_say(sink, "cannot be written: %s", strerror(errno));
	return false;
}

static void tick(struct sink *sink, const struct live_counts *counts)
{
	struct metrics *m = sink->own;

	m->has_live = counts != NULL;
	if (m->has_live)
		m->live = *counts;
	if (sink->all->now_ns >= m->due_ns)
		write_now(sink);
}

static int directory(const struct sink *sink)
{
	const struct metrics *m = sink->own;

	return m->folder.fd;
}

static void end(struct sink *sink, const struct totals *totals)
{
	(void)totals;
	sink->unfinished = !write_now(sink);
}

static void free_metrics(struct sink *sink)
{
	struct metrics *m = sink->own;

	folder_close(&m->folder);
	fclose(m->stream);
	free(m->bytes);
	free(m);
}

const struct sink_kind sink_metrics = {
	.name = "metrics",
	.open = open_metrics,
	.judged = judged,
	.tick = tick,
	.directory = directory,
	.end = end,
	.free = free_metrics,
};
