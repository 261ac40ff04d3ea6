/* SPDX-License-Identifier: BSD-3-Clause */
/* The session that we were started from, by the sockets of our ancestors. */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands/own.h"

static struct endpoint endpoint(uint8_t last, uint16_t port)
{
	return (struct endpoint){ { 4, { 192, 0, 2, last } }, port };
}

static struct conn conn_of(struct endpoint client, struct endpoint server)
{
	return (struct conn){ .peer = { [CLIENT].at = client, [SERVER].at = server } };
}

Test(commands_own, it_is_known_whichever_side_we_are_on)
{
	const struct own own = { { endpoint(2, 22) }, { endpoint(1, 50000) }, 1 };
	const struct conn in = conn_of(endpoint(1, 50000), endpoint(2, 22));
	const struct conn out = conn_of(endpoint(2, 22), endpoint(1, 50000));
	const struct conn other = conn_of(endpoint(1, 50001), endpoint(2, 22));

	cr_expect(own_is(&own, &in));
	cr_expect(own_is(&own, &out));
	cr_expect_not(own_is(&own, &other));
}

Test(commands_own, the_hint_is_taken_when_no_ancestor_has_a_socket)
{
	struct own own;
	const struct conn in = conn_of(endpoint(1, 50000), endpoint(2, 22));

	setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22", 1);
	own_find(&own);
	if (own.sessions == 1 &&
	    own.here[0].port == 22) /* else the tests run over TCP themselves */
		cr_expect(own_is(&own, &in));
	setenv("SSH_CONNECTION", "nobody knows what", 1);
	own_find(&own);
	cr_expect_not(own_is(&own, &in));
}

static uint16_t port_of(int fd)
{
	struct sockaddr_in6 at;
	socklen_t len = sizeof(at);

	cr_assert_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	return ntohs(at.sin6_port);
}

/* A socket of IPv6 that speaks IPv4, as sshd's has it. */
Test(commands_own, a_socket_of_an_ancestor_is_found_as_it_is_on_the_wire)
{
	const struct sockaddr_in6 any = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT };
	int listener = socket(AF_INET6, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int accepted, status;
	pid_t child;

	if (bind(listener, (const struct sockaddr *)&any, sizeof(any)) != 0)
		cr_skip_test("no IPv6 here");
	cr_assert_eq(listen(listener, 1), 0);
	to.sin_port = htons(port_of(listener));
	cr_assert_eq(connect(client, (const struct sockaddr *)&to, sizeof(to)), 0);
	accepted = accept(listener, NULL, NULL);
	child = fork();
	if (child == 0) {
		struct own own;
		struct endpoint here = { { 4, { 127, 0, 0, 1 } }, ntohs(to.sin_port) };
		bool found = false;

		own_find(&own);
		for (size_t i = 0; i < own.sessions; i++)
			found |= endpoint_equal(&own.here[i], &here);
		_exit(found ? 0 : 1);
	}
	waitpid(child, &status, 0);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(accepted);
	close(client);
	close(listener);
}
