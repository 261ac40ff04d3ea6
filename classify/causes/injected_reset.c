/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A third party forged a reset into a healthy connection. The forger stands beside the path: the real
 * segments go on, so the host that seems to have reset continues, or learns of it only when its next
 * segment is refused by the other end. Benign stacks repeat resets too, one for each late segment;
 * those answer something.
 */
#include "classify/inside.h"

static void weigh(const struct facts *f, struct plea *p)
{
	const struct fact_reset *r = &f->reset;

	if (f->end.ending != ENDING_reset || f->mid_stream || f->origin.kind == KIND_SOCKET) {
		rule_out(p);
		return;
	}
	if (f->origin.who == WHO_MIDDLEBOX)
		plead(p, 8, r->mark, NO_MARK, "The reset was not made by the host it names.");
	else
		plead(p, -8, r->mark, NO_MARK, "The reset may well be of the host that it names.");
	if (r->life != 0 && r->answers && r->trigger_had_data && !r->trigger_acked)
		plead(p, -5, r->trigger, r->life_mark,
		      "The segment that it answers was stopped: a forger beside the path cannot.");
	else if (r->life != 0)
		plead(p, 15, r->life_mark, r->mark,
		      "The %s went on after it, as if it had not sent it.", side_name(r->from));
	/* What it answers may be in what the capture lacks. */
	if (!r->answers && !f->one_sided && f->missing == 0)
		plead(p, 5, r->mark, NO_MARK, "It answers no segment.");
	if (r->more_unprovoked != 0 && !f->one_sided && f->missing == 0)
		plead(p, 6, r->mark, NO_MARK,
		      "More of them followed, which answer nothing either: shots at the window.");
	if (r->both_ways)
		plead(p, 4, r->mark, r->both_mark, "Both ends were reset at once.");
	if (f->silence.ns >= IDLE_LEAST_NS)
		plead(p, -12, f->silence.from, f->silence.to,
		      "A long silence came before: a forger waits for traffic.");
}

static void tell(const struct facts *f, struct verdict *v)
{
	struct names n = names_of(f);

	settle_capture(
		f, v, f->reset.from == SERVER ? WHERE_SERVER : WHERE_CLIENT,
		"Capture at the end that the reset names at the same time: a forged one never left it.");
	settle(v, "Which hop is as far away as the reset's TTL says?",
	       "mtr --report --report-cycles 10 --tcp --port %u %s", f->server.port, n.server_ip);
	say(v,
	    "A third party on the path forged the reset that broke the SSH connection from %s to %s at %s: the %s it names did not send it%s",
	    n.client, n.server, n.when, side_name(f->reset.from),
	    f->reset.life != 0 ? " and went on sending" : "");
}

const struct cause cause_injected_reset = {
	.title = "a reset forged by a third party",
	.family = "firewall_reject",
	.meaning = "A third party beside the path forged a reset into a healthy connection. The host that it names never sent it.",
	.decided = "By a host that goes on as if it had not sent the reset, resets that answer nothing, several that aim at the window, a distance, clock or counter that is not the host's, or one that came sooner than the host can answer.",
	.mimics = "Kernels repeat resets too, one for each late segment: those answer something. A filter on the path also resets in the host's name, but it stops what it answers. A forger that copies every mark cannot be told from the host at one place of capture.",
	.who = WHO_MIDDLEBOX,
	.weigh = weigh,
	.tell = tell,
	.remedy = {
		.text = "Ask who runs an intrusion prevention or filter beside this path, and what in the traffic it objects to.",
		.why = "Resets into a healthy connection are how such systems stop what they cannot hold back.",
		.step = {
			{ WHERE_NETWORK, "Which hop is as far away as the reset's TTL says?",
			  "mtr --report --report-cycles 10 --tcp --port 22 HOST" },
			{ WHERE_CLIENT, "A tunnel around that system shows whether it is the one:",
			  "ssh -J JUMPHOST HOST" },
		},
	},
};
