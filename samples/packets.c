/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libnet builds from the inside out: payload, options, TCP, IP, Ethernet. Lengths of the packet so
 * far are what the next header asks for; a checksum of 0 tells libnet to compute it.
 */
#include "samples/packets.h"

#include <arpa/inet.h>
#include <libnet.h>
#include <string.h>

#define MSS_IPV4 1460 /* RFC 6691: the MTU of 1500 less 40 */
#define MSS_IPV6 1440
#define SYN_OPTIONS_LEN 20
#define TIMESTAMP_OPTION_LEN 12
#define SACK_OPTION_LEN 12
#define OPTIONS_MAX 24

static const uint8_t near_client_mac[ETHER_ADDR_LEN] = { 0x02, 0, 0, 0, 0, 0x0c };
static const uint8_t near_server_mac[ETHER_ADDR_LEN] = { 0x02, 0, 0, 0, 0, 0x05 };

struct libnet_context *packets_open(void)
{
	static char error[LIBNET_ERRBUF_SIZE]; /* libnet wants one even if no one reads it */

	return libnet_init(LIBNET_NONE, NULL, error);
}

void packets_close(struct libnet_context *net)
{
	libnet_destroy(net);
}

const char *packets_error(struct libnet_context *net)
{
	return libnet_geterror(net);
}

static void put_u32(uint8_t *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* RFC 2018 section 3: one block. */
static uint32_t write_sack(const struct segment *segment, uint8_t *out)
{
	static const uint8_t head[] = { 1, 1, 5, 10 };

	if (segment->sack[0] == segment->sack[1])
		return 0;
	memcpy(out, head, sizeof(head));
	put_u32(out + 4, segment->sack[0]);
	put_u32(out + 8, segment->sack[1]);
	return SACK_OPTION_LEN;
}

/* In the order of Linux' tcp_options_write(). Where the zeros are, the timestamps go. */
static uint32_t write_options(const struct segment *segment, uint8_t out[OPTIONS_MAX])
{
	uint16_t mss = segment->ipv6 ? MSS_IPV6 : MSS_IPV4;
	const uint8_t syn[] = {
		2, 4, (uint8_t)(mss >> 8), (uint8_t)mss, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3,
		3, 7
	};
	const uint8_t later[] = { 1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0 };

	switch (segment->options) {
	case SYN_OPTIONS:
		memcpy(out, syn, sizeof(syn));
		put_u32(out + 8, segment->tsval);
		put_u32(out + 12, segment->tsecr);
		return SYN_OPTIONS_LEN;
	case TIMESTAMP_OPTION:
		memcpy(out, later, sizeof(later));
		put_u32(out + 4, segment->tsval);
		put_u32(out + 8, segment->tsecr);
		return TIMESTAMP_OPTION_LEN + write_sack(segment, out + TIMESTAMP_OPTION_LEN);
	case NO_OPTIONS:
		break;
	}
	return 0;
}

/* Returns the length of TCP header, options and payload, or 0. */
static uint16_t build_tcp(libnet_t *net, const struct segment *segment)
{
	uint8_t options[OPTIONS_MAX];
	uint32_t options_len = write_options(segment, options);
	uint16_t len = (uint16_t)(LIBNET_TCP_H + options_len + segment->payload_len);

	if (segment->payload_len != 0 &&
	    libnet_build_data(segment->payload, segment->payload_len, net, 0) < 0)
		return 0;
	if (options_len != 0 && libnet_build_tcp_options(options, options_len, net, 0) < 0)
		return 0;
	if (libnet_build_tcp(segment->source_port, segment->destination_port, segment->seq,
			     segment->ack, segment->flags, segment->window, 0, 0, len, NULL, 0, net,
			     0) < 0)
		return 0;
	return len;
}

static int build_ipv4(libnet_t *net, const struct segment *segment, uint16_t len)
{
	return libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + len), segment->tos, segment->ip_id,
				 segment->df ? IP_DF : 0, segment->ttl, IPPROTO_TCP, 0,
				 inet_addr(segment->source), inet_addr(segment->destination), NULL,
				 0, net, 0);
}

static int build_ipv6(libnet_t *net, const struct segment *segment, uint16_t len)
{
	struct libnet_in6_addr source =
		libnet_name2addr6(net, segment->source, LIBNET_DONT_RESOLVE);
	struct libnet_in6_addr destination =
		libnet_name2addr6(net, segment->destination, LIBNET_DONT_RESOLVE);

	return libnet_build_ipv6(segment->tos, segment->flow_label, len, IPPROTO_TCP, segment->ttl,
				 source, destination, NULL, 0, net, 0);
}

/* Puts Ethernet in front and copies the frame out; what was built is forgotten in any case. */
static size_t finish(libnet_t *net, bool to_server, bool ipv6, uint8_t out[FRAME_MAX])
{
	const uint8_t *source = to_server ? near_client_mac : near_server_mac;
	const uint8_t *destination = to_server ? near_server_mac : near_client_mac;
	uint8_t *frame = NULL;
	uint32_t len = 0;

	if (libnet_build_ethernet(destination, source, ipv6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP, NULL,
				  0, net, 0) < 0 ||
	    libnet_pblock_coalesce(net, &frame, &len) < 0 || len > FRAME_MAX)
		len = 0;
	else
		memcpy(out, frame, len);
	free(frame);
	libnet_clear_packet(net);
	return len;
}

/*
 * libnet 1.1.6 damages the middle byte of the flow label. No checksum covers it: RFC 8200 section
 * 8.1 leaves it out of the pseudo-header.
 */
static void mend_ipv6_flow(const struct segment *segment, uint8_t *ip)
{
	put_u32(ip, (6u << 28) | ((uint32_t)segment->tos << 20) | segment->flow_label);
}

size_t packets_segment(struct libnet_context *net, const struct segment *segment,
		       uint8_t out[FRAME_MAX])
{
	uint16_t tcp_len = build_tcp(net, segment);
	size_t len;
	int built = -1;

	if (tcp_len != 0)
		built = segment->ipv6 ? build_ipv6(net, segment, tcp_len) :
					build_ipv4(net, segment, tcp_len);
	if (built < 0)
		return 0;
	len = finish(net, segment->to_server, segment->ipv6, out);
	if (len != 0 && segment->ipv6)
		mend_ipv6_flow(segment, out + ETHERNET_LEN);
	return len;
}

size_t packets_unreachable(struct libnet_context *net, const struct unreachable *icmp,
			   uint8_t out[FRAME_MAX])
{
	const struct segment *about = icmp->about;
	uint8_t quoted[FRAME_MAX];
	size_t quoted_len = packets_segment(net, about, quoted);
	/* Linux' icmp_send(): precedence "internetwork control" over the quoted type of service. */
	uint8_t tos = (uint8_t)(0xc0 | (about->tos & 0x1e));

	if (quoted_len == 0)
		return 0;
	quoted_len -= ETHERNET_LEN;
	if (libnet_build_icmpv4_unreach(ICMP_UNREACH, icmp->code, 0, quoted + ETHERNET_LEN,
					(uint32_t)quoted_len, net, 0) < 0 ||
	    libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + LIBNET_ICMPV4_UNREACH_H + quoted_len), tos,
			      icmp->ip_id, 0, icmp->ttl, IPPROTO_ICMP, 0, inet_addr(icmp->source),
			      inet_addr(about->source), NULL, 0, net, 0) < 0)
		return 0;
	return finish(net, !about->to_server, false, out);
}
