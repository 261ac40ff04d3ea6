/* SPDX-License-Identifier: BSD-3-Clause */
/* Immediate mode: a packet is seen when it passes and not when a block of them is full. */
#include "samples/lab/forge_ears.h"

#include <arpa/inet.h>
#include <string.h>

#define HEADERS_MAX 256 /* link, IP and TCP header, with all options */
#define ETHERNET_LEN 14
#define FILTER_MAX 512

static void add_one_way(struct text *t, const struct address *from, const struct address *to)
{
	char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];

	inet_ntop(from->family, from->ip, source, sizeof(source));
	inet_ntop(to->family, to->ip, destination, sizeof(destination));
	text_add(t, "(tcp and src host %s and src port %d and dst host %s and dst port %d)", source,
		 from->port, destination, to->port);
}

static bool set_filter(pcap_t *pcap, const struct address address[2])
{
	char buffer[FILTER_MAX];
	struct text filter = text_in(buffer, sizeof(buffer));
	struct bpf_program program;
	bool set;

	add_one_way(&filter, &address[CLIENT], &address[SERVER]);
	text_add(&filter, " or ");
	add_one_way(&filter, &address[SERVER], &address[CLIENT]);
	if (pcap_compile(pcap, &program, buffer, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return false;
	set = pcap_setfilter(pcap, &program) == 0;
	pcap_freecode(&program);
	return set;
}

static bool find_link_len(struct ears *ears, struct text *why)
{
	int type = pcap_datalink(ears->way[ARRIVING]);

	if (type != DLT_EN10MB && type != DLT_RAW) {
		text_add(why, "link type %d is neither Ethernet nor raw IP", type);
		return false;
	}
	ears->link_len = type == DLT_EN10MB ? ETHERNET_LEN : 0;
	return true;
}

static bool prepare(pcap_t *pcap, enum way way, const struct address address[2], char *error)
{
	return pcap_set_snaplen(pcap, HEADERS_MAX) == 0 && pcap_set_immediate_mode(pcap, 1) == 0 &&
	       pcap_activate(pcap) >= 0 && set_filter(pcap, address) &&
	       pcap_setdirection(pcap, way == ARRIVING ? PCAP_D_IN : PCAP_D_OUT) == 0 &&
	       pcap_setnonblock(pcap, 1, error) == 0;
}

bool ears_open(struct ears *ears, const char *iface, const struct address address[2],
	       struct text *why)
{
	char error[PCAP_ERRBUF_SIZE] = "";

	memset(ears, 0, sizeof(*ears));
	for (enum way way = ARRIVING; way <= LEAVING; way++) {
		pcap_t *pcap = pcap_create(iface, error);

		ears->way[way] = pcap;
		if (pcap == NULL || !prepare(pcap, way, address, error)) {
			text_add(why, "%s: %s", iface, *error ? error : pcap_geterr(pcap));
			return false;
		}
	}
	return find_link_len(ears, why);
}

void ears_close(struct ears *ears)
{
	for (enum way way = ARRIVING; way <= LEAVING; way++) {
		if (ears->way[way] != NULL)
			pcap_close(ears->way[way]);
	}
}
