#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# layers.sh [--self-test]: the rules of the house that a compiler does not know, as a check.
#
#   - a room includes itself, base/ and the nouns of earlier rooms; doors are for commands/ alone
#   - an outside library is known in its own room
#   - messages come from commands/ and base/die.c, the result from report/
#   - no function over 60 lines, no file over 300
#   - bytes of packets are read through base/cursor.h
#
# One line for each breach, the number of rules that hold at the end. --self-test plants a breach of
# each rule in a copy of the tree and wants to see it found.
set -u
cd "${LAYERS_ROOT:-$(dirname "$0")/..}" || exit 1
export LC_ALL=C

rooms='base capture dissect track logs classify report commands'
program_files=$(find main.c $rooms -name '*.[ch]' -o -name '*.def' 2>/dev/null | sort)
c_files=$(find main.c $rooms samples tests -name '*.[ch]' 2>/dev/null | sort)

# Code of the files without comments and what is in quotes, as FILE:LINE:TEXT.
code()
{
	awk '
	FNR == 1 { comment = 0 }
	{
		line = $0; out = ""
		while (line != "") {
			if (comment) {
				if (!(end = index(line, "*/"))) break
				line = substr(line, end + 2); comment = 0
			} else if (match(line, /^"([^"\\]|\\.)*"/) ||
			           match(line, /^\047([^\047\\]|\\.)*\047/)) {
				out = out "\"\""; line = substr(line, RLENGTH + 1)
			} else if (substr(line, 1, 2) == "/*") {
				comment = 1; line = substr(line, 3)
			} else if (substr(line, 1, 2) == "//") {
				break
			} else {
				out = out substr(line, 1, 1); line = substr(line, 2)
			}
		}
		print FILENAME ":" FNR ":" out
	}' "$@" </dev/null
}

# among DIRECTORY...: the program's files in these rooms.
among() { for room in "$@"; do printf '%s\n' $program_files | grep "^$room/"; done; }
except() { grep -v -x -F -e "$1"; }

# find_code WHY PATTERN FILE...: a line for each place that matches.
find_code()
{
	local why=$1 pattern=$2

	shift 2
	[ $# -eq 0 ] || code "$@" | grep -E "^[^:]*:[0-9]*:.*($pattern)" |
		sed "s|^\([^:]*:[0-9]*\):[[:space:]]*|\1: $why: |"
}

# ---- the rules: each prints its breaches ----

rule_rooms_stand_in_a_row()
{
	awk '
	BEGIN {
		count = split("base capture dissect track logs classify report commands main", order, " ")
		for (i = 1; i <= count; i++) place[order[i]] = i
		noun["capture/frame.h"] = noun["dissect/packet.h"] = 1
		noun["track/conn.h"] = noun["classify/verdict.h"] = 1
		noun["logs/note.h"] = 1
		side_door["capture/sandbox.h"] = side_door["capture/live.h"] = 1
		side_door["report/live_counts.h"] = side_door["report/live_lines.h"] = 1
		side_door["report/sinks.h"] = 1
	}
	function breach(why) { print FILENAME ":" FNR ": " why ": " $2 }
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, part, "\""); target = part[2]
		from = FILENAME == "main.c" ? "main" : FILENAME; sub(/\/.*/, "", from)
		to = target; sub(/\/.*/, "", to)
		door = target == to "/" to ".h" || target in side_door
		if (target !~ /\// || !(to in place))
			breach("an include names its file from the root of the tree")
		else if (place[to] > place[from])
			breach(from "/ may not know a later room")
		else if (to == from || to == "base" || noun[target])
			next
		else if (from == "main" && to == "commands")
			next
		else if (from == "commands" && door)
			next
		else if (FILENAME ~ /^track\/ssh[a-z_]*\.[ch]$/ && target ~ /^dissect\/ssh[a-z_]*\.h$/)
			next # SSH messages span segments
		else
			breach(door ? "a door is for commands/ alone" : "of an earlier room only the noun")
	}' $program_files </dev/null
}

rule_samples_know_base_alone()
{
	grep -rnE '#[[:space:]]*include[[:space:]]*"' --include='*.[ch]' --include='*.def' samples |
		grep -vE '"(base|samples)/' | sed 's/$/: samples\/ may know base\/ alone/'
}

rule_libraries_have_one_room()
{
	# Library, where it may be, what to find.
	local name where pattern

	while read -r name where pattern; do
		grep -rnE "#[[:space:]]*include[[:space:]]*<$pattern>" --include='*.[ch]' . |
			sed 's|^\./||' | grep -vE "^($where)" | sed "s|\$|: $name has another room|"
	done <<-'ROWS'
		libpcap capture/|tests/|samples/lab/forge (pcap/)?(pcap|bpf)\.h
		libpcap capture/|dissect/link\.c|tests/ pcap/dlt\.h
		zlib capture/unpack_gzip\.c|tests/ zlib\.h
		zstd capture/unpack_zstd\.c|tests/ zstd.*
		lz4 capture/unpack_lz4\.c|tests/ lz4.*
		liblzma capture/unpack_xz\.c|tests/ lzma.*
		cJSON report/json[a-z_]*\.[ch]:|logs/(journal_json|mtr)\.c:|tests/ cjson/.*
		libmd report/(community_id|html)\.c:|dissect/ssh_[a-z]*\.[ch]:|tests/ (md5|sha1|sha2|sha256)\.h
		libseccomp capture/seccomp\.c:|tests/ seccomp\.h
		nettle base/cryptopan\.h|tests/ nettle/.*
		libnet samples/ libnet.*
		criterion tests/ criterion/.*
	ROWS
}

rule_messages_come_from_commands()
{
	find_code 'only commands/ and base/die.c speak to people' \
		'\<(stderr|perror|STDERR_FILENO|v?warnx?|v?errx?)\>[[:space:]]*[(,;)]|\<(stderr|STDERR_FILENO)\>' \
		$(among base capture dissect track logs classify report | except base/die.c)
}

rule_the_result_comes_from_report()
{
	find_code 'only report/ and commands/ write the result' \
		'\<(v?printf|puts|putchar)[[:space:]]*\(|\<(stdout|STDOUT_FILENO)\>' \
		$(among base capture dissect track logs classify)
	find_code 'report/ writes to the stream it is given' \
		'\<(v?printf|puts|putchar)[[:space:]]*\(|\<(stdout|STDOUT_FILENO)\>' $(among report)
}

rule_functions_have_60_lines()
{
	# Linux braces: a body stands between { and } in the first column.
	awk '
	FNR == 1 { start = 0 }
	/^{/ { start = FNR }
	/^}/ {
		if (start && FNR - start + 1 > 60)
			print FILENAME ":" start ": a function of " FNR - start + 1 " lines"
		start = 0
	}' $c_files </dev/null
}

rule_files_have_300_lines()
{
	wc -l $c_files | awk '$2 != "total" && $1 > 300 { print $2 ": " $1 " lines" }'
}

rule_bytes_are_read_by_the_cursor()
{
	find_code 'no cast on packet memory; see base/cursor.h' \
		'\((const )?u?int(16|32|64)_t (const )?\*+ ?\)[[:space:]]*[a-z(&*]' \
		$(among capture dissect track classify)
	find_code 'no cast on packet memory; see base/cursor.h' \
		'\((const )?struct [a-z_0-9]+ (const )?\*+ ?\)[^;]*\<(bytes|payload|at)\>' \
		$(among capture dissect track classify)
	find_code 'no arithmetic on packet memory; see base/cursor.h' \
		'(frame(->|\.)bytes|\<payload)[[:space:]]*(\[|\+[^+])|\<c(ursor)?(->|\.)at[[:space:]]*(\[|\+|-[^>])' \
		$(among capture dissect track classify)
	find_code 'no byte order but that of base/cursor.h' \
		'\<(ntoh[sl]|hton[sl]|be(16|32|64)toh|__builtin_bswap(16|32|64))\>' \
		$(among capture dissect track classify)
}

# ---- --self-test: a breach of each rule must be found ----

# planted FILE TEXT EXPECTED: TEXT at the end of FILE must bring the message EXPECTED and a failure.
planted()
{
	local said

	mkdir -p "$copy/$(dirname "$1")"
	[ ! -e "$copy/$1" ] || cp "$copy/$1" "$copy/.before"
	printf '%b\n' "$2" >>"$copy/$1"
	if said=$(LAYERS_ROOT=$copy bash "$self") || ! grep -qE "^$1:.*$3" <<<"$said"; then
		echo "layers.sh does not find '$2' in $1"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
	rm -f "$copy/$1"
	[ ! -e "$copy/.before" ] || mv "$copy/.before" "$copy/$1"
}

self_test()
{
	local long

	self=$(realpath "$0")
	copy=$(mktemp -d)
	trap 'rm -rf "$copy"' EXIT
	cp -r main.c $rooms samples tests "$copy" 2>/dev/null
	passed=0 failed=0
	planted base/x.c '#include "report/report.h"' 'later room'
	planted dissect/x.def '#include "track/conn.h"' 'later room'
	planted track/tcp.c '#include "capture/capture.h"' 'door is for commands'
	planted track/x.c '#include "dissect/inside.h"' 'only the noun'
	planted classify/x.c '#include "dissect/ssh.h"' 'only the noun'
	planted report/x.h '#  include "classify/classify.h"' 'door is for commands'
	planted commands/x.c '#include "track/inside.h"' 'only the noun'
	planted classify/x.c '#include "logs/inside.h"' 'only the noun'
	planted logs/x.c '#include "classify/verdict.h"' 'later room'
	planted main.c '#include "capture/capture.h"' 'door is for commands'
	planted capture/x.c '#include "frame.h"' 'from the root'
	planted samples/x.c '#include "dissect/packet.h"' 'base/ alone'
	planted track/x.c '#include <pcap/pcap.h>' 'libpcap has another room'
	planted report/text.c '#include <cjson/cJSON.h>' 'cJSON has another room'
	planted logs/syslog.c '#include <cjson/cJSON.h>' 'cJSON has another room'
	planted dissect/x.c '#include <sha1.h>' 'libmd has another room'
	planted capture/unpack.c '#include <zlib.h>' 'zlib has another room'
	planted capture/unpack_gzip.c '#include <zstd.h>' 'zstd has another room'
	planted track/x.c '#include <nettle/aes.h>' 'nettle has another room'
	planted track/x.c '#include <seccomp.h>' 'libseccomp has another room'
	planted report/x.c '#include "capture/sandbox.h"' 'door is for commands'
	planted dissect/x.c '#include <libnet.h>' 'libnet has another room'
	planted base/x.c '#include <criterion/criterion.h>' 'criterion has another room'
	planted dissect/x.c 'fprintf(stderr, "x");' 'speak to people'
	planted base/x.c 'perror("x");' 'speak to people'
	planted track/x.c 'printf("x");' 'write the result'
	planted report/x.c 'fputs("x", stdout);' 'stream it is given'
	long=$(printf '\\tx();\\n%.0s' $(seq 60))
	planted track/x.c "int x(void)\n{\n$long}" 'a function of 62 lines'
	planted report/x.h "$(printf '\\n%.0s' $(seq 301))" 'lines'
	planted dissect/x.c 'h = (const struct header *)at;' 'no cast'
	planted track/x.c 'n = *(uint16_t *)(p);' 'no cast'
	planted dissect/x.c 'b = frame->bytes[12];' 'no arithmetic'
	planted track/x.c 'b = packet->tcp.payload + 4;' 'no arithmetic'
	planted dissect/x.c 'n = ntohs(x);' 'no byte order'
	# And what only looks like one must not be found.
	before=$(LAYERS_ROOT=$copy bash "$self" | grep -c 'x\.c')
	printf '/* stderr, printf(\n * ntohs(x) */\nchar *s = "printf( // \\" ntohs(";\n' \
		>"$copy/track/x.c"
	if [ "$(LAYERS_ROOT=$copy bash "$self" | grep -c 'x\.c')" = "$before" ]; then
		passed=$((passed + 1))
	else
		echo "layers.sh finds a breach in a comment"
		failed=$((failed + 1))
	fi
}

# ---- what is done ----

if [ "${1:-}" = --self-test ]; then
	self_test
else
	passed=0 failed=0
	for rule in $(declare -F | sed -n 's/^declare -f \(rule_.*\)/\1/p'); do
		breaches=$($rule)
		if [ -z "$breaches" ]; then
			passed=$((passed + 1))
		else
			printf '%s\n' "$breaches"
			failed=$((failed + 1))
		fi
	done
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
