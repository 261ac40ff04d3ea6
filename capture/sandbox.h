/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The room's second door: behind it the bytes of strangers are read, with the rights to do that and
 * no others. Opened before it: sockets, rings, terminals, keys, directories. What is left to do by
 * name is said in the wants; whatever else a broken dissector may try ends the process.
 */
#ifndef CAPTURE_SANDBOX_H
#define CAPTURE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

enum sandbox_use {
	SANDBOX_READ,  /* a file, or the files beneath a directory, are opened for reading */
	SANDBOX_NAME,  /* in a directory, files that are open already are renamed or removed */
	SANDBOX_WRITE, /* in a directory, files are made, written, renamed, removed, listed */
};

struct sandbox_place {
	enum sandbox_use use;
	const char *path; /* as later calls will have it, or its directory; NULL: fd is it */
	int fd;           /* with path NULL: of the place, O_PATH is enough */
};

struct sandbox_wants {
	const struct sandbox_place *place; /* borrowed; one that is missing is no error */
	size_t places;
	bool live;    /* packet sockets and rtnetlink that are open: ring, statistics, filter */
	bool sends;   /* sockets that are open: journal, syslog; also to connect them anew */
	bool threads; /* one may still be started */
	uint16_t tcp_port; /* with sends: where TCP may be connected to anew; 0: nowhere */
	/*
	 * Who to become when started as root. A name: that one, who must be able to use the places.
	 * NULL: who can, of nobody, the places' owners and, without a capability, root.
	 */
	const char *user;
};

/* What the kernel gave. */
struct sandbox_got {
	bool off;         /* this build has none: a sanitizer needs what it would forbid */
	int landlock_abi; /* 0: the kernel has no Landlock, so files are guarded by their modes alone */
	bool seccomp;     /* false: the kernel filters no system calls */
};

/*
 * Call first of all: standard input, output and error are open afterwards (those that were not fail
 * as before), other descriptors that were inherited are closed, but for the N of each /dev/fd/N named.
 */
void sandbox_tidy(const char *const *named, size_t count);

/*
 * For good, and for all threads that are started later; there must be no other yet. False, with one
 * line in error, when rights could not be dropped: then nothing of strangers may be read.
 */
bool sandbox_enter(const struct sandbox_wants *, struct sandbox_got *,
		   char error[CAPTURE_ERROR_MAX]);

#endif
