# SPDX-License-Identifier: BSD-3-Clause
#
#   make            build build/rstscope (needs libpcap, cJSON, libmd, nettle, libseccomp, zlib, libzstd, liblz4, liblzma)
#   make demo       install what is missing, build, read a real capture  [CAPTURE=FILE]
#   make test       install what the tests need, build, pass every test, plain and sanitized
#   make accept     rewrite the goldens: read the diff before you commit it
#   make help       everything else
#
# V=1 shows the commands. Objects of the sanitized twin live in build/san/.

VERSION := 0.1.0
CC      ?= cc
PREFIX  ?= /usr/local
CAPTURE ?= samples/captures/netfilter-reset-after-silence.pcap

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wvla -Wwrite-strings
HARDENING := -fPIE -fstack-protector-strong -fcf-protection
# Fortify needs an optimiser and may already be set by the distribution's compiler.
FORTIFY  := -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3
SANITIZE := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# A frame passes through many small files: what is called across them is put in line when the program is linked,
# which takes an eighth off its time, and some seconds to link. The tests use the same objects as they are.
# LTO= leaves it out; gcc since 10 can do it.
LTO      := $(if $(findstring LTO compression,$(shell $(CC) -v 2>&1)),-flto=auto)
CFLAGS   ?= -g
ALL_CFLAGS := -std=c11 -D_DEFAULT_SOURCE -D_FILE_OFFSET_BITS=64 -I. -DRSTSCOPE_VERSION='"$(VERSION)"' \
              -MMD -MP $(WARNINGS) $(CFLAGS)
LINK     := -pie -pthread -Wl,-z,relro,-z,now -fno-lto
PCAP_LIBS   = $(shell pkg-config --libs libpcap 2>/dev/null || echo -lpcap)
CJSON_FLAGS = $(shell pkg-config --cflags libcjson 2>/dev/null)
UNPACK_LIBS = $(shell pkg-config --libs zlib libzstd liblz4 liblzma 2>/dev/null || \
                      echo -lz -lzstd -llz4 -llzma)
MD_LIBS     = $(shell pkg-config --libs libmd 2>/dev/null || echo -lmd)
SECCOMP_LIBS = $(shell pkg-config --libs libseccomp 2>/dev/null || echo -lseccomp)
AES_LIBS    = $(shell pkg-config --libs nettle 2>/dev/null || echo -lnettle)
LIBS        = $(PCAP_LIBS) $(UNPACK_LIBS) $(MD_LIBS) $(AES_LIBS) $(SECCOMP_LIBS) \
              $(shell pkg-config --libs libcjson 2>/dev/null || echo -lcjson) -lm

ROOMS    := base capture dissect track logs classify classify/causes report commands
SOURCES  := $(foreach room,$(ROOMS),$(wildcard $(room)/*.c))
TESTS    := $(wildcard tests/*.c $(ROOMS:%=tests/%/*.c))
SAMPLES  := $(wildcard samples/*.c samples/scenarios/*.c) base/die.c
BENCH_ALONE := tests/bench/loop tests/bench/once
BENCH    := $(filter-out $(BENCH_ALONE:%=%.c),$(wildcard tests/bench/*.c)) base/die.c
COMPLETIONS := $(wildcard packaging/completions/*.c)
SHELLS   := bash zsh fish
LAB_WIRE  := $(wildcard samples/lab/wire*.c)
LAB_FORGE := $(wildcard samples/lab/forge*.c) base/text.c base/text_form.c

OBJECTS     := $(SOURCES:%.c=build/%.o)
SAN_OBJECTS := $(SOURCES:%.c=build/san/%.o)

Q := $(if $(V),,@)
SAY = $(if $(V),,@printf '  %-7s %s\n' $(1) $@)

all: build/rstscope

$(OBJECTS) build/main.o: ALL_CFLAGS += $(if $(LTO),$(LTO) -ffat-lto-objects)

build/rstscope: build/main.o $(OBJECTS)
	$(call SAY,LINK)
	$(Q)$(CC) $(if $(LTO),$(LINK:-fno-lto=$(LTO)) $(HARDENING) $(FORTIFY),$(LINK)) -o $@ $^ $(LDFLAGS) $(LIBS)

build/san/rstscope: build/san/main.o $(SAN_OBJECTS)
	$(call SAY,LINK)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS) $(LIBS)

build/%.o: %.c Makefile
	$(call SAY,CC)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CJSON_FLAGS) $(HARDENING) $(FORTIFY) -c -o $@ $<

build/san/%.o: %.c Makefile
	$(call SAY,CC)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CJSON_FLAGS) $(SANITIZE) -c -o $@ $<

# ---- samples: captures we know the truth of, written by libnet ----

build/write-samples: $(SAMPLES:%.c=build/%.o)
	$(call SAY,LINK)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS) -lnet

# Writes build/samples/NAME.pcap and NAME.truth for each scenario.
build/samples/.written: build/write-samples
	$(call SAY,WRITE)
	$(Q)rm -rf build/samples && mkdir -p build/samples
	$(Q)build/write-samples build/samples
	$(Q)touch $@

samples: build/samples/.written

# ---- the lab: real connections broken in known ways (root; see samples/lab/README.md) ----

build/lab/wire: $(LAB_WIRE:%.c=build/%.o)
	$(call SAY,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS)

build/lab/forge: $(LAB_FORGE:%.c=build/%.o)
	$(call SAY,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS) $(PCAP_LIBS) -lnet

lab-tools: build/lab/wire build/lab/forge

# Not with the rest of the tests: root and some minutes.  [S=NAME, NAME-N or a family]
lab: lab-tools
	$(Q)samples/lab/lab.py $(S)

lab-keep: lab-tools
	$(Q)samples/lab/lab.py --keep $(S)

lab-shifted: lab-tools
	$(Q)samples/lab/lab.py --shift $(or $(SEED),1) $(S)

# ---- completions for shells, made from the program's own tables ----

build/completions/generate: $(COMPLETIONS:%.c=build/%.o)
	$(call SAY,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS)

build/completions/rstscope.%: build/completions/generate
	$(call SAY,WRITE)
	$(Q)build/completions/generate $* >$@

completions: $(SHELLS:%=build/completions/rstscope.%)

# ---- the journal's catalog, made from the texts of "explain" ----

build/catalog/generate: build/packaging/catalog/catalog.o $(OBJECTS)
	$(call SAY,LINK)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS) $(LIBS)

build/rstscope.catalog: build/catalog/generate
	$(call SAY,WRITE)
	$(Q)build/catalog/generate >$@

catalog: build/rstscope.catalog

# ---- tests ----

build/tests/unit: $(TESTS:%.c=build/%.o) $(OBJECTS)
	$(call SAY,LINK)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS) $(LIBS) $(shell pkg-config --libs criterion)

build/san/tests/unit: $(TESTS:%.c=build/san/%.o) $(SAN_OBJECTS)
	$(call SAY,LINK)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS) $(LIBS) $(shell pkg-config --libs criterion)

# Gives the verdicts of captures to the sinks, as a live capture would.
build/tests/sinks/feed: build/tests/sinks/feed.o $(OBJECTS)
	$(call SAY,LINK)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS) $(LIBS)

build/san/tests/sinks/feed: build/san/tests/sinks/feed.o $(SAN_OBJECTS)
	$(call SAY,LINK)
	$(Q)$(CC) $(SANITIZE) -o $@ $^ $(LDFLAGS) $(LIBS)

test: install-tools
	$(Q)$(MAKE) --no-print-directory -s check

check: build/rstscope build/san/rstscope build/tests/unit build/san/tests/unit samples completions \
       build/tests/sinks/feed build/san/tests/sinks/feed catalog
	$(Q)tests/run.sh

# What clang's tools say of layout and habits; not part of the tests, as versions differ.
lint:
	$(Q)clang-format --dry-run --Werror main.c $(SOURCES) $(TESTS)
	$(Q)clang-tidy --quiet main.c $(SOURCES) $(SAMPLES) -- $(ALL_CFLAGS:-M%=) 2>/dev/null

# Live beside a real sshd: all of it, with a flood and what takes minutes (root).
build/tests/flood: build/tests/live/flood.o
	$(call SAY,LINK)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS)

live: build/rstscope build/tests/flood
	$(Q)tests/live.py build/rstscope --long

# Ten minutes of traffic: does it grow?  [MINUTES=10]
soak: build/rstscope
	$(Q)tests/live.py build/rstscope --soak $(or $(MINUTES),10)

# Asks tshark, where installed, whether the samples are well formed, and whether it sees the same
# connections as we do. Some minutes; docs/oracle.md explains where the two differ.
oracle: build/rstscope samples
	$(Q)tests/oracle.sh

# Opens the HTML report in a headless Chromium, where installed, and uses it.  [KEEP=DIR for pictures]
browser: build/rstscope samples
	$(Q)tests/browser.py $(if $(KEEP),--keep $(KEEP)) build/rstscope

# Do the renderers of Markdown that are installed see the same in a report, whatever the wire says? And
# does Mermaid draw its diagrams?  [NODE_MODULES=DIR with mermaid and jsdom]
markdown: build/rstscope samples
	$(Q)tests/markdown.py build/rstscope
	$(Q)tests/mermaid.py build/rstscope

# Do our ECS lines keep to the fields as Elastic publishes them? Installs their package, with npm.
schemas: build/rstscope samples
	$(Q)tests/published.py build/rstscope

# ---- how fast it is ----

build/tests/bench/generate: $(BENCH:%.c=build/%.o)
	$(call SAY,LINK)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS) $(PCAP_LIBS)

$(BENCH_ALONE:%=build/%): %: %.o
	$(call SAY,LINK)
	$(Q)$(CC) $(LINK) -o $@ $^ $(LDFLAGS) $(PCAP_LIBS)

# Writes some gigabytes to a scratch folder and measures.  [BENCH_DIR=DIR] [SCALE=0.01] [SETS='bastion storm']
# [COUNT=1]: "linear" by instructions, where the machine has other things to do.
bench: build/rstscope samples build/tests/bench/generate $(BENCH_ALONE:%=build/%)
	$(Q)tests/bench/bench.py $(if $(BENCH_DIR),--folder $(BENCH_DIR)) $(if $(SCALE),--scale $(SCALE)) $(if $(COUNT),--instructions) $(SETS)

# How right it is, on every capture of known truth; a measurement, and with BARS=1 a test.
score: build/rstscope samples
	$(Q)tests/score.py $(if $(LAB),--lab $(LAB)) $(if $(BARS),--bars)

# How right it stays when the capture lacks frames; some minutes. "make check" thins a few.
thin: build/rstscope samples
	$(Q)tests/thin.py

accept: build/rstscope samples
	$(Q)tests/golden.sh --accept build/rstscope

# ---- what a new user does ----

install-libraries:
	$(Q)packaging/install.sh build

install-tools:
	$(Q)packaging/install.sh build test

demo: install-libraries
	$(Q)$(MAKE) --no-print-directory -s build/rstscope
	$(Q)build/rstscope read $(CAPTURE) || [ $$? -eq 3 ]

# A distribution's packages have a folder of their own for zsh: ZSH_FOLDER. The service is not enabled.
SHARE := $(DESTDIR)$(PREFIX)/share
ZSH_FOLDER ?= site-functions
SYSTEMD_UNIT_DIR ?= $(PREFIX)/lib/systemd/system

install: build/rstscope completions catalog
	install -D -m 0755 build/rstscope $(DESTDIR)$(PREFIX)/bin/rstscope
	install -D -m 0644 docs/rstscope.1 $(SHARE)/man/man1/rstscope.1
	install -D -m 0644 build/completions/rstscope.bash $(SHARE)/bash-completion/completions/rstscope
	install -D -m 0644 build/completions/rstscope.zsh $(SHARE)/zsh/$(ZSH_FOLDER)/_rstscope
	install -D -m 0644 build/rstscope.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/rstscope.catalog
	install -D -m 0644 build/completions/rstscope.fish $(SHARE)/fish/vendor_completions.d/rstscope.fish
	install -d $(DESTDIR)$(SYSTEMD_UNIT_DIR)
	sed 's|/usr/bin/rstscope|$(PREFIX)/bin/rstscope|' packaging/rstscope.service >build/rstscope.service
	install -m 0644 build/rstscope.service $(DESTDIR)$(SYSTEMD_UNIT_DIR)/rstscope.service

# A package for Debian and what comes from it: build/rstscope_VERSION_ARCH.deb
deb: build/rstscope completions catalog
	$(Q)packaging/deb.sh $(VERSION) build

clean:
	$(Q)rm -rf build

help:
	@sed -n 's/^#   make/  make/p' Makefile
	@echo '  make install    [PREFIX=$(PREFIX)] [DESTDIR=]'
	@echo '  make deb        the same as a package for Debian, in build/'
	@echo '  make samples    write the scenarios to build/samples/'
	@echo '  make lab        break real SSH connections in known ways, capture them  [S=NAME]'
	@echo '  make lab-keep   the same, and replace the committed captures'
	@echo '  make lab-shifted  the same with other delays and silences  [SEED=N]'
	@echo '  make score      how right it is, on captures of known truth  [LAB=DIR] [BARS=1]'
	@echo '  make thin       the same on captures of which frames were dropped'
	@echo '  make bench      how fast it is, and in how much memory  [BENCH_DIR=DIR] [SCALE=0.01] [SETS=NAMES] [COUNT=1]'
	@echo '  make live       rstscope live beside a real sshd, with floods (root)'
	@echo '  make soak       the same for long: does it grow?  [MINUTES=10]'
	@echo '  make lint       clang-format and clang-tidy, where installed'
	@echo '  make oracle     ask tshark whether the samples are well formed, and whether it agrees'
	@echo '  make browser    open the HTML report in a headless Chromium and use it  [KEEP=DIR]'
	@echo '  make markdown   ask renderers of Markdown whether they see the same'
	@echo '  make clean'

.PHONY: live soak all completions catalog samples test check lint lab lab-tools lab-keep lab-shifted oracle browser markdown schemas score thin bench accept install-libraries install-tools demo install deb clean help
.SECONDARY:

-include $(OBJECTS:.o=.d) $(SAN_OBJECTS:.o=.d) $(SAMPLES:%.c=build/%.d)
-include $(BENCH:%.c=build/%.d) $(BENCH_ALONE:%=build/%.d)
-include $(COMPLETIONS:%.c=build/%.d) build/tests/live/flood.d build/packaging/catalog/catalog.d
-include $(LAB_WIRE:%.c=build/%.d) $(LAB_FORGE:%.c=build/%.d)
-include build/tests/sinks/feed.d build/san/tests/sinks/feed.d
-include $(TESTS:%.c=build/%.d) $(TESTS:%.c=build/san/%.d) build/main.d build/san/main.d
