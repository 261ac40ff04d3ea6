#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# run.sh: every test, plain and sanitized; what "make check" runs when all is built. A line for each
# part, its details only when it fails, and "N passed, N failed" at the end.
set -u
cd "$(dirname "$0")/.." || exit 1
export TZ=UTC LC_ALL=C
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 skipped=0

# Criterion lets a run with leaks pass, and the report of a child may be lost in its pipe: each
# report of a sanitizer goes to a file, and a file is a failure.
export ASAN_OPTIONS=log_path=$logs/asan:detect_leaks=1:abort_on_error=0
export LSAN_OPTIONS=log_path=$logs/asan
export UBSAN_OPTIONS=log_path=$logs/asan:print_stacktrace=1

# account NAME PASSED FAILED SKIPPED OUTPUT: one part is done.
account()
{
	local reports

	reports=$(find "$logs" -name 'asan*' | wc -l)
	printf '%-28s %s\n' "$1" \
		"$2 passed, $(($3 + reports)) failed$([ "$4" = 0 ] || echo ", $4 skipped")"
	passed=$((passed + $2)) failed=$((failed + $3 + reports)) skipped=$((skipped + $4))
	[ "$3" = 0 ] || sed 's/^/    /' "$5" | tail -n 60
	if [ "$reports" != 0 ]; then
		echo "    $reports reports of a sanitizer; the first:"
		head -n 30 "$(find "$logs" -name 'asan*' | sort | head -n 1)" | sed 's/^/    /'
		find "$logs" -name 'asan*' -delete
	fi
}

# unit NAME BINARY: Criterion's own summary is the count. Nothing tested is a failure: a filter that
# matches nothing passes.
unit()
{
	local output=$logs/output status counts

	timeout 300 "$2" --jobs 2 >"$output" 2>&1
	status=$?
	counts=$(sed 's/\x1b\[[0-9;]*m//g' "$output" |
		sed -n 's/.*Tested: \([0-9]*\) | Passing: \([0-9]*\) |.*/\1 \2/p' | tail -n 1)
	set -- "$1" ${counts:-0 0}
	if [ "$2" -eq 0 ] || { [ "$status" -ne 0 ] && [ "$2" -eq "$3" ]; }; then
		echo "status $status, $2 tested" >>"$output"
		account "$1" "$3" 1 0 "$output"
	else
		account "$1" "$3" "$(($2 - $3))" 0 "$output"
	fi
}

# part NAME COMMAND...: a script whose last line is "N passed, N failed[, N skipped]".
part()
{
	local name=$1 output=$logs/output status counts

	shift
	timeout 900 "$@" >"$output" 2>&1
	status=$?
	counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed\(, \([0-9]*\) skipped\)*$/\1 \2 \4/p' \
		"$output")
	[ -z "$counts" ] || sed -i '$d' "$output"
	set -- ${counts:-0 1 0}
	if [ "$status" -ne 0 ] && [ "$2" -eq 0 ]; then
		echo "status $status" >>"$output"
		set -- "$1" 1 "${3:-0}"
	elif [ $(($1 + $2 + ${3:-0})) -eq 0 ]; then
		echo 'nothing was tested' >>"$output"
		set -- 0 1 0
	fi
	account "$name" "$1" "$2" "${3:-0}" "$output"
}

plain=build/rstscope sanitized=build/san/rstscope
unit 'unit tests' build/tests/unit
unit 'unit tests, sanitized' build/san/tests/unit
part 'layers' tests/layers.sh
part 'layers, self-test' tests/layers.sh --self-test
part 'tables' tests/tables.sh $plain
part 'goldens and truth' tests/golden.sh $plain
part 'goldens, sanitized' tests/golden.sh $sanitized
part 'stretch and trim' python3 tests/lab.py
part 'lab' tests/hold.py --binary $plain
part 'lab, sanitized' tests/hold.py --binary $sanitized
part 'thinned captures' tests/thin.py --quick --binary $plain
part 'forms for other programs' tests/formats.sh $plain
part 'redaction' tests/redact.py $plain
part 'redaction of frames' tests/redact_frames.py $plain
part 'logs' tests/logs.py $plain
part 'logs, sanitized' tests/logs.py $sanitized
part 'errors' tests/errors.sh $plain
part 'sandbox' tests/sandbox.py $plain
part 'evidence' python3 tests/evidence.py $plain
part 'files of output' tests/outputs.py $plain
part 'errors, sanitized' tests/errors.sh $sanitized
part 'sinks' tests/sinks.py build/tests/sinks/feed $plain
part 'sinks, sanitized' tests/sinks.py build/san/tests/sinks/feed $plain
part 'catalog' tests/catalog.sh build/rstscope.catalog
part 'progress and Ctrl-C' tests/progress.py $plain
part 'live' tests/live.py $plain
part 'manual page' tests/manual.sh $plain
part 'completions' tests/completions.py build/completions
part 'installation and package' tests/package.sh
part 'service' tests/service.sh $plain
part 'captures' tests/captures.sh $plain
SECONDS_MAX=10 part 'captures, sanitized' tests/captures.sh $sanitized
if [ -e ../shared/captures/ENDINGS.tsv ]; then
	part 'endings' tests/endings.py $plain ../shared/captures
fi

if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
