#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# oracle.sh [DIR]: asks tshark whether each sample in DIR (build/samples) is well formed: nothing
# malformed, no bad checksum, and no oddity of TCP but those that the head comment of the scenario
# states in a line "Wireshark flags: NAME..." (NAME of tcp.analysis.NAME, or "malformed"). What is
# stated must occur, so that the comments stay true. Then whether it sees the same connections as
# we do, in all captures there are: see oracle_conns.py; and whether the filters of our reports show it
# what they are for: oracle_filters.py. Status 1 on trouble, 0 without tshark.

dir=${1:-build/samples}
scenarios=$(dirname "$0")/../samples/scenarios
trouble=0
seen=0

if ! command -v tshark >/dev/null 2>&1; then
	echo "oracle: skipped, tshark is not installed"
	exit 0
fi

# ask FILE FILTER: the frames that match, one a line
ask() {
	tshark -n -r "$1" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -Y "$2" 2>"$errors"
}

# Wireshark's own name of a stated flag
field() {
	case $1 in
	malformed) echo _ws.malformed ;;
	*) echo "tcp.analysis.$1" ;;
	esac
}

check() {
	file=$1
	name=$(basename "$file" .pcap)
	stated=$(sed -n 's/^ \* Wireshark flags: //p' "$scenarios/$name.c")
	# 0 is "Bad" in checksum.status; what Wireshark thinks of SSH itself is not asked.
	wrong='ip.checksum.status == 0 || tcp.checksum.status == 0 || icmp.checksum.status == 0'
	odd='_ws.malformed || tcp.analysis.flags || (_ws.expert.severity == error && !ssh)'
	known=

	for flag in $stated; do
		known="$known && !$(field "$flag")"
		if [ -z "$(ask "$file" "$(field "$flag")")" ]; then
			echo "$name: states $flag, but tshark sees none"
			return 1
		fi
	done
	found=$(ask "$file" "$wrong || (($odd)$known)") || {
		echo "$name: tshark cannot read it: $(tail -n 1 "$errors")"
		return 1
	}
	if [ -n "$found" ]; then
		printf '%s: not well formed:\n%s\n' "$name" "$found"
		return 1
	fi
	echo "$name: well formed${stated:+, and as stated: $stated}"
}

errors=$(mktemp) || exit 1
trap 'rm -f "$errors"' EXIT

for file in "$dir"/*.pcap; do
	[ -e "$file" ] || break
	seen=$((seen + 1))
	check "$file" || trouble=1
done
if [ "$seen" -eq 0 ]; then
	echo "oracle: no samples in $dir"
	exit 1
fi
python3 "$(dirname "$0")/oracle_conns.py" || trouble=1
python3 "$(dirname "$0")/oracle_filters.py" || trouble=1
exit $trouble
