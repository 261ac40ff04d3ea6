/* SPDX-License-Identifier: BSD-3-Clause */
/* One play of a recording, with other addresses and more of a session in its middle. */
#ifndef TESTS_BENCH_SESSION_H
#define TESTS_BENCH_SESSION_H

#include "samples/dice.h"
#include "tests/bench/recording.h"

/* What is in the middle. */
enum middle {
	MIDDLE_NONE,
	MIDDLE_SHELL,    /* keys and their echoes, output now and then, keepalives while it rests */
	MIDDLE_DOWNLOAD, /* scp: bursts of whole segments */
	MIDDLE_UPLOAD,
	MIDDLE_WEB,   /* like TLS */
	MIDDLE_QUIC,  /* like QUIC */
	MIDDLE_LOSSY, /* a download with holes, repeats and segments that overtake others */
};

struct plan {
	const struct recording *recording;
	enum middle middle;
	uint32_t frames; /* in the middle, about */
	uint64_t number; /* of the session: its addresses and ports */
	int64_t start_us;
	uint16_t server_port;
};

struct session;

struct session *session_new(const struct plan *, uint32_t seed);
/* When its next frame is due. */
int64_t session_due_us(const struct session *);
/* Writes that frame; false: it was the last, and the session is gone. */
bool session_next(struct session *, struct out *);

#endif
