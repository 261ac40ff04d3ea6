/* SPDX-License-Identifier: BSD-3-Clause */
/* How a rule speaks: pleas while it weighs, words when it has won. */
#include <stdarg.h>
#include <string.h>

#include "classify/inside.h"

void plead(struct plea *p, int decibans, struct mark a, struct mark b, const char *format, ...)
{
	struct evidence *e;
	struct text t;
	va_list args;

	p->decibans += decibans;
	if (p->silent || p->evidences == PLEA_EVIDENCE_MAX)
		return;
	e = &p->evidence[p->evidences++];
	e->decibans = decibans;
	e->marks = 0;
	t = text_in(e->text, sizeof(e->text));
	va_start(args, format);
	text_add_args(&t, format, args);
	va_end(args);
	if (a.number != 0)
		e->mark[e->marks++] = a;
	if (b.number != 0 && (b.number != a.number || b.input != a.input))
		e->mark[e->marks++] = b;
}

void rule_out(struct plea *p)
{
	p->ruled_out = true;
}

void say(struct verdict *v, const char *format, ...)
{
	struct text t = text_in(v->sentence, sizeof(v->sentence));
	va_list args;

	va_start(args, format);
	text_add_args(&t, format, args);
	va_end(args);
}

void detail(struct verdict *v, const char *words)
{
	struct text t = text_in(v->detail, sizeof(v->detail));

	text_add(&t, "%s", words);
}

void settle(struct verdict *v, const char *words, const char *command, ...)
{
	struct settle *s;
	struct text t;
	va_list args;

	if (v->settles == VERDICT_SETTLE_MAX)
		return;
	s = &v->settle[v->settles++];
	t = text_in(s->text, sizeof(s->text));
	text_add(&t, "%s", words);
	t = text_in(s->command, sizeof(s->command));
	va_start(args, command);
	text_add_args(&t, command, args);
	va_end(args);
}

static void write_address(const struct address *ip, char *out, size_t size)
{
	struct text t = text_in(out, size);

	address_add(&t, ip);
}

static void write_endpoint(const struct endpoint *end, char *out, size_t size)
{
	struct text t = text_in(out, size);

	endpoint_add(&t, end);
}

struct names names_of(const struct facts *f)
{
	struct names n;
	struct text when = text_in(n.when, sizeof(n.when));
	struct text silence = text_in(n.silence, sizeof(n.silence));
	struct text age = text_in(n.age, sizeof(n.age));

	write_endpoint(&f->client, n.client, sizeof(n.client));
	write_endpoint(&f->server, n.server, sizeof(n.server));
	write_address(&f->client.ip, n.client_ip, sizeof(n.client_ip));
	write_address(&f->server.ip, n.server_ip, sizeof(n.server_ip));
	clock_add_utc(&when, f->end.time_ns);
	clock_add_span(&silence, f->silence.ns);
	clock_add_span(&age, f->end.time_ns - f->first_ns);
	return n;
}

#define QUOTE_MAX 80
#define QUOTE_CUT " [more]"

/* "\xNN" and "\\\\" stay whole. */
static size_t letter_len(const char *at)
{
	if (at[0] != '\\')
		return 1;
	return at[1] == 'x' ? 4 : 2;
}

void quote_add(struct text *t, const char *printable, size_t most)
{
	size_t len = strlen(printable), end = 0, word = 0;

	if (len <= most) {
		text_add(t, "%s", printable);
		return;
	}
	while (end + letter_len(printable + end) <= most) {
		if (printable[end] == ',' || printable[end] == ' ')
			word = end;
		end += letter_len(printable + end);
	}
	text_add(t, "%.*s%s", (int)(word != 0 ? word : end), printable, QUOTE_CUT);
}

struct quote quote_of(const char *printable)
{
	struct quote quote;
	struct text t = text_in(quote.at, sizeof(quote.at));

	quote_add(&t, printable, QUOTE_MAX);
	return quote;
}

const char *side_name(enum side side)
{
	return side == CLIENT ? "client" : "server";
}
