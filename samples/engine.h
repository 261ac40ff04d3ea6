/* SPDX-License-Identifier: BSD-3-Clause */
/* Plays a scenario into a capture file. */
#ifndef SAMPLES_ENGINE_H
#define SAMPLES_ENGINE_H

#include <stdio.h>

#include "samples/packets.h"
#include "samples/scenario.h"

/* Address and port of one end of a connection. */
const char *engine_address(const struct scenario *, enum end);
uint16_t engine_port(uint8_t conn, enum end);

/* Writes the capture; the same name gives the same bytes. -1 when out cannot take them. */
int engine_play(const struct scenario *, const char *name, struct libnet_context *, FILE *out);

#endif
