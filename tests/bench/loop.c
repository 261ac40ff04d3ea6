/* SPDX-License-Identifier: BSD-3-Clause */
/* loop FILE: the least that a program on libpcap can do: every frame, its bytes counted. */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE] = "usage: loop FILE";
	pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
	unsigned long long frames = 0, bytes = 0;
	struct pcap_pkthdr *header;
	const u_char *frame;

	if (pcap == NULL) {
		fprintf(stderr, "%s\n", error);
		return 1;
	}
	while (pcap_next_ex(pcap, &header, &frame) == 1) {
		frames++;
		bytes += header->caplen;
	}
	printf("%llu %llu\n", frames, bytes);
	pcap_close(pcap);
	return 0;
}
