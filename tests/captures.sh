#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# captures.sh BINARY [DIR]: reads every capture of a collection (files of INDEX.tsv in DIR), one run
# for each. None may crash, hang or be slow, each report must be JSON of our schema, and each frame
# must be either used or counted by the reason why not.
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
	timeout "$((seconds_max * 5))" "$binary" read -v -f json "$dir/$2" \
		>"$base.json" 2>"$base.said" </dev/null
	status=$?
	# What -v adds, and what would be said without it.
	grep -aE ': [0-9]+ frames, [0-9]+ of them used, ' "$base.said" >"$base.frames"
	grep -avE ': [0-9]+ (frames, [0-9]+ of them used|TCP connections), ' "$base.said" >"$base.err"
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
		rm -f "$base.json" "$base.frames"
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

# Each input of each report: frames read = used + skipped.
if python3 - "$out" >"$out/sums" <<'PYTHON'
import glob, json, re, sys

reports = wrong = 0
for path in glob.glob(sys.argv[1] + "/*.json"):
    total = json.load(open(path))["inputs"]
    said = open(path[:-4] + "frames", errors="replace").read()
    used = [int(n) for n in re.findall(r": \d+ frames, (\d+) of them used, ", said)]
    sums = [n + sum(map(int, i["skipped"].values())) for n, i in zip(used, total)]
    if len(used) != len(total) or sums != [int(i["packets"]) for i in total]:
        wrong += 1
        print(f"{total[0]['file']}: frames, used and skipped: {used} {total[0]['skipped']}")
    reports += 1
print(f"captures: frames add up in {reports - wrong} of {reports} reports")
sys.exit(wrong != 0 or reports == 0)
PYTHON
then
	good=$((good + 1))
else
	bad=$((bad + 1))
fi
head -n 20 "$out/sums"
echo "$good passed, $bad failed"
[ "$bad" -eq 0 ]
