/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the event formats of others (ECS, OCSF) share: the part that has no name in their schemas.
 * In these a field that is not known is absent: null is none of their types.
 */
#ifndef REPORT_JSON_EVENT_H
#define REPORT_JSON_EVENT_H

#include "report/json.h"
#include "report/outcome.h"

/* The sentence for the ticket. */
void event_put_sentence(const struct report *, cJSON *parent, const char *key,
			const struct verdict *);

/* "192.0.2.1", as a string. */
void event_put_ip(cJSON *parent, const char *key, const struct address *);

/*
 * "rstscope": the verdict in the words of the contract. A number that can have a fraction always
 * has one: who stores these takes a field for the type of the first number that comes.
 */
void event_put_ours(const struct report *, cJSON *parent, const struct conn *,
		    const struct verdict *);

/* "rstscope" of an input: what was read of it, and why no more. */
void event_put_input(cJSON *parent, const struct input_total *);
/* When reading it ended, in the time of the capture; where it has no frame, that of the others. */
int64_t event_input_ns(const struct totals *, size_t input);

/* The event as one line of the report; frees it. */
void event_print_line(struct report *, cJSON *);

#endif
