/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One capture file through libpcap: pcap and pcapng, both byte orders, micro- and nanoseconds.
 *
 * The file is opened here and not by libpcap, so that a FIFO or a device is refused before anything
 * waits for it. Its first bytes are looked at and put back: libpcap calls whatever it does not know
 * an "unknown file format", compressed captures too.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/die.h"
#include "base/text.h"
#include "capture/inside.h"

#define MAGIC_LEN 6              /* the longest below; C libraries take that many bytes back */
#define CAPTURE_MAGIC_LEN 4      /* of pcap and pcapng */
#define READ_AT_ONCE (64 * 1024) /* the usual 4 KiB would be 16 times the system calls */

struct file {
	struct capture_input about;
	pcap_t *pcap; /* NULL once the end was reached */
	bool waits;   /* frame is the next one */
	struct frame frame;
	char link_name[24]; /* for a link type that libpcap has no name for */
	char buffer[READ_AT_ONCE];
};

static const struct {
	uint8_t len, bytes[MAGIC_LEN];
	const char *name, *unpack;
} compressions[] = {
	{ 2, { 0x1f, 0x8b }, "gzip", "zcat" },
	{ 4, { 0x28, 0xb5, 0x2f, 0xfd }, "zstd", "zstdcat" },
	{ 6, { 0xfd, '7', 'z', 'X', 'Z', 0x00 }, "xz", "xzcat" },
	{ 4, { 0x04, 0x22, 0x4d, 0x18 }, "lz4", "lz4cat" },
	{ 3, { 'B', 'Z', 'h' }, "bzip2", "bzcat" },
};

/* Sets the reason; false, so that a check can end with it. */
__attribute__((format(printf, 2, 3))) static bool refuse(char error[CAPTURE_ERROR_MAX],
							 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, CAPTURE_ERROR_MAX, format, args);
	va_end(args);
	return false;
}

static bool is_readable(int fd, bool is_stdin, char error[CAPTURE_ERROR_MAX])
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return refuse(error, "%s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return refuse(error, "is a directory");
	if (is_stdin && isatty(fd))
		return refuse(error, "is a terminal; pipe a capture into it");
	/* Reading a FIFO may wait for ever, and a device may act on it. */
	if (!is_stdin && !S_ISREG(st.st_mode))
		return refuse(error, "is not a regular file");
	return true;
}

static FILE *open_stream(const char *path, char error[CAPTURE_ERROR_MAX])
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) :
			    open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	FILE *stream;

	if (fd < 0) {
		/* What open() says of a socket is "No such device or address". */
		refuse(error, "%s", errno == ENXIO ? "is not a regular file" : strerror(errno));
		return NULL;
	}
	if (!is_readable(fd, is_stdin, error)) {
		close(fd);
		return NULL;
	}
	stream = fdopen(fd, "rb");
	if (stream == NULL) {
		refuse(error, "%s", strerror(errno));
		close(fd);
	}
	return stream;
}

static bool is_known(const uint8_t *magic, size_t len, char error[CAPTURE_ERROR_MAX])
{
	for (size_t i = 0; i < sizeof(compressions) / sizeof(compressions[0]); i++) {
		size_t of_magic = compressions[i].len;

		if (len >= of_magic && memcmp(magic, compressions[i].bytes, of_magic) == 0)
			return refuse(error,
				      "is compressed with %s; unpack it first: "
				      "%s FILE | rstscope read -",
				      compressions[i].name, compressions[i].unpack);
	}
	if (len < CAPTURE_MAGIC_LEN)
		return refuse(error, "is not a pcap or pcapng capture");
	return true;
}

/* Looks at the first bytes of the stream without using them up: it may be a pipe. */
static bool check_magic(FILE *stream, char error[CAPTURE_ERROR_MAX])
{
	uint8_t magic[MAGIC_LEN];
	size_t len = fread(magic, 1, sizeof(magic), stream);

	if (ferror(stream))
		return refuse(error, "%s", strerror(errno));
	if (len == 0)
		return refuse(error, "is empty");
	if (!is_known(magic, len, error))
		return false;
	while (len > 0)
		if (ungetc(magic[--len], stream) == EOF)
			return refuse(error, "cannot be read from its start");
	return true;
}

/* What libpcap says may repeat bytes of the file. */
static void add_libpcap_words(struct text *t, const char *words)
{
	text_add_wire(t, words, strlen(words));
}

static pcap_t *open_capture(FILE *stream, char error[CAPTURE_ERROR_MAX])
{
	char words[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap =
		pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, words);
	struct text t = text_in(error, CAPTURE_ERROR_MAX);

	if (pcap != NULL)
		return pcap;
	if (strcmp(words, "unknown file format") == 0) {
		text_add(&t, "is not a pcap or pcapng capture");
	} else {
		text_add(&t, "cannot be read as a capture: ");
		add_libpcap_words(&t, words);
	}
	return NULL;
}

static void describe(struct file *file, const char *path, uint16_t input)
{
	struct capture_input *about = &file->about;

	about->path = path;
	/* Nothing else tells them apart: pcap is version 2 since 1998, pcapng version 1. */
	about->format = pcap_major_version(file->pcap) == 1 ? "pcapng" : "pcap";
	about->link_type = pcap_datalink(file->pcap);
	about->link_name = pcap_datalink_val_to_name(about->link_type);
	if (about->link_name == NULL) {
		snprintf(file->link_name, sizeof(file->link_name), "DLT_%d", about->link_type);
		about->link_name = file->link_name;
	}
	file->frame.input = input;
	file->frame.link_type = about->link_type;
}

/*
 * libpcap allows frames of these link types up to 128 MiB, all others 256 KiB. None carries IP, so
 * none is worth the memory.
 */
static bool has_huge_frames(int link_type)
{
	return link_type == DLT_DBUS || link_type == DLT_EBHSCR || link_type == DLT_USBPCAP;
}

struct file *file_open(const char *path, uint16_t input, char error[CAPTURE_ERROR_MAX])
{
	FILE *stream = open_stream(path, error);
	struct file *file;

	if (stream == NULL)
		return NULL;
	file = xcalloc(1, sizeof(*file));
	/* The buffer must outlive the stream: pcap_close() or fclose() comes before free(). */
	setvbuf(stream, file->buffer, _IOFBF, sizeof(file->buffer));
	if (check_magic(stream, error))
		file->pcap = open_capture(stream, error); /* owns the stream when it succeeds */
	if (file->pcap == NULL) {
		fclose(stream);
		free(file);
		return NULL;
	}
	describe(file, path, input);
	if (has_huge_frames(file->about.link_type)) {
		refuse(error, "is a capture of %s, which carries no network traffic",
		       file->about.link_name);
		file_close(file);
		return NULL;
	}
	return file;
}

/*
 * Any two numbers of a file to nanoseconds since 1970, between the years 1824 and 2116: so the
 * difference of any two times fits, too.
 */
static int64_t time_of(const struct timeval *ts)
{
	const int64_t limit_s = INT64_MAX / 2 / NS_PER_S - 1;
	int64_t s = ts->tv_sec, ns = ts->tv_usec; /* named by libpcap before it had nanoseconds */

	s = s < -limit_s ? -limit_s : s > limit_s ? limit_s : s;
	s += ns / NS_PER_S; /* a file may hold more than a second of them */
	s = s < -limit_s ? -limit_s : s > limit_s ? limit_s : s;
	return s * NS_PER_S + ns % NS_PER_S;
}

static void keep_damage(struct file *file)
{
	struct text t = text_in(file->about.damaged, sizeof(file->about.damaged));

	if (file->about.packets == 0)
		text_add(&t, "cannot be read from the first frame on: ");
	else
		text_add(&t, "cannot be read after frame %" PRIu64 ": ", file->about.packets);
	add_libpcap_words(&t, pcap_geterr(file->pcap));
}

static void keep_frame(struct file *file, const struct pcap_pkthdr *header, const uint8_t *bytes)
{
	struct capture_input *about = &file->about;

	file->waits = true;
	file->frame.number++;
	file->frame.time_ns = time_of(&header->ts);
	file->frame.wire_len = header->len;
	file->frame.len = header->caplen;
	file->frame.bytes = bytes;
	about->packets++;
	about->bytes += header->caplen;
	about->last_ns = file->frame.time_ns;
	if (about->packets == 1)
		about->first_ns = file->frame.time_ns;
}

const struct frame *file_peek(struct file *file)
{
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	int result;

	if (file->waits)
		return &file->frame;
	if (file->pcap == NULL)
		return NULL;
	result = pcap_next_ex(file->pcap, &header, &bytes);
	if (result == 1) {
		keep_frame(file, header, bytes);
		return &file->frame;
	}
	if (result != PCAP_ERROR_BREAK) /* which means the end, in a file */
		keep_damage(file);
	pcap_close(file->pcap);
	file->pcap = NULL;
	return NULL;
}

void file_take(struct file *file)
{
	file->waits = false;
}

const struct capture_input *file_about(const struct file *file)
{
	return &file->about;
}

void file_close(struct file *file)
{
	if (file->pcap != NULL)
		pcap_close(file->pcap);
	free(file);
}
