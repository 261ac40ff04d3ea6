/* SPDX-License-Identifier: BSD-3-Clause */
/* What --help and --version say. */
#include <stdio.h>
#include <string.h>

#include "commands/evidence.h"
#include "commands/options.h"
#include "report/report.h"

void options_version(void)
{
	puts("rstscope " RSTSCOPE_VERSION);
}

void options_row_help(const struct option_row *row)
{
	char left[40];

	snprintf(left, sizeof(left), "%c%c%c %s%s%s%s", row->letter != '\0' ? '-' : ' ',
		 row->letter != '\0' ? row->letter : ' ',
		 row->letter != '\0' && row->name != NULL ? ',' : ' ',
		 row->name != NULL ? "--" : "", row->name != NULL ? row->name : "",
		 row->argument != NULL && row->name != NULL && row->argument[0] != '[' ? " " : "",
		 row->argument != NULL ? row->argument : "");
	printf("  %-22s%s %s\n", left, strlen(left) > 22 ? "\n                        " : "",
	       row->purpose);
}

static void formats_help(void)
{
	const char *const *names = report_formats(), *const *endings = report_endings();

	puts("\nFormats:");
	for (size_t i = 0; names[i] != NULL; i++)
		printf("  %-22s for files that end in %s%s\n", names[i], endings[i],
		       i == 0 ? ", and without any wish" : "");
	printf("  %-22s for files that end in %s, as Wireshark reads them: the\n"
	       "%25sframes of connections that ended oddly, with the\n"
	       "%25sevidence as comments. The input is read twice, so it\n"
	       "%25shas to be files: no pipe, no standard input\n",
	       "(only with -o)", EVIDENCE_ENDING, "", "", "");
}

static void verbs_help(void)
{
	puts("usage:");
#define VERB(name, arguments, purpose)                                                             \
	printf("  rstscope %-7s %-18s %s\n", #name, arguments, purpose);
#include "commands/verbs.def"
#undef VERB
	puts("  rstscope FILE...                    the same as read");
}

void options_help(void)
{
	verbs_help();
	puts("\n"
	     "Says for each SSH connection in a capture who ended it and why, how sure that\n"
	     "is, which frames show it, what would settle it, and what to do.\n"
	     "\n"
	     "  rstscope read ssh.pcap                      the report, for people\n"
	     "  rstscope read -f jsonl *.pcap | jq .        one JSON line a connection\n"
	     "  rstscope read -o ticket.txt -o t.json FILE  both, into files\n"
	     "  rstscope explain server_crash               how that is decided, what mimics it\n"
	     "  tcpdump -i any -s 0 -w - tcp port 22 | rstscope read -\n"
	     "\n"
	     "Inputs: pcap and pcapng, plain or packed with gzip, zstd, lz4 or xz; a directory\n"
	     "stands for the captures directly in it; - is standard input; pipes may be named,\n"
	     "as <(ssh gw cat x.pcap). All of them are one timeline.\n"
	     "\n"
	     "Options of read:");
	for (enum option_id i = 0; i < OPTION_COUNT_OF; i++)
		options_row_help(options_row(i));
	formats_help();
	puts("\n"
	     "Exit status: 0 done; 1 found what --fail-on names; 2 wrong usage; 3 some input\n"
	     "was damaged, what could be read is in the report; 4 could not do it.\n"
	     "Options of live: rstscope live --help.");
}
