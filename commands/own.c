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

#define ANCESTORS_MAX 32 /* shells, sudo, screen, sshd; deeper is nobody */
#define INODES_MAX 64    /* sockets of all of them that are looked up */

struct inodes {
	unsigned long inode[INODES_MAX];
	size_t count;
};

/* "812 (a name, with any signs) S 811 ...": what counts follows the last bracket. 0: there is none. */
static long parent_of(long pid)
{
	char path[64], line[512];
	const char *end = NULL;
	long parent = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	if (fgets(line, sizeof(line), file) != NULL)
		end = strrchr(line, ')');
	if (end != NULL && strlen(end) > strlen(") S "))
		parent = strtol(end + strlen(") S "), NULL, 10);
	fclose(file);
	return parent;
}

static void add_sockets(struct inodes *inodes, long pid)
{
	static const char socket[] = "socket:[";
	char path[64], link[64];
	const struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%ld/fd", pid);
	dir = opendir(path);
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL && inodes->count < INODES_MAX) {
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);

		link[len > 0 ? len : 0] = '\0';
		if (strncmp(link, socket, strlen(socket)) == 0)
			inodes->inode[inodes->count++] = strtoul(link + strlen(socket), NULL, 10);
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

/* Eight hexadecimal digits: a word in the machine's order, as memory has it. */
static void take_word(const char *digits, uint8_t bytes[4])
{
	char one[9] = "";
	uint32_t word;

	memcpy(one, digits, 8);
	word = (uint32_t)strtoul(one, NULL, 16);
	memcpy(bytes, &word, sizeof(word));
}

/* As proc(5) has it, "0100007F:0016"; ::ffff:a.b.c.d is IPv4 on the wire. */
static bool take_end(const char *text, struct endpoint *end)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const size_t digits = strcspn(text, ":");
	uint8_t bytes[16] = { 0 };

	if ((digits != 8 && digits != 32) || text[digits] != ':')
		return false;
	for (size_t i = 0; i < digits; i += 8)
		take_word(text + i, bytes + i / 2);
	*end = (struct endpoint){ .ip.family = digits == 8 ? 4 : 6 };
	end->port = (uint16_t)strtoul(text + digits + 1, NULL, 16);
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

#define WORDS_MAX 16

/* Words between blanks; what is not there is "". */
static void split(char *line, const char *word[WORDS_MAX])
{
	char *rest = line, *one;
	size_t count = 0;

	while (count < WORDS_MAX && (one = strtok_r(rest, " \n", &rest)) != NULL)
		word[count++] = one;
	while (count < WORDS_MAX)
		word[count++] = "";
}

/* Columns of /proc/net/tcp. */
enum { COLUMN_HERE = 1, COLUMN_THERE = 2, COLUMN_INODE = 9 };

static void look_up(struct own *own, const struct inodes *inodes, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[512];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		const char *word[WORDS_MAX];
		struct endpoint here, there;
		unsigned long inode;

		split(line, word);
		inode = strtoul(word[COLUMN_INODE], NULL, 10);
		if (inode != 0 && has_inode(inodes, inode) && take_end(word[COLUMN_HERE], &here) &&
		    take_end(word[COLUMN_THERE], &there))
			add_session(own, &here, &there);
	}
	if (file != NULL)
		fclose(file);
}

static bool parse_end(const char *ip, const char *port, struct endpoint *end)
{
	const bool v6 = strchr(ip, ':') != NULL;

	*end = (struct endpoint){ .ip.family = v6 ? 6 : 4,
				  .port = (uint16_t)strtoul(port, NULL, 10) };
	return inet_pton(v6 ? AF_INET6 : AF_INET, ip, end->ip.bytes) == 1;
}

/* "192.0.2.1 51000 198.51.100.2 22" */
static void take_hint(struct own *own)
{
	const char *hint = getenv("SSH_CONNECTION"), *word[WORDS_MAX];
	struct endpoint here, there;
	char line[256];

	if (hint == NULL || strlen(hint) >= sizeof(line))
		return;
	memcpy(line, hint, strlen(hint) + 1);
	split(line, word);
	if (parse_end(word[0], word[1], &there) && parse_end(word[2], word[3], &here))
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
