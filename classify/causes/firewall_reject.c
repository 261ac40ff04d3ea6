/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A packet filter answered: a SYN with a reset or an ICMP error, or a segment in mid-connection. The
 * rule applies to what it answers, so each reset has its trigger, and only the sender of that trigger
 * hears of it.
 */
#include "classify/inside.h"

/* RFC 792, RFC 1812 section 5.2.7.1; RFC 4443 section 3.1. */
static bool is_prohibited(const struct fact_icmp *i)
{
	if (i->is_v6)
		return i->type == 1 && (i->code == 1 || i->code == 5 || i->code == 6);
	return i->type == 3 && (i->code == 9 || i->code == 10 || i->code == 13);
}

static bool is_port_unreachable(const struct fact_icmp *i)
{
	return i->is_v6 ? i->type == 1 && i->code == 4 : i->type == 3 && i->code == 3;
}

static void weigh_icmp(const struct facts *f, struct plea *p)
{
	if (is_prohibited(&f->icmp))
		plead(p, 25, f->icmp.mark, NO_MARK,
		      "The code says that a rule forbids it (administratively prohibited).");
	else if (is_port_unreachable(&f->icmp)) /* a closed TCP port answers with a reset */
		plead(p, 15, f->icmp.mark, NO_MARK,
		      "Port unreachable for TCP is what a REJECT rule sends; a closed port would reset.");
	else if (f->icmp.from_server)
		plead(p, 17, f->icmp.mark, NO_MARK,
		      "The server itself says that it cannot be reached: a kernel that is there says so only by a rule.");
	else
		rule_out(p);
}

static void weigh_refusal(const struct facts *f, struct plea *p)
{
	if (f->reset.life != 0)
		plead(p, -20, f->reset.mark, f->reset.life_mark,
		      "The SYN reached the server, which accepted it: no rule had stopped it.");
	if (f->origin.who == WHO_MIDDLEBOX)
		plead(p, 15, f->reset.mark, f->syn_mark,
		      "The SYN was refused by something that is not the server.");
	else if (f->origin.kind == KIND_FILTER && f->origin.bleached)
		plead(p, 3, f->reset.mark, f->syn_mark,
		      "The refusal has the form of a filter's, unless the path clears such marks.");
	else if (f->origin.kind == KIND_FILTER)
		plead(p, 15, f->reset.mark, f->syn_mark,
		      "The refusal has the form of a filter's, not of a closed port's.");
	else if ((f->reset.trigger_tos & DSCP) != 0) /* else a rule on the server looks the same */
		plead(p, -6, f->reset.mark, NO_MARK,
		      "The refusal has the form of a closed port's.");
}

/* A rule's reset has no DSCP; one that has is a kernel's, which knows no such connection. */
static void weigh_form(const struct facts *f, struct plea *p)
{
	struct mark reset = f->reset.mark, trigger = f->reset.trigger;

	if (dscp_is_copied(&f->reset))
		plead(p, f->origin.who == WHO_MIDDLEBOX ? 2 : -10, reset, trigger,
		      "The reset has the form of a kernel that lost the connection, not of a rule.");
	else if (f->origin.who == WHO_MIDDLEBOX)
		plead(p, 10, reset, trigger, "A filter on the path made the reset.");
	else if (f->origin.kind == KIND_FILTER)
		plead(p, f->origin.bleached ? 3 : 10, reset, trigger,
		      "The reset has the form of a filter's.");
	else
		plead(p, -6, reset, trigger, "The reset may be that of the %s's kernel.",
		      side_name(f->reset.from));
}

static void weigh_midstream(const struct facts *f, struct plea *p)
{
	if (f->origin.kind == KIND_SOCKET) {
		rule_out(p);
		return;
	}
	weigh_form(f, p);
	if (f->reset.answers)
		plead(p, 5, f->reset.mark, f->reset.trigger,
		      "It answers one segment, as a rule does.");
	else if (f->missing == 0 && !f->one_sided) /* else the segment may not have been captured */
		plead(p, -14, f->reset.mark, f->reset.trigger,
		      "It answers no segment, and a rule has nothing else to act on.");
	if (f->reset.more_unprovoked != 0 && f->missing == 0)
		plead(p, -6, f->reset.mark, NO_MARK, "More resets came than there were segments.");
	if (f->reset.trigger_acked)
		plead(p, -22, f->reset.trigger, NO_MARK,
		      "What it answers was not stopped: the %s itself answered it later.",
		      side_name(f->reset.from));
	else if (f->reset.life != 0 && f->reset.answers && f->reset.trigger_had_data)
		plead(p, 8, f->reset.trigger, f->reset.life_mark,
		      "What it answers was stopped: the %s went on and never acknowledged it.",
		      side_name(f->reset.from));
	if (f->silence.ns >= IDLE_LEAST_NS && f->silence.survived_ns < f->silence.ns)
		plead(p, f->silence.ns >= IDLE_COMMON_NS ? -10 : -4, f->silence.from, f->silence.to,
		      "A long silence came before: forgetting explains it without a rule.");
}

static void weigh(const struct facts *f, struct plea *p)
{
	if (f->end.ending == ENDING_rejected)
		weigh_icmp(f, p);
	else if (f->end.ending == ENDING_refused)
		weigh_refusal(f, p);
	else if (f->end.ending == ENDING_reset && !f->mid_stream)
		weigh_midstream(f, p);
	else
		rule_out(p);
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);
	const char *box = f->origin.who == WHO_SERVER ? "on the server's host" : "on the path";

	settle(v, "Ask the filter: the counter of the rule grows with each attempt.",
	       "iptables-save -c | grep -i -e reject; nft list ruleset | grep -n -i reject");
	settle(v, "Find out how far the refusal comes from: compare with the path to the server.",
	       "tcptraceroute -n %s %u", n.server_ip, f->server.port);
	if (f->end.ending == ENDING_rejected) {
		detail(v, "icmp");
		say(v,
		    "A packet filter at %s rejected the SSH connection from %s to %s at %s with ICMP%s type %u code %u",
		    f->icmp.from, n.client, n.server, n.when, f->icmp.is_v6 ? "v6" : "",
		    f->icmp.type, f->icmp.code);
	} else if (f->end.ending == ENDING_refused) {
		detail(v, "tcp_reset_to_syn");
		say(v,
		    "A packet filter %s refused the SSH connection from %s to %s at %s: the reset to its SYN is not the server's own",
		    box, n.client, n.server, n.when);
	} else {
		detail(v, "tcp_reset_midstream");
		say(v,
		    "A packet filter %s broke the SSH connection from %s to %s in mid-connection at %s: it answered a segment of the %s with a reset",
		    box, n.client, n.server, n.when, side_name(!f->reset.from));
	}
}

const struct cause cause_firewall_reject = {
	.title = "rejected by a packet filter",
	.family = "firewall_reject",
	.meaning = "A packet filter answered in place of the server: with a reset or an ICMP error, to the first SYN or in the middle of a connection.",
	.decided = "By the code of the ICMP error, or by a reset with the form of a filter's: without the DSCP of what it answers, from another distance, or sooner than the host can answer. In mid-connection it answers one segment, stops that segment, and no long silence comes before.",
	.mimics = "A closed port (service_down). A kernel that lost the connection (state_lost, server_reboot). A device that forgot it while it was idle (idle_timeout). A filter on the server's own host shares its distance.",
	.who = WHO_COUNT,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Find the rule that matches this client, and allow SSH from it if that is wanted.",
		.why = "The connection was well formed; a rule answered in place of the server.",
		.step = {
			{ WHERE_SERVER, "Rules with their hit counters; run it before and after an attempt:",
			  "iptables -L -n -v; nft list ruleset" },
			{ WHERE_SERVER, "Is the client banned?", "fail2ban-client status sshd" },
			{ WHERE_NETWORK, "The same on each firewall between the two; its log names the rule.", "" },
		},
	},
};
