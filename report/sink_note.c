/* SPDX-License-Identifier: BSD-3-Clause */
/* An event in a sentence and in words, each printable and on one line whatever the wire said. */
#include "report/sink_note.h"

#include <inttypes.h>
#include <string.h>

#include "report/community_id.h"
#include "report/escape.h"
#include "report/outcome.h"
#include "report/words.h"

/* Not a cause, so not in the table. */
#define FOLDED_ID "c5e103b4b45544a4b3cbfe41ecfcb753"

const char *note_id(enum cause_id cause)
{
	static const char *const ids[CAUSE_COUNT + 1] = {
#define MESSAGE_ID(cause, id) [CAUSE_##cause] = (id),
#include "report/message_ids.def"
#undef MESSAGE_ID
		[CAUSE_COUNT] = FOLDED_ID,
	};

	return ids[cause];
}

__attribute__((format(printf, 3, 4))) static void put(struct note *n, enum note_field field,
						      const char *format, ...)
{
	struct text t = text_in(n->value[field], sizeof(n->value[field]));
	va_list args;

	va_start(args, format);
	text_add_args(&t, format, args);
	va_end(args);
}

/* For words that may quote the wire. */
static void put_words(struct note *n, enum note_field field, const char *words)
{
	struct text t = text_in(n->value[field], sizeof(n->value[field]));

	escape_add_words(&t, words);
}

static void put_address(struct note *n, enum note_field address, enum note_field port,
			const struct endpoint *at)
{
	struct text t = text_in(n->value[address], sizeof(n->value[address]));

	address_add(&t, &at->ip);
	put(n, port, "%u", at->port);
}

static void put_time(struct note *n, enum note_field field, int64_t time_ns)
{
	struct text t = text_in(n->value[field], sizeof(n->value[field]));

	clock_add_rfc3339(&t, time_ns);
}

static void put_verdict(struct note *n, const struct verdict *v)
{
	unsigned confidence = words_per_myriad(v->confidence);

	put_words(n, NOTE_cause, cause_name(v->cause));
	put_words(n, NOTE_family, cause_family(v->cause));
	put_words(n, NOTE_who, who_name(v->who));
	put_words(n, NOTE_detail, v->detail);
	put(n, NOTE_confidence, "%u.%04u", confidence / 10000, confidence % 10000);
	put_words(n, NOTE_sure, sure_name(v->sure));
}

static void put_conn(struct note *n, const struct sinks_options *o, const struct conn *conn)
{
	char id[COMMUNITY_ID_SIZE];

	community_id(id, &conn->peer[CLIENT].at, &conn->peer[SERVER].at,
		     o->report.community_id_seed);
	put_words(n, NOTE_ending, ending_name(conn->end.ending));
	put_address(n, NOTE_client, NOTE_client_port, &conn->peer[CLIENT].at);
	put_address(n, NOTE_server, NOTE_server_port, &conn->peer[SERVER].at);
	put_words(n, NOTE_phase, ssh_phase_name(conn->ssh.phase));
	put_time(n, NOTE_end, outcome_end_ns(conn));
	put(n, NOTE_connection, "%" PRIu64, conn->id);
	put(n, NOTE_community_id, "%s%s", o->report.redacted ? "redacted:" : "", id);
}

/* Frames are left out: those of a live capture are in nobody's file. */
static void put_message(struct note *n, const struct conn *conn, const struct verdict *v)
{
	struct text t = text_in(n->message, sizeof(n->message));

	endpoint_add(&t, &conn->peer[CLIENT].at);
	text_add(&t, " to ");
	endpoint_add(&t, &conn->peer[SERVER].at);
	text_add(&t, ", %s: ", ending_name(conn->end.ending));
	escape_add_words(&t, v->sentence);
	if (n->message[t.len - 1] == '.')
		n->message[--t.len] = '\0';
	if (v->sure == SURE_UNEXPLAINED)
		text_add(&t, " (unexplained).");
	else
		text_add(&t, " (%s, %u %%).", sure_name(v->sure), words_per_cent(v->confidence));
}

/* Who was logged in lost work; before that it may be anybody's scanner. */
static enum note_severity severity_of(const struct conn *conn, const struct verdict *v)
{
	if (cause_is_healthy(v->cause))
		return NOTE_INFO;
	return conn->ssh.phase == SSH_PHASE_SESSION ? NOTE_WARNING : NOTE_NOTICE;
}

void note_of_event(struct note *n, const struct sinks_options *o, uint64_t event,
		   const struct conn *conn, const struct verdict *v)
{
	memset(n, 0, sizeof(*n));
	n->severity = severity_of(conn, v);
	n->id = note_id(v->cause);
	n->cause = cause_name(v->cause);
	put(n, NOTE_event, "%" PRIu64, event);
	put_verdict(n, v);
	put_conn(n, o, conn);
	put_message(n, conn, v);
}

void note_of_fold(struct note *n, const struct fold *fold, int64_t now_ns)
{
	struct text t;

	memset(n, 0, sizeof(*n));
	n->severity = fold->worst;
	n->id = note_id(CAUSE_COUNT);
	n->cause = "folded";
	put(n, NOTE_event, "%" PRIu64, fold->first);
	put(n, NOTE_last_event, "%" PRIu64, fold->last);
	put(n, NOTE_folded, "%" PRIu64, fold->count);
	t = text_in(n->message, sizeof(n->message));
	words_add_counted(&t, fold->count, "more connection");
	text_add(&t,
		 " ended within %" PRId64 " s, too many to be told one by one here (events %" PRIu64
		 " to %" PRIu64 ").",
		 (now_ns - fold->since_ns) / NS_PER_S + 1, fold->first, fold->last);
}
