/* SPDX-License-Identifier: BSD-3-Clause */
/* What came of a conversation, for comparison. */
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>

#include "tests/track/wire.h"

uint32_t events_of(const struct conn *conn, enum event_kind kind)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < timeline_kept(&conn->timeline); i++)
		count += timeline_at(&conn->timeline, i)->kind == kind;
	return count;
}

const struct event *event_of(const struct conn *conn, enum event_kind kind)
{
	for (uint32_t i = 0; i < timeline_kept(&conn->timeline); i++) {
		if (timeline_at(&conn->timeline, i)->kind == kind)
			return timeline_at(&conn->timeline, i);
	}
	return NULL;
}

static void put_peer(FILE *out, const struct peer *peer)
{
	fprintf(out,
		"packets %" PRIu64 " bytes %" PRIu64 " again %u late %u probes %u missing %u "
		"rtt %" PRId64 " step %u waits for %u after %u repeats, silence %" PRId64
		" fin %u\n",
		peer->packets, peer->bytes, peer->retransmissions, peer->out_of_order,
		peer->keepalives, peer->missing, peer->rtt_min_ns, peer->ack_step,
		peer->pending.mark.number, peer->pending.repeats, peer->pending.silence_ns,
		peer->fin.number);
}

static void put_resets(FILE *out, const struct conn *conn)
{
	for (uint8_t i = 0; i < conn->resets_kept; i++) {
		const struct reset *reset = &conn->reset[i];

		fprintf(out, "reset %u from %d fit %d answers %d trigger %u\n",
			reset->seen.mark.number, reset->from, reset->fit, reset->answers_trigger,
			reset->trigger.mark.number);
	}
	fprintf(out, "ended by reset %d of %u, life %u %u, acked %d\n", conn->ending_reset,
		conn->resets, conn->data_after_reset[CLIENT], conn->data_after_reset[SERVER],
		conn->trigger_acked);
}

static void put_ssh(FILE *out, const struct ssh *ssh)
{
	fprintf(out, "phase %s session at %u mismatch %d cipher %.*s\n", ssh_phase_name(ssh->phase),
		ssh->session_mark.number, ssh->mismatch, ssh->negotiated[SSH_CIPHER_C2S].len,
		ssh->negotiated[SSH_CIPHER_C2S].at);
	for (int side = CLIENT; side <= SERVER; side++)
		fprintf(out, "'%.*s' gap %d not ssh %d malformed %d encrypted %" PRIu64 "\n",
			ssh->half[side].identification.len, ssh->half[side].identification.at,
			ssh->half[side].gap, ssh->half[side].not_ssh, ssh->half[side].malformed,
			ssh->half[side].encrypted_bytes);
}

void outcome_of(const struct conn *conn, char outcome[OUTCOME_MAX])
{
	FILE *out = fmemopen(outcome, OUTCOME_MAX, "w");

	cr_assert(out != NULL);
	fprintf(out,
		"%s %s handshake %d %s side %d frame %u idle %" PRId64 " survived %" PRId64 "\n",
		conn_state(conn), conn->history, conn->handshake, ending_name(conn->end.ending),
		conn->end.has_side ? (int)conn->end.side : -1, conn->end.mark.number,
		conn->end.idle_before_ns, conn->end.idle_survived_ns);
	put_peer(out, &conn->peer[CLIENT]);
	put_peer(out, &conn->peer[SERVER]);
	put_resets(out, conn);
	put_ssh(out, &conn->ssh);
	for (uint32_t i = 0; i < timeline_kept(&conn->timeline); i++) {
		const struct event *e = timeline_at(&conn->timeline, i);

		fprintf(out, "%u %s %d x%u %u\n", e->frame, event_name((enum event_kind)e->kind),
			e->from, e->count, e->arg);
	}
	fclose(out);
}
