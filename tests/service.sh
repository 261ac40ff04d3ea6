#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# service.sh BINARY: is packaging/rstscope.service a unit, and how far is it open? Asked of
# systemd-analyze, which needs no systemd that runs. A number alone proves little: what the unit gives
# is compared with what is needed, too.
set -u
cd "$(dirname "$0")/.." || exit 1
binary=$(realpath "${1:?usage: service.sh BINARY}")
export LC_ALL=C SYSTEMD_PAGER=cat
unit=packaging/rstscope.service
exposure_max=15 # in tenths; sshd's own unit has 96, an ordinary daemon about 90
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0 skipped=0

expect()
{
	local what=$1

	shift
	if "$@" >"$out/said" 2>&1; then
		passed=$((passed + 1))
	else
		echo "service: $what"
		tail -n 5 "$out/said"
		failed=$((failed + 1))
	fi
}

skip() { echo "service: skipped: $*"; skipped=$((skipped + 1)); }
refuse() { ! "$@"; }

# The value of a setting, its parts joined.
setting() { sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$unit" | sed -n "s/^$1=//p"; }

exposed() { systemd-analyze security --offline=true --threshold=$exposure_max "$1"; }

check_exposure()
{
	cp "$unit" "$out/rstscope.service"
	expect "its exposure is more than $exposure_max tenths" exposed "$out/rstscope.service"
	# The measure measures: without its walls it is another.
	sed '/^SystemCallFilter=\|^ProtectSystem=\|^RestrictNamespaces=/d' "$unit" >"$out/rstscope.service"
	expect 'a unit with fewer walls is not told from this one' refuse exposed "$out/rstscope.service"
	sed "s|/usr/bin/rstscope|$binary|" "$unit" >"$out/rstscope.service"
	expect 'it is no unit' systemd-analyze verify --man=no "$out/rstscope.service"
	expect 'systemd warns of it' [ ! -s "$out/said" ]
}

check_rights()
{
	expect 'it has another capability' [ "$(setting AmbientCapabilities)" = CAP_NET_RAW ]
	expect 'it could gain a capability' [ "$(setting CapabilityBoundingSet)" = CAP_NET_RAW ]
	expect 'it runs as a user that exists' [ "$(setting DynamicUser)" = yes ]
	expect 'it sets a user' [ -z "$(setting User)" ]
}

# Each option of the unit has to be one of the program's; the last word is the administrator's.
check_options()
{
	local option

	if ! grep -q '^VERB(live,' commands/verbs.def; then
		skip 'this program does not capture live'
		return
	fi
	"$binary" live --help >"$out/help" 2>&1
	for option in $(setting ExecStart | tr ' \t' '\n\n' | grep '^-') -i; do
		expect "live has no $option" grep -qwe "$option" "$out/help"
	done
}

if command -v systemd-analyze >/dev/null && systemd-analyze security --offline=true "$unit" >/dev/null 2>&1; then
	check_exposure
else
	skip 'systemd-analyze is not here, or is older than 250'
fi
check_rights
check_options
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
