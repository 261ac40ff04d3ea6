/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The catalog for `journalctl -x`: beside a message of the journal stands what `rstscope explain` says
 * of its cause, on hosts where nobody knows the program, too.
 * Source: systemd.io/CATALOG.
 */
#include <stdio.h>

#include "report/report.h"
#include "report/sink_note.h"

static void put_head(enum cause_id cause, const char *subject)
{
	printf("-- %s\nSubject: %s\nDefined-By: rstscope\nDocumentation: man:rstscope(1)\n\n",
	       note_id(cause), subject);
}

/* The journal puts the message's own fields in place of what stands between two @. */
static void put_cause(enum cause_id cause)
{
	char subject[128];
	struct text t = text_in(subject, sizeof(subject));

	text_add(&t, "SSH connection: %s", cause_title(cause));
	put_head(cause, subject);
	puts("The connection from @RSTSCOPE_CLIENT@ port @RSTSCOPE_CLIENT_PORT@ to @RSTSCOPE_SERVER@\n"
	     "port @RSTSCOPE_SERVER_PORT@ ended in the phase @RSTSCOPE_PHASE@. Who: @RSTSCOPE_WHO@.\n"
	     "Confidence: @RSTSCOPE_CONFIDENCE@ (@RSTSCOPE_SURE@).\n");
	report_explain_cause(stdout, cause);
	putchar('\n');
}

static void put_folded(void)
{
	put_head(CAUSE_COUNT, "Many SSH connections ended at once");
	puts("rstscope tells connections one by one up to a rate, so that nobody can bury a log by\n"
	     "making connections. @RSTSCOPE_FOLDED@ more ended here, its events @RSTSCOPE_EVENT@ to\n"
	     "@RSTSCOPE_LAST_EVENT@. A file of events (-o NAME.jsonl) and the metrics have them all.\n");
}

int main(void)
{
	for (int i = 0; i < CAUSE_COUNT; i++)
		put_cause((enum cause_id)i);
	put_folded();
	return fflush(stdout) == 0 ? 0 : 1;
}
