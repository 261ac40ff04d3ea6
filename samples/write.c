/* SPDX-License-Identifier: BSD-3-Clause */
/* write-samples DIR: writes each scenario to DIR/NAME.pcap, and its truth to DIR/NAME.truth. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "samples/engine.h"
#include "samples/packets.h"
#include "samples/scenario.h"

#define PATH_LENGTH_MAX 4096

struct row {
	const char *name;
	const struct scenario *scenario;
};

static const struct row rows[] = {
#define SCENARIO(name) { #name, &scenario_##name },
#include "samples/scenarios.def"
#undef SCENARIO
};

static void write_endpoint(FILE *out, const struct scenario *scenario, uint8_t conn, enum end side)
{
	fprintf(out, scenario->ipv6 ? "[%s]:%d\t" : "%s:%d\t", engine_address(scenario, side),
		engine_port(conn, side));
}

static void write_truth(const struct row *row, FILE *out)
{
	const struct truth *truth = row->scenario->truth;

	fputs("client\tserver\tending\twho\tcause\tdetail\n", out);
	for (uint8_t i = 0; i < CONNECTIONS_MAX && truth[i].cause != NULL; i++) {
		write_endpoint(out, row->scenario, i, CLIENT);
		write_endpoint(out, row->scenario, i, SERVER);
		fprintf(out, "%s\t%s\t%s\t%s\n", truth[i].ending, truth[i].who, truth[i].cause,
			truth[i].detail != NULL ? truth[i].detail : "");
	}
}

static FILE *open_output(const char *dir, const char *name, const char *ending)
{
	char path[PATH_LENGTH_MAX];
	FILE *out;

	if (snprintf(path, sizeof(path), "%s/%s.%s", dir, name, ending) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	out = fopen(path, "wb");
	if (out == NULL)
		fprintf(stderr, "write-samples: %s: %s\n", path, strerror(errno));
	return out;
}

/* Takes the result of what wrote to the file; a full disk may show as late as here. */
static int close_output(FILE *out, int result)
{
	if (ferror(out))
		result = -1;
	return fclose(out) == 0 ? result : -1;
}

static int write_row(const struct row *row, const char *dir, struct libnet_context *net)
{
	FILE *out = open_output(dir, row->name, "pcap");

	if (out == NULL || close_output(out, engine_play(row->scenario, row->name, net, out)) < 0)
		return -1;
	out = open_output(dir, row->name, "truth");
	if (out == NULL)
		return -1;
	write_truth(row, out);
	return close_output(out, 0);
}

int main(int argc, char **argv)
{
	struct libnet_context *net;
	int result = 0;

	if (argc != 2) {
		fputs("usage: write-samples DIR\n", stderr);
		return 2;
	}
	net = packets_open();
	if (net == NULL) {
		fputs("write-samples: libnet cannot start\n", stderr);
		return 1;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && result == 0; i++) {
		result = write_row(&rows[i], argv[1], net);
		if (result != 0)
			fprintf(stderr, "write-samples: %s: not written %s\n", rows[i].name,
				packets_error(net));
	}
	packets_close(net);
	return result == 0 ? 0 : 1;
}
