/* SPDX-License-Identifier: BSD-3-Clause */
/* Segments without payload, kept small and played again. */
#include "track/table.h"

static uint8_t bit(bool set, uint8_t which)
{
	return set ? which : 0;
}

void stub_keep(struct flow *f, const struct packet *p, bool from_second)
{
	const struct segment *tcp = &p->tcp;

	f->stub[f->stubs++] = (struct stub){
		.time_ns = p->time_ns,
		.frame = p->mark.number,
		.input = p->mark.input,
		.seq = tcp->seq,
		.ack = tcp->ack,
		.tsval = tcp->tsval,
		.window = tcp->window,
		.ip_id = p->ip_id,
		.mss = tcp->mss,
		.flags = tcp->flags,
		.tos = p->tos,
		.ttl = p->ttl,
		.wscale = tcp->wscale,
		.checksum = (uint8_t)packet_checksum(p),
		.bits = (uint8_t)(bit(from_second, STUB_FROM_SECOND) |
				  bit(tcp->has_timestamps, STUB_TIMESTAMPS) |
				  bit(tcp->has_wscale, STUB_WSCALE) | bit(tcp->has_mss, STUB_MSS) |
				  bit(p->has_ip_id, STUB_IP_ID) | bit(p->df, STUB_DF) |
				  bit(tcp->has_mptcp, STUB_MPTCP) |
				  bit(tcp->has_options, STUB_OPTIONS)),
	};
}

struct packet stub_packet(const struct flow *f, uint8_t i)
{
	const struct stub *s = &f->stub[i];
	int from = (s->bits & STUB_FROM_SECOND) != 0 ? 1 : 0;

	return (struct packet){
		.kind = PACKET_SEGMENT,
		.mark = { .number = s->frame, .input = s->input },
		.time_ns = s->time_ns,
		.src = f->end[from],
		.dst = f->end[!from],
		.ttl = s->ttl,
		.tos = s->tos,
		.has_ip_id = (s->bits & STUB_IP_ID) != 0,
		.ip_id = s->ip_id,
		.df = (s->bits & STUB_DF) != 0,
		.tcp = {
			.seq = s->seq,
			.ack = s->ack,
			.flags = s->flags,
			.checksum = s->checksum,
			.window = s->window,
			.has_options = (s->bits & STUB_OPTIONS) != 0,
			.has_mss = (s->bits & STUB_MSS) != 0,
			.has_wscale = (s->bits & STUB_WSCALE) != 0,
			.has_timestamps = (s->bits & STUB_TIMESTAMPS) != 0,
			.has_mptcp = (s->bits & STUB_MPTCP) != 0,
			.mss = s->mss,
			.wscale = s->wscale,
			.tsval = s->tsval,
		},
	};
}
