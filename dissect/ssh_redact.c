/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is kept is what is known to name nobody; all else is replaced. So a text, a program or an
 * extension that nobody has thought of cannot tell whose it is.
 */
#include "dissect/ssh_redact.h"

#include <ctype.h>
#include <string.h>

#include "dissect/ssh.h"

static const char *const softwares[] = {
#define SSH_SOFTWARE(begins) begins,
#include "dissect/ssh_softwares.def"
#undef SSH_SOFTWARE
};

static const char *const known_texts[] = {
#define SSH_TEXT(begins) begins,
#include "dissect/ssh_known_texts.def"
#undef SSH_TEXT
};

/* RFC 4251 section 6: who owns the domain defines the name. Of implementations; none is a user's. */
static const char *const domains[] = {
	"openssh.com",
	"libssh.org",
	"ssh.com",
	"lysator.liu.se",
	"putty.projects.tartarus.org",
	"tinyssh.org",
	"openquantumsafe.org",
	"amazon.com",
	"microsoft.com",
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* How much of the beginning is one of the rows; 0: none is. */
static size_t known_beginning(const char *at, size_t len, const char *const *row, size_t rows)
{
	for (size_t i = 0; i < rows; i++) {
		size_t wanted = strlen(row[i]);

		if (len >= wanted && memcmp(at, row[i], wanted) == 0)
			return wanted;
	}
	return 0;
}

/* ---- identification ---- */

/* "p1", "rc2" and "hpn14v5" belong to a version; a longer word without a digit may be a name. */
#define VERSION_LETTERS_MAX 3

/* The length of a version: numbers, short words and what joins them. */
static size_t version_len(const char *at, size_t len)
{
	size_t used = 0, letters = 0;

	for (size_t i = 0; i < len; i++) {
		if (isalpha((unsigned char)at[i])) {
			if (++letters > VERSION_LETTERS_MAX)
				return used;
			continue;
		}
		if (!isdigit((unsigned char)at[i]) && strchr("._-+", at[i]) == NULL)
			return used;
		letters = 0;
		used = i + 1;
	}
	return len;
}

static size_t protocol_len(const char *at, size_t len)
{
	size_t used = 4; /* "SSH-" */

	while (used < len && (isdigit((unsigned char)at[used]) || at[used] == '.'))
		used++;
	return used < len && at[used] == '-' ? used + 1 : 0;
}

void ssh_redact_identification(const struct pseudonyms *p, void *text, size_t len)
{
	char *at = text;
	const char *blank = len != 0 ? memchr(at, ' ', len) : NULL;
	size_t software = len >= 4 && memcmp(at, "SSH-", 4) == 0 ? protocol_len(at, len) : 0;
	size_t end = blank != NULL ? (size_t)(blank - at) : len, known;

	if (end < software)
		end = software;
	known = known_beginning(at + software, end - software, softwares, ROWS(softwares));
	if (known != 0)
		known += version_len(at + software + known, end - software - known);
	pseudonym_words(p, at + software + known, end - software - known);
	pseudonym_words(p, at + end, len - end);
}

/* ---- words ---- */

void ssh_redact_text(const struct pseudonyms *p, void *text, size_t len)
{
	char *at = text;
	size_t known = known_beginning(at, len, known_texts, ROWS(known_texts));

	pseudonym_words(p, at + known, len - known);
}

/* Also one that was cut where the list was: there is no more of it to tell. */
static bool domain_known(const char *at, size_t len, bool cut)
{
	for (size_t i = 0; i < ROWS(domains); i++) {
		size_t wanted = strlen(domains[i]);

		if ((len == wanted || (cut && len < wanted)) && memcmp(at, domains[i], len) == 0)
			return true;
	}
	return false;
}

void ssh_redact_names(const struct pseudonyms *p, void *list, size_t len)
{
	char *at = list;

	for (size_t from = 0, to; from < len; from = to + 1) {
		const char *comma = memchr(at + from, ',', len - from), *domain;

		to = comma != NULL ? (size_t)(comma - at) : len;
		domain = memchr(at + from, '@', to - from);
		if (domain == NULL)
			continue;
		domain++;
		if (!domain_known(domain, (size_t)(at + to - domain), to == len))
			pseudonym_words(p, at + from, to - from);
	}
}

/* ---- segments ---- */

#define PACKET_HEADER_LEN 6 /* length, padding length, number: RFC 4253 section 6 */

struct rest {
	uint8_t *at;
	size_t left;
	bool cut; /* more of it would follow */
};

static uint32_t number_of(const struct rest *r)
{
	struct cursor c = cursor_over(r->at, r->left);

	return cursor_u32(&c);
}

static void pass(struct rest *r, size_t len)
{
	if (len > r->left)
		len = r->left;
	r->at += len;
	r->left -= len;
}

/* The next string, or what there is of it. */
static struct rest take_string(struct rest *r)
{
	uint32_t len = number_of(r);
	struct rest string;

	pass(r, 4);
	string = (struct rest){ r->at, len < r->left ? len : r->left, len > r->left };
	pass(r, len);
	return string;
}

/* Random numbers tell nothing but that two captures show the same packet. */
static void clear(struct rest *r, size_t len)
{
	memset(r->at, 0, len < r->left ? len : r->left);
	pass(r, len);
}

/* What the last name goes on with is in another segment: it may be a domain of one's own. */
static void redact_list(const struct pseudonyms *p, const struct rest *list)
{
	size_t whole = list->left;

	while (list->cut && whole > 0 && list->at[whole - 1] != ',')
		whole--;
	ssh_redact_names(p, list->at, whole);
	pseudonym_words(p, list->at + whole, list->left - whole);
}

static void redact_kexinit(const struct pseudonyms *p, struct rest r)
{
	clear(&r, SSH_COOKIE_LEN);
	for (int i = 0; i < SSH_KEXINIT_LISTS; i++) {
		struct rest list = take_string(&r);

		redact_list(p, &list);
	}
	pass(&r, 1); /* whether a guess follows */
	clear(&r, r.left);
}

static void redact_disconnect(const struct pseudonyms *p, struct rest r)
{
	struct rest description;

	pass(&r, 4); /* the code */
	description = take_string(&r);
	ssh_redact_text(p, description.at, description.left);
	clear(&r, r.left);
}

/* A packet in the clear whose contents are known; 0: it is none. number: of its message. */
static size_t redact_packet(const struct pseudonyms *p, const struct rest *r, uint8_t *number)
{
	struct cursor c = cursor_over(r->at, r->left);
	uint32_t len = cursor_u32(&c);
	uint8_t padding = cursor_u8(&c);
	struct rest body = *r;

	*number = cursor_u8(&c);
	/* RFC 4253 section 6: at least four bytes of padding, and the whole a multiple of eight. */
	if (c.short_read || padding < 4 || len < 12 || len > SSH_PACKET_MAX || (len + 4) % 8 != 0 ||
	    padding + 2u > len)
		return 0;
	if (body.left > len + 4)
		body.left = len + 4;
	pass(&body, PACKET_HEADER_LEN);
	switch (*number) {
	case SSH_MSG_KEXINIT:
		redact_kexinit(p, body);
		break;
	case SSH_MSG_DISCONNECT:
		redact_disconnect(p, body);
		break;
	case SSH_MSG_NEWKEYS:
		clear(&body, body.left);
		break;
	default:
		return 0;
	}
	return len + 4 < r->left ? len + 4 : r->left;
}

/* A line that does not end here goes as well: what is shown of it is its beginning. */
static size_t redact_line(const struct pseudonyms *p, const struct rest *r)
{
	const uint8_t *end = memchr(r->at, '\n', r->left);
	size_t used = end != NULL ? (size_t)(end - r->at) + 1 : r->left, len = used;

	while (len > 0 && (r->at[len - 1] == '\n' || r->at[len - 1] == '\r'))
		len--;
	ssh_redact_identification(p, r->at, len);
	return used;
}

size_t ssh_redact_payload(const struct pseudonyms *p, uint8_t *at, size_t len)
{
	struct rest r = { at, len, false };
	uint8_t number = 0;

	while (r.left != 0 && number != SSH_MSG_NEWKEYS) {
		bool line = r.left >= 4 && memcmp(r.at, "SSH-", 4) == 0;
		size_t used = line ? redact_line(p, &r) : redact_packet(p, &r, &number);

		if (used == 0)
			break;
		pass(&r, used);
	}
	return len - r.left;
}
