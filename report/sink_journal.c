/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * systemd's journal, in its native protocol: a datagram of lines FIELD=VALUE. No value here can hold
 * an end of line, so the protocol's other form, and the memfd for what is longer than a datagram, are
 * never needed. Written out, as libsystemd opens its socket at the first message, which is too late
 * for a sandbox.
 * Source: systemd.io/JOURNAL_NATIVE_PROTOCOL, systemd.journal-fields(7).
 */
#include <stdlib.h>

#include "base/die.h"
#include "report/escape.h"
#include "report/sink_note.h"

#define SOCKET "/run/systemd/journal/socket"

static size_t record(const struct sink *sink, const struct note *note, char *out, size_t size)
{
	static const char *const names[] = {
#define FIELD(name, NAME) #NAME,
#include "report/sink_fields.def"
#undef FIELD
	};
	struct text t = text_in(out, size);

	(void)sink;
	text_add(&t, "PRIORITY=%d\nSYSLOG_IDENTIFIER=rstscope\nMESSAGE_ID=%s\n",
		 (int)note->severity, note->id);
	for (int i = 0; i < NOTE_FIELDS; i++) {
		if (note->value[i][0] != '\0')
			text_add(&t, "RSTSCOPE_%s=%s\n", names[i], note->value[i]);
	}
	/* Last: should it be too long, it is the sentence that is cut. */
	text_add(&t, "MESSAGE=%s", note->message);
	out[t.len++] = '\n';
	return t.len;
}

static bool open_journal(struct sink *sink, const struct sinks_options *o, size_t index,
			 struct text *error)
{
	const char *path = o->journal_socket != NULL ? o->journal_socket : SOCKET;
	struct text name = text_in(sink->name, sizeof(sink->name));
	struct noted *noted;

	if (!o->journal || index != 0)
		return false;
	escape_add_path(&name, path);
	noted = xcalloc(1, sizeof(*noted));
	noted->record = record;
	if (!socket_open_unix(&noted->socket, path, error)) {
		free(noted);
		return false;
	}
	noted_open(sink, noted);
	return true;
}

const struct sink_kind sink_journal = {
	.name = "journal",
	.open = open_journal,
	.judged = noted_judged,
	.put = noted_put,
	.tick = noted_tick,
	.end = noted_end,
	.free = noted_free,
};
