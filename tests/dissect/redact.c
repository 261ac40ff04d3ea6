/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <glob.h>
#include <pcap/dlt.h>
#include <string.h>

#include "capture/capture.h"
#include "dissect/dissect.h"
#include "tests/dissect/redacted.h"

Test(dissect_redact, stations_change_and_padding_is_cut_whatever_it_looks_like)
{
	struct bytes b =
		bytes_join(ethernet(0x0800, sealed(6, 16, tcp(0x10, "", bytes_copy("", 0)))),
			   bytes_copy("SSH-2.0-LEAKED\r\n", 16));
	struct bytes out = redacted(DLT_EN10MB, true, b);

	cr_expect_eq(out.len, 54);
	cr_expect_not(holds(out, CLIENT_MAC, 6));
	cr_expect_eq(out.at[12], 8);
	bytes_free(out);
	bytes_free(b);
}

Test(dissect_redact, of_what_is_not_understood_nothing_is_shown)
{
	struct bytes lldp = ethernet(0x88cc, bytes_copy("switch7.corp.example", 20));
	struct bytes out = redacted(DLT_EN10MB, true, lldp);

	cr_expect_eq(out.len, 14);
	bytes_free(out);
	out = redacted(DLT_IEEE802_11, true, lldp);
	cr_expect_eq(out.len, 0);
	bytes_free(out);
	bytes_free(lldp);
}

/* ---- hostile ---- */

static void feed(struct bytes b)
{
	struct bytes raw = redacted(DLT_RAW, true, b), link = redacted(DLT_EN10MB, true, b);

	for (size_t i = raw.len; i < b.len; i++)
		cr_assert_eq(raw.at[i], 0);
	bytes_free(raw);
	bytes_free(link);
	bytes_free(redacted(DLT_LINUX_SLL, true, b));
	bytes_free(redacted(DLT_LINUX_SLL2, true, b));
	bytes_free(redacted(DLT_NULL, true, b));
}

static void feed_all(struct bytes b)
{
	feed_every_cut(b, feed);
	feed_every_change(b, b.len, feed);
	bytes_free(b);
}

Test(dissect_redact, no_cut_and_no_wrong_length_leads_outside)
{
	feed_all(solicitation());
	feed_all(sealed(6, 16, tcp(0x18, "0101080a 0000000a 0000000b", hex("5353482d"))));
	feed_all(ethernet(
		0x8100,
		bytes_join(hex("00640800"),
			   sealed(1, 2,
				  bytes_join(hex("030d 0000 00000000"),
					     sealed(6, 16, tcp(0x18, "", bytes_copy("x", 1))))))));
	feed_all(ethernet(0x0806,
			  hex("0001 0800 06 04 0001 020000000001 c0000201 000000000000 c6336402")));
	feed_all(ipv4(17,
		      bytes_join(hex("c000 17c1 0000 0000 01006558 00006400 aabbccdd"),
				 ethernet(0x0800, ipv4(47, hex("30000800 00000001 00000002"))))));
	feed_all(ipv4(47, hex("100088be 00000001 00000002 00000003 020000000002")));
	feed_all(ipv6(0, hex("2c 00 01 04 00000000 06 00 0000 00000001 c738")));
}

/* ---- real captures ---- */

static void expect_same(const struct frame *frame, const struct frame *other)
{
	struct packet a, b;
	enum skip why;

	if (dissect(frame, &a, &why) != DISSECT_OK)
		return;
	cr_assert_eq(dissect(other, &b, &why), DISSECT_OK, "frame %u: %s", frame->number,
		     skip_text(why));
	cr_expect_eq(a.kind, b.kind);
	cr_expect_eq(a.src.port, b.src.port);
	cr_expect_eq(a.tcp.seq, b.tcp.seq);
	cr_expect_eq(a.tcp.flags, b.tcp.flags);
	cr_expect_eq(a.ttl, b.ttl);
	cr_expect_eq(a.tcp.payload_wire_len, b.tcp.payload_wire_len, "frame %u", frame->number);
	cr_expect_not(address_equal(&a.src.ip, &b.src.ip));
	cr_expect_not(address_equal(&a.dst.ip, &b.dst.ip));
	if (a.kind == PACKET_SEGMENT && a.tcp.payload_wire_len == 0)
		cr_expect_eq(packet_checksum(&a), packet_checksum(&b), "frame %u", frame->number);
}

static size_t check_capture(const char *path)
{
	struct pseudonyms p = redacted_names();
	struct capture *capture = capture_new();
	char error[CAPTURE_ERROR_MAX];
	static uint8_t out[1 << 18];
	struct frame frame, other;
	size_t frames = 0;

	cr_assert_eq(capture_add(capture, path, error), CAPTURE_ADDED, "%s", error);
	while (capture_next(capture, &frame)) {
		cr_assert_leq(frame.len, sizeof(out));
		other = frame;
		other.len = (uint32_t)dissect_redact(&p, &frame, frames % 2 == 0, out);
		other.bytes = out;
		expect_same(&frame, &other);
		frames++;
	}
	capture_close(capture);
	return frames;
}

Test(dissect_redact, real_captures_tell_the_same_afterwards)
{
	size_t frames = 0;
	glob_t found;

	cr_assert_eq(glob("samples/captures/*.pcap", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		frames += check_capture(found.gl_pathv[i]);
	globfree(&found);
	cr_expect_gt(frames, 100);
}
