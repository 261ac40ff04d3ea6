/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A scenario: steps that read like a trace, and the truth about each connection in it.
 *
 * A step says only what is special. What a Linux host would fill in by itself, the engine fills in:
 * sequence and acknowledgment numbers, IP ID, TTL, DSCP, window, timestamps, and the time: a
 * segment follows the other side's last one as soon as the path allows. README.md has an example.
 *
 * Members left out are zero and mean "as usual"; a member that must be able to say 0 is written
 * with EXACTLY(n).
 */
#ifndef SAMPLES_SCENARIO_H
#define SAMPLES_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "samples/ssh_bytes.h"

#define EXACTLY(n) ((n) + 1)

enum end { CLIENT, SERVER };

/* Where the capture was taken. The path has seven routers, the round trip takes 30 ms. */
enum vantage { AT_CLIENT, IN_THE_MIDDLE, AT_SERVER };

/* A tap on one fibre, or answers that take another way: what the capture lacks. */
enum hides { HIDES_NOTHING, HIDES_CLIENT, HIDES_SERVER };

enum reset_maker {
	BY_SOCKET, /* Linux tcp_send_active_reset(): goes on as the socket did */
	BY_KERNEL, /* Linux tcp_v4_send_reset(), no socket: all from the segment it answers */
	BY_FILTER, /* netfilter nf_send_reset(): as BY_KERNEL, but its type of service is 0 */
	BY_FORGER, /* the way of libnet: RST+ACK, no options, the window of the other direction */
};

struct step {
	enum end from;         /* whose address it bears */
	uint8_t conn;          /* row of scenario.truth */
	uint8_t times, rows;   /* play this row and the rows - 1 after it so often */
	const char *flags;     /* as tcpdump: "S" "S." "F." "R" "R."; usual: "P." with data, else "." */

	/* When: so much later than the path alone would make it. */
	uint32_t after_ms, silence_s;
	bool unprompted;       /* waits for no segment of the other side: may cross one */

	/* Payload: text, then a packet in clear text, then so many bytes that look like noise. */
	enum ssh_message ssh;
	const char *text;
	const char *kex;       /* for SSH_KEXINIT: another kex_algorithms list */
	uint16_t encrypted;
	bool again;            /* a retransmission: the oldest that its sender has no answer for */

	/* Who made it, if not the host whose address it bears. */
	enum reset_maker reset;
	bool by_box;           /* the scenario's box: its TTL, its distance */
	uint8_t icmp;          /* EXACTLY(code) of a destination unreachable, from the box */
	uint8_t answers;       /* resets and ICMP: how many segments before the last they answer */

	/* In place of what follows by itself. */
	uint8_t ttl;
	uint16_t tos, window;  /* EXACTLY(n) */
	uint32_t beyond;       /* added to the sequence number */

	/* Its fate. */
	bool lost;             /* captured, but never arrives */
	bool capture_starts;   /* the capture lacks all before this step */
	bool marks;            /* from here on this side sets the DSCP of interactive SSH */
};

#define CONNECTIONS_MAX 4

/* One row of NAME.truth: words of the contract. Rows stand in the order of the first frames. */
struct truth {
	const char *ending, *who, *cause, *detail; /* detail NULL: none */
};

/* What stands on the path, for scenarios in which it acts. */
struct box {
	uint8_t hops;          /* routers between it and the capture point */
	uint32_t away_us;      /* one way from the capture point */
};

struct scenario {
	enum vantage vantage;
	enum hides hides;
	bool ipv6;
	struct box box;
	struct truth truth[CONNECTIONS_MAX]; /* ends at the first without a cause */
	const struct step *steps;
	size_t step_count;
};

#define STEPS(table) .steps = (table), .step_count = sizeof(table) / sizeof((table)[0])

#define SCENARIO(name) extern const struct scenario scenario_##name;
#include "samples/scenarios.def"
#undef SCENARIO

#endif
