/* SPDX-License-Identifier: BSD-3-Clause */
/* What --help and --version say. */
#include <stdio.h>

#include "commands/options.h"

static const struct {
	char letter;
	const char *name, *argument, *purpose;
} rows[] = {
#define OPTION(id, letter, name, argument, purpose) { letter, name, argument, purpose },
#include "commands/options.def"
#undef OPTION
};

void options_version(void)
{
	puts("rstscope " RSTSCOPE_VERSION);
}

static void row_help(size_t i)
{
	char left[40];

	snprintf(left, sizeof(left), "%c%c%c %s%s%s%s", rows[i].letter != '\0' ? '-' : ' ',
		 rows[i].letter != '\0' ? rows[i].letter : ' ',
		 rows[i].letter != '\0' && rows[i].name != NULL ? ',' : ' ',
		 rows[i].name != NULL ? "--" : "", rows[i].name != NULL ? rows[i].name : "",
		 rows[i].argument != NULL && rows[i].name != NULL ? " " : "",
		 rows[i].argument != NULL ? rows[i].argument : "");
	printf("  %-22s %s\n", left, rows[i].purpose);
}

void options_help(void)
{
	puts("usage: rstscope read [OPTIONS] FILE...\n"
	     "       rstscope explain [CAUSE|timers]\n"
	     "\n"
	     "Reads packet captures of SSH traffic (pcap, pcapng; - is standard input) and says for\n"
	     "each connection who ended it and why, how sure that is, which frames show it, what\n"
	     "would settle it, and what to do.\n"
	     "\n"
	     "  rstscope read ssh.pcap                      the report, for people\n"
	     "  rstscope read -f jsonl *.pcap | jq .        one JSON line a connection\n"
	     "  rstscope read -o ticket.txt -o t.json F     both, into files\n"
	     "  tcpdump -i any -s 0 -w - tcp port 22 | rstscope read -\n"
	     "\n"
	     "Options:");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_help(i);
	puts("\n"
	     "Exit status: 0 done; 1 found what --fail-on names; 2 wrong usage; 3 some input was\n"
	     "damaged, what could be read is in the report; 4 could not do it.");
}
