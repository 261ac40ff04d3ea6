/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <string.h>

#include "report/sentence.h"
#include "tests/report/example.h"

static const char *const paths[] = { "in/client.pcap", "in/server.pcap", "out/server.pcap" };

static struct verdict told(void)
{
	return (struct verdict){ .sentence = "A box did it.",
				 .confidence = 0.9799999,
				 .sure = SURE_LIKELY,
				 .frames = 3,
				 .frame = { { 60, 0 }, { 61, 0 }, { 7, 1 } } };
}

static void expect(const struct verdict *v, size_t inputs, const char *wanted)
{
	struct report r = { .options = { .inputs = inputs, .paths = paths } };
	char buffer[SENTENCE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	sentence_add(&t, &r, v);
	cr_expect_str_eq(buffer, wanted, "%s", buffer);
}

Test(report_sentence, how_sure_and_which_frames_stand_before_its_end)
{
	struct verdict v = told();

	expect(&v, 1, "A box did it (likely, 97 %; frames 60, 61, 7).");
	v.frames = 1;
	expect(&v, 1, "A box did it (likely, 97 %; frame 60).");
	v.frames = 0;
	v.sure = SURE_UNEXPLAINED;
	expect(&v, 1, "A box did it (unexplained).");
}

Test(report_sentence, with_several_files_each_frame_names_its_own)
{
	struct verdict v = told();

	expect(&v, 2,
	       "A box did it (likely, 97 %; frames 60, 61 of client.pcap, 7 of server.pcap).");
}

Test(report_sentence, files_of_one_name_are_told_apart_by_their_directories)
{
	struct verdict v = told();

	expect(&v, 3,
	       "A box did it (likely, 97 %; frames 60, 61 of client.pcap, 7 of in/server.pcap).");
	v.frame[2].input = 2;
	expect(&v, 3,
	       "A box did it (likely, 97 %; frames 60, 61 of client.pcap, 7 of out/server.pcap).");
}

Test(report_sentence, names_of_files_come_out_printable)
{
	static const char *const odd[] = { "a\n.pcap", "b.pcap" };
	struct report r = { .options = { .inputs = 2, .paths = odd } };
	struct verdict v = told();
	char buffer[SENTENCE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	sentence_add(&t, &r, &v);
	example_is_printable(buffer);
	cr_expect_not_null(strstr(buffer, "a\\x0a.pcap"), "%s", buffer);
}
