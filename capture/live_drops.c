/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an interface lost before the kernel saw it: counters of sysfs, which are opened early and read
 * again and again. Not all drivers keep them, and no interface says whether it does.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "capture/live_inside.h"

static const char *const names[DROP_COUNTERS] = { "rx_dropped", "rx_missed_errors",
						  "rx_fifo_errors" };

/* False: it is gone, or there never was one. */
static bool read_one(int fd, uint64_t *value)
{
	char digits[32];
	ssize_t len = fd >= 0 ? pread(fd, digits, sizeof(digits) - 1, 0) : -1;

	if (len <= 0)
		return false;
	digits[len] = '\0';
	*value = strtoull(digits, NULL, 10);
	return true;
}

static uint64_t sum_of(const struct drops *d)
{
	uint64_t sum = 0, value;

	for (int i = 0; i < DROP_COUNTERS; i++)
		sum += read_one(d->fd[i], &value) ? value : 0;
	return sum;
}

void drops_open(struct drops *d, const char *interface)
{
	for (int i = 0; i < DROP_COUNTERS; i++) {
		char path[IFNAMSIZ + 64];

		snprintf(path, sizeof(path), "/sys/class/net/%s/statistics/%s", interface,
			 names[i]);
		d->fd[i] = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	d->at_open = d->last = sum_of(d);
}

void drops_close(struct drops *d)
{
	for (int i = 0; i < DROP_COUNTERS; i++) {
		if (d->fd[i] >= 0)
			close(d->fd[i]);
	}
}

bool drops_since_open(struct drops *d, uint64_t *count)
{
	uint64_t sum = sum_of(d);

	/* Of an interface that is gone, or began anew, the last word counts. */
	if (sum > d->last)
		d->last = sum;
	*count = d->last - d->at_open;
	return d->last != 0;
}
