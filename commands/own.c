/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sshd is an ancestor of the shell, and its process has the socket: so the connection is known for sure
 * from /proc. SSH_CONNECTION says the same, but anyone can set it, and a screen session keeps an old
 * one: it is asked when the sockets of another user's process are not ours to see.
 */
#include "commands/own.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define ANCESTORS_MAX 32 /* shells, sudo, screen, sshd; deeper is nobody */
#define INODES_MAX 64    /* sockets of all of them that are looked up */

struct inodes {
	unsigned long inode[INODES_MAX];
	size_t count;
};

/* 0: there is none. The name in the brackets may hold anything, so what counts follows the last one. */
static long parent_of(long pid)
{
	char path[64], line[512];
	long parent = 0;
	const char *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	end = fgets(line, sizeof(line), file) != NULL ? strrchr(line, ')') : NULL;
	if (end == NULL || sscanf(end + 1, " %*c %ld", &parent) != 1)
		parent = 0;
	fclose(file);
	return parent;
}

static void add_sockets(struct inodes *inodes, long pid)
{
	char path[64], link[64];
	const struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	dir = opendir(path);
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL && inodes->count < INODES_MAX) {
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);

		if (len <= 0)
			continue;
		link[len] = '\0';
		if (sscanf(link, "socket:[%lu]", &inodes->inode[inodes->count]) == 1)
			inodes->count++;
	}
	closedir(dir);
}

static bool has_inode(const struct inodes *inodes, unsigned long inode)
{
	for (size_t i = 0; i < inodes->count; i++) {
		if (inodes->inode[i] == inode)
			return true;
	}
	return false;
}

/* As proc(5) has it: words of 32 bits in the machine's order; ::ffff:a.b.c.d is IPv4 on the wire. */
static bool take_end(const char *text, struct endpoint *end)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const size_t digits = strcspn(text, ":");
	uint8_t bytes[16] = { 0 };
	unsigned port;

	if ((digits != 8 && digits != 32) || sscanf(text + digits, ":%4X", &port) != 1)
		return false;
	for (size_t i = 0; i < digits / 8; i++) {
		unsigned word;

		if (sscanf(text + 8 * i, "%8X", &word) != 1)
			return false;
		memcpy(bytes + 4 * i, &word, sizeof(word));
	}
	*end = (struct endpoint){ .ip.family = digits == 8 ? 4 : 6, .port = (uint16_t)port };
	memcpy(end->ip.bytes, bytes, sizeof(bytes));
	if (digits == 32 && memcmp(bytes, mapped, sizeof(mapped)) == 0) {
		end->ip = (struct address){ .family = 4 };
		memcpy(end->ip.bytes, bytes + sizeof(mapped), 4);
	}
	return true;
}

static void add_session(struct own *own, const struct endpoint *here, const struct endpoint *there)
{
	if (own->sessions == OWN_MAX || there->port == 0) /* 0: it listens */
		return;
	own->here[own->sessions] = *here;
	own->there[own->sessions++] = *there;
}

static void look_up(struct own *own, const struct inodes *inodes, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		char here[64], there[64];
		struct endpoint ends[2];
		unsigned long inode;

		if (sscanf(line, " %*d: %63s %63s %*x %*s %*s %*s %*d %*d %lu", here, there,
			   &inode) == 3 &&
		    inode != 0 && has_inode(inodes, inode) && take_end(here, &ends[0]) &&
		    take_end(there, &ends[1]))
			add_session(own, &ends[0], &ends[1]);
	}
	if (file != NULL)
		fclose(file);
}

static bool parse_ip(const char *text, struct address *ip)
{
	*ip = (struct address){ .family = strchr(text, ':') != NULL ? 6 : 4 };
	return inet_pton(ip->family == 6 ? AF_INET6 : AF_INET, text, ip->bytes) == 1;
}

/* "192.0.2.1 51000 198.51.100.2 22" */
static void take_hint(struct own *own)
{
	const char *hint = getenv("SSH_CONNECTION");
	struct endpoint here, there;
	char client[64], server[64];

	if (hint != NULL &&
	    sscanf(hint, "%63s %hu %63s %hu", client, &there.port, server, &here.port) == 4 &&
	    parse_ip(client, &there.ip) && parse_ip(server, &here.ip))
		add_session(own, &here, &there);
}

void own_find(struct own *own)
{
	struct inodes inodes = { .count = 0 };
	long pid = (long)getppid();

	own->sessions = 0;
	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++, pid = parent_of(pid))
		add_sockets(&inodes, pid);
	look_up(own, &inodes, "/proc/net/tcp");
	look_up(own, &inodes, "/proc/net/tcp6");
	if (own->sessions == 0)
		take_hint(own);
}

bool own_is(const struct own *own, const struct conn *conn)
{
	const struct endpoint *client = &conn->peer[CLIENT].at, *server = &conn->peer[SERVER].at;

	for (size_t i = 0; i < own->sessions; i++) {
		const struct endpoint *here = &own->here[i], *there = &own->there[i];

		if ((endpoint_equal(here, server) && endpoint_equal(there, client)) ||
		    (endpoint_equal(here, client) && endpoint_equal(there, server)))
			return true;
	}
	return false;
}
