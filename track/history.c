/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The course of a connection in Zeek's words, so that a reader may look it up in the tool next door.
 * Letters: upper case from the client, lower case from the server, "^" when the roles were turned
 * round; each but the repeating kinds is written once a direction.
 * Source: Zeek's documentation of conn.log, fields conn_state and history.
 */
#include <ctype.h>
#include <string.h>

#include "track/inside.h"

void history_add(struct conn *conn, enum side side, char letter)
{
	int written = side == CLIENT ? toupper(letter) : tolower(letter);
	size_t len = strlen(conn->history);

	if (strchr(conn->history, written) != NULL || len + 1 >= sizeof(conn->history))
		return;
	conn->history[len] = (char)written;
	conn->history[len + 1] = '\0';
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
