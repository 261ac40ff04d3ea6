/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A socket to a log, made once and used until the end, as a sandbox allows no other: it never blocks,
 * and when the other side went away the same socket is connected again.
 */
#ifndef REPORT_SINK_SOCKET_H
#define REPORT_SINK_SOCKET_H

#include <sys/socket.h>

#include "report/sink.h"

struct sink_socket {
	int fd; /* -1: not open */
	bool stream, connected;
	struct sockaddr_storage at;
	socklen_t at_len;
	size_t done; /* of a record that a stream took in part */
};

/* Datagrams to a socket in the file system, which has to be there. False: why is in error. */
bool socket_open_unix(struct sink_socket *, const char *path, struct text *error);
/* where: "192.0.2.1:514" or "[2001:db8::1]:514"; names are never looked up. A server that is not
   there may come. */
bool socket_open_inet(struct sink_socket *, bool stream, const char *where, struct text *error);
void socket_close(struct sink_socket *);

/* One datagram, or so many bytes of the stream; why not is in error, unless it would only block. */
enum put socket_put(struct sink_socket *, const char *bytes, size_t len, struct text *error);

#endif
