/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * More of a frame where it is worth it. What a filter returns is how much of the frame is kept, so a
 * program that knows clear text stands before the one that passes all the rest: where the first says
 * no, the second goes on.
 *
 * Clear text is what begins like an identification, or like a message of the key exchange: RFC 4253
 * section 6 has a length below 64 KiB, one octet of padding length, then the number, 20 to 49. Ciphers
 * that leave the length in the clear look alike in one frame of nine: that is what it costs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "capture/live_inside.h"

#define CLEAR_MAX 8192
#define PART_MAX 2560

/* One of the two: libpcap's tcp[] is for IPv4 alone. */
struct version {
	const char *is, *bytes;
	const char *tcp_len; /* header and payload, as the packet says */
	const char *header_len, *payload;
};

static const struct version versions[] = {
	{ "ip", "tcp", "(ip[2:2] - ((ip[0] & 0xf) << 2))", "((tcp[12] & 0xf0) >> 2)",
	  "((tcp[12] & 0xf0) >> 2)" },
	{ "ip6 proto 6", "ip6", "ip6[4:2]", "((ip6[52] & 0xf0) >> 2)",
	  "(40 + ((ip6[52] & 0xf0) >> 2))" },
};

#define HEADER_LEN 20 /* the least of TCP */
#define BEGIN_LEN 6   /* of the payload, which is looked at */

/*
 * A look behind the end of a frame would drop it: so the lengths come first. They are claims, but what
 * claims more than there is, is dropped by every receiver.
 */
static void add_version(struct text *t, const struct version *v)
{
	const char *b = v->bytes, *at = v->payload;

	text_add(t, "(%s and %s >= %d and %s >= %s + %d and ", v->is, v->tcp_len,
		 HEADER_LEN + BEGIN_LEN, v->tcp_len, v->header_len, BEGIN_LEN);
	text_add(t, "(%s[%s:4] = 0x5353482d or ", b, at);
	text_add(t, "(%s[%s:2] = 0 and %s[%s + 5] >= 20 and %s[%s + 5] < 50)))", b, at, b, at, b,
		 at);
}

static void add_part(struct text *t, const struct live_options *o)
{
	text_add(t, "(");
	for (size_t i = 0; i < o->ports; i++)
		text_add(t, "%stcp port %u", i != 0 ? " or " : "", o->port[i]);
	text_add(t, ") and (");
	add_version(t, &versions[0]);
	text_add(t, " or ");
	add_version(t, &versions[1]);
	text_add(t, ")");
}

static bool compile(struct lane *lane, struct bpf_program *program, const struct live_options *o,
		    bool tags)
{
	char words[CLEAR_MAX], part[PART_MAX];
	struct text t = text_in(words, sizeof(words)), p = text_in(part, sizeof(part));

	add_part(&p, o);
	text_add(&t, "(%s)", part);
	if (tags)
		text_add(&t, " or (vlan and (%s))", part);
	return pcap_compile(lane->pcap, program, words, 1, PCAP_NETMASK_UNKNOWN) == 0;
}

static bool is_return(const struct bpf_insn *insn)
{
	return BPF_CLASS(insn->code) == BPF_RET;
}

static struct bpf_program joined(const struct bpf_program *first, const struct bpf_program *second,
				 const struct live_options *o)
{
	const u_int len = first->bf_len + second->bf_len;
	struct bpf_program all = { len, xcalloc(len, sizeof(struct bpf_insn)) };

	memcpy(all.bf_insns, first->bf_insns, first->bf_len * sizeof(struct bpf_insn));
	memcpy(all.bf_insns + first->bf_len, second->bf_insns,
	       second->bf_len * sizeof(struct bpf_insn));
	for (u_int i = 0; i < len; i++) {
		struct bpf_insn *insn = &all.bf_insns[i];

		if (!is_return(insn))
			continue;
		if (insn->k != 0)
			insn->k = i < first->bf_len ? o->clear_len : o->snap_len;
		else if (i < first->bf_len) /* no clear text: to the second */
			*insn = (struct bpf_insn){ .code = BPF_JMP | BPF_JA,
						   .k = first->bf_len - i - 1 };
	}
	return all;
}

void filter_favour_clear(struct lane *lane, struct bpf_program *program,
			 const struct live_options *o)
{
	struct bpf_program clear, both;

	if (!compile(lane, &clear, o, true) && !compile(lane, &clear, o, false))
		return;
	both = joined(&clear, program, o);
	pcap_freecode(&clear);
	pcap_freecode(program);
	*program = both;
}
