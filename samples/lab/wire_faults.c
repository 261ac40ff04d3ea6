/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Chance is SplitMix64 from a fixed state: the same packets meet the same luck in each run. A fault
 * that is off does not roll.
 *
 * A flip is the damage that TCP cannot see: the checksum is mended by the difference alone, so that
 * a packet which was already wrong stays wrong.
 */
#include "samples/lab/wire_faults.h"

#include <stdlib.h>
#include <string.h>

#define MS_MAX 60000
#define NS_PER_MS 1000000
#define PACKET_MAX 65535
#define WORDS_MAX 4
#define PROTOCOL_TCP 6
#define IPV4_HEADER_MIN 20
#define IPV6_HEADER 40
#define TCP_HEADER_MIN 20
#define TCP_DATA_OFFSET 12
#define TCP_CHECKSUM 16

struct segment {
	uint8_t *tcp;
	uint8_t *payload;
	size_t length; /* of the payload */
};

static bool happens(struct faults *faults, double percent)
{
	uint64_t z;

	if (percent <= 0)
		return false;
	z = faults->dice += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return (double)(z >> 32) / 4294967296.0 * 100 < percent;
}

bool faults_swallow(struct faults *faults, size_t length)
{
	if (faults->largest > 0 && length > faults->largest)
		return true;
	return happens(faults, faults->loss);
}

bool faults_duplicate(struct faults *faults)
{
	return happens(faults, faults->duplicate);
}

int64_t faults_hold(struct faults *faults)
{
	return happens(faults, faults->reorder) ? faults->hold : 0;
}

static size_t read_u16(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

/* Length of the IP header if a whole TCP packet is behind it, else 0. Sets total as IP has it. */
static size_t before_tcp(const uint8_t *packet, size_t length, size_t *total)
{
	if (length >= IPV6_HEADER && packet[0] >> 4 == 6 && packet[6] == PROTOCOL_TCP) {
		*total = IPV6_HEADER + read_u16(packet + 4);
		return IPV6_HEADER;
	}
	if (length >= IPV4_HEADER_MIN && packet[0] >> 4 == 4 && packet[9] == PROTOCOL_TCP &&
	    (read_u16(packet + 6) & 0x3fff) == 0) { /* not a fragment */
		*total = read_u16(packet + 2);
		return (size_t)(packet[0] & 15) * 4;
	}
	return 0;
}

static bool find_segment(uint8_t *packet, size_t length, struct segment *segment)
{
	size_t total, start = before_tcp(packet, length, &total), header;

	if (start == 0 || total > length || total < start + TCP_HEADER_MIN)
		return false;
	segment->tcp = packet + start;
	header = (size_t)(segment->tcp[TCP_DATA_OFFSET] >> 4) * 4;
	if (header < TCP_HEADER_MIN || total < start + header)
		return false;
	segment->payload = segment->tcp + header;
	segment->length = total - start - header;
	return true;
}

/* RFC 1624 equation 3, HC' = ~(~HC + ~m + m'). The other byte of the word cancels out. */
static void mend_checksum(uint8_t *checksum, uint32_t old_word, uint32_t new_word)
{
	uint32_t sum = (~(uint32_t)read_u16(checksum) & 0xffff) + (~old_word & 0xffff) + new_word;

	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	checksum[0] = (uint8_t)(sum >> 8);
	checksum[1] = (uint8_t)sum;
}

bool faults_flip(struct faults *faults, uint8_t *packet, size_t length)
{
	struct segment segment;
	uint8_t *byte;
	unsigned int shift;

	if (faults->flip_least == 0 || !find_segment(packet, length, &segment) ||
	    segment.length < faults->flip_least)
		return false;
	byte = segment.payload + faults->flip_offset;
	shift = (byte - segment.tcp) % 2 == 0 ? 8 :
						0; /* the first byte of a word is the high one */
	mend_checksum(segment.tcp + TCP_CHECKSUM, (uint32_t)*byte << shift,
		      (uint32_t)(*byte ^ 1) << shift);
	*byte ^= 1;
	faults->flip_least = 0;
	return true;
}

/* Plain decimals: strtod() alone would take signs, exponents, "inf" and "nan". */
static bool parse_number(const char *word, double most, double *number)
{
	char *end;

	if (word[strspn(word, "0123456789.")] != '\0')
		return false;
	*number = strtod(word, &end);
	return end != word && *end == '\0' && *number <= most;
}

static bool parse_percent(const char *word, double *percent)
{
	return parse_number(word, 100, percent);
}

static bool parse_ms(const char *word, int64_t *ns)
{
	double ms;

	if (!parse_number(word, MS_MAX, &ms))
		return false;
	*ns = (int64_t)(ms * NS_PER_MS);
	return true;
}

static bool parse_bytes(const char *word, size_t *bytes)
{
	double number;

	if (strchr(word, '.') != NULL || !parse_number(word, PACKET_MAX, &number))
		return false;
	*bytes = (size_t)number;
	return true;
}

/* Commands get the words behind the direction. */

static bool set_delay(struct faults *faults, char **words)
{
	return parse_ms(words[0], &faults->delay);
}

static bool set_loss(struct faults *faults, char **words)
{
	return parse_percent(words[0], &faults->loss);
}

static bool set_duplicate(struct faults *faults, char **words)
{
	return parse_percent(words[0], &faults->duplicate);
}

static bool set_reorder(struct faults *faults, char **words)
{
	return parse_percent(words[0], &faults->reorder) && parse_ms(words[1], &faults->hold);
}

static bool set_largest(struct faults *faults, char **words)
{
	return parse_bytes(words[0], &faults->largest);
}

static bool set_flip(struct faults *faults, char **words)
{
	return parse_bytes(words[0], &faults->flip_least) &&
	       parse_bytes(words[1], &faults->flip_offset) &&
	       faults->flip_offset < faults->flip_least;
}

static const struct command {
	const char *name;
	bool directed;
	int numbers;
	bool (*set)(struct faults *, char **words);
} commands[] = {
	{ "delay", false, 1, set_delay },        { "loss", true, 1, set_loss },
	{ "duplicate", true, 1, set_duplicate }, { "reorder", true, 2, set_reorder },
	{ "largest", true, 1, set_largest },     { "flip", true, 2, set_flip },
};

static const struct command *command_named(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

/* Returns how many words there are, or one more than fit. */
static int cut(char *line, char *words[WORDS_MAX])
{
	int count = 0;

	for (char *word = strtok(line, " \t\r"); word != NULL; word = strtok(NULL, " \t\r")) {
		if (count == WORDS_MAX)
			return WORDS_MAX + 1;
		words[count++] = word;
	}
	return count;
}

const char *faults_command(struct faults *const both[2], char *line)
{
	char *words[WORDS_MAX];
	int count = cut(line, words);
	const struct command *command = count > 0 ? command_named(words[0]) : NULL;
	const char *direction = "=";
	struct faults changed[2] = { *both[0], *both[1] };

	if (command == NULL)
		return "unknown command";
	if (command->directed && count > 1)
		direction = words[1];
	if (count != 1 + command->directed + command->numbers)
		return "too few or too many words";
	if (strlen(direction) != 1 || strchr("><=", *direction) == NULL)
		return "no such direction";
	for (int way = 0; way < 2; way++) {
		if (*direction == "<>"[way]) /* the other way only */
			continue;
		if (!command->set(&changed[way], words + 1 + command->directed))
			return "bad number";
	}
	*both[0] = changed[0];
	*both[1] = changed[1];
	return NULL;
}
