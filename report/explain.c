/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What `rstscope explain` prints: the texts of the causes and the rows of the timers, in lines as wide
 * as a terminal. Commands stand alone on theirs, whole.
 */
#include <string.h>

#include "base/text.h"
#include "report/report.h"
#include "report/wrap.h"

/* Name and title of a cause on one line. */
static void put_line(FILE *out, enum cause_id id)
{
	char lead[32];

	snprintf(lead, sizeof(lead), "  %-20s ", cause_name(id));
	wrap(out, lead, cause_title(id));
}

static void put_causes_of(FILE *out, const char *family)
{
	for (int i = 0; i < CAUSE_COUNT; i++) {
		if (strcmp(cause_family((enum cause_id)i), family) == 0)
			put_line(out, (enum cause_id)i);
	}
}

static void put_family(FILE *out, const struct family *family)
{
	char buffer[128];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "%s: %s", family->name, family->title);
	wrap(out, "", buffer);
}

void report_explain_family(FILE *out, const struct family *family)
{
	put_family(out, family);
	putc('\n', out);
	put_causes_of(out, family->name);
	fputs("\nrstscope explain CAUSE tells more of one.\n", out);
}

void report_explain_all(FILE *out)
{
	const struct family *family;

	fputs("Causes by family; rstscope explain CAUSE tells more of one.\n", out);
	for (size_t i = 0; (family = family_row(i)) != NULL; i++) {
		putc('\n', out);
		put_family(out, family);
		put_causes_of(out, family->name);
	}
	fputs("\nrstscope explain timers lists how long devices remember an idle connection.\n",
	      out);
}

static void put_paragraph(FILE *out, const char *title, const char *words)
{
	fprintf(out, "\n%s\n", title);
	wrap(out, "  ", words);
}

static void put_remedy(FILE *out, const struct remedy *remedy)
{
	put_paragraph(out, "What to do", remedy->text);
	wrap(out, "  ", remedy->why);
	for (int i = 0; i < REMEDY_STEPS_MAX && remedy->step[i].text != NULL; i++) {
		const struct remedy_step *step = &remedy->step[i];
		char lead[32];

		putc('\n', out);
		snprintf(lead, sizeof(lead), "  %s: ", where_name(step->where));
		wrap(out, lead, step->text);
		if (step->command != NULL)
			wrap_not(out, "      ", step->command);
	}
}

void report_explain_cause(FILE *out, enum cause_id id)
{
	fprintf(out, "%s: %s\nfamily %s\n", cause_name(id), cause_title(id), cause_family(id));
	put_paragraph(out, "What it means", cause_meaning(id));
	put_paragraph(out, "How it is decided", cause_decided(id));
	put_paragraph(out, "What looks like it", cause_mimics(id));
	put_remedy(out, cause_remedy(id));
}

static void put_timer(FILE *out, const struct idle_timer *timer)
{
	char buffer[512], lead[32];
	struct text t = text_in(buffer, sizeof(buffer));

	text_add(&t, "%s, %s: %s", timer->vendor, timer->product, timer->forgets);
	snprintf(lead, sizeof(lead), "%7lld s  ", (long long)timer->seconds);
	wrap(out, lead, buffer);
	wrap(out, "           setting: ", timer->setting);
	wrap(out, "           source: ", timer->source);
}

void report_explain_timers(FILE *out)
{
	const struct idle_timer *timer;

	fputs("How long devices remember an idle TCP connection by default, and what they do\n"
	      "then. A value names a class of device, never a product: several share each.\n\n",
	      out);
	for (size_t i = 0; (timer = idle_timer(i)) != NULL; i++)
		put_timer(out, timer);
}
