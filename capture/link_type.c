/* SPDX-License-Identifier: BSD-3-Clause */
/* Link types: as files number them, as the system does, and libpcap's words for them. */
#include <pcap/pcap.h>

#include "base/text.h"
#include "capture/inside.h"

void link_name_of(int link_type, char name[LINK_NAME_MAX])
{
	const char *known = pcap_datalink_val_to_name(link_type);
	struct text t = text_in(name, LINK_NAME_MAX);

	if (known != NULL)
		text_add(&t, "%s", known);
	else
		text_add(&t, "DLT_%d", link_type);
}

/* Where the number in a file is another than DLT_ of the system; the rest is the same everywhere. */
static const struct {
	uint32_t link_type;
	int dlt;
} others[] = {
	{ 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW },      { 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS },   { 106, DLT_ATM_CLIP },
};

#define OTHERS (sizeof(others) / sizeof(others[0]))

int link_dlt_of(uint32_t link_type)
{
	for (size_t i = 0; i < OTHERS; i++)
		if (others[i].link_type == link_type)
			return others[i].dlt;
	return (int)link_type;
}

uint32_t link_type_of_dlt(int dlt)
{
	for (size_t i = 0; i < OTHERS; i++)
		if (others[i].dlt == dlt)
			return others[i].link_type;
	return (uint32_t)dlt;
}
