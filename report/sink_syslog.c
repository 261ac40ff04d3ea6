/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Syslog after RFC 5424: over the socket of this host, UDP (RFC 5426), or TCP with octet counting (RFC
 * 6587 section 3.4.1). Over TCP, too, what the other side's kernel took is gone when that host dies;
 * the numbers of the events show it.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "report/escape.h"
#include "report/sink_note.h"

/* RFC 5424 section 6.2.1: system daemons. */
#define FACILITY 3

/*
 * Section 6.3.2: a name of one's own stands before a number of IANA's. There is none for this program;
 * 32473 belongs to nobody (RFC 5612).
 */
#define SD_ID "rstscope@32473"

/* Section 6.2.4. */
#define HOST_MAX 255

/* "2048 " */
#define COUNT_MAX 5

struct syslog {
	struct noted noted; /* first: sink->own is one */
	bool counted;
	char host[HOST_MAX + 1];
	int pid;
};

/* Section 6.3.3: these three in a value have a backslash before them. */
static void add_value(struct text *t, const char *value)
{
	for (; *value != '\0'; value++)
		text_add(t, "%s%c", strchr("\"\\]", *value) != NULL ? "\\" : "", *value);
}

static void add_data(struct text *t, const struct note *note)
{
	static const char *const names[] = {
#define FIELD(name, NAME) #name,
#include "report/sink_fields.def"
#undef FIELD
	};

	text_add(t, "[" SD_ID);
	for (int i = 0; i < NOTE_FIELDS; i++) {
		if (note->value[i][0] == '\0')
			continue;
		text_add(t, " %s=\"", names[i]);
		add_value(t, note->value[i]);
		text_add(t, "\"");
	}
	text_add(t, "]");
}

/* Section 6.2.3: at most six digits of a second. */
static void add_now(struct text *t)
{
	char buffer[64];
	struct text all = text_in(buffer, sizeof(buffer));
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_add_rfc3339(&all, now.tv_sec * NS_PER_S + now.tv_nsec);
	text_add(t, "%.*sZ", (int)strlen("2026-11-20T09:45:27.000000"), buffer);
}

/* The sentence stands last: should all be too long, it is the one that is cut. */
static size_t record(const struct sink *sink, const struct note *note, char *out, size_t size)
{
	const struct syslog *own = sink->own;
	const size_t before = own->counted ? COUNT_MAX : 0;
	struct text t = text_in(out + before, size - before);
	char count[COUNT_MAX + 1];
	size_t count_len;

	text_add(&t, "<%d>1 ", FACILITY * 8 + (int)note->severity);
	add_now(&t);
	text_add(&t, " %s rstscope %d %s ", own->host, own->pid, note->cause);
	add_data(&t, note);
	text_add(&t, " %s", note->message);
	if (!own->counted)
		return t.len;
	count_len = (size_t)snprintf(count, sizeof(count), "%u ", (unsigned)t.len);
	memmove(out + count_len, t.at, t.len);
	memcpy(out, count, count_len);
	return count_len + t.len;
}

/* Section 6.2.4 wants printable ASCII without blanks, or "-". */
static void take_host(char host[HOST_MAX + 1])
{
	bool fits = gethostname(host, HOST_MAX) == 0;

	host[HOST_MAX] = '\0';
	for (const char *at = host; fits && *at != '\0'; at++)
		fits = *at > 0x20 && *at < 0x7f;
	if (!fits || host[0] == '\0')
		memcpy(host, "-", sizeof("-"));
}

static bool connect_to(struct syslog *own, const char *where, struct text *error)
{
	if (where[0] == '/')
		return socket_open_unix(&own->noted.socket, where, error);
	if (strncmp(where, "udp:", 4) == 0)
		return socket_open_inet(&own->noted.socket, false, where + 4, error);
	if (strncmp(where, "tcp:", 4) == 0)
		return socket_open_inet(&own->noted.socket, own->counted = true, where + 4, error);
	text_add(error, "is none of /dev/log, udp:ADDRESS:PORT, tcp:ADDRESS:PORT");
	return false;
}

static bool open_syslog(struct sink *sink, const struct sinks_options *o, size_t index,
			struct text *error)
{
	struct text name = text_in(sink->name, sizeof(sink->name));
	struct syslog *own;

	if (o->syslog == NULL || index != 0)
		return false;
	text_add(&name, "syslog ");
	escape_add_path(&name, o->syslog);
	own = xcalloc(1, sizeof(*own));
	own->noted.record = record;
	own->pid = (int)getpid();
	take_host(own->host);
	if (!connect_to(own, o->syslog, error)) {
		free(own);
		return false;
	}
	noted_open(sink, &own->noted);
	return true;
}

const struct sink_kind sink_syslog = {
	.name = "syslog",
	.open = open_syslog,
	.judged = noted_judged,
	.put = noted_put,
	.tick = noted_tick,
	.end = noted_end,
	.free = noted_free,
};
