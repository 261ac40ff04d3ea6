#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# golden.sh [--accept] BINARY: is each report what it was, and is it true?
#
# Each build/samples/NAME.pcap and samples/captures/NAME.pcap is reported as text and as JSON, and
# compared with tests/golden/NAME.txt and NAME.json. There is no list of names: a capture without
# a golden is a failure, and so is a golden without a capture. --accept writes the goldens anew.
#
# Truth is compared apart from the wording: truth.py asks the JSON for ending, who and cause.
set -u
cd "$(dirname "$0")/.." || exit 1
export TZ=UTC LC_ALL=C

accept=
[ "${1:-}" != --accept ] || { accept=yes; shift; }
binary=${1:?usage: golden.sh [--accept] BINARY}
golden=tests/golden
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }
fail() { echo "golden: $*"; failed=$((failed + 1)); }

# JSON is laid out for whoever reads the diff of a golden; keys and values stay as they are.
layout() { if [ "$1" = json ]; then python3 -m json.tool --indent 1; else cat; fi; }

# report FILE FORMAT OUTPUT: a clean run without a word on stderr; the version is masked.
report()
{
	local status

	timeout 60 "$binary" read -f "$2" "$1" >"$out/raw" 2>"$out/errors"
	status=$?
	if [ "$status" -ne 0 ] || [ -s "$out/errors" ]; then
		fail "$1 as $2: status $status: $(head -c 300 "$out/errors")"
		return 1
	fi
	layout "$2" <"$out/raw" | sed -e 's/\("version":[[:space:]]*\)"[^"]*"/\1"VERSION"/' \
		-e 's/rstscope [0-9][0-9]*\.[0-9.]*[0-9]/rstscope VERSION/' >"$3"
}

# same NAME.ENDING: compares with the golden, or makes it the golden.
same()
{
	if [ -n "$accept" ]; then
		cp "$out/report/$1" "$golden/$1" && pass
	elif [ ! -e "$golden/$1" ]; then
		fail "$golden/$1 is missing; 'make accept' writes it"
	elif diff -u "$golden/$1" "$out/report/$1" >"$out/diff"; then
		pass
	else
		fail "$1 differs"
		head -n 30 "$out/diff"
	fi
}

compare_reports()
{
	local file name

	for file in build/samples/*.pcap samples/captures/*.pcap; do
		[ -e "$file" ] || { fail "no captures: $file"; continue; }
		name=$(basename "$file" .pcap)
		[ ! -e "$out/report/$name.json" ] || fail "two captures are called $name"
		! report "$file" text "$out/report/$name.txt" || same "$name.txt"
		! report "$file" json "$out/report/$name.json" || same "$name.json"
	done
}

look_for_orphans()
{
	local file name

	for file in $(find "$golden" -type f | sort); do
		name=$(basename "${file%.*}")
		if [ -e "build/samples/$name.pcap" ] || [ -e "samples/captures/$name.pcap" ]; then
			continue
		elif [ -n "$accept" ]; then
			rm -f "$file"
		else
			fail "$file has no capture"
		fi
	done
}

check_schema()
{
	python3 tests/schema.py docs/report.schema.json "$out"/report/*.json >"$out/schema" 2>&1
	case $? in
	0) pass ;;
	77) echo "golden: the schema is not checked: $(head -n 1 "$out/schema")"
	    skipped=$((skipped + 1)) ;;
	*) fail "JSON is not what the schema says"; head -n 20 "$out/schema" ;;
	esac
}

# truth.py ends with a line "N true, N false".
check_truth()
{
	local counts

	python3 tests/truth.py "$out/report" build/samples/*.truth samples/captures/truth.tsv \
		>"$out/truth" 2>&1
	counts=$(sed -n '$s/^\([0-9]*\) true, \([0-9]*\) false$/\1 \2/p' "$out/truth")
	[ -n "$counts" ] || { fail "truth.py: $(tail -n 3 "$out/truth")"; return; }
	sed '$d' "$out/truth"
	passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
}

mkdir -p "$out/report" "$golden"
compare_reports
look_for_orphans
check_schema
check_truth
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
