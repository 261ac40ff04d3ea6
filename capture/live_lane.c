/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One interface through libpcap: TPACKET_V3, which is what it chooses unless it is asked for immediate
 * mode. Nobody asks for that here: its older ring gives each frame a slot of the snap length, and loses
 * frames at rates of a thousand a second.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "capture/live_inside.h"

/* After so long the kernel hands over a block that is not full. */
#define BLOCK_MS 100

/* What libpcap says of the interface, which whoever calls may have named. */
static bool refuse(const struct lane *lane, const char *words, char error[CAPTURE_ERROR_MAX])
{
	struct text t = text_in(error, CAPTURE_ERROR_MAX);

	text_add_wire(&t, lane->name, strlen(lane->name));
	text_add(&t, ": ");
	text_add_wire(&t, words, strlen(words));
	return false;
}

static const char *words_of(const struct lane *lane, int status)
{
	const char *words = pcap_geterr(lane->pcap);

	/* Its own words for these are longer, and end in advice that is not ours. */
	if (status == PCAP_ERROR_NO_SUCH_DEVICE)
		return "no such interface";
	if (status == PCAP_ERROR_PERM_DENIED)
		return "no permission to capture: that takes CAP_NET_RAW, or root";
	if (status == PCAP_ERROR_IFACE_NOT_UP)
		return "the interface is not up";
	return words[0] != '\0' ? words : pcap_statustostr(status);
}

/*
 * libpcap's own promiscuous mode opens files for each pcap_stats(), which a sandbox refuses. The
 * membership ends with the descriptor.
 */
static bool be_promiscuous(struct lane *lane)
{
	struct packet_mreq wish = { .mr_ifindex = (int)lane->index, .mr_type = PACKET_MR_PROMISC };

	return lane->index == 0 || setsockopt(pcap_fileno(lane->pcap), SOL_PACKET,
					      PACKET_ADD_MEMBERSHIP, &wish, sizeof(wish)) == 0;
}

static int activate(struct lane *lane, const struct live_options *o)
{
	const bool favours = o->filter == NULL && o->clear_len > o->snap_len;

	pcap_set_snaplen(lane->pcap, (int)(favours ? o->clear_len : o->snap_len));
	pcap_set_buffer_size(lane->pcap, (int)(o->buffer_kib * 1024));
	pcap_set_timeout(lane->pcap, BLOCK_MS);
	/* Where it is refused, there are microseconds. */
	pcap_set_tstamp_precision(lane->pcap, PCAP_TSTAMP_PRECISION_NANO);
	return pcap_activate(lane->pcap);
}

static bool set_up(struct lane *lane, const struct live_options *o, char error[CAPTURE_ERROR_MAX])
{
	char words[PCAP_ERRBUF_SIZE] = "";
	int status = activate(lane, o);

	if (status < 0)
		return refuse(lane, words_of(lane, status), error);
	if (pcap_setnonblock(lane->pcap, 1, words) != 0 || !filter_set(lane, o, words))
		return refuse(lane, words, error);
	if (o->promiscuous && !be_promiscuous(lane))
		return refuse(lane, strerror(errno), error);
	lane->nanoseconds = pcap_get_tstamp_precision(lane->pcap) == PCAP_TSTAMP_PRECISION_NANO;
	return true;
}

bool lane_open(struct lane *lane, const struct live_options *o, size_t i,
	       char error[CAPTURE_ERROR_MAX])
{
	char words[PCAP_ERRBUF_SIZE] = "";
	struct text name = text_in(lane->name, sizeof(lane->name));

	if (strlen(o->name[i]) >= sizeof(lane->name)) {
		capture_refuse(error, CAPTURE_FAILED, "no interface has a name as long as that");
		return false;
	}
	text_add(&name, "%s", o->name[i]);
	lane->index = if_nametoindex(lane->name);
	lane->pcap = pcap_create(lane->name, words);
	if (lane->pcap == NULL)
		return refuse(lane, words, error);
	if (!set_up(lane, o, error)) {
		pcap_close(lane->pcap);
		return false;
	}
	drops_open(&lane->drops, lane->name);
	return true;
}

void lane_close(struct lane *lane)
{
	drops_close(&lane->drops);
	pcap_close(lane->pcap);
}

/* Marks of frames are numbers from 1: at 0 it begins again. */
static uint32_t next_number(struct lane *lane)
{
	if (++lane->frames == 0)
		lane->frames = 1;
	return lane->frames;
}

bool lane_fetch(struct lane *lane, uint16_t input)
{
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	int result = pcap_next_ex(lane->pcap, &header, &bytes);
	if (result < 0)
		lane->failed = true; /* live.c finds out why */
	if (result != 1)
		return false;
	lane->held = (struct frame){
		.number = next_number(lane),
		.input = input,
		.link_type = pcap_datalink(lane->pcap),
		.time_ns = stamp_ns(header->ts.tv_sec,
				    header->ts.tv_usec * (lane->nanoseconds ? 1 : NS_PER_US)),
		.wire_len = header->len,
		.len = header->caplen,
		.bytes = bytes,
	};
	return lane->has_held = true;
}

/* libpcap's counters have 32 bits: of a busy host they wrap within the hour. */
void lane_count(struct lane *lane)
{
	struct pcap_stat stat;

	if (lane->gone || pcap_stats(lane->pcap, &stat) != 0)
		return;
	lane->dropped += (uint32_t)(stat.ps_drop - lane->dropped_raw);
	lane->dropped_raw = stat.ps_drop;
}
