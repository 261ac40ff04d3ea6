/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Only large packets vanish: a link on the path carries less than the sender believes, and the ICMP
 * error that would say so is filtered (RFC 2923 section 2.1). A connection begins well, because its
 * first packets are small, and stops at the first large one: with SSH that is the key exchange.
 *
 * The proof is a selective acknowledgment of a short segment that was sent after the long one. The
 * path lives in both directions then, and loss by chance does not choose by size again and again.
 */
#include "classify/inside.h"

/*
 * Every IPv6 link carries packets of 1280 octets (RFC 8200 section 5), and hardly any IPv4 link of
 * today carries less. Without headers and timestamps that leaves 1208 of payload: what is no longer
 * gets through.
 */
#define LARGE_LEN 1208

/* Chance may take a segment and its first repeat. */
#define REPEATS_LEAST 2

/* A lost segment is repeated within a second, and arrives. */
#define SPAN_LEAST_NS (2 * NS_PER_S)

static bool is_repeated(const struct facts *f)
{
	return f->waiting.any && f->waiting.side == f->lack.side && !f->waiting.unheard &&
	       f->waiting.repeats >= REPEATS_LEAST && f->waiting.len >= LARGE_LEN;
}

/* Where the capture stands behind the bottleneck, the large segments are not in it at all. */
static void weigh_hole(const struct facts *f, struct plea *p)
{
	const struct fact_lack *l = &f->lack;
	bool repeated = is_repeated(f);

	if (repeated)
		plead(p, 14, f->waiting.first, f->waiting.last,
		      "The %s's segment of %u octets was repeated %u times and never arrived.",
		      side_name(l->side), f->waiting.len, f->waiting.repeats);
	plead(p, repeated ? 14 : 18, l->first, l->last,
	      "Behind a hole of %u octets the %s acknowledges only shorter segments, of %u at most.",
	      l->len, side_name(!l->side), l->beyond_len);
	if (l->too_big)
		plead(p, 5, l->too_big_mark, NO_MARK,
		      "A router had asked the %s for smaller packets.", side_name(l->side));
	if (f->ssh.phase == SSH_PHASE_KEX)
		plead(p, 3, NO_MARK, NO_MARK,
		      "It stopped in the key exchange, where the first large packets are sent.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	const struct fact_lack *l = &f->lack;
	bool over = f->end.ending == ENDING_silent || f->end.ending == ENDING_closed ||
		    f->end.ending == ENDING_reset;

	if (!over || !l->any || l->len < LARGE_LEN || l->span_ns < SPAN_LEAST_NS ||
	    l->beyond_len >= (is_repeated(f) ? f->waiting.len : LARGE_LEN) || f->missing != 0) {
		rule_out(p);
		return;
	}
	/* Repeats of another size: what is missing is not what is too large. */
	if (f->waiting.any && f->waiting.side == l->side && f->waiting.repeats >= REPEATS_LEAST &&
	    !is_repeated(f))
		rule_out(p);
	else
		weigh_hole(f, p);
}

static const char *how_it_ended(const struct facts *f)
{
	if (f->end.ending == ENDING_silent)
		return "has been stuck since";
	return f->end.side == CLIENT ? "was stuck until the client gave up at" :
				       "was stuck until the server gave up at";
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	const char *whose = side_name(f->lack.side);

	detail(v, f->ssh.phase == SSH_PHASE_KEX ? "key_exchange" : "");
	settle(v, "Find the largest packet that passes: lower the size until answers come.",
	       "ping -M do -s 1472 %s", f->lack.side == CLIENT ? n.server_ip : n.client_ip);
	settle(v, "The device that drops the large packets should say so; is its ICMP filtered?",
	       "tcpdump -ni any 'icmp[0] == 3 and icmp[1] == 4 or icmp6 and ip6[40] == 2'");
	say(v,
	    "The path from the %s swallows large packets: the SSH connection from %s to %s %s %s, because %u octets of the %s never arrived while shorter segments that it sent after them did",
	    whose, n.client, n.server, how_it_ended(f), n.when, f->lack.len, whose);
}

const struct cause cause_mtu_blackhole = {
	.title = "large packets vanish on the path",
	.family = "network",
	.meaning = "Only large segments vanish: a link on the path carries less than both ends believe, and the message that would say so (ICMP \"fragmentation needed\", \"packet too big\") is filtered. SSH typically hangs in the key exchange, where the first full-sized segments are.",
	.decided = "By segments of nearly full size that are repeated and never acknowledged, while smaller ones of the same side arrive before or after them.",
	.mimics = "Ordinary loss, when no small segment happened to be sent meanwhile. A server that froze after it acknowledged the small ones.",
	.who = WHO_NETWORK,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Let ICMP \"fragmentation needed\" and \"packet too big\" through, or send smaller segments over that path.",
		.why = "A sender that never hears of the smaller link repeats the same large packet until it gives up.",
		.step = {
			{ WHERE_NETWORK, "On the router before the tunnel, make TCP fit its MTU:",
			  "iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu" },
			{ WHERE_NETWORK, "Do not filter ICMP type 3 code 4, nor ICMPv6 type 2.", "" },
			{ WHERE_CLIENT, "To see whether that is it, make this one's packets smaller for a while:",
			  "ip route replace HOST via GATEWAY mtu 1280" },
			{ WHERE_SERVER, "Let Linux look for the size by itself:",
			  "sysctl net.ipv4.tcp_mtu_probing=1" },
		},
	},
};
