/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The capture room's other door: frames as they come through interfaces of this host.
 *
 * Everything is opened by live_open(): afterwards no file, device or socket is opened any more, so a
 * sandbox may be entered. Nothing waits but live_wait().
 */
#ifndef CAPTURE_LIVE_H
#define CAPTURE_LIVE_H

#include "capture/capture.h"

#define LIVE_MAX 16 /* interfaces; for more there is "any" */

/* Headers, options and the short messages of SSH that matter: the rest would fill the ring. */
#define LIVE_SNAP_LEN 256
/* A KEXINIT of the field in one segment: algorithms and versions are told there and nowhere else. */
#define LIVE_CLEAR_LEN 2048
/* A second of SSH at full speed of a fast link, as headers: no loss was measured with it. */
#define LIVE_BUFFER_KIB (64 * 1024)

struct live_options {
	const char *name[LIVE_MAX]; /* of interfaces; borrowed */
	size_t names;
	const char *filter;   /* in the language of libpcap; NULL: made of the ports */
	const uint16_t *port; /* server ports that are SSH */
	size_t ports;
	uint32_t snap_len, buffer_kib; /* of each ring */
	uint32_t
		clear_len; /* of frames that look like clear text, if that is more; not with a filter */
	bool promiscuous;
};

struct live;

/* NULL, with the reason in error (one line, which names the interface), when one cannot be opened. */
struct live *live_open(const struct live_options *, char error[CAPTURE_ERROR_MAX]);
void live_close(struct live *);

/*
 * The next frame that is there, the earliest of all interfaces; false when there is none now. Its input
 * is the place of the interface in the options. With several interfaces a frame waits for what others
 * may have seen before it, unless rest is set: then all that was captured is handed out.
 */
bool live_next(struct live *, struct frame *, bool rest);
/* Until there may be a frame, so many milliseconds went by, or a signal came. */
void live_wait(struct live *, int wait_ms);

/* One interface. All counts are since live_open(), and do not wrap. */
struct live_interface_stats {
	const char *name;
	uint64_t seen, dropped_by_kernel;
	uint64_t dropped_by_interface;
	bool dropped_by_interface_known;
	bool link_is_down, gone;
	int64_t link_down_ns;
};

size_t live_interfaces(const struct live *);
/* What is known by now: asks the system. */
struct live_interface_stats live_stats(struct live *, size_t index);
/* Interfaces that are still there. */
size_t live_left(const struct live *);
struct capture_interface live_interface(const struct live *, size_t index);

#endif
