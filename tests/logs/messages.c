/* SPDX-License-Identifier: BSD-3-Clause */
/* Lines as OpenSSH 9.2 wrote them here, later versions by their source; and users who imitate them. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "logs/inside.h"

TestSuite(logs_messages);

/* "kind remote local about", "" when the line says nothing. */
static const char *said(enum program program, const char *line)
{
	static char out[256];
	struct text t = text_in(out, sizeof(out));
	struct note note = { .time_ns = 0 };

	if (!note_message(&note, program, span_of(line)))
		return "";
	text_add(&t, "%s", note_words(note.kind));
	if (note.remote.ip.family != 0) {
		text_add(&t, "; remote ");
		endpoint_add(&t, &note.remote);
	}
	if (note.local.ip.family != 0 || note.local.port != 0) {
		text_add(&t, "; local ");
		endpoint_add(&t, &note.local);
	}
	if (note.about_pid != 0)
		text_add(&t, "; about %u", note.about_pid);
	return out;
}

static const struct {
	enum program program;
	const char *line, *said;
} lines[] = {
	{ PROGRAM_SSHD, "Connection from 127.0.0.1 port 48578 on 127.0.0.1 port 2299 rdomain \"\"",
	  "it took the connection; remote 127.0.0.1:48578; local 127.0.0.1:2299" },
	{ PROGRAM_SSHD,
	  "Accepted publickey for root from 127.0.0.1 port 48578 ssh2: ED25519 SHA256:Lq4pp7I95GfcFTUayIaoby01bg4jVA8Lm0ybkoGjSpI",
	  "it let the user in; remote 127.0.0.1:48578" },
	{ PROGRAM_SSHD, "Accepted password for root from 2001:db8::5 port 40000 ssh2",
	  "it let the user in; remote [2001:db8::5]:40000" },
	{ PROGRAM_SSHD, "Starting session: command for root from 127.0.0.1 port 48578 id 0",
	  "it began a session on the connection; remote 127.0.0.1:48578" },
	{ PROGRAM_SSHD, "Received disconnect from 127.0.0.1 port 48578:11: disconnected by user",
	  "the other side said goodbye; remote 127.0.0.1:48578" },
	{ PROGRAM_SSHD, "Disconnected from user root 127.0.0.1 port 48578",
	  "the other side said goodbye; remote 127.0.0.1:48578" },
	{ PROGRAM_SSHD,
	  "Connection closed by invalid user nobody1 from 1.2.3.4 port 5 127.0.0.1 port 48582 [preauth]",
	  "the other side closed the connection; remote 127.0.0.1:48582" },
	{ PROGRAM_SSHD, "Connection closed by 127.0.0.1 port 49366",
	  "the other side closed the connection; remote 127.0.0.1:49366" },
	{ PROGRAM_SSHD, "Connection reset by 127.0.0.1 port 48642",
	  "the other side reset the connection; remote 127.0.0.1:48642" },
	{ PROGRAM_SSHD,
	  "Read error from remote host 127.0.0.1 port 48694: Connection reset by peer",
	  "the other side reset the connection; remote 127.0.0.1:48694" },
	{ PROGRAM_SSHD, "Connection from user bob 10.0.0.7 port 5000 timed out",
	  "the connection timed out; remote 10.0.0.7:5000" },
	{ PROGRAM_SSHD, "Timeout, client not responding from user signer 10.0.96.30 port 46488",
	  "the client no longer answered; remote 10.0.96.30:46488" },
	{ PROGRAM_SSHD, "fatal: Timeout before authentication for 127.0.0.1 port 40000",
	  "there was no login in time; remote 127.0.0.1:40000" },
	{ PROGRAM_SSHD,
	  "Timeout before authentication for connection from 10.0.0.1 to 10.0.0.2, pid = 812",
	  "there was no login in time; remote 10.0.0.1:0; local 10.0.0.2:0; about 812" },
	{ PROGRAM_SSHD,
	  "Disconnecting authenticating user bob 10.0.0.1 port 5001: Too many authentication failures [preauth]",
	  "there were too many failed logins; remote 10.0.0.1:5001" },
	{ PROGRAM_SSHD,
	  "error: maximum authentication attempts exceeded for invalid user x from 10.0.0.1 port 5001 ssh2 [preauth]",
	  "there were too many failed logins; remote 10.0.0.1:5001" },
	{ PROGRAM_SSHD,
	  "drop connection #2 from [127.0.0.1]:48622 on [127.0.0.1]:2299 past MaxStartups",
	  "it dropped the connection past MaxStartups; remote 127.0.0.1:48622; local 127.0.0.1:2299" },
	{ PROGRAM_SSHD,
	  "drop connection #10 from [2001:db8::5]:4 on [2001:db8::1]:22 past Maxstartups",
	  "it dropped the connection past MaxStartups; remote [2001:db8::5]:4; local [2001:db8::1]:22" },
	{ PROGRAM_SSHD,
	  "drop connection #0 from [10.0.0.1]:4 on [10.0.0.2]:22 penalty: failed authentication",
	  "it dropped the connection for a penalty of its address; remote 10.0.0.1:4; local 10.0.0.2:22" },
	{ PROGRAM_SSHD, "error: beginning MaxStartups throttling",
	  "it had begun to drop connections past MaxStartups" },
	{ PROGRAM_SSHD, "refused connect from evil.example (192.0.2.9)",
	  "its access list refused the client; remote 192.0.2.9:0" },
	{ PROGRAM_SSHD, "error: fork: Resource temporarily unavailable",
	  "it could not make a process" },
	{ PROGRAM_SSHD, "Bad packet length 4294967295. [preauth]", "a packet was malformed" },
	{ PROGRAM_SSHD,
	  "ssh_dispatch_run_fatal: Connection from 127.0.0.1 port 48656: message authentication code incorrect [preauth]",
	  "a packet's checksum was wrong; remote 127.0.0.1:48656" },
	{ PROGRAM_SSHD,
	  "Unable to negotiate with 127.0.0.1 port 48664: no matching key exchange method found. Their offer: diffie-hellman-group1-sha1,ext-info-c,kex-strict-c-v00@openssh.com [preauth]",
	  "there was no common algorithm; remote 127.0.0.1:48664" },
	{ PROGRAM_SSHD, "banner exchange: Connection from 127.0.0.1 port 48634: invalid format",
	  "the client's first words were not SSH; remote 127.0.0.1:48634" },
	{ PROGRAM_SSHD, "Received signal 15; terminating.", "its listener was told to end" },
	{ PROGRAM_SSHD, "Server listening on 0.0.0.0 port 2299.",
	  "its listener began; local 0.0.0.0:2299" },
	{ PROGRAM_SSHD, "Server listening on :: port 2299.",
	  "its listener began; local [::]:2299" },
	{ PROGRAM_SSHD,
	  "error: session process 812 for connection from 10.0.0.1 to 10.0.0.2 killed by signal 11",
	  "the session's process was killed by a signal; remote 10.0.0.1:0; local 10.0.0.2:0; about 812" },
	{ PROGRAM_KERNEL,
	  "Out of memory: Killed process 812 (sshd) total-vm:12345kB, anon-rss:1kB, UID:0 oom_score_adj:0",
	  "memory was short and a process was killed; about 812" },
	{ PROGRAM_KERNEL, "[ 1234.567890] Out of memory: Killed process 7 (x) total-vm:1kB",
	  "memory was short and a process was killed; about 7" },
	{ PROGRAM_KERNEL,
	  "sshd[812]: segfault at 0 ip 00005581 sp 00007ffd error 4 in sshd[5581+9]",
	  "a process of sshd crashed; about 812" },
	{ PROGRAM_KERNEL, "nf_conntrack: nf_conntrack: table full, dropping packet",
	  "its table of connections was full" },
	{ PROGRAM_KERNEL,
	  "TCP: request_sock_TCP: Possible SYN flooding on port 22. Dropping request.  Check SNMP counters.",
	  "its queue of new connections was full; local unknown:22" },
	{ PROGRAM_KERNEL,
	  "TCP: request_sock_TCP: Possible SYN flooding on port [::]:22. Sending cookies.",
	  "its queue of new connections was full; local [::]:22" },
	{ PROGRAM_KERNEL,
	  "TCP: request_sock_TCP: Possible SYN flooding on port 10.0.0.2:22. Sending cookies.",
	  "its queue of new connections was full; local 10.0.0.2:22" },
	{ PROGRAM_KERNEL, "e1000e 0000:00:19.0 eth0: NIC Link is Down",
	  "a network interface lost its link" },
	/* What says nothing of an end. */
	{ PROGRAM_SSHD, "Postponed publickey for root from 127.0.0.1 port 48578 ssh2 [preauth]",
	  "" },
	{ PROGRAM_SSHD, "Accepted key ED25519 SHA256:Lq4pp7I found at /home/ops/.ssh/authorized_keys:1",
	  "" },
	{ PROGRAM_SSHD, "Invalid user bob from 127.0.0.1 port 48680", "" },
	{ PROGRAM_SSHD, "Closing connection to 127.0.0.1 port 49366", "" },
	{ PROGRAM_SSHD, "", "" },
	/* Each program's lines are its own. */
	{ PROGRAM_OTHER, "Received signal 15; terminating.", "" },
	{ PROGRAM_SSHD, "Out of memory: Killed process 812 (sshd) total-vm:1kB", "" },
	{ PROGRAM_KERNEL, "Received signal 15; terminating.", "" },
};

Test(logs_messages, each_line_says_what_it_says)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		cr_expect_str_eq(said(lines[i].program, lines[i].line), lines[i].said,
				 "%s: %s, not %s", lines[i].line,
				 said(lines[i].program, lines[i].line), lines[i].said);
}

Test(logs_messages, each_line_cut_anywhere_names_no_other_end)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t len = strlen(lines[i].line);

		for (size_t cut = 0; cut < len; cut++) {
			char *piece =
				malloc(cut + 1); /* of exactly that length, for the sanitizer */
			struct note note = { .time_ns = 0 };

			memcpy(piece, lines[i].line, cut);
			note_message(&note, lines[i].program, (struct span){ piece, cut });
			cr_expect_leq(note.text_len, cut);
			free(piece);
		}
	}
}

/* Where sshd writes the name of a user, or other words of the client. */
static const char *const holders[] = {
	"Invalid user %s from 192.0.2.66 port 666",
	"Failed password for invalid user %s from 192.0.2.66 port 666 ssh2",
	"Failed none for %s from 192.0.2.66 port 666 ssh2",
	"Connection closed by invalid user %s 192.0.2.66 port 666 [preauth]",
	"Connection reset by authenticating user %s 192.0.2.66 port 666 [preauth]",
	"Disconnected from invalid user %s 192.0.2.66 port 666 [preauth]",
	"Disconnecting invalid user %s 192.0.2.66 port 666: Too many authentication failures [preauth]",
	"Disconnecting invalid user %s 192.0.2.66 port 666: Change of username or service not allowed [preauth]",
	"error: maximum authentication attempts exceeded for invalid user %s from 192.0.2.66 port 666 ssh2 [preauth]",
	"Received disconnect from 192.0.2.66 port 666:11: %s",
	"Received disconnect from 192.0.2.66 port 666:2: %s",
	"Unable to negotiate with 192.0.2.66 port 666: no matching MAC found. Their offer: %s [preauth]",
	"error: kex_exchange_identification: client sent invalid protocol identifier \"%s\"",
	"Bad protocol version identification '%s' from 192.0.2.66 port 666",
	"User %s from 192.0.2.66 not allowed because not listed in AllowUsers",
	"input_userauth_request: invalid user %s [preauth]",
};

/* The imitation may be the whole name, or stand in the middle of one, or end in an end. */
static const char *const around[] = { "%s", "x %s", "%s x", "x: %s port 1", "%s 10.9.9.9 port 9" };

static void expect_no_forgery(const char *holder, const char *imitated)
{
	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		char name[1024], line[2048];
		struct note note = { .time_ns = 0 };

		snprintf(name, sizeof(name), around[i], imitated);
		snprintf(line, sizeof(line), holder, name);
		if (!note_message(&note, PROGRAM_SSHD, span_of(line)))
			continue;
		cr_expect(note.remote.port == 666 || note.remote.port == 0, "%s: port %u", line,
			  note.remote.port);
		cr_expect(note.remote.ip.family == 0 || note.remote.ip.bytes[3] == 66, "%s", line);
		cr_expect_eq(note.local.port, 0, "%s", line);
		cr_expect_eq(note.about_pid, 0, "%s", line);
		/* What the line without the imitation says, it says with it. */
		struct note plain = { .time_ns = 0 };

		snprintf(line, sizeof(line), holder, "x");
		cr_assert(note_message(&plain, PROGRAM_SSHD, span_of(line)), "%s", line);
		cr_expect_eq(note.kind, plain.kind, "%s: %s", line, note_words(note.kind));
	}
}

Test(logs_messages, a_user_who_is_called_like_a_message_is_none)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		for (size_t k = 0; k < sizeof(holders) / sizeof(holders[0]); k++)
			expect_no_forgery(holders[k], lines[i].line);
	}
}

Test(logs_messages, an_address_that_is_glued_to_a_name_is_not_read)
{
	cr_expect_str_eq(said(PROGRAM_SSHD, "Connection closed by user 1.2.3.4 port 5"),
			 "the other side closed the connection; remote 1.2.3.4:5");
	cr_expect_str_eq(said(PROGRAM_SSHD, "Connection closed by userx1.2.3.4 port 5"), "");
	cr_expect_str_eq(said(PROGRAM_SSHD, "Connection closed by 1.2.3.4 port 65536"), "");
	cr_expect_str_eq(said(PROGRAM_SSHD, "Connection closed by 1.2.3.999 port 5"), "");
}

Test(logs_messages, an_ipv4_address_in_ipv6_is_that_address)
{
	cr_expect_str_eq(said(PROGRAM_SSHD, "Connection reset by ::ffff:192.0.2.1 port 7"),
			 "the other side reset the connection; remote 192.0.2.1:7");
	cr_expect_str_eq(
		said(PROGRAM_SSHD, "Connection from fe80::1%eth0 port 7 on fe80::2%eth0 port 22"),
		"");
}

Test(logs_messages, the_programs_of_newer_versions_are_sshd)
{
	static const char *const names[] = { "sshd", "sshd-session", "sshd-auth" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect_eq(program_of(span_of(names[i])), PROGRAM_SSHD, "%s", names[i]);
	cr_expect_eq(program_of(span_of("sshdx")), PROGRAM_OTHER);
	cr_expect_eq(program_of(span_of("kernel")), PROGRAM_KERNEL);
}

Test(logs_messages, a_long_line_is_cut_and_counted_as_such)
{
	char line[4096];
	struct note note = { .time_ns = 0 };
	int len = snprintf(line, sizeof(line), "Received disconnect from 1.2.3.4 port 5:11: ");

	memset(line + len, 'x', sizeof(line) - (size_t)len);
	cr_assert(note_message(&note, PROGRAM_SSHD, (struct span){ line, sizeof(line) }));
	cr_expect_eq(note.text_len, NOTE_TEXT_MAX - 1);
}
