/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What of the traffic is captured: TCP of the SSH ports, and what explains how it ends. That is ICMP
 * errors, ARP and neighbour discovery, and later fragments, which name no port.
 *
 * Set after the ring is there, as libpcap has it: what came before passes the same filter in libpcap,
 * so nothing that it refuses is ever handed out.
 */
#include <string.h>

#include "base/text.h"
#include "capture/live_inside.h"

/* 64 ports, three times; of a kernel's 4,096 instructions that takes a fraction. */
#define FILTER_MAX 8192
#define PART_MAX 2560

static void add_ports(struct text *t, const struct live_options *o)
{
	text_add(t, "(tcp and (");
	for (size_t i = 0; i < o->ports; i++)
		text_add(t, "%sport %u", i != 0 ? " or " : "", o->port[i]);
	text_add(t, "))");
}

/* RFC 792; RFC 4443 section 2.1: errors are below 128; RFC 4861 section 4: discovery is 133 to 137. */
static void add_part(struct text *t, const struct live_options *o)
{
	add_ports(t, o);
	text_add(t, " or (ip proto 6 and ip[6:2] & 0x1fff != 0) or ip6 proto 44"
		    " or (icmp and (icmp[0] = 3 or icmp[0] = 4 or icmp[0] = 11 or icmp[0] = 12))"
		    " or (icmp6 and (ip6[40] < 128 or (ip6[40] >= 133 and ip6[40] <= 137)))"
		    " or arp");
}

/*
 * "vlan" moves what follows it behind the tag, so that comes last: untagged, tagged, tagged twice. libpcap
 * also knows the tags that the kernel keeps beside the bytes.
 */
static void add_default(struct text *t, const struct live_options *o, bool tags)
{
	char part[PART_MAX];
	struct text p = text_in(part, sizeof(part));

	add_part(&p, o);
	text_add(t, "%s", part);
	if (tags)
		text_add(t, " or (vlan and (%s or (vlan and (%s))))", part, part);
}

static bool compile(struct lane *lane, struct bpf_program *program, const char *words)
{
	return pcap_compile(lane->pcap, program, words, 1, PCAP_NETMASK_UNKNOWN) == 0;
}

/* Not every kind of link has tags: cooked ones have lost them. */
static bool compile_default(struct lane *lane, struct bpf_program *program,
			    const struct live_options *o)
{
	for (int tags = 1; tags >= 0; tags--) {
		char words[FILTER_MAX];
		struct text t = text_in(words, sizeof(words));

		add_default(&t, o, tags == 1);
		if (compile(lane, program, words))
			return true;
	}
	return false;
}

bool filter_make(struct lane *lane, struct bpf_program *program, const struct live_options *o)
{
	if (o->filter != NULL)
		return compile(lane, program, o->filter);
	if (!compile_default(lane, program, o))
		return false;
	if (o->clear_len > o->snap_len)
		filter_favour_clear(lane, program, o);
	return true;
}

bool filter_set(struct lane *lane, const struct live_options *o, char error[CAPTURE_ERROR_MAX])
{
	struct bpf_program program;
	struct text t = text_in(error, CAPTURE_ERROR_MAX);
	bool set;

	if (!filter_make(lane, &program, o)) {
		text_add(&t, "filter: %s", pcap_geterr(lane->pcap));
		return false;
	}
	set = pcap_setfilter(lane->pcap, &program) == 0;
	if (!set)
		text_add(&t, "filter: %s", pcap_geterr(lane->pcap));
	pcap_freecode(&program);
	return set;
}
