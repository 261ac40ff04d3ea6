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
	grep -avE ': [0-9]+ (frames, [0-9]+ of them used|TCP connections), |: (in a|this build has no) sandbox' \
		"$base.said" >"$base.err"
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

# Each input of each report: frames in the file, by a count of its own, = used + skipped. What is read
# of a file is told apart: all of it, what comes before the damage, or nothing.
if python3 - "$out" "$dir" >"$out/sums" <<'PYTHON'
import collections, json, os, re, sys

sys.path.insert(0, "tests")
from frames import frames

out, folder = sys.argv[1:]
wrong, total, states = [], collections.Counter(), collections.Counter()
with open(folder + "/INDEX.tsv") as index:
    names = [line.split("\t")[0] for line in index][1:]
for number, name in enumerate(names, 1):
    path = f"{out}/{number}.json"
    if not os.path.exists(path):
        states["refused"] += 1
        continue
    inputs = json.load(open(path))["inputs"]
    said = open(path[:-4] + "frames", errors="replace").read()
    used = [int(n) for n in re.findall(r": \d+ frames, (\d+) of them used, ", said)]
    there = [frames(f"{folder}/{name}")]
    sums = [n + sum(map(int, i["skipped"].values())) for n, i in zip(used, inputs)]
    if not sums == [int(i["packets"]) for i in inputs] == there:
        wrong.append(f"{name}: frames {there}, used {used}, skipped {inputs[0]['skipped']}")
    states["to the damage" if inputs[0].get("damaged") else "whole"] += 1
    total["used"] += sum(used)
    for i in inputs:
        total.update(i["skipped"])
print(f"captures: frames add up in {len(names) - states['refused'] - len(wrong)} of {len(names)}"
      f" files; {', '.join(f'{n} {state}' for state, n in states.most_common())}")
print(f"captures: {sum(total.values())} frames: "
      f"{', '.join(f'{n} {why}' for why, n in total.most_common())}")
print("\n".join(wrong))
sys.exit(bool(wrong) or not states["whole"])
PYTHON
then
	good=$((good + 1))
else
	bad=$((bad + 1))
fi
head -n 20 "$out/sums"
echo "$good passed, $bad failed"
[ "$bad" -eq 0 ]
