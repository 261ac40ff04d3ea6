/* SPDX-License-Identifier: BSD-3-Clause */
/* What goes to standard error: one line each, printable whatever a file is called. */
#ifndef COMMANDS_MESSAGE_H
#define COMMANDS_MESSAGE_H

/* "rstscope: SUBJECT: words"; subject NULL leaves it out. */
__attribute__((format(printf, 2, 3))) void message(const char *subject, const char *format, ...);

/* "rstscope: unknown KIND 'typed'", and the nearest of the words if one is near. */
void message_unknown(const char *kind, const char *typed, const char *const *words);

#endif
