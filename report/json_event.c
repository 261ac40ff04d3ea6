/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The verdict inside the schemas of others. Flat lists of words and numbers, as their stores keep
 * arrays of objects as that anyway; the frames of each sentence stand in the sentence.
 */
#include "report/json_event.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "report/sentence.h"
#include "report/words.h"

void event_put_sentence(const struct report *r, cJSON *parent, const char *key,
			const struct verdict *v)
{
	char buffer[SENTENCE_TEXT_MAX];
	struct text t = text_in(buffer, sizeof(buffer));

	sentence_add(&t, r, v);
	json_words(parent, key, buffer);
}

void event_put_ip(cJSON *parent, const char *key, const struct address *ip)
{
	char buffer[64];
	struct text t = text_in(buffer, sizeof(buffer));

	address_add(&t, ip);
	json_words(parent, key, buffer);
}

/* As text: a double of 0.98 has digits behind that nobody meant. */
static void put_fraction(cJSON *parent, const char *key, uint64_t whole, uint64_t rest, int digits)
{
	char buffer[48];

	snprintf(buffer, sizeof(buffer), "%" PRIu64 ".%0*" PRIu64, whole, digits, rest);
	cJSON_AddRawToObject(parent, key, buffer);
}

static void put_evidence(cJSON *parent, const char *key, const struct evidence *list, uint8_t count)
{
	cJSON *array = json_array(parent, key);

	for (uint8_t i = 0; i < count; i++)
		json_words(array, NULL, list[i].text);
}

/* The files stand beside the frames when there is more than one to tell apart. */
static void put_frames(const struct report *r, cJSON *parent, const struct verdict *v)
{
	cJSON *frames = json_array(parent, "frames");
	cJSON *files = r->options.inputs > 1 ? json_array(parent, "files") : NULL;

	for (uint8_t i = 0; i < v->frames; i++) {
		json_count(frames, NULL, v->frame[i].number);
		if (files != NULL)
			json_path(files, NULL, report_file_of(r, v->frame[i]));
	}
}

static void put_verdict(const struct report *r, cJSON *ours, const struct conn *conn,
			const struct verdict *v)
{
	unsigned confidence = words_per_myriad(v->confidence);
	int64_t idle_ns = conn->end.idle_before_ns > 0 ? conn->end.idle_before_ns : 0;

	json_words(ours, "who", who_name(v->who));
	json_words(ours, "cause", cause_name(v->cause));
	json_words(ours, "family", cause_family(v->cause));
	if (v->detail[0] != '\0')
		json_words(ours, "detail", v->detail);
	put_fraction(ours, "confidence", confidence / 10000, confidence % 10000, 4);
	json_words(ours, "sure", sure_name(v->sure));
	if (conn->end.ending != ENDING_open)
		put_fraction(ours, "idle_before_end_s", (uint64_t)(idle_ns / NS_PER_S),
			     (uint64_t)(idle_ns % NS_PER_S), 9);
	put_frames(r, ours, v);
	put_evidence(ours, "evidence", v->evidence, v->evidences);
	put_evidence(ours, "against", v->against, v->againsts);
	json_words(ours, "remedy", v->remedy->text);
}

/* What both sides call themselves, and what one said in place of that. */
static void put_words_of(cJSON *ours, const struct ssh *ssh)
{
	static const char *const identifications[] = {
		[CLIENT] = "client_identification",
		[SERVER] = "server_identification",
	};

	for (int side = CLIENT; side <= SERVER; side++) {
		const struct ssh_half *half = &ssh->half[side];

		if (half->identification.len != 0)
			json_wire(ours, identifications[side], half->identification.at,
				  half->identification.len);
	}
	for (int side = SERVER; side >= CLIENT; side--) {
		if (ssh->half[side].text.len == 0)
			continue;
		json_wire(ours, "notice", ssh->half[side].text.at, ssh->half[side].text.len);
		break;
	}
}

void event_put_ours(const struct report *r, cJSON *parent, const struct conn *conn,
		    const struct verdict *v)
{
	cJSON *ours = json_object(parent, "rstscope"), *array;

	json_words(ours, "schema", REPORT_SCHEMA);
	json_count(ours, "id", conn->id);
	json_words(ours, "ending", ending_name(conn->end.ending));
	json_words(ours, "phase", ssh_phase_name(conn->ssh.phase));
	json_words(ours, "conn_state", conn_state(conn));
	if (conn->history[0] != '\0')
		json_wire(ours, "history", conn->history,
			  strnlen(conn->history, sizeof(conn->history)));
	put_words_of(ours, &conn->ssh);
	put_verdict(r, ours, conn, v);
	array = json_array(ours, "settle");
	for (uint8_t i = 0; i < v->settles; i++)
		json_words(array, NULL, v->settle[i].text);
	array = json_array(ours, "limits");
	for (uint8_t i = 0; i < v->limits; i++)
		json_words(array, NULL, v->limit[i]);
}

void event_put_input(cJSON *parent, const struct input_total *input)
{
	cJSON *ours = json_object(parent, "rstscope");

	json_words(ours, "schema", REPORT_SCHEMA);
	json_path(ours, "file", input->path);
	json_words(ours, "damaged", input->damaged);
	json_count(ours, "packets", input->packets);
}

/* A time is required, and the clock of this machine has nothing to do with the capture. */
int64_t event_input_ns(const struct totals *totals, size_t input)
{
	int64_t last_ns = 0;

	if (totals->input[input].packets != 0)
		return totals->input[input].last_ns;
	for (size_t i = 0; i < totals->inputs; i++) {
		if (totals->input[i].packets != 0 && totals->input[i].last_ns > last_ns)
			last_ns = totals->input[i].last_ns;
	}
	return last_ns;
}

void event_print_line(struct report *r, cJSON *object)
{
	json_print(r, r->out, object);
	putc('\n', r->out);
}
