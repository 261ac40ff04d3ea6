/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Strings at the sink: whatever goes in, only printable ASCII comes out.
 *
 * Two kinds, because a backslash means different things in them. Bytes that others chose go through
 * text_add_wire() (base/text.h), which doubles it. Sentences of ours quote such bytes, already
 * escaped: in them it stays.
 */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "base/text.h"

/* Each byte becomes at most four; the rest is the end and the cut mark. */
#define ESCAPED_SIZE(len) (4 * (len) + 5)
/* In Markdown and Mermaid, of what is printable already. */
#define ESCAPED_MARKUP_SIZE(len) (8 * (len) + 5)

/* A sentence of ours: should anything unprintable have got in, it becomes \xNN. */
void escape_add_words(struct text *, const char *words);

/* The same for commands and configuration: ends of lines stay. */
void escape_add_lines(struct text *, const char *lines);

/* A file name: anyone may have chosen it. */
void escape_add_path(struct text *, const char *path);

/*
 * A sentence of ours inside Markdown, a table's cell included (CommonMark 0.31, GFM): what would be
 * markup, a link, a mention or a reference to a ticket is only text. Two renderers may differ in
 * what they link, so that is broken up by a space of no width.
 */
void escape_add_markdown(struct text *, const char *words);

/* A sentence of ours in HTML or SVG; the same for commands: ends of lines stay. */
void escape_add_html(struct text *, const char *words);
void escape_add_html_lines(struct text *, const char *lines);

/* A sentence of ours in XML: ends of lines stay. */
void escape_add_xml(struct text *, const char *words);

/* A label in a Mermaid diagram: what ends a statement or begins an entity becomes #NN;. */
void escape_add_mermaid(struct text *, const char *words);

#endif
