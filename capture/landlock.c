/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Landlock, by the kernel's own interface: glibc has no functions for it, and headers are as old as the
 * system this is built on, while the kernel it runs on may be newer. So what each ABI can refuse stands
 * here, the kernel is asked for its ABI when the program runs, and all that it can refuse is refused but
 * for the places. Descriptors that are open are not touched by it, nor is stat().
 */
#define _GNU_SOURCE /* O_PATH */
#include "capture/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One number on all architectures: linux/unistd.h, since 5.13. */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446

#define ASK_FOR_ABI 1u
#define RULE_PATH_BENEATH 1
#define RULE_NET_PORT 2

#define BIND_TCP 1
#define CONNECT_TCP 2

enum {
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_FILE = 1 << 5,
	MAKE_REG = 1 << 8,
	TRUNCATE = 1 << 14, /* since ABI 3 */
};

/* The kernel's struct landlock_ruleset_attr; an old one is told the length that it knows. */
struct ruleset {
	uint64_t files;
	uint64_t network; /* since ABI 4 */
	uint64_t scoped;  /* since ABI 6: abstract sockets and signals of those outside */
};

struct rule {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

struct port_rule {
	uint64_t allowed;
	uint64_t port;
};

#define TCP (BIND_TCP | CONNECT_TCP)

/* What can be refused from this ABI on: all that there is in it. */
static const struct {
	int abi;
	struct ruleset refused;
	size_t len;
} abis[] = {
	{ 1, { (1 << 13) - 1, 0, 0 }, sizeof(uint64_t) },
	{ 2, { (1 << 14) - 1, 0, 0 }, sizeof(uint64_t) },
	{ 3, { (1 << 15) - 1, 0, 0 }, sizeof(uint64_t) },
	{ 4, { (1 << 15) - 1, TCP, 0 }, 2 * sizeof(uint64_t) },
	{ 5, { (1 << 16) - 1, TCP, 0 }, 2 * sizeof(uint64_t) },
	{ 6, { (1 << 16) - 1, TCP, 3 }, 3 * sizeof(uint64_t) },
};

static int ask_for_abi(void)
{
	long abi = syscall(CREATE_RULESET, NULL, 0, ASK_FOR_ABI);

	return abi > 0 ? (int)abi : 0; /* not built in, switched off, or refused by a container */
}

static uint64_t allowed(enum sandbox_use use)
{
	switch (use) {
	case SANDBOX_READ:
		return READ_FILE;
	case SANDBOX_NAME:
		return REMOVE_FILE | MAKE_REG;
	case SANDBOX_WRITE:
		return READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | REMOVE_FILE | MAKE_REG;
	}
	return 0;
}

/*
 * A place that cannot be opened cannot be opened later either, and who tries will say so. A pipe behind
 * /dev/fd/N is in no directory: Landlock has no rule for it (EBADFD) and does not refuse it.
 */
static bool add(int ruleset, const struct sandbox_place *place, uint64_t known)
{
	const int how = O_PATH | O_CLOEXEC | (place->use != SANDBOX_READ ? O_DIRECTORY : 0);
	int fd = place->path != NULL ? open(place->path, how) : place->fd;
	struct rule rule = { allowed(place->use) & known, fd };
	bool added;

	if (fd < 0)
		return true;
	added = syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) == 0 || errno == EBADFD;
	if (place->path != NULL)
		close(fd);
	return added;
}

static bool add_port(int ruleset, const struct sandbox_wants *wants)
{
	const struct port_rule rule = { CONNECT_TCP, wants->tcp_port };

	return !wants->sends || wants->tcp_port == 0 ||
	       syscall(ADD_RULE, ruleset, RULE_NET_PORT, &rule, 0) == 0;
}

static bool restrict_to(const struct sandbox_wants *wants, int ruleset, const struct ruleset *known)
{
	for (size_t i = 0; i < wants->places; i++) {
		if (!add(ruleset, &wants->place[i], known->files))
			return false;
	}
	if (known->network != 0 && !add_port(ruleset, wants))
		return false;
	return syscall(RESTRICT_SELF, ruleset, 0) == 0;
}

bool landlock_enter(const struct sandbox_wants *wants, int *abi)
{
	size_t last = 0;
	bool restricted;
	int ruleset;

	*abi = ask_for_abi();
	if (*abi == 0)
		return true;
	while (last + 1 < sizeof(abis) / sizeof(abis[0]) && abis[last + 1].abi <= *abi)
		last++;
	ruleset = (int)syscall(CREATE_RULESET, &abis[last].refused, abis[last].len, 0);
	if (ruleset < 0)
		return false;
	restricted = restrict_to(wants, ruleset, &abis[last].refused);
	close(ruleset);
	return restricted;
}
