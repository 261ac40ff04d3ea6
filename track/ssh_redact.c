/* SPDX-License-Identifier: BSD-3-Clause */
/* What was said in the clear, without names; and the host key, which scanners of the Internet know. */
#include "dissect/ssh_redact.h"
#include "track/inside.h"

static void redact_half(const struct pseudonyms *p, struct ssh_half *half)
{
	ssh_redact_identification(p, half->identification.at, half->identification.len);
	ssh_redact_text(p, half->text.at, half->text.len);
}

void ssh_redact(const struct pseudonyms *p, struct ssh *ssh)
{
	for (enum side side = CLIENT; side <= SERVER; side++) {
		redact_half(p, &ssh->half[side]);
		ssh_redact_names(p, ssh->mismatch_offer[side].at, ssh->mismatch_offer[side].len);
	}
	for (int i = 0; i < SSH_ALGORITHMS; i++)
		ssh_redact_names(p, ssh->negotiated[i].at, ssh->negotiated[i].len);
	ssh_redact_names(p, ssh->host_key_type.at, ssh->host_key_type.len);
	ssh_redact_text(p, ssh->disconnect.description.at, ssh->disconnect.description.len);
	if (ssh->host_key_mark.number != 0)
		pseudonym_bytes(p, ssh->host_key, sizeof(ssh->host_key));
}
