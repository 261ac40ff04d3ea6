/* SPDX-License-Identifier: BSD-3-Clause */
/* connections[].ssh: what the clear text of RFC 4253 tells. */
#include <string.h>

#include "report/fingerprint.h"
#include "report/json.h"

static const char *side_name(enum side side)
{
	return side == CLIENT ? "client" : "server";
}

/* RFC 4253 section 4.2: SSH-protoversion-softwareversion SP comments. */
static void put_software(cJSON *parent, const struct ssh_half *half)
{
	const char *end = half->identification.at + half->identification.len;
	const char *at = half->identification.at;
	const char *stop;

	for (int dashes = 0; dashes < 2 && at != NULL; dashes++) {
		at = memchr(at, '-', (size_t)(end - at));
		if (at != NULL)
			at++;
	}
	if (at == NULL) {
		json_null(parent, "software");
		return;
	}
	stop = memchr(at, ' ', (size_t)(end - at));
	json_wire(parent, "software", at, (size_t)((stop != NULL ? stop : end) - at));
}

/* Named as their authors named them: the server's has another formula. */
static void put_hassh(cJSON *parent, const char *key, const struct ssh_half *half)
{
	char buffer[FINGERPRINT_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));

	if (half->has_hassh)
		fingerprint_add_hex(&t, half->hassh, sizeof(half->hassh));
	json_words(parent, key, buffer);
}

static void put_host_key(cJSON *parent, const struct ssh *ssh)
{
	char buffer[FINGERPRINT_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));
	cJSON *object;

	if (ssh->host_key_type.len == 0) {
		json_null(parent, "host_key");
		return;
	}
	object = json_object(parent, "host_key");
	fingerprint_add_sha256(&t, ssh->host_key, sizeof(ssh->host_key));
	json_wire(object, "type", ssh->host_key_type.at, ssh->host_key_type.len);
	json_words(object, "fingerprint", buffer);
}

static void put_half(cJSON *ssh, const struct conn *conn, enum side side)
{
	const struct ssh_half *half = &conn->ssh.half[side];
	cJSON *object = json_object(ssh, side_name(side));

	json_wire(object, "identification", half->identification.at, half->identification.len);
	put_software(object, half);
	put_hassh(object, side == CLIENT ? "hassh" : "hassh_server", half);
	if (side == SERVER)
		put_host_key(object, &conn->ssh);
}

static void put_algorithm(cJSON *parent, const char *key, const struct ssh *ssh,
			  enum ssh_algorithm which)
{
	json_wire(parent, key, ssh->negotiated[which].at, ssh->negotiated[which].len);
}

/* RFC 4253 section 7.1: each direction has its own, and they may differ. */
static void put_both_ways(cJSON *parent, const char *key, const struct ssh *ssh,
			  enum ssh_algorithm from_client, enum ssh_algorithm from_server)
{
	cJSON *object = json_object(parent, key);

	put_algorithm(object, "client", ssh, from_client);
	put_algorithm(object, "server", ssh, from_server);
}

static void put_negotiated(cJSON *parent, const struct ssh *ssh)
{
	cJSON *object = json_object(parent, "negotiated");

	put_algorithm(object, "kex", ssh, SSH_KEX);
	put_algorithm(object, "host_key", ssh, SSH_HOST_KEY);
	put_both_ways(object, "cipher", ssh, SSH_CIPHER_C2S, SSH_CIPHER_S2C);
	put_both_ways(object, "mac", ssh, SSH_MAC_C2S, SSH_MAC_S2C);
	put_both_ways(object, "compression", ssh, SSH_COMPRESSION_C2S, SSH_COMPRESSION_S2C);
}

/* A server may speak before its identification (RFC 4253 section 4.2), a client may not. */
static void put_notice(cJSON *parent, const struct ssh *ssh)
{
	enum side side = ssh->half[SERVER].text.len != 0 ? SERVER : CLIENT;
	cJSON *object;

	if (ssh->half[side].text.len == 0) {
		json_null(parent, "notice");
		return;
	}
	object = json_object(parent, "notice");
	json_words(object, "from", side_name(side));
	json_wire(object, "text", ssh->half[side].text.at, ssh->half[side].text.len);
}

/* In clear text it is rare: before NEWKEYS. Later ones are encrypted and not seen. */
static void put_disconnect(cJSON *parent, const struct ssh_disconnect *d)
{
	cJSON *object;

	if (!d->seen) {
		json_null(parent, "disconnect");
		return;
	}
	object = json_object(parent, "disconnect");
	json_words(object, "from", side_name(d->from));
	json_count(object, "code", d->code);
	json_words(object, "name", ssh_disconnect_name(d->code));
	json_wire(object, "description", d->description.at, d->description.len);
}

/* A refusal in plain text, in place of an identification, is something of SSH, too. */
void json_ssh(cJSON *object, const struct conn *conn)
{
	const struct ssh *ssh = &conn->ssh;
	bool seen = ssh->recognised;
	cJSON *out;

	for (int side = CLIENT; side <= SERVER; side++)
		seen = seen || ssh->half[side].identification.len != 0 ||
		       ssh->half[side].text.len != 0;
	if (!seen) {
		json_null(object, "ssh");
		return;
	}
	out = json_object(object, "ssh");
	put_half(out, conn, CLIENT);
	put_half(out, conn, SERVER);
	put_negotiated(out, ssh);
	json_words(out, "phase", ssh_phase_name(ssh->phase));
	put_notice(out, ssh);
	put_disconnect(out, &ssh->disconnect);
}
