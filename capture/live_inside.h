/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of live capture share. A lane is one interface. */
#ifndef CAPTURE_LIVE_INSIDE_H
#define CAPTURE_LIVE_INSIDE_H

#include <net/if.h>
#include <pcap/pcap.h>

#include "capture/inside.h"
#include "capture/live.h"

#define DROP_COUNTERS 3

/* live_drops.c: what the interface says of itself, whatever the traffic. */
struct drops {
	int fd[DROP_COUNTERS];  /* -1: it has no such counter */
	uint64_t at_open, last; /* sums */
};

void drops_open(struct drops *, const char *interface);
void drops_close(struct drops *);
/*
 * False: not known. A counter that never moved since boot may be one that the driver does not keep, so
 * its 0 is no answer.
 */
bool drops_since_open(struct drops *, uint64_t *count);

/* Invariant: held is valid while has_held; its bytes until pcap is asked again. */
struct lane {
	pcap_t *pcap;
	char name[IFNAMSIZ];
	unsigned index; /* of the interface; 0: "any", which has no link of its own */
	bool nanoseconds, gone, is_down, has_held;
	bool listed;      /* among the links that the kernel lists at the moment */
	bool failed;      /* libpcap said something that may mean that it is gone */
	int64_t asked_ns; /* monotonic: when the kernel was asked about that */
	struct frame held;
	uint32_t frames;
	int64_t empty_ns; /* monotonic: there was nothing then */
	uint64_t seen, dropped;
	uint32_t dropped_raw; /* as libpcap counts: 32 bits */
	int64_t down_since_ns, down_ns;
	struct drops drops;
};

struct live {
	struct lane lane[LIVE_MAX];
	size_t lanes;
	int links_fd; /* -1: the system does not tell of links */
};

int64_t live_monotonic_ns(void);

/* live_lane.c: false, with the reason in error, when it cannot be opened. */
bool lane_open(struct lane *, const struct live_options *, size_t i, char error[CAPTURE_ERROR_MAX]);
void lane_close(struct lane *);
/* Holds the next frame; false when there is none now. */
bool lane_fetch(struct lane *, uint16_t input);
void lane_count(struct lane *);

/* live_filter.c: to be freed with pcap_freecode(). False, and pcap_geterr() is the reason. */
bool filter_make(struct lane *, struct bpf_program *, const struct live_options *);
/* And sets it in the kernel. False, with the reason. */
bool filter_set(struct lane *, const struct live_options *, char error[CAPTURE_ERROR_MAX]);

/*
 * live_clear.c: the same program, but frames that look like clear text are kept up to clear_len. Nothing
 * changes when that cannot be.
 */
void filter_favour_clear(struct lane *, struct bpf_program *, const struct live_options *);

/* live_links.c */
int links_open(void);
/* Asks for all links: the answer is read like any news, and who is not in it is gone. */
void links_ask(struct live *);
void links_read(struct live *);

#endif
