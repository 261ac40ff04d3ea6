/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic pcap through libpcap: both byte orders, micro- and nanoseconds, the dialects of old
 * systems.
 */
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "capture/inside.h"

struct classic {
	pcap_t *pcap;
	int link_type;
	uint32_t frames;
};

void link_name_of(int link_type, char name[LINK_NAME_MAX])
{
	const char *known = pcap_datalink_val_to_name(link_type);
	struct text t = text_in(name, LINK_NAME_MAX);

	if (known != NULL)
		text_add(&t, "%s", known);
	else
		text_add(&t, "DLT_%d", link_type);
}

/*
 * libpcap allows frames of these link types up to 128 MiB, all others 256 KiB. None carries IP, so
 * none is worth the memory.
 */
static bool has_huge_frames(int link_type)
{
	return link_type == DLT_DBUS || link_type == DLT_EBHSCR || link_type == DLT_USBPCAP;
}

/* What libpcap says may repeat bytes of the file. */
static void add_libpcap_words(struct text *t, const char *words)
{
	text_add_wire(t, words, strlen(words));
}

static enum capture_added keep_refusal(const char *words, char error[CAPTURE_ERROR_MAX])
{
	struct text t = text_in(error, CAPTURE_ERROR_MAX);

	if (strcmp(words, "unknown file format") == 0)
		return capture_refuse(error, CAPTURE_UNKNOWN, "is not a pcap or pcapng capture");
	text_add(&t, "cannot be read as a capture: ");
	add_libpcap_words(&t, words);
	return CAPTURE_FAILED;
}

static void classic_close(void *own)
{
	struct classic *classic = own;

	pcap_close(classic->pcap);
	free(classic);
}

static void *classic_open(FILE *stream, struct capture_input *input, enum capture_added *why,
			  char error[CAPTURE_ERROR_MAX])
{
	char words[PCAP_ERRBUF_SIZE] = "", name[LINK_NAME_MAX];
	pcap_t *pcap =
		pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, words);
	struct classic *classic;

	if (pcap == NULL) {
		*why = keep_refusal(words, error);
		fclose(stream);
		return NULL;
	}
	classic = xcalloc(1, sizeof(*classic));
	classic->pcap = pcap;
	classic->link_type = pcap_datalink(pcap);
	input_add_link_type(input, classic->link_type);
	if (!has_huge_frames(classic->link_type))
		return classic;
	link_name_of(classic->link_type, name);
	*why = capture_refuse(error, CAPTURE_FAILED,
			      "is a capture of %s, which carries no network traffic", name);
	classic_close(classic);
	return NULL;
}

static enum read_result keep_damage(struct classic *classic, struct damage *damage)
{
	struct text t = text_in(damage->words, sizeof(damage->words));

	damage->byte = (uint64_t)ftello(pcap_file(classic->pcap));
	add_libpcap_words(&t, pcap_geterr(classic->pcap));
	return READ_DAMAGED;
}

static enum read_result classic_next(void *own, struct frame *frame, struct damage *damage)
{
	struct classic *classic = own;
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	int result = pcap_next_ex(classic->pcap, &header, &bytes);

	if (result == PCAP_ERROR_BREAK) /* which means the end, in a file */
		return READ_END;
	if (result != 1)
		return keep_damage(classic, damage);
	frame->number = ++classic->frames;
	frame->interface = 0;
	frame->link_type = classic->link_type;
	/* The member was named before libpcap had nanoseconds. */
	frame->time_ns = stamp_ns(header->ts.tv_sec, header->ts.tv_usec);
	frame->wire_len = header->len;
	frame->len = header->caplen;
	frame->bytes = bytes;
	return READ_OK;
}

const struct reader reader_classic = { "pcap", classic_open, classic_next, classic_close };
