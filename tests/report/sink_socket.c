/* SPDX-License-Identifier: BSD-3-Clause */
#include "report/sink_socket.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

static bool opens(const char *where, struct sink_socket *s)
{
	char buffer[256];
	struct text error = text_in(buffer, sizeof(buffer));
	bool opened = socket_open_inet(s, false, where, &error);

	cr_expect_eq(opened, error.len == 0, "%s: '%s'", where, buffer);
	return opened;
}

Test(report_sink_socket, an_address_and_a_port_are_numbers)
{
	struct sink_socket s;
	struct sockaddr_in at;
	struct sockaddr_in6 at6;

	cr_assert(opens("192.0.2.1:514", &s));
	memcpy(&at, &s.at, sizeof(at));
	cr_expect(at.sin_port == htons(514) && at.sin_addr.s_addr == htonl(0xc0000201));
	socket_close(&s);
	cr_assert(opens("[2001:db8::1]:6514", &s));
	memcpy(&at6, &s.at, sizeof(at6));
	cr_expect(at6.sin6_port == htons(6514) && at6.sin6_addr.s6_addr[15] == 1);
	socket_close(&s);
}

Test(report_sink_socket, a_name_is_never_looked_up)
{
	static const char *const wrong[] = {
		"localhost:514", "192.0.2.1:syslog", "192.0.2.1",     "192.0.2.1:", ":514", "",
		"[]:514",        "[192.0.2.1:514",   "192.0.2.1:514x"
	};
	char longest[200];
	struct sink_socket s;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cr_expect_not(opens(wrong[i], &s), "%s", wrong[i]);
		cr_expect_lt(s.fd, 0);
	}
	memset(longest, '1', sizeof(longest));
	strcpy(longest + sizeof(longest) - 5, ":514");
	cr_expect_not(opens(longest, &s));
}

Test(report_sink_socket, a_path_longer_than_an_address_is_refused)
{
	char path[200], buffer[256];
	struct text error = text_in(buffer, sizeof(buffer));
	struct sink_socket s;

	memset(path, '/', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	cr_expect_not(socket_open_unix(&s, path, &error));
	cr_expect_not_null(strstr(buffer, "less than 108 bytes"), "%s", buffer);
}
