/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Several interfaces as one timeline. The kernel hands over a block of frames when it is full or old, so
 * of two interfaces the one with less traffic lags behind: a frame is held back until nothing earlier
 * can come any more. Two rings of one connection, as on a host that forwards, are told by order.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "capture/live_inside.h"

/* Blocks are handed over after 100 ms (live_lane.c); the rest is for a busy machine. */
#define HOLD_NS (150 * NS_PER_MS)
/* An empty ring is asked again after this: asking is a system call. */
#define EMPTY_NS (5 * NS_PER_MS)
/* What is held back is looked at again after this. */
#define HELD_WAIT_MS 10
/* An interface that libpcap misses is asked for so often: each answer lists all links of the host. */
#define ASK_EVERY_NS NS_PER_S

int64_t live_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int64_t real_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

struct live *live_open(const struct live_options *o, char error[CAPTURE_ERROR_MAX])
{
	struct live *l = xcalloc(1, sizeof(*l));

	l->links_fd = links_open();
	for (; l->lanes < o->names; l->lanes++) {
		if (!lane_open(&l->lane[l->lanes], o, l->lanes, error)) {
			live_close(l);
			return NULL;
		}
	}
	links_ask(l); /* after the lanes: news of all of them is for someone */
	return l;
}

void live_close(struct live *l)
{
	for (size_t i = 0; i < l->lanes; i++)
		lane_close(&l->lane[i]);
	if (l->links_fd >= 0)
		close(l->links_fd);
	free(l);
}

/* ---- frames ---- */

/* The lane whose frame is the earliest; NULL: none has one. complete: no lane is without. */
static struct lane *earliest(struct live *l, bool rest, bool *complete)
{
	const int64_t now_ns = l->lanes > 1 && !rest ? live_monotonic_ns() : INT64_MAX;
	struct lane *first = NULL;

	*complete = true;
	for (size_t i = 0; i < l->lanes; i++) {
		struct lane *lane = &l->lane[i];

		if (!lane->has_held && !lane->gone && now_ns - lane->empty_ns >= EMPTY_NS &&
		    !lane_fetch(lane, (uint16_t)i))
			lane->empty_ns = l->lanes > 1 ? live_monotonic_ns() : 0;
		if (!lane->has_held)
			*complete = *complete && lane->gone;
		else if (first == NULL || lane->held.time_ns < first->held.time_ns)
			first = lane;
	}
	return first;
}

bool live_next(struct live *l, struct frame *frame, bool rest)
{
	bool complete;
	struct lane *lane = earliest(l, rest, &complete);

	if (lane == NULL)
		return false;
	if (l->lanes > 1 && !complete && !rest && real_ns() - lane->held.time_ns < HOLD_NS &&
	    real_ns() >= lane->held.time_ns) /* or the clock was set back: it says nothing */
		return false;
	*frame = lane->held;
	lane->has_held = false;
	lane->seen++;
	return true;
}

static bool any_is_held(const struct live *l)
{
	for (size_t i = 0; i < l->lanes; i++) {
		if (l->lane[i].has_held)
			return true;
	}
	return false;
}

/*
 * libpcap looks for an interface by the name it had: one that was renamed has "disappeared", but its
 * ring goes on. Who knows is asked.
 */
static void look_after(struct live *l)
{
	const int64_t now_ns = live_monotonic_ns();
	bool ask = false;

	for (size_t i = 0; i < l->lanes; i++) {
		struct lane *lane = &l->lane[i];

		if (!lane->failed || lane->gone)
			continue;
		lane->failed = false;
		if (l->links_fd < 0 || lane->index == 0) {
			lane->gone = true;
		} else if (now_ns - lane->asked_ns >= ASK_EVERY_NS) {
			lane->asked_ns = now_ns;
			ask = true;
		}
	}
	if (ask)
		links_ask(l);
}

void live_wait(struct live *l, int wait_ms)
{
	struct pollfd fd[LIVE_MAX + 1];
	nfds_t count = 0;

	look_after(l);
	/* What is held back is due by the clock, not by a descriptor. */
	if (any_is_held(l) && wait_ms > HELD_WAIT_MS)
		wait_ms = HELD_WAIT_MS;
	if (l->links_fd >= 0)
		fd[count++] = (struct pollfd){ .fd = l->links_fd, .events = POLLIN };
	for (size_t i = 0; i < l->lanes; i++) {
		/* A ring with a frame in hand would say so again and again. */
		if (!l->lane[i].gone && !l->lane[i].has_held)
			fd[count++] = (struct pollfd){ .fd = pcap_fileno(l->lane[i].pcap),
						       .events = POLLIN };
	}
	if (poll(fd, count, wait_ms) > 0 && l->links_fd >= 0 && fd[0].revents != 0)
		links_read(l);
}

/* ---- what is known ---- */

size_t live_interfaces(const struct live *l)
{
	return l->lanes;
}

size_t live_left(const struct live *l)
{
	size_t left = 0;

	for (size_t i = 0; i < l->lanes; i++)
		left += !l->lane[i].gone;
	return left;
}

struct live_interface_stats live_stats(struct live *l, size_t index)
{
	struct lane *lane = &l->lane[index];
	struct live_interface_stats stats = { .name = lane->name };

	lane_count(lane);
	stats.seen = lane->seen;
	stats.dropped_by_kernel = lane->dropped;
	stats.dropped_by_interface_known =
		drops_since_open(&lane->drops, &stats.dropped_by_interface);
	stats.link_is_down = lane->is_down;
	stats.gone = lane->gone;
	stats.link_down_ns = lane->down_ns;
	if (lane->is_down)
		stats.link_down_ns += live_monotonic_ns() - lane->down_since_ns;
	return stats;
}

struct capture_interface live_interface(const struct live *l, size_t index)
{
	const struct lane *lane = &l->lane[index];
	struct capture_interface about = { .link_type = pcap_datalink(lane->pcap),
					   .snap_len = (uint32_t)pcap_snapshot(lane->pcap) };
	struct text t = text_in(about.name, sizeof(about.name));

	text_add_wire(&t, lane->name, strlen(lane->name));
	return about;
}
