/* SPDX-License-Identifier: BSD-3-Clause */
/* What --help and --version say. */
#include <stdio.h>
#include <string.h>

#include "commands/evidence.h"
#include "commands/options.h"
#include "report/report.h"

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
		 rows[i].argument != NULL && rows[i].name != NULL && rows[i].argument[0] != '[' ?
			 " " :
			 "",
		 rows[i].argument != NULL ? rows[i].argument : "");
	printf("  %-22s%s %s\n", left, strlen(left) > 22 ? "\n                        " : "",
	       rows[i].purpose);
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
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		row_help(i);
	formats_help();
	puts("\n"
	     "Exit status: 0 done; 1 found what --fail-on names; 2 wrong usage; 3 some input\n"
	     "was damaged, what could be read is in the report; 4 could not do it.");
}
