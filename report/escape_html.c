/* SPDX-License-Identifier: BSD-3-Clause */
/* Text in HTML and SVG, also inside an attribute in either kind of quotes. */
#include "report/escape.h"

void escape_add_html(struct text *t, const char *words)
{
	for (const char *at = words; *at != '\0'; at++) {
		if (*at < 0x20 || *at > 0x7e)
			text_add_wire(t, at, 1);
		else if (*at == '&' || *at == '<' || *at == '>' || *at == '"' || *at == '\'')
			text_add(t, "&#%d;", *at);
		else
			text_add(t, "%c", *at);
	}
}
