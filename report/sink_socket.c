/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sink_socket.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "report/escape.h"

static bool failed(struct text *error, const char *what)
{
	text_add(error, "%s: %s", what, strerror(errno));
	return false;
}

/*
 * What the kernel has taken of a stream is lost without a word when the connection is. So it takes
 * some seventy records; what is more waits here, where it is not lost.
 */
#define STREAM_BUFFER (64 << 10)

/* ---- open ---- */

static bool make(struct sink_socket *s, int family, struct text *error)
{
	const int type = s->stream ? SOCK_STREAM : SOCK_DGRAM, size = STREAM_BUFFER;

	s->fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return failed(error, "no socket");
	return !s->stream || setsockopt(s->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)) == 0 ||
	       failed(error, "no socket");
}

bool socket_open_unix(struct sink_socket *s, const char *path, struct text *error)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	*s = (struct sink_socket){ .fd = -1, .at_len = sizeof(at) };
	if (strlen(path) >= sizeof(at.sun_path)) {
		text_add(error, "the path of a socket has less than %zu bytes",
			 sizeof(at.sun_path));
		return false;
	}
	memcpy(at.sun_path, path, strlen(path) + 1);
	memcpy(&s->at, &at, sizeof(at));
	if (!make(s, AF_UNIX, error))
		return false;
	if (connect(s->fd, (struct sockaddr *)&s->at, s->at_len) == 0)
		return s->connected = true;
	failed(error, "cannot be connected to");
	socket_close(s);
	return false;
}

/* "HOST:PORT" in two; brackets around an address with colons. */
static bool split(const char *where, char *host, size_t size, const char **port)
{
	const char *colon = strrchr(where, ':');
	size_t len = colon != NULL ? (size_t)(colon - where) : 0;

	if (len == 0 || colon[1] == '\0')
		return false;
	if (where[0] == '[' && where[len - 1] == ']') {
		where++;
		len -= 2;
	}
	if (len >= size)
		return false;
	memcpy(host, where, len);
	host[len] = '\0';
	*port = colon + 1;
	return true;
}

bool socket_open_inet(struct sink_socket *s, bool stream, const char *where, struct text *error)
{
	const struct addrinfo how = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				      .ai_socktype = stream ? SOCK_STREAM : SOCK_DGRAM };
	char host[64];
	struct addrinfo *at;
	const char *port;

	*s = (struct sink_socket){ .fd = -1, .stream = stream };
	if (!split(where, host, sizeof(host), &port) || getaddrinfo(host, port, &how, &at) != 0) {
		text_add(error, "needs an address and a port in numbers, as 192.0.2.1:514 or "
				"[2001:db8::1]:514; names are not looked up");
		return false;
	}
	memcpy(&s->at, at->ai_addr, at->ai_addrlen);
	s->at_len = at->ai_addrlen;
	freeaddrinfo(at);
	return make(s, s->at.ss_family, error);
}

void socket_close(struct sink_socket *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* ---- connect ---- */

/* A socket without a peer can be connected anew: connect(2), AF_UNSPEC. */
static void disconnect(struct sink_socket *s)
{
	const struct sockaddr none = { .sa_family = AF_UNSPEC };

	(void)connect(s->fd, &none, sizeof(none)); /* what had no peer has none now */
	s->connected = false;
	s->done = 0;
}

static enum put connected(struct sink_socket *s, struct text *error)
{
	if (s->connected)
		return PUT_DONE;
	if (connect(s->fd, (struct sockaddr *)&s->at, s->at_len) == 0 || errno == EISCONN) {
		s->connected = true;
		return PUT_DONE;
	}
	if (errno == EINPROGRESS || errno == EALREADY || errno == EINTR || errno == EAGAIN)
		return PUT_FULL;
	failed(error, "cannot be connected to");
	disconnect(s);
	return PUT_DOWN;
}

/* ---- send ---- */

/* A server that closed would take one more record without a word (RFC 6587 section 3.1). */
static bool peer_is_gone(const struct sink_socket *s)
{
	char byte;
	ssize_t got = recv(s->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);

	return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

static enum put not_sent(struct sink_socket *s, struct text *error)
{
	const int why = errno;

	if (why == EAGAIN || why == ENOBUFS || why == EINTR)
		return PUT_FULL;
	failed(error, "cannot be sent to");
	if (why == EMSGSIZE && !s->stream)
		return PUT_LOST;
	disconnect(s);
	return PUT_DOWN;
}

static enum put put_stream(struct sink_socket *s, const char *bytes, size_t len, struct text *error)
{
	ssize_t got;

	if (peer_is_gone(s)) {
		text_add(error, "the other side closed the connection");
		disconnect(s);
		return PUT_DOWN;
	}
	while (s->done < len) {
		got = send(s->fd, bytes + s->done, len - s->done, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (got < 0)
			return not_sent(s, error);
		s->done += (size_t)got;
	}
	s->done = 0;
	return PUT_DONE;
}

/*
 * Refused: that is the answer to an earlier one, or a log that was started anew and has another
 * socket of the same name. This one has not gone out; once more is right in both cases.
 */
static enum put put_datagram(struct sink_socket *s, const char *bytes, size_t len,
			     struct text *error)
{
	enum put ready;

	if (send(s->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return PUT_DONE;
	if (errno != ECONNREFUSED && errno != ENOTCONN && errno != ECONNRESET)
		return not_sent(s, error);
	disconnect(s);
	ready = connected(s, error);
	if (ready != PUT_DONE)
		return ready;
	if (send(s->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return PUT_DONE;
	return not_sent(s, error);
}

enum put socket_put(struct sink_socket *s, const char *bytes, size_t len, struct text *error)
{
	enum put ready = connected(s, error);

	if (ready != PUT_DONE)
		return ready;
	return s->stream ? put_stream(s, bytes, len, error) : put_datagram(s, bytes, len, error);
}
