/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/report/example.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

void example_put(char *at, uint16_t *len, size_t size, const char *text)
{
	size_t text_len = strlen(text);

	cr_assert_leq(text_len, size);
	memcpy(at, text, text_len);
	*len = (uint16_t)text_len;
}

void example_event(struct conn *conn, enum event_kind kind, enum event_from from, uint32_t frame,
		   int64_t offset_ms, uint32_t count, uint32_t arg)
{
	struct timeline *t = &conn->timeline;
	struct event *e = t->total < TIMELINE_FIRST ?
				  &t->first[t->total] :
				  &t->last[(t->total - TIMELINE_FIRST) % TIMELINE_LAST];

	t->total++;
	*e = (struct event){
		.time_ns = conn->first_ns + offset_ms * NS_PER_MS,
		.frame = frame,
		.count = count,
		.arg = arg,
		.kind = (uint8_t)kind,
		.from = (uint8_t)from,
	};
}

static void peers(struct conn *conn)
{
	conn->peer[CLIENT] = (struct peer){
		.at = { { 4, { 198, 51, 100, 7 } }, 51514 },
		.packets = 40,
		.bytes = 4711,
		.retransmissions = 1,
		.ttl_min = 64,
		.ttl_max = 64,
		.ttl_samples = 40,
		.rtt_min_ns = 250000,
	};
	conn->peer[SERVER] = (struct peer){
		.at = { { 4, { 192, 0, 2, 10 } }, 22 },
		.packets = 37,
		.bytes = 12400,
		.ttl_min = 57,
		.ttl_max = 57,
		.ttl_samples = 37,
		.rtt_min_ns = 21 * NS_PER_MS,
	};
}

static void clear_text(struct ssh *ssh)
{
	ssh->recognised = true;
	ssh->phase = SSH_PHASE_SESSION;
	EXAMPLE_PUT(ssh->half[CLIENT].identification, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3");
	EXAMPLE_PUT(ssh->half[SERVER].identification, "SSH-2.0-OpenSSH_8.4p1");
	EXAMPLE_PUT(ssh->negotiated[SSH_KEX], "curve25519-sha256");
	EXAMPLE_PUT(ssh->negotiated[SSH_HOST_KEY], "ssh-ed25519");
	EXAMPLE_PUT(ssh->negotiated[SSH_CIPHER_C2S], "chacha20-poly1305@openssh.com");
	EXAMPLE_PUT(ssh->negotiated[SSH_CIPHER_S2C], "aes128-ctr");
	EXAMPLE_PUT(ssh->negotiated[SSH_COMPRESSION_C2S], "none");
}

static void course(struct conn *conn)
{
	example_event(conn, EVENT_SYN, FROM_CLIENT, 1, 0, 1, 0);
	example_event(conn, EVENT_SYN_ACK, FROM_SERVER, 2, 21, 1, 0);
	example_event(conn, EVENT_ESTABLISHED, FROM_CLIENT, 3, 21, 1, 21250);
	example_event(conn, EVENT_IDENTIFICATION, FROM_CLIENT, 4, 22, 1, 40);
	example_event(conn, EVENT_IDENTIFICATION, FROM_SERVER, 6, 49, 1, 23);
	example_event(conn, EVENT_KEXINIT, FROM_CLIENT, 7, 50, 1, 0);
	example_event(conn, EVENT_KEXINIT, FROM_SERVER, 8, 71, 1, 0);
	example_event(conn, EVENT_KEX_MESSAGE, FROM_CLIENT, 9, 75, 1, 30);
	example_event(conn, EVENT_NEWKEYS, FROM_SERVER, 11, 99, 1, 0);
	example_event(conn, EVENT_SESSION, FROM_CLIENT, 19, 412, 1, 0);
	example_event(conn, EVENT_DATA, FROM_SERVER, 20, 433, 37, 12400);
	example_event(conn, EVENT_IDLE, FROM_CAPTURE, 71, 352833, 1, 352100);
	example_event(conn, EVENT_DATA, FROM_CLIENT, 71, 352833, 1, 52);
	example_event(conn, EVENT_RESET, FROM_SERVER, 72, 352834, 1, RESET_FIT_EXACT);
}

void example_conn(struct conn *conn)
{
	*conn = (struct conn){
		.id = 3,
		.layers = 2,
		.layer = { LAYER_ethernet, LAYER_vlan },
		.vlans = 1,
		.vlan = { 10 },
		.first_ns = EXAMPLE_BEGIN_NS,
		.last_ns = EXAMPLE_BEGIN_NS + 352834 * NS_PER_MS,
		.first = { .number = 1 },
		.last = { .number = 77 },
		.handshake = HANDSHAKE_COMPLETE,
		.end = { .ending = ENDING_reset,
			 .has_side = true,
			 .side = SERVER,
			 .mark = { .number = 72 },
			 .time_ns = EXAMPLE_BEGIN_NS + 352834 * NS_PER_MS,
			 .idle_before_ns = 352100 * NS_PER_MS },
		.resets = 1,
		.history = "ShADadR",
	};
	peers(conn);
	clear_text(&conn->ssh);
	course(conn);
}

static const struct remedy keepalive = {
	.text = "Let SSH send a keepalive more often than every 350 s.",
	.why = "Each one is traffic, so the box on the path starts its clock anew and keeps the "
	       "connection in its table.",
	.step = {
		{ WHERE_CLIENT, "Add to ~/.ssh/config, for all hosts behind this box:",
		  "Host *\n    ServerAliveInterval 60\n    ServerAliveCountMax 3" },
		{ WHERE_SERVER, "Or on the server, in /etc/ssh/sshd_config, for all its clients:",
		  "ClientAliveInterval 60" },
		{ WHERE_NETWORK, "Or raise the idle timeout of the box.", "" },
	},
};

void example_verdict(struct verdict *v)
{
	*v = (struct verdict){
		.who = WHO_MIDDLEBOX,
		.cause = CAUSE_idle_timeout,
		.sentence = "A box on the path between 198.51.100.7 and 192.0.2.10 forgot this "
			    "idle connection: after 352 s without a segment the client's next one "
			    "was answered at once by a reset that the server did not send.",
		.confidence = 0.947,
		.sure = SURE_LIKELY,
		.evidences = 2,
		.againsts = 1,
		.alternatives = 2,
		.settles = 1,
		.limits = 1,
		.evidence = {
			{ "The reset came 1 ms after the segment it answers, but the server is 21 "
			  "ms away: it comes from somewhere nearer.",
			  17, 2, { { 71, 0 }, { 72, 0 } } },
			{ "The silence before it, 352 s, is just over a limit of 350 s that NAT "
			  "gateways have.", 9, 1, { { 71, 0 } } },
		},
		.against = { { "The reset has the TTL of the server's own segments, 57.", -4, 1,
			       { { 72, 0 } } } },
		.alternative = { { WHO_SERVER, CAUSE_server_crash, 0.031 },
				 { WHO_UNKNOWN, CAUSE_unexplained, 0.022 } },
		.settle = { { "Capture at the server at the same time: if it never sends this "
			      "reset, the box is proven.",
			      "tcpdump -i any -s 256 -w server.pcap 'tcp port 22 and host "
			      "198.51.100.7 and host 192.0.2.10'" } },
		.remedy = &keepalive,
		.limit = { "Only one side of the box was captured: what it sent to the server is "
			   "not known." },
	};
}

void example_healthy(struct conn *conn, struct verdict *v, uint64_t id)
{
	example_conn(conn);
	example_verdict(v);
	conn->id = id;
	conn->end.ending = ENDING_closed;
	conn->first.number = (uint32_t)(100 * id);
	conn->last.number = (uint32_t)(100 * id + 50);
	v->who = WHO_NONE;
	v->cause = CAUSE_orderly_close;
}

const struct totals *example_totals(uint64_t odd, uint64_t healthy)
{
	static const struct skipped skipped[] = {
		{ "not_ip", "not IP", 34 },
		{ "not_tcp", "IP, but not TCP", 0 },
	};
	static const char *const link_names[] = { "EN10MB" };
	static const struct input_total input = {
		.path = "bastion.pcap",
		.format = "pcap",
		.link_names = link_names,
		.link_types = 1,
		.packets = 12034,
		.bytes = 1234567,
		.first_ns = EXAMPLE_BEGIN_NS,
		.last_ns = EXAMPLE_BEGIN_NS + 1004 * NS_PER_S,
		.skipped = skipped,
		.skips = 2,
	};
	static struct totals totals;

	totals = (struct totals){
		.input = &input,
		.inputs = 1,
		.connections = odd + healthy,
		.judged = odd + healthy,
		.resets = odd,
		.causes = { [CAUSE_idle_timeout] = odd, [CAUSE_orderly_close] = healthy },
	};
	return &totals;
}

char *example_report(const char *format, const struct report_options *options,
		     const struct conn *conn, const struct verdict *verdict)
{
	static const struct report_options none;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct report *report = report_begin(format, out, options != NULL ? options : &none);

	if (conn != NULL)
		report_each(report, conn, verdict);
	cr_assert(report_end(report, example_totals(conn != NULL, 0)));
	fclose(out);
	return text;
}

void example_is_printable(const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		cr_assert((*at >= 0x20 && *at <= 0x7e) || *at == '\n', "byte 0x%02x at %zu",
			  (unsigned char)*at, (size_t)(at - text));
}

size_t example_widest(const char *text)
{
	size_t widest = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		widest = len > widest ? len : widest;
		text += len + (text[len] == '\n');
	}
	return widest;
}
