/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A frame of evidence as strangers may see it. Its time, its length on the wire and its number stay: by
 * them it is compared with what its owners have.
 */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "commands/evidence_inside.h"

static void make_room(struct evidence_kept *k, size_t len)
{
	if (len <= k->redacted_room)
		return;
	free(k->redacted);
	k->redacted = xcalloc(len, 1);
	k->redacted_room = len;
}

/* People name interfaces after customers, and drivers after machines. */
static void redact_interface(const struct pseudonyms *names, struct capture_interface *about)
{
	pseudonym_words(names, about->name, strlen(about->name));
	pseudonym_words(names, about->description, strlen(about->description));
}

void evidence_redact(struct evidence_kept *k, struct frame *frame, struct capture_interface *about,
		     bool clear)
{
	make_room(k, frame->len);
	frame->len = (uint32_t)dissect_redact(k->names, frame, clear, k->redacted);
	frame->bytes = k->redacted;
	redact_interface(k->names, about);
}
