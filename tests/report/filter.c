/* SPDX-License-Identifier: BSD-3-Clause */
/* That Wireshark takes these filters and shows the frames is for tests/oracle_filters.py to say. */
#include <criterion/criterion.h>
#include <string.h>

#include "report/filter.h"
#include "tests/report/example.h"

#define CONVERSATION                                                                               \
	"ip.addr == 198.51.100.7 && ip.addr == 192.0.2.10 && tcp.port == 51514 && tcp.port == 22"

static struct conn conn;

static struct mark mark(uint32_t number)
{
	return (struct mark){ .number = number };
}

/* Of evidence with these frames, 0 for none. */
static void expect(uint32_t a, uint32_t b, const char *wanted)
{
	struct evidence e = { .marks = 2, .mark = { mark(a), mark(b) } };
	char buffer[FILTER_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));

	filter_add(&t, &conn, &e);
	cr_expect_str_eq(buffer, wanted, "%s", buffer);
}

static void known_frames(void)
{
	example_conn(&conn);
	conn.resets_kept = 1;
	conn.reset[0] =
		(struct reset){ .seen = { .mark = mark(72), .seq = 4000000000 },
				.from = SERVER,
				.trigger = { .mark = mark(71), .seq = 1000, .payload_len = 52 } };
	conn.peer[CLIENT].syn = mark(1);
	conn.peer[SERVER].syn = mark(2);
	conn.peer[SERVER].fin = mark(80);
	conn.ssh.half[CLIENT].identification_mark = mark(4);
	conn.ssh.half[SERVER].kexinit_mark = mark(8);
}

Test(report_filter, a_reset_is_asked_for_by_what_it_is_and_where_it_stands)
{
	known_frames();
	expect(72, 0, CONVERSATION " && tcp.flags.reset == 1 && tcp.seq_raw == 4000000000");
}

Test(report_filter, each_frame_has_its_clause_once)
{
	known_frames();
	expect(71, 72,
	       CONVERSATION
	       " && ((tcp.srcport == 51514 && tcp.seq_raw == 1000 && tcp.len == 52) || "
	       "(tcp.flags.reset == 1 && tcp.seq_raw == 4000000000))");
	expect(72, 72, CONVERSATION " && tcp.flags.reset == 1 && tcp.seq_raw == 4000000000");
}

Test(report_filter, handshake_fin_and_first_words_have_their_meaning)
{
	known_frames();
	expect(1, 0, CONVERSATION " && tcp.flags.syn == 1 && tcp.flags.ack == 0");
	expect(2, 0, CONVERSATION " && tcp.flags.syn == 1 && tcp.flags.ack == 1");
	expect(80, 0, CONVERSATION " && tcp.flags.fin == 1 && tcp.srcport == 22");
	expect(4, 0, CONVERSATION " && tcp contains \"SSH-\" && tcp.srcport == 51514");
	expect(8, 0, CONVERSATION " && ssh.message_code == 20 && tcp.srcport == 22");
}

Test(report_filter, what_is_sent_again_is_one_place_in_the_stream)
{
	known_frames();
	conn.peer[CLIENT].pending =
		(struct pending){ .mark = mark(61), .last_mark = mark(69), .end = 20, .len = 52 };
	expect(61, 69,
	       CONVERSATION " && tcp.srcport == 51514 && tcp.seq_raw == 4294967264 && tcp.len > 0");
}

Test(report_filter, an_icmp_error_is_asked_for_by_type_and_code)
{
	known_frames();
	conn.icmp = (struct icmp_seen){ .mark = mark(75), .type = 3, .code = 13, .count = 1 };
	expect(75, 0, CONVERSATION " && icmp.type == 3 && icmp.code == 13");
	conn.icmp.count = 0;
	expect(75, 0, "frame.number == 75");
}

Test(report_filter, what_only_the_timeline_knows_is_asked_for_by_its_time)
{
	known_frames();
	expect(19, 0, CONVERSATION " && frame.time_epoch == 1793785527.412000000");
}

Test(report_filter, frames_of_other_connections_are_known_by_number)
{
	known_frames();
	expect(900, 0, "frame.number == 900");
	expect(72, 900,
	       "(" CONVERSATION " && tcp.flags.reset == 1 && tcp.seq_raw == 4000000000) || "
	       "frame.number == 900");
	expect(900, 901, "(frame.number == 900) || (frame.number == 901)");
	expect(0, 0, "");
}

Test(report_filter, a_frame_of_another_file_is_another_frame)
{
	struct evidence e = { .marks = 1, .mark = { { 72, 1 } } };
	char buffer[FILTER_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));

	known_frames();
	filter_add(&t, &conn, &e);
	cr_expect_str_eq(buffer, "frame.number == 72");
}

Test(report_filter, the_longest_addresses_and_four_frames_fit)
{
	struct evidence e = { .marks = 4, .mark = { mark(72), mark(71), mark(61), mark(900) } };
	char buffer[FILTER_SIZE];
	struct text t = text_in(buffer, sizeof(buffer));

	known_frames();
	for (int side = 0; side < 2; side++) {
		conn.peer[side].at.ip.family = 6;
		memset(conn.peer[side].at.ip.bytes, 0xfd, 16);
		conn.peer[side].at.port = (uint16_t)(65534 + side);
	}
	conn.peer[CLIENT].pending =
		(struct pending){ .mark = mark(61), .end = 4294967295, .len = 9 };
	filter_add(&t, &conn, &e);
	cr_expect_null(strstr(buffer, "..."), "%s", buffer);
	cr_expect_not_null(strstr(buffer, "ipv6.addr == fdfd:fdfd:"), "%s", buffer);
	cr_expect_eq(strcmp(strrchr(buffer, '|') + 1, " frame.number == 900"), 0, "%s", buffer);
}
