/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One connection: a heading, the sentence, when/who/why/sure; then the verdict's reasons and the
 * course of the connection.
 */
#include <inttypes.h>
#include <string.h>

#include "report/named.h"
#include "report/sentence.h"
#include "report/text.h"
#include "report/words.h"
#include "report/wrap.h"

/* Full width, so that a reader who scrolls sees where the next one begins. */
static void rule(const struct report *r)
{
	const char *sign = r->options.unicode ? "\u2500" : "-";
	char line[WRAP_COLUMNS_MAX * sizeof("\u2500") + sizeof("\n")];
	struct text t = text_in(line, sizeof(line));
	size_t len = strlen(sign);

	for (size_t i = 0; i < r->options.columns; i++)
		text_add_bytes(&t, sign, len);
	text_add_bytes(&t, "\n", 1);
	fwrite(line, 1, t.len, r->body);
}

static void heading(struct report *r, const struct conn *conn)
{
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "#%" PRIu64 "  ", conn->id);
	endpoint_add(&t, &conn->peer[CLIENT].at);
	text_add(&t, " -> ");
	endpoint_add(&t, &conn->peer[SERVER].at);
	text_add(&t, "  %s", ending_name(conn->end.ending));
	putc('\n', r->body);
	rule(r);
	fputs(text_color(r, COLOR_BOLD), r->body);
	text_wrap(r, r->body, "", buffer);
	fputs(text_color(r, COLOR_NONE), r->body);
	rule(r);
}

/* Of one that goes on: until when that is known. */
static void when(struct report *r, const struct conn *conn)
{
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	words_add_when(&t, conn);
	text_wrap(r, r->body, conn->end.ending != ENDING_open ? "  when   " : "  until  ", buffer);
}

/* An address that is a proxy's is not that of the machine whose logs are to be read. */
static void via(struct report *r, const struct ssh *ssh)
{
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	if (ssh->prelude == PRELUDE_none)
		return;
	text_add(&t, "a proxy (%s)", prelude_words(ssh->prelude));
	if (ssh->prelude_target.len != 0) {
		text_add(&t, ssh->prelude == PRELUDE_proxy_protocol ? ", for " : ", to ");
		text_add_wire(&t, ssh->prelude_target.at, ssh->prelude_target.len);
	}
	text_wrap(r, r->body, "  via    ", buffer);
}

static void add_bulk(struct text *t, const struct ssh *ssh, enum side side)
{
	if (!ssh_is_bulk(ssh, side))
		return;
	text_add(t, "%s", t->len != 0 ? ", and " : "");
	words_add_bytes(t, ssh->half[side].bulk_bytes);
	text_add(t, " in bulk from the %s", side == CLIENT ? "client" : "server");
}

/* Who is cut off in a file transfer has something else to do than who was typing. */
static void use(struct report *r, const struct ssh *ssh)
{
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	if (ssh_is_typed(ssh))
		text_add(&t, "interactive%s",
			 ssh->obfuscated ? ", with keystrokes hidden among others" : "");
	add_bulk(&t, ssh, CLIENT);
	add_bulk(&t, ssh, SERVER);
	if (t.len != 0)
		text_wrap(r, r->body, "  use    ", buffer);
}

static void why(struct report *r, const struct verdict *v)
{
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	words_add_why(&t, v);
	text_wrap(r, r->body, "  why    ", buffer);
}

/* Word and number; what else it may be belongs to it. Colour repeats the word, nothing more. */
static void sure(struct report *r, const struct verdict *v)
{
	bool good = v->sure == SURE_CERTAIN || v->sure == SURE_LIKELY;
	char buffer[256];
	struct text t = text_in(buffer, sizeof(buffer));

	fprintf(r->body, "  sure   %s%s%s, %u %%\n",
		text_color(r, good ? COLOR_GREEN : COLOR_YELLOW), sure_name(v->sure),
		text_color(r, COLOR_NONE), words_per_cent(v->confidence));
	for (uint8_t i = 0; i < v->alternatives; i++) {
		const struct alternative *other = &v->alternative[i];

		text_add(&t, "%s%s", i != 0 ? "; " : "", cause_name(other->cause));
		if (other->who < WHO_NONE)
			text_add(&t, " by the %s", who_name(other->who));
		text_add(&t, ", %u %%", words_per_cent(other->confidence));
	}
	if (t.len != 0)
		text_wrap(r, r->body, "  or     ", buffer);
}

/* Where a frame is to be looked up, when the files are too many for a list. */
static void capture(struct report *r, bool first, const char *words)
{
	text_wrap(r, r->body, first ? "  in     " : "         ", words);
}

static void sentence(struct report *r, const struct verdict *v)
{
	char buffer[SENTENCE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	sentence_add(&t, r, v);
	putc('\n', r->body);
	text_wrap(r, r->body, "  ", buffer);
	putc('\n', r->body);
}

void text_conn(struct report *r, const struct conn *conn, const struct verdict *verdict)
{
	heading(r, conn);
	sentence(r, verdict);
	when(r, conn);
	via(r, &conn->ssh);
	use(r, &conn->ssh);
	text_wrap(r, r->body, "  who    ", who_name(verdict->who));
	why(r, verdict);
	sure(r, verdict);
	named_rows(r, conn, verdict, capture);
	text_verdict(r, verdict);
	text_timeline(r, conn, verdict);
}
