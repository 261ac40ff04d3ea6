#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# catalog.sh CATALOG: does the journal know each message that is sent to it? Each MESSAGE_ID of the
# table has one entry; what stands between two @ is a field that is sent. And journalctl, where
# installed, makes a database of it and finds an entry.
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C
catalog=${1:?usage: catalog.sh CATALOG}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0 skipped=0

expect()
{
	local what=$1

	shift
	if "$@" >/dev/null 2>&1; then
		passed=$((passed + 1))
	else
		echo "catalog: $what"
		failed=$((failed + 1))
	fi
}

fields() { sed -n 's/^FIELD([a-z_]*, \([A-Z_]*\))$/RSTSCOPE_\1/p' report/sink_fields.def; }
ids() { sed -n 's/^MESSAGE_ID([a-z_]*, "\([0-9a-f]*\)")$/\1/p' report/message_ids.def; }

# An @ that is no field would swallow the text up to the next one.
has_only_fields()
{
	! sed "$(fields | sed 's|.*|s/@&@//g|')" "$catalog" | grep '@'
}

expect 'it has no entries' [ "$(grep -c '^-- ' "$catalog")" -gt 10 ]
for id in $(ids); do
	expect "$id has not one entry" [ "$(grep -cx -e "-- $id" "$catalog")" = 1 ]
done
expect 'not one entry more, of what was folded' \
	[ "$(grep -c '^-- ' "$catalog")" = $(($(ids | wc -l) + 1)) ]
expect 'two entries have one id' [ -z "$(grep '^-- ' "$catalog" | sort | uniq -d)" ]
expect 'an @ is no field' has_only_fields
expect 'a byte is not printable' [ -z "$(tr -d '\n\40-\176' <"$catalog")" ]
if command -v journalctl >/dev/null; then
	mkdir -p "$out/usr/lib/systemd/catalog" "$out/var/lib/systemd/catalog"
	cp "$catalog" "$out/usr/lib/systemd/catalog/"
	expect 'journalctl does not take it' journalctl --root="$out" --update-catalog
	expect 'journalctl does not find each' \
		[ "$(journalctl --root="$out" --list-catalog 2>/dev/null | grep -c rstscope)" = \
		  "$(grep -c '^-- ' "$catalog")" ]
else
	echo 'catalog: skipped: journalctl is not here'
	skipped=$((skipped + 1))
fi
echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
[ "$failed" -eq 0 ]
