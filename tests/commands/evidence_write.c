/* SPDX-License-Identifier: BSD-3-Clause */
/* commands/evidence_write.c: what tests/evidence.py cannot bring about. */
#define _GNU_SOURCE /* memmem() */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/evidence_inside.h"
#include "tests/capture/opened.h"
#include "tests/dissect/redacted.h"

/* A capture of two frames, which are no packets; the first shows something. */
struct given {
	char path[TEMP_PATH_MAX];
	const char *paths[1];
	struct report_options options;
	struct input_total input;
	struct totals totals;
	char *at; /* what was written */
	size_t len;
};

static struct evidence_kept *kept(struct given *g, const struct pseudonyms *names)
{
	struct evidence_kept *k;

	temp_file(g->path, hex(PCAP_LE RECORD_LE RECORD_LE));
	g->paths[0] = g->path;
	g->options = (struct report_options){ .inputs = 1, .paths = g->paths };
	g->input = (struct input_total){ .path = g->path, .packets = 2 };
	g->totals = (struct totals){ .input = &g->input, .inputs = 1, .connections = 1 };
	k = evidence_new(&g->options, g->paths, names);
	/* Without a connection behind them: notes alone. */
	k->note = evidence_grow(k->note, k->notes, &k->note_room, sizeof(*k->note));
	k->note[k->notes++] = (struct note){ .mark = { 1, 0 } };
	k->pool = evidence_grow(k->pool, k->pool_len, &k->pool_room, 1);
	memcpy(k->pool, "Words.", sizeof("Words."));
	return k;
}

/* Whether it was the same input; what is written is in g. */
static bool write_all(struct given *g, struct evidence_kept *k)
{
	FILE *out = open_memstream(&g->at, &g->len);
	bool same = evidence_write(k, out, &g->totals);

	fclose(out);
	unlink(g->path);
	evidence_free(k);
	return same;
}

Test(commands_evidence_write, a_frame_that_shows_something_is_written_whatever_it_is)
{
	struct given g;

	cr_assert(write_all(&g, kept(&g, NULL)));
	cr_expect_not_null(memmem(g.at, g.len, "Words.", 6));
	expect_frames(bytes_copy(g.at, g.len), "1 if0 dlt1 7000009000ns 2/60 aabb", NULL);
	free(g.at);
}

Test(commands_evidence_write, an_input_that_became_shorter_has_changed)
{
	struct given g;
	struct evidence_kept *k = kept(&g, NULL);

	g.input.packets = 3;
	cr_expect_not(write_all(&g, k));
	free(g.at);
}

Test(commands_evidence_write, what_an_input_has_grown_by_is_not_read)
{
	struct given g;
	struct evidence_kept *k = kept(&g, NULL);

	g.input.packets = 1;
	k->note[0].mark.number = 2;
	cr_expect_not(write_all(&g, k), "evidence that was not read: it is another input");
	free(g.at);
}

Test(commands_evidence_write, an_input_that_is_gone_cannot_be_read_again)
{
	struct given g;
	struct evidence_kept *k = kept(&g, NULL);

	unlink(g.path);
	cr_expect_not(write_all(&g, k));
	free(g.at);
}

Test(commands_evidence_write, a_connection_that_does_not_begin_again_means_another_input)
{
	struct given g;
	struct evidence_kept *k = kept(&g, NULL);

	k->odd = evidence_grow(k->odd, k->odds, &k->odd_room, sizeof(*k->odd));
	k->odds++;
	cr_expect_not(write_all(&g, k));
	free(g.at);
}

Test(commands_evidence_write, what_was_left_out_is_said)
{
	struct given g;
	struct evidence_kept *k = kept(&g, NULL);

	k->left_out = 17;
	cr_expect(write_all(&g, k));
	cr_expect_not_null(memmem(g.at, g.len, "the last 17 odd connections", 27));
	free(g.at);
}

/* ---- other names ---- */

Test(commands_evidence_write, what_is_not_understood_is_left_out_of_a_redacted_frame)
{
	struct pseudonyms names = redacted_names();
	struct given g;

	cr_assert(write_all(&g, kept(&g, &names)));
	cr_expect_null(memmem(g.at, g.len, "\xaa\xbb", 2));
	cr_expect_not_null(memmem(g.at, g.len, "Words.", 6));
	cr_expect_not_null(memmem(g.at, g.len, "Redacted: ", 10));
	expect_frames(bytes_copy(g.at, g.len), "1 if0 dlt1 7000009000ns 0/60 ", NULL);
	free(g.at);
}

Test(commands_evidence_write, an_input_is_read_again_whatever_reports_call_it)
{
	const char *const called[] = { "file1.pcap" };
	struct pseudonyms names = redacted_names();
	struct given g;
	struct evidence_kept *k = kept(&g, &names);

	k->options.paths = called;
	g.input.path = called[0];
	cr_expect(write_all(&g, k));
	cr_expect_not_null(memmem(g.at, g.len, called[0], strlen(called[0])));
	cr_expect_null(memmem(g.at, g.len, g.path, strlen(g.path)));
	free(g.at);
}
