/* SPDX-License-Identifier: BSD-3-Clause */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/support.h"
#include "track/inside.h"

#define BASE 0xfffffff0u /* the text wraps round the end of the sequence space */

static struct stream *stream_new(void)
{
	struct stream *s = calloc(1, sizeof(*s));

	cr_assert(s != NULL);
	s->started = true;
	s->base = BASE;
	return s;
}

/* In an allocation of its exact length. */
static bool add(struct stream *s, uint32_t seq, const char *text)
{
	struct bytes b = bytes_copy(text, strlen(text));
	bool fits = stream_add(s, seq, b.at, (uint32_t)b.len);

	bytes_free(b);
	return fits;
}

static void expect_ready(const struct stream *s, const char *text)
{
	cr_expect_eq(stream_ready(s), strlen(text), "%u ready, not '%s'", stream_ready(s), text);
	cr_expect_eq(memcmp(s->bytes, text, strlen(text)), 0, "%.*s, not %s", (int)strlen(text),
		     (const char *)s->bytes, text);
}

Test(track_stream, text_is_ready_as_soon_as_it_is_there)
{
	struct stream *s = stream_new();

	cr_expect_eq(stream_ready(s), 0);
	cr_expect(add(s, BASE, "SSH-2.0-"));
	expect_ready(s, "SSH-2.0-");
	cr_expect(add(s, BASE + 8, "OpenSSH_9.2p1"));
	expect_ready(s, "SSH-2.0-OpenSSH_9.2p1");
	free(s);
}

Test(track_stream, a_hole_holds_back_what_lies_behind_it)
{
	struct stream *s = stream_new();

	add(s, BASE + 4, "efgh");
	expect_ready(s, "");
	add(s, BASE, "ab");
	expect_ready(s, "ab");
	add(s, BASE + 2, "cd");
	expect_ready(s, "abcdefgh");
	free(s);
}

Test(track_stream, where_two_segments_disagree_the_first_wins)
{
	struct stream *s = stream_new();

	add(s, BASE + 2, "cd");
	add(s, BASE + 6, "gh");
	add(s, BASE, "ABCDEFGHIJ");
	expect_ready(s, "ABcdEFghIJ");
	add(s, BASE + 1, "xxx");
	expect_ready(s, "ABcdEFghIJ");
	free(s);
}

Test(track_stream, overlaps_on_either_side_add_only_what_is_new)
{
	struct stream *s = stream_new();

	add(s, BASE + 3, "def");
	add(s, BASE + 5, "XXhi");
	add(s, BASE, "abcXX");
	expect_ready(s, "abcdefXhi");
	free(s);
}

Test(track_stream, what_was_read_does_not_come_again)
{
	struct stream *s = stream_new();

	add(s, BASE, "abcdef");
	stream_consume(s, 4);
	expect_ready(s, "ef");
	add(s, BASE, "abcd");
	expect_ready(s, "ef");
	add(s, BASE + 2, "cdEFgh");
	expect_ready(s, "efgh");
	stream_consume(s, 4);
	cr_expect_eq(stream_ready(s), 0);
	add(s, BASE + 8, "ij");
	expect_ready(s, "ij");
	free(s);
}

Test(track_stream, a_hole_survives_that_what_is_before_it_was_read)
{
	struct stream *s = stream_new();

	add(s, BASE, "ab");
	add(s, BASE + 4, "ef");
	stream_consume(s, 2);
	expect_ready(s, "");
	add(s, BASE + 2, "cd");
	expect_ready(s, "cdef");
	free(s);
}

Test(track_stream, the_buffer_is_filled_to_its_last_byte_and_no_further)
{
	struct stream *s = stream_new();
	struct bytes b = bytes_copy(s->bytes, STREAM_MAX);

	cr_expect_not(stream_add(s, BASE + 1, b.at, STREAM_MAX));
	cr_expect_not(stream_add(s, BASE + STREAM_MAX, b.at, 1));
	cr_expect_not(stream_add(s, BASE + STREAM_MAX + 1, b.at, 1));
	cr_expect_eq(stream_ready(s), 0);
	cr_expect(stream_add(s, BASE, b.at, STREAM_MAX));
	cr_expect_eq(stream_ready(s), STREAM_MAX);
	stream_consume(s, STREAM_MAX);
	cr_expect(stream_add(s, BASE + STREAM_MAX, b.at, STREAM_MAX));
	bytes_free(b);
	free(s);
}

Test(track_stream, more_stretches_than_can_be_kept_are_refused)
{
	struct stream *s = stream_new();
	char text[STREAM_RANGES * 4 + 1];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (uint32_t i = 0; i < STREAM_RANGES; i++)
		cr_expect(add(s, BASE + 2 + 4 * i, "x"));
	cr_expect_not(add(s, BASE + 2 + 4 * STREAM_RANGES, "x"));
	cr_expect(add(s, BASE + 3, "x"), "this one joins another");
	cr_expect(add(s, BASE, text), "this one joins all");
	expect_ready(s, text);
	free(s);
}

Test(track_stream, segments_from_all_over_the_sequence_space_do_no_harm)
{
	struct stream *s = stream_new();

	add(s, BASE, "ab");
	for (uint64_t far = 0; far <= UINT32_MAX; far += 0x10000000) {
		if (far != 0)
			add(s, BASE + (uint32_t)far, "zz");
		add(s, BASE + (uint32_t)far - 1, "a");
	}
	expect_ready(s, "ab");
	free(s);
}

/* ---- against a model that is too simple to be wrong ---- */

#define MODEL_LEN 64

struct model {
	bool there[MODEL_LEN];
	uint8_t byte[MODEL_LEN];
};

static uint32_t model_ready(const struct model *m)
{
	uint32_t len = 0;

	while (len < MODEL_LEN && m->there[len])
		len++;
	return len;
}

static uint32_t dice(uint32_t *state, uint32_t sides)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 16) % sides;
}

static void add_to_both(struct stream *s, struct model *m, uint32_t *state)
{
	uint32_t from = dice(state, MODEL_LEN), len = dice(state, MODEL_LEN - from) + 1;
	uint8_t bytes[MODEL_LEN];

	for (uint32_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)dice(state, 256);
	if (!stream_add(s, BASE + from, bytes, len))
		return;
	for (uint32_t i = 0; i < len; i++) {
		if (!m->there[from + i])
			m->byte[from + i] = bytes[i];
		m->there[from + i] = true;
	}
}

Test(track_stream, any_segments_in_any_order_give_the_text_of_the_first)
{
	struct stream *s = stream_new();
	uint32_t state = 1, whole = 0;

	for (int round = 0; round < 2000; round++) {
		struct model m = { 0 };

		memset(s, 0, offsetof(struct stream, bytes));
		s->base = BASE;
		for (int i = 0; i < 12; i++) {
			add_to_both(s, &m, &state);
			cr_assert_eq(stream_ready(s), model_ready(&m), "round %d", round);
			cr_assert_eq(memcmp(s->bytes, m.byte, model_ready(&m)), 0, "round %d",
				     round);
		}
		whole += model_ready(&m) == MODEL_LEN;
	}
	cr_expect_gt(whole, 100, "the rounds are no good");
	free(s);
}
