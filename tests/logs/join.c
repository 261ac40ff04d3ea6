/* SPDX-License-Identifier: BSD-3-Clause */
/* Which lines are told of a connection: from 192.0.2.7 port 5000 to 192.0.2.1 port 22, second 100 to 160. */
#include <criterion/criterion.h>
#include <string.h>

#include "logs/inside.h"

TestSuite(logs_join);

#define SECOND(s) ((int64_t)((s)*1e9))

static struct conn a_conn(void)
{
	static struct conn conn;

	memset(&conn, 0, sizeof(conn));
	conn.id = 1;
	conn.first_ns = SECOND(100);
	conn.last_ns = SECOND(160);
	conn.handshake = HANDSHAKE_COMPLETE;
	conn.end = (struct end){ .ending = ENDING_reset, .has_side = true, .time_ns = SECOND(160) };
	span_address(span_of("192.0.2.7"), &conn.peer[CLIENT].at.ip);
	span_address(span_of("192.0.2.1"), &conn.peer[SERVER].at.ip);
	conn.peer[CLIENT].at.port = 5000;
	conn.peer[SERVER].at.port = 22;
	return conn;
}

static void put(struct store *store, double second, enum program program, uint32_t pid,
		const char *words)
{
	struct note note = { .time_ns = SECOND(second), .exact_ns = NS_PER_S, .pid = pid };

	cr_assert(note_message(&note, program, span_of(words)), "%s", words);
	cr_assert(store_add(store, &note));
}

static const struct noted_conn *told(struct store *store, const struct join_source *from)
{
	static struct noted_conn out;
	struct conn conn = a_conn();

	out.count = 0;
	store_sort(store);
	join(store, from, &conn, &out);
	return &out;
}

static struct join_source of_server(void)
{
	struct join_source from = { .hosts = 1 };

	span_address(span_of("192.0.2.1"), &from.host[0]);
	return from;
}

static bool tells(const struct noted_conn *n, enum note_kind kind, enum note_tie tie)
{
	for (uint8_t i = 0; i < n->count; i++) {
		if (n->at[i].note->kind == kind && n->at[i].tie == tie)
			return true;
	}
	return false;
}

#define RESET "Connection reset by 192.0.2.7 port 5000"

Test(logs_join, a_line_that_names_both_is_told_at_its_time_alone)
{
	static const struct {
		double second;
		bool told;
	} rows[] = { { 90, false }, { 99, true },   { 130, true },   { 160, true },
		     { 161, true }, { 1000, true }, { 1200, false }, { 5000, false } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store *store = store_new();
		struct join_source from = { .source = 0 };

		put(store, rows[i].second, PROGRAM_SSHD, 812, RESET);
		cr_expect_eq(tells(told(store, &from), NOTE_reset_by_peer, TIE_PORTS), rows[i].told,
			     "second %g", rows[i].second);
		store_free(store);
	}
}

Test(logs_join, another_port_address_or_server_is_another_connection)
{
	static const char *const rows[] = {
		"Connection reset by 192.0.2.7 port 5001",
		"Connection reset by 192.0.2.8 port 5000",
		"drop connection #1 from [192.0.2.7]:5000 on [192.0.2.9]:22 past MaxStartups",
		"drop connection #1 from [192.0.2.7]:5000 on [192.0.2.1]:2222 past MaxStartups",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store *store = store_new();
		struct join_source from = { .source = 0 };

		put(store, 160, PROGRAM_SSHD, 812, rows[i]);
		cr_expect_eq(told(store, &from)->count, 0, "%s", rows[i]);
		store_free(store);
	}
}

Test(logs_join, the_same_ports_anew_end_what_is_told)
{
	struct store *store = store_new();
	struct join_source from = { .source = 0 };

	put(store, 100, PROGRAM_SSHD, 812,
	    "Connection from 192.0.2.7 port 5000 on 192.0.2.1 port 22");
	put(store, 170, PROGRAM_SSHD, 900,
	    "Connection from 192.0.2.7 port 5000 on 192.0.2.1 port 22");
	put(store, 180, PROGRAM_SSHD, 900, RESET);
	cr_expect_eq(told(store, &from)->count, 0);
	store_free(store);
}

Test(logs_join, a_process_that_spoke_of_it_is_its_own)
{
	struct store *store = store_new();
	struct join_source from = { .source = 0 };

	put(store, 100, PROGRAM_SSHD, 812,
	    "Connection from 192.0.2.7 port 5000 on 192.0.2.1 port 22");
	put(store, 159, PROGRAM_SSHD, 812, "Bad packet length 7.");
	put(store, 159, PROGRAM_SSHD, 813, "Corrupted MAC on input.");
	put(store, 160, PROGRAM_KERNEL, 0, "Out of memory: Killed process 812 (sshd) total-vm:1kB");
	put(store, 160, PROGRAM_KERNEL, 0, "sshd[813]: segfault at 0 ip 0");
	cr_expect(tells(told(store, &from), NOTE_bad_packet, TIE_PROCESS));
	cr_expect(tells(told(store, &from), NOTE_oom, TIE_PROCESS));
	cr_expect_eq(told(store, &from)->count, 2);
	store_free(store);
}

Test(logs_join, a_listener_is_no_process_of_the_connection_that_it_dropped)
{
	struct store *store = store_new();
	struct join_source from = { .source = 0 };

	put(store, 100, PROGRAM_SSHD, 700,
	    "drop connection #1 from [192.0.2.7]:5000 on [192.0.2.1]:22 past MaxStartups");
	put(store, 101, PROGRAM_SSHD, 700,
	    "Timeout before authentication for connection from 192.0.2.7 to 192.0.2.1, pid = 815");
	put(store, 159, PROGRAM_SSHD, 700, "Received signal 15; terminating.");
	cr_expect(tells(told(store, &from), NOTE_max_startups, TIE_PORTS));
	cr_expect_eq(told(store, &from)->count, 1);
	store_free(store);
}

Test(logs_join, the_listener_names_the_process_whose_time_is_over)
{
	struct store *store = store_new();
	struct join_source from = { .source = 0 };

	put(store, 100, PROGRAM_SSHD, 812,
	    "Connection from 192.0.2.7 port 5000 on 192.0.2.1 port 22");
	put(store, 160, PROGRAM_SSHD, 700,
	    "Timeout before authentication for connection from 192.0.2.7 to 192.0.2.1, pid = 812");
	cr_expect(tells(told(store, &from), NOTE_login_timeout, TIE_PROCESS));
	store_free(store);
}

Test(logs_join, what_a_host_says_of_itself_needs_to_be_known_for_its_own)
{
	struct store *store = store_new();
	struct join_source stranger = { .source = 0 }, server = of_server();

	put(store, 150, PROGRAM_KERNEL, 0, "Out of memory: Killed process 9 (x) total-vm:1kB");
	put(store, 90, PROGRAM_KERNEL, 0, "nf_conntrack: table full, dropping packet");
	put(store, 100, PROGRAM_SSHD, 812, "refused connect from 192.0.2.7");
	put(store, 100, PROGRAM_SSHD, 813, "refused connect from 192.0.2.8");
	cr_expect_eq(told(store, &stranger)->count, 0);
	store_free(store);
	store = store_new();
	put(store, 150, PROGRAM_KERNEL, 0, "Out of memory: Killed process 9 (x) total-vm:1kB");
	put(store, 90, PROGRAM_KERNEL, 0, "nf_conntrack: table full, dropping packet");
	put(store, 100, PROGRAM_SSHD, 812, "refused connect from 192.0.2.7");
	put(store, 100, PROGRAM_SSHD, 813, "refused connect from 192.0.2.8");
	cr_expect(tells(told(store, &server), NOTE_oom, TIE_HOST));
	cr_expect(tells(told(store, &server), NOTE_refused, TIE_ADDRESS));
	cr_expect_eq(told(store, &server)->count, 2);
	store_free(store);
}

Test(logs_join, the_offset_is_taken_off)
{
	struct store *store = store_new();
	struct join_source from = { .source = 0, .offset_ns = SECOND(3600) };

	put(store, 3760, PROGRAM_SSHD, 812, RESET);
	cr_assert_eq(told(store, &from)->count, 1);
	cr_expect_eq(told(store, &from)->at[0].time_ns, SECOND(160));
	cr_expect_eq(told(store, &from)->at[0].side, NOTE_OF_SERVER);
	store_free(store);
}

Test(logs_join, what_a_log_says_in_excess_is_left_out)
{
	struct store *store = store_new();
	struct join_source from = { .source = 0 };

	for (int i = 0; i < 1000; i++)
		put(store, 100 + i / 20.0, PROGRAM_SSHD, 812, RESET);
	cr_expect_eq(told(store, &from)->count, NOTED_MAX);
	for (uint8_t i = 1; i < NOTED_MAX; i++)
		cr_expect_geq(told(store, &from)->at[i].time_ns,
			      told(store, &from)->at[i - 1].time_ns);
	store_free(store);
}

Test(logs_join, a_full_store_takes_no_more)
{
	struct store *store = store_new();
	struct note note = { .time_ns = 0 };

	for (int i = 0; i < LOGS_NOTES_MAX; i++)
		cr_assert(store_add(store, &note));
	cr_expect_not(store_add(store, &note));
	store_free(store);
}

Test(logs_join, any_clock_of_a_capture_is_borne)
{
	static const int64_t times[] = { INT64_MIN, -1, 0, INT64_MAX };

	for (size_t i = 0; i < 16; i++) {
		struct store *store = store_new();
		struct join_source from = of_server();
		struct conn conn = a_conn();
		struct noted_conn out = { .count = 0 };

		from.offset_ns = SECOND(-300000000);
		conn.first_ns = times[i % 4];
		conn.last_ns = conn.end.time_ns = times[i / 4];
		put(store, 100, PROGRAM_SSHD, 812, RESET);
		put(store, 100, PROGRAM_SSHD, 812, "Received signal 15; terminating.");
		store_sort(store);
		join(store, &from, &conn, &out);
		cr_expect_leq(out.count, 2);
		store_free(store);
	}
}

Test(logs_join, a_process_number_that_came_back_speaks_of_another)
{
	struct store *store = store_new();
	struct join_source from = { .source = 0 };

	put(store, 100, PROGRAM_SSHD, 812,
	    "Connection from 192.0.2.7 port 5000 on 192.0.2.1 port 22");
	put(store, 161, PROGRAM_SSHD, 812, "Connection reset by 192.0.2.9 port 77");
	put(store, 161, PROGRAM_SSHD, 812, "refused connect from 192.0.2.9");
	cr_expect_eq(told(store, &from)->count, 0);
	store_free(store);
}
