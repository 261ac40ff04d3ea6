/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text in XML 1.0, also inside an attribute. Only printable ASCII and ends of lines pass: XML has no
 * way at all to write most control characters (section 2.2), not even as an entity.
 */
#include "report/escape.h"

static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>': /* "]]>" must not stand in text (section 2.4) */
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	default:
		return NULL;
	}
}

void escape_add_xml(struct text *t, const char *words)
{
	for (const char *at = words; *at != '\0'; at++) {
		const char *entity = entity_of(*at);

		if (entity != NULL)
			text_add(t, "%s", entity);
		else if ((*at >= 0x20 && *at <= 0x7e) || *at == '\n')
			text_add_bytes(t, at, 1);
		else
			text_add_wire(t, at, 1);
	}
}
