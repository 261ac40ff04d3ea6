#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# formats.sh BINARY: are the forms for other programs what their schemas ask for? Every capture whose
# truth is known is written in each, and read by a checker that was made from the schema; then
# damaged lines are given to the checkers, which have to find the damage.
set -u
cd "$(dirname "$0")/.." || exit 1
export TZ=UTC LC_ALL=C
binary=${1:?usage: formats.sh BINARY}
reset=samples/captures/netfilter-reset-after-silence.pcap
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0

# expect WHAT COMMAND...
expect()
{
	local what=$1

	shift
	if "$@" >"$out/said" 2>&1; then
		passed=$((passed + 1))
	else
		echo "formats: $what"
		head -n 5 "$out/said"
		failed=$((failed + 1))
	fi
}

refuses() { ! "$@"; }

write_all()
{
	local file name

	for file in build/samples/*.pcap samples/captures/*.pcap; do
		name=$(basename "$file" .pcap)
		expect "$file is not read" timeout 20 "$binary" read -q "$file" \
			-o "$out/$name.ecs.jsonl" -o "$out/$name.xml" -o "$out/$name.ocsf.jsonl" -o "$out/$name.jsonl"
	done
	# Two files, and one that is cut.
	head -c 4000 "$reset" >"$out/cut.pcap"
	timeout 20 "$binary" read -q "$out/cut.pcap" "$reset" -o "$out/two.ecs.jsonl" \
		-o "$out/two.ocsf.jsonl" -o "$out/two.jsonl" -o "$out/two.xml"
	expect 'damage is status 3 in every form' [ $? -eq 3 ]
}

# Each connection has one line in each.
same_count()
{
	[ "$(cat "$out"/*."$1".jsonl | grep -cv '"damaged":')" -eq \
	  "$(cat "$out"/*.jsonl | grep -c '"type":"connection"')" ]
}

# has_damage SCHEMA: the cut file of two has one line more, and only that.
has_damage()
{
	[ "$(grep -l '"damaged":' "$out"/*."$1".jsonl)" = "$out/two.$1.jsonl" ] &&
		[ "$(grep '"damaged":' "$out/two.$1.jsonl" | grep -c 'cut\.pcap')" -eq 1 ]
}

# break_line SCHEMA WHAT SED-PROGRAM: changes a good line; the checker must not let it pass.
break_line()
{
	"$binary" read -f "$1" "$reset" | head -n 1 | sed "$3" >"$out/broken.$1"
	expect "$1: $2 is not found" refuses python3 tests/events.py "$1" "$out/broken.$1"
}

# break_damage SCHEMA WHAT SED-PROGRAM: the same for the line of a damaged input.
break_damage()
{
	tail -n 1 "$out/two.$1.jsonl" | sed "$3" >"$out/broken.$1"
	expect "$1: damage: $2 is not found" refuses python3 tests/events.py "$1" "$out/broken.$1"
	expect "$1: damage: nothing was broken" refuses cmp -s "$out/broken.$1" \
		<(tail -n 1 "$out/two.$1.jsonl")
}

# break_suite WHAT SED-PROGRAM: the same for JUnit's XML.
break_suite()
{
	"$binary" read -f junit --fail-on reset "$reset" | sed "$2" >"$out/broken.junit"
	expect "junit: $1 is not found" refuses python3 tests/junit.py "$out/broken.junit"
}

# What fails, what is skipped, what is an error: the counts of both.
check_junit()
{
	expect 'junit is not what its schemas ask for' python3 tests/junit.py "$out"/*.xml
	expect 'damage is no error in junit' grep -q ' errors="1"' "$out/two.xml"
	"$binary" read -q --fail-on reset "$reset" samples/captures/normal-logout.pcap \
		-o "$out/failed.xml"
	expect 'status is not 1' [ $? -eq 1 ]
	expect 'a failed suite is not valid' python3 tests/junit.py "$out/failed.xml"
	expect 'not one of three fails' grep -q ' tests="3" failures="1"' "$out/failed.xml"
	cp "$reset" "$out/a&b<c>\"'.pcap"
	"$binary" read -q -o "$out/hostile.xml" "$out/a&b<c>\"'.pcap"
	expect 'a hostile file name breaks it' python3 tests/junit.py "$out/hostile.xml"
	break_suite 'an element that is not closed' 's/<system-err.*//'
	break_suite 'a count that is wrong' 's/ failures="1"/ failures="2"/'
	break_suite 'an attribute that the schemas lack' 's/<testcase /<testcase foo="1" /'
	break_suite 'a time with its zone' 's/\(timestamp="[^"]*\)"/\1Z"/'
	break_suite 'an order that is wrong' 's/<properties>/<system-err\/><properties>/'
	break_suite 'a bare ampersand' 's/What to do/What \& how to do/'
	if command -v xmllint >/dev/null; then
		expect 'xmllint finds it not well-formed' xmllint --noout "$out"/*.xml
	fi
}

check_the_checkers()
{
	local schema

	for schema in ecs ocsf; do
		break_line $schema 'a field that the schema lacks' 's/^{/{"foo":1,/'
		break_line $schema 'a port that is a word' 's/"port":22/"port":"22"/'
		break_line $schema 'null' 's/"message":"[^"]*"/"message":null/'
		break_line $schema 'a whole number for a confidence' 's/"confidence":0\.[0-9]*/"confidence":1/'
		break_line $schema 'a byte that is not ASCII' 's/^{/{"\xff":1,/'
		break_line $schema 'a key that stands twice' 's/^{\("[a-z_@]*":[^,]*,\)/{\1\1/'
	done
	break_line ecs 'a word that is not allowed' 's/"connection","start"/"connection","reset"/'
	break_line ecs 'another sum' 's/"bytes":[0-9]*,"packets"/"bytes":1,"packets"/'
	break_line ocsf 'a type of another activity' 's/"type_uid":400703/"type_uid":400704/'
	break_line ocsf 'a missing attribute' 's/"severity_id":2,//'
	break_damage ecs 'another kind' 's/"pipeline_error"/"error"/'
	break_damage ecs 'a missing field' 's/"error":{[^}]*},//'
	break_damage ocsf 'a class of another category' 's/"category_uid":0/"category_uid":4/'
	break_damage ocsf 'a missing attribute' 's/"time":[0-9]*,//'
}

write_all
for schema in ecs ocsf; do
	expect "$schema is not what its schema asks for" python3 tests/events.py $schema \
		"$out"/*.$schema.jsonl
	expect "$schema has not a line for each connection" same_count $schema
	expect "$schema has not a line for the damage" has_damage $schema
done
check_junit
check_the_checkers
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
