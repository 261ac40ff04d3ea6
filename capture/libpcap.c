/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Classic pcap through libpcap: what classic.c leaves to it, which is the dialects of old systems, and
 * link types whose headers have the byte order of the machine that captured. It also has the words for
 * what is no capture at all.
 */
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "capture/inside.h"

struct libpcap {
	pcap_t *pcap;
	int link_type;
	uint32_t frames;
};

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

static void libpcap_close(void *own)
{
	struct libpcap *l = own;

	pcap_close(l->pcap);
	free(l);
}

static void *libpcap_open(struct source *source, struct capture_input *input,
			  enum capture_added *why, char error[CAPTURE_ERROR_MAX])
{
	char words[PCAP_ERRBUF_SIZE] = "", name[LINK_NAME_MAX];
	FILE *stream = source_stream(source);
	struct libpcap *l;
	pcap_t *pcap;

	if (stream == NULL) {
		*why = capture_refuse(error, CAPTURE_FAILED, "no memory to read it");
		return NULL;
	}
	pcap = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, words);
	if (pcap == NULL) {
		*why = keep_refusal(words, error);
		fclose(stream);
		return NULL;
	}
	l = xcalloc(1, sizeof(*l));
	l->pcap = pcap;
	l->link_type = pcap_datalink(pcap);
	input_add_link_type(input, l->link_type);
	if (!has_huge_frames(l->link_type))
		return l;
	link_name_of(l->link_type, name);
	*why = capture_refuse(error, CAPTURE_FAILED,
			      "is a capture of %s, which carries no network traffic", name);
	libpcap_close(l);
	return NULL;
}

static enum read_result keep_damage(struct libpcap *l, struct damage *damage)
{
	struct text t = text_in(damage->words, sizeof(damage->words));

	damage->byte = (uint64_t)ftello(pcap_file(l->pcap));
	add_libpcap_words(&t, pcap_geterr(l->pcap));
	return READ_DAMAGED;
}

static enum read_result libpcap_next(void *own, struct frame *frame, struct damage *damage)
{
	struct libpcap *l = own;
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	int result = pcap_next_ex(l->pcap, &header, &bytes);

	if (result == PCAP_ERROR_BREAK) /* which means the end, in a file */
		return READ_END;
	if (result != 1)
		return keep_damage(l, damage);
	frame->number = ++l->frames;
	frame->interface = 0;
	frame->link_type = l->link_type;
	/* The member was named before libpcap had nanoseconds. */
	frame->time_ns = stamp_ns(header->ts.tv_sec, header->ts.tv_usec);
	frame->wire_len = header->len;
	frame->len = header->caplen;
	frame->bytes = bytes;
	return READ_OK;
}

static void libpcap_describe(const void *own, uint32_t interface, struct capture_interface *about)
{
	const struct libpcap *l = own;

	(void)interface;
	about->snap_len = (uint32_t)pcap_snapshot(l->pcap);
}

const struct reader reader_libpcap = {
	"pcap", libpcap_open, libpcap_next, NULL, libpcap_describe, libpcap_close,
};
