/* SPDX-License-Identifier: BSD-3-Clause */
/* What the files of the HTML format share. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdio.h>

#include "report/inside.h"

/* html_assets.c: constant parts of the page, without their elements. */
extern const char html_style[], html_script[];

/* html_conn.c: a connection in full, folded away, and in one line; to body. */
void html_conn(struct report *, const struct conn *, const struct verdict *);
void html_row(struct report *, const struct conn *, const struct verdict *);

#endif
