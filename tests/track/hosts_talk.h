/* SPDX-License-Identifier: BSD-3-Clause */
/* Several sessions to one server, for the tests of what they teach about it. */
#ifndef TESTS_TRACK_HOSTS_TALK_H
#define TESTS_TRACK_HOSTS_TALK_H

#include "tests/track/wire.h"

/* Of this client's connection; hands out all that come before it. */
struct lessons lessons_of(struct wire *, uint16_t port);
/* Logged in and used; a second ago. */
struct talk talk_at_work(struct wire *, uint16_t port);
void talk_closed_by_server(struct talk *);
/* The client speaks, and a kernel without the connection answers. */
void talk_forgotten(struct talk *);

#endif
