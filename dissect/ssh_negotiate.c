/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each name of the client is looked for in the whole list of the server: the work is the product of
 * their lengths, so lists that no implementation sends are not compared.
 */
#include <string.h>

#include "dissect/ssh.h"

/* Takes the first name off a name-list; false when the list is empty. */
static bool name_next(struct ssh_slice *list, struct ssh_slice *name)
{
	const uint8_t *comma;

	if (list->len == 0)
		return false;
	comma = memchr(list->at, ',', list->len);
	*name = *list;
	if (comma == NULL) {
		list->len = 0;
		return true;
	}
	name->len = (size_t)(comma - list->at);
	list->len -= name->len + 1;
	list->at = comma + 1;
	return true;
}

static bool same(struct ssh_slice a, struct ssh_slice b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

static bool list_has(struct ssh_slice list, struct ssh_slice wanted)
{
	struct ssh_slice name;

	while (name_next(&list, &name)) {
		if (same(name, wanted))
			return true;
	}
	return false;
}

bool ssh_list_is_long(struct ssh_slice list)
{
	struct ssh_slice name;
	size_t names = 0;

	while (names <= SSH_LIST_NAMES_MAX && name_next(&list, &name))
		names++;
	return names > SSH_LIST_NAMES_MAX;
}

/* RFC 8308 section 2.1 and OpenSSH's PROTOCOL 1.10: they stand in the list of key exchanges. */
static bool is_marker(struct ssh_slice name)
{
	static const char *const markers[] = { "ext-info-c", "ext-info-s",
					       "kex-strict-c-v00@openssh.com",
					       "kex-strict-s-v00@openssh.com" };

	for (size_t i = 0; i < sizeof(markers) / sizeof(markers[0]); i++) {
		if (ssh_slice_is(name, markers[i]))
			return true;
	}
	return false;
}

bool ssh_negotiate(const struct ssh_kexinit *client, const struct ssh_kexinit *server, size_t index,
		   struct ssh_slice *chosen)
{
	struct ssh_slice left = client->list[index];

	while (name_next(&left, chosen)) {
		if (!is_marker(*chosen) && list_has(server->list[index], *chosen))
			return true;
	}
	return false;
}

bool ssh_guess_is_right(const struct ssh_kexinit *client, const struct ssh_kexinit *server)
{
	for (size_t i = 0; i < 2; i++) { /* key exchange methods, host key algorithms */
		struct ssh_slice ours = client->list[i], theirs = server->list[i];
		struct ssh_slice first, second;

		if (!name_next(&ours, &first) || !name_next(&theirs, &second) ||
		    !same(first, second))
			return false;
	}
	return true;
}

bool ssh_asks_for_strict(const struct ssh_kexinit *kexinit, bool from_server)
{
	static const char client[] = "kex-strict-c-v00@openssh.com";
	static const char server[] = "kex-strict-s-v00@openssh.com";
	struct ssh_slice wanted = { (const uint8_t *)(from_server ? server : client),
				    sizeof(client) - 1 };

	return list_has(kexinit->list[0], wanted);
}
