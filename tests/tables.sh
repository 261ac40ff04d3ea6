#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# tables.sh [BINARY]: does each row of a table have the files of its name, and each file its row?
# A cause is one word everywhere: its code, its scenario, its goldens, its unit test, "explain", the
# schema. The same for formats and verbs.
set -u
cd "$(dirname "$0")/.." || exit 1
binary=${1:-build/rstscope}
schema=docs/report.schema.json
passed=0 failed=0

# expect WHAT COMMAND...: one fact.
expect()
{
	local what=$1

	shift
	if "$@" >/dev/null 2>&1; then
		passed=$((passed + 1))
	else
		echo "tables: $what"
		failed=$((failed + 1))
	fi
}

# rows TABLE MACRO: the first column.
rows() { sed -n "s/^$2(\([a-z0-9_]*\)[,)].*/\1/p" "$1"; }

# names DIRECTORY: what its .c files are called.
names() { for file in "$1"/*.c; do [ ! -e "$file" ] || basename "$file" .c; done; }

has() { grep -qx -e "$1" <<<"$2"; }

# enum PATH: the words of an enum of the schema, e.g. cause, connection.properties.ending
enum()
{
	python3 -c '
import json, sys
node = json.load(open(sys.argv[1]))["$defs"]
for key in sys.argv[2].split("."):
    node = node[key]
print("\n".join(node["enum"]))' "$schema" "$1"
}

# explains CAUSE: in words, and not the same for each.
explains()
{
	local said

	said=$("$binary" explain "$1") && [ "${#said}" -ge 400 ] && grep -q "^$1: " <<<"$said" &&
		! grep -A 1 -E '^(What|How) ' <<<"$said" | grep -q '^ *$'
}

check_causes()
{
	local causes scenarios words id

	causes=$(rows classify/causes.def CAUSE)
	scenarios=$(rows samples/scenarios.def SCENARIO)
	words=$(enum cause)
	expect 'classify/causes.def has rows' [ -n "$causes" ]
	for id in $causes; do
		expect "cause $id has no classify/causes/$id.c" [ -e "classify/causes/$id.c" ]
		expect "cause $id has no samples/scenarios/$id.c" [ -e "samples/scenarios/$id.c" ]
		expect "cause $id has no row in samples/scenarios.def" has "$id" "$scenarios"
		expect "cause $id has no tests/golden/$id.txt" [ -s "tests/golden/$id.txt" ]
		expect "cause $id has no tests/golden/$id.json" [ -s "tests/golden/$id.json" ]
		expect "cause $id has no tests/classify/causes/$id.c" [ -e "tests/classify/causes/$id.c" ]
		expect "cause $id is no word of the schema" has "$id" "$words"
		expect "cause $id has no row in report/message_ids.def" \
			has "$id" "$(rows report/message_ids.def MESSAGE_ID)"
		expect "'$binary explain $id' says too little" explains "$id"
	done
	for id in $(names classify/causes); do
		expect "classify/causes/$id.c has no row in causes.def" has "$id" "$causes"
	done
	for id in $(names tests/classify/causes); do
		expect "tests/classify/causes/$id.c has no row in causes.def" has "$id" "$causes"
	done
	for id in $(names samples/scenarios); do
		expect "samples/scenarios/$id.c has no row in scenarios.def" has "$id" "$scenarios"
	done
	for id in $scenarios; do
		expect "scenario $id has no samples/scenarios/$id.c" [ -e "samples/scenarios/$id.c" ]
	done
}

# A verb may be no word of C (read, live): the file has its name, whatever the function's.
check_rows_and_files()
{
	local table=$1 macro=$2 room=$3 id

	expect "$table has rows" [ -n "$(rows "$table" "$macro")" ]
	for id in $(rows "$table" "$macro"); do
		expect "$table: $id has no $room/$id.c" [ -e "$room/$id.c" ]
	done
}

# The schema lists all words of the contract, so that a new cause edits one existing file; words
# that exist today alone are compared both ways.
check_words()
{
	expect 'endings of the schema are those of track/endings.def' \
		[ "$(enum connection.properties.ending | sort)" = \
		  "$(rows track/endings.def ENDING | sort)" ]
	expect "'$binary -f NAME' knows each row of report/formats.def" knows_formats
}

knows_formats()
{
	local id

	for id in $(rows report/formats.def FORMAT); do
		"$binary" read -f "$id" samples/captures/normal-logout.pcap || return 1
	done
}

check_causes
check_rows_and_files report/formats.def FORMAT report
check_rows_and_files commands/verbs.def VERB commands
check_words
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
