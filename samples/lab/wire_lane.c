/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Faults befall a packet as it enters; from then on it only has a time when it is due. A packet
 * that is held back takes no part in the order of the others: they go by the newest of their own.
 */
#include "samples/lab/wire_lane.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PACKET_MAX 65535
#define BATCH 16 /* packets taken, and delivered, at a time: neither waits long for the other */

struct packet {
	int64_t due;
	size_t length;
	uint8_t bytes[];
};

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static struct packet **slot(struct lane *lane, size_t index)
{
	return &lane->queue[(lane->head + index) % QUEUE_LENGTH];
}

static void insert(struct lane *lane, struct packet *packet)
{
	size_t at = lane->count++;

	for (; at > 0 && (*slot(lane, at - 1))->due > packet->due; at--)
		*slot(lane, at) = *slot(lane, at - 1);
	*slot(lane, at) = packet;
}

static int64_t due_time(struct lane *lane)
{
	int64_t hold = faults_hold(&lane->faults), due = now() + lane->faults.delay;

	if (due < lane->newest) /* the delay was made shorter: order comes first */
		due = lane->newest;
	if (hold == 0)
		lane->newest = due;
	return due + hold;
}

static void send_later(struct lane *lane, const uint8_t *bytes, size_t length)
{
	struct packet *packet = NULL;

	if (lane->count < QUEUE_LENGTH)
		packet = malloc(sizeof(*packet) + length);
	if (packet == NULL) {
		lane->dropped++;
		return;
	}
	packet->due = due_time(lane);
	packet->length = length;
	memcpy(packet->bytes, bytes, length);
	insert(lane, packet);
}

static void enter(struct lane *lane, uint8_t *bytes, size_t length)
{
	if (faults_swallow(&lane->faults, length)) {
		lane->dropped++;
		return;
	}
	if (faults_flip(&lane->faults, bytes, length))
		lane->flipped++;
	if (faults_duplicate(&lane->faults)) {
		lane->duplicated++;
		send_later(lane, bytes, length);
	}
	send_later(lane, bytes, length);
}

/* EIO: the device is down. The others: it has no room or, when read, no packet. */
static bool device_lives(void)
{
	return errno == EIO || errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM;
}

bool lane_take(struct lane *lane)
{
	static uint8_t bytes[PACKET_MAX];

	for (int i = 0; i < BATCH; i++) {
		ssize_t length = read(lane->from, bytes, sizeof(bytes));

		if (length <= 0)
			return length == 0 || device_lives();
		enter(lane, bytes, (size_t)length);
	}
	return true;
}

bool lane_deliver(struct lane *lane)
{
	for (int i = 0; i < BATCH && lane_wait(lane) == 0; i++) {
		struct packet *packet = *slot(lane, 0);
		bool written = write(lane->to, packet->bytes, packet->length) >= 0;

		if (!written && !device_lives())
			return false;
		lane->passed += written;
		lane->dropped += !written;
		lane->head = (lane->head + 1) % QUEUE_LENGTH;
		lane->count--;
		free(packet);
	}
	return true;
}

int64_t lane_wait(const struct lane *lane)
{
	int64_t wait;

	if (lane->count == 0)
		return NS_PER_S;
	wait = lane->queue[lane->head]->due - now();
	if (wait < 0)
		return 0;
	return wait < NS_PER_S ? wait : NS_PER_S;
}
