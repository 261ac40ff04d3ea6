/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The course of a connection in Zeek's words, so that a reader may look it up in the tool next door.
 * Letters: upper case from the client, lower case from the server, "^" when the first packet came
 * from what turned out to be the server.
 * Source: Zeek's documentation of conn.log, fields conn_state and history.
 */
#include <string.h>

#include "track/history.h"

static void append(struct conn *conn, int letter)
{
	size_t len = strnlen(conn->history, sizeof(conn->history));

	if (len + 1 >= sizeof(conn->history))
		return;
	conn->history[len] = (char)letter;
	conn->history[len + 1] = '\0';
}

/* Letters are passed in lower case. */
static int letter_of(enum side side, char letter)
{
	return side == CLIENT ? letter - 'a' + 'A' : letter;
}

void history_append(struct conn *conn, enum side side, char letter)
{
	append(conn, letter_of(side, letter));
}

/* f, h, r, s: again when the sequence number is not that of the last one. */
void history_flag(struct conn *conn, enum side side, char letter, uint32_t seq)
{
	static const char letters[HISTORY_FLAGS + 1] = "fhrs";
	uint16_t *last = &conn->history_seq[side][strchr(letters, letter) - letters];
	int written = letter_of(side, letter);

	if (strchr(conn->history, written) == NULL || *last != (uint16_t)seq)
		append(conn, written);
	*last = (uint16_t)seq;
}

/* c, g, t, w: again at the tenth, the hundredth, and so on. */
void history_count(struct conn *conn, enum side side, char letter)
{
	static const char letters[HISTORY_COUNTS + 1] = "cgtw";
	uint16_t *count = &conn->history_seen[side][strchr(letters, letter) - letters];
	uint32_t power = 1;

	if (*count == UINT16_MAX)
		return;
	++*count;
	while (power < *count)
		power *= 10;
	if (power == *count)
		append(conn, letter_of(side, letter));
}

void history_turned(struct conn *conn)
{
	append(conn, '^');
}

static bool did(const struct conn *conn, char letter)
{
	return strchr(conn->history, letter) != NULL;
}

static const char *state_of_reset(const struct conn *conn)
{
	bool by_client = did(conn, 'R') && (!did(conn, 'r') || conn->end.side == CLIENT);

	if (!did(conn, 'S'))
		return did(conn, 'h') && did(conn, 'r') ? "RSTRH" : "OTH";
	if (!did(conn, 'h'))
		return by_client ? "RSTOS0" : "REJ";
	return by_client ? "RSTO" : "RSTR";
}

const char *conn_state(const struct conn *conn)
{
	if (did(conn, 'r') || did(conn, 'R'))
		return state_of_reset(conn);
	if (!did(conn, 'S') || !did(conn, 'h')) {
		if (did(conn, 'S'))
			return did(conn, 'F') ? "SH" : "S0";
		return did(conn, 'h') && did(conn, 'f') ? "SHR" : "OTH";
	}
	if (did(conn, 'F') && did(conn, 'f'))
		return "SF";
	if (did(conn, 'F'))
		return "S2";
	return did(conn, 'f') ? "S3" : "S1";
}
