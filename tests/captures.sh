#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# captures.sh BINARY [DIR]: reads every capture of a collection (files of INDEX.tsv in DIR), one run
# for each. None may crash, hang or be slow, and each report must be JSON of our schema.
# SECONDS_MAX (2) bounds a run; a sanitized binary needs more.
set -u
cd "$(dirname "$0")/.." || exit 1
export TZ=UTC LC_ALL=C
export binary=${1:?usage: captures.sh BINARY [DIR]}
export dir=${2:-../shared/captures}
export seconds_max=${SECONDS_MAX:-2}
export out
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

if [ ! -e "$dir/INDEX.tsv" ]; then
	echo "captures: skipped, no collection in $dir"
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi

# read_one NUMBER FILE: one line, "ok STATUS" or what is wrong.
read_one()
{
	local start status took base=$out/$1

	start=${EPOCHREALTIME/./}
	timeout "$((seconds_max * 5))" "$binary" read -f json "$dir/$2" \
		>"$base.json" 2>"$base.err" </dev/null
	status=$?
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	if [ "$took" -gt $((seconds_max * 1000)) ]; then
		echo "slow: $took ms: $2"
	elif ! grep -qx '[034]' <<<"$status"; then
		echo "status $status: $2: $(head -c 200 "$base.err" | tr '\n' ' ')"
	elif [ "$status" -eq 4 ] && [ -s "$base.json" ]; then
		echo "status 4 with a report: $2"
	elif [ "$(wc -l <"$base.err")" -gt $((status != 0)) ]; then
		echo "too much on stderr: $2: $(head -c 200 "$base.err" | tr '\n' ' ')"
	else
		echo "ok $status"
	fi
	if [ "$status" -ne 0 ] && [ "$status" -ne 3 ]; then
		rm -f "$base.json"
	fi
}
export -f read_one

# Two runs at a time: more would make each look slow.
sed 1d "$dir/INDEX.tsv" | cut -f1 | awk '{ printf "%d%c%s%c", NR, 0, $0, 0 }' |
	xargs -0 -n 2 -P 2 bash -c 'read_one "$@"' bash >"$out/results"

good=$(grep -c '^ok ' "$out/results")
bad=$(grep -vc '^ok ' "$out/results")
grep -v '^ok ' "$out/results" | head -n 40 | tr -c '\n -~' '?'
for status in 0 3 4; do
	echo "captures: status $status: $(grep -cx "ok $status" "$out/results")"
done

python3 tests/schema.py docs/report.schema.json "$out"/*.json >"$out/schema" 2>&1
case $? in
0) good=$((good + 1)) ;;
77) cat "$out/schema" ;;
*) bad=$((bad + 1)); head -n 20 "$out/schema" ;;
esac
echo "$good passed, $bad failed"
[ "$bad" -eq 0 ]
