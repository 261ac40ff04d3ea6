/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * flood IFACE MAC RATE SECONDS: SYNs of so many different connections a second to 198.51.100.2 port 22,
 * as fast as the machine can when RATE is 0. Says how many it sent, and in how many milliseconds.
 */
#define _GNU_SOURCE /* sendmmsg() */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BURST 64
#define FRAME_LEN 60
#define NS_PER_S 1000000000ll

/* Ethernet, IPv4 and TCP; what varies is set by vary(). Checksums are zero: nobody here verifies. */
static const uint8_t pattern[FRAME_LEN] = {
	0,    0, 0,  0, 0, 0, 2,    0, 0,    0,    0,   9,  0x08, 0x00, 0x45, 0, 0, 44,   0, 1,
	0x40, 0, 64, 6, 0, 0, 10,   0, 0,    0,    198, 51, 100,  2,    0,    0, 0, 22,   0, 0,
	0,    1, 0,  0, 0, 0, 0x60, 2, 0xfa, 0xf0, 0,   0,  0,    0,    2,    4, 5, 0xb4,
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Address and port from a counter; the sum of the IP header with it, or the receiver is not sure. */
static void vary(uint8_t *frame, uint64_t number)
{
	uint32_t sum = 0;

	frame[27] = (uint8_t)(number >> 31);
	frame[28] = (uint8_t)(number >> 23);
	frame[29] = (uint8_t)(number >> 15);
	frame[34] = (uint8_t)((number >> 8) | 0x80);
	frame[35] = (uint8_t)number;
	frame[24] = frame[25] = 0;
	for (int i = 14; i < 34; i += 2)
		sum += (uint32_t)frame[i] << 8 | frame[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	frame[24] = (uint8_t)(sum >> 8);
	frame[25] = (uint8_t)sum;
}

static int open_socket(const char *interface)
{
	const struct sockaddr_ll where = { .sll_family = AF_PACKET,
					   .sll_protocol = htons(0x0800),
					   .sll_ifindex = (int)if_nametoindex(interface) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1;

	if (fd < 0 || bind(fd, (const struct sockaddr *)&where, sizeof(where)) != 0)
		return -1;
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	return fd;
}

static uint64_t flood(int fd, uint8_t frame[BURST][FRAME_LEN], int64_t rate, int64_t for_ns)
{
	struct mmsghdr message[BURST] = { 0 };
	struct iovec part[BURST];
	const int64_t begin_ns = now_ns();
	uint64_t sent = 0, made = 0;

	for (int i = 0; i < BURST; i++) {
		part[i] = (struct iovec){ frame[i], FRAME_LEN };
		message[i].msg_hdr.msg_iov = &part[i];
		message[i].msg_hdr.msg_iovlen = 1;
	}
	while (now_ns() - begin_ns < for_ns) {
		int done;

		if (rate != 0 && (int64_t)sent > (now_ns() - begin_ns) * rate / NS_PER_S) {
			nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
			continue;
		}
		for (int i = 0; i < BURST; i++)
			vary(frame[i], made++);
		done = sendmmsg(fd, message, BURST, 0);
		sent += done > 0 ? (uint64_t)done : 0;
	}
	return sent;
}

int main(int argc, char **argv)
{
	static uint8_t frame[BURST][FRAME_LEN];
	unsigned mac[6];
	int64_t begin_ns;
	uint64_t sent;
	int fd;

	if (argc != 5 || sscanf(argv[2], "%2x:%2x:%2x:%2x:%2x:%2x", &mac[0], &mac[1], &mac[2],
				&mac[3], &mac[4], &mac[5]) != 6)
		return 2;
	fd = open_socket(argv[1]);
	if (fd < 0)
		return 1;
	for (int i = 0; i < BURST; i++) {
		memcpy(frame[i], pattern, FRAME_LEN);
		for (int k = 0; k < 6; k++)
			frame[i][k] = (uint8_t)mac[k];
	}
	begin_ns = now_ns();
	sent = flood(fd, frame, atoll(argv[3]), atoll(argv[4]) * NS_PER_S);
	printf("%llu %lld\n", (unsigned long long)sent,
	       (long long)((now_ns() - begin_ns) / 1000000));
	return 0;
}
