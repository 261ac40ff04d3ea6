#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# install.sh STAGE... (build, test): installs what a stage needs and the system lacks. Says nothing
# and touches no package manager when everything is there. What is needed stands in packages.tsv.

set -u
table=$(dirname "$0")/packages.tsv
tab=$(printf '\t')

say() { echo "install: $*" >&2; }
die() { say "$@"; exit 1; }

# ---- words of the column "present" ----

header() { printf '#include <%s>\n' "$1" | ${CC:-cc} -E -x c - >/dev/null 2>&1; }

# A program with a header of the C library, linked: a compiler without libc is none.
links()
{
	probe=$(mktemp -d) || return 1
	printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' >"$probe/a.c"
	${CC:-cc} "$@" -o "$probe/a" "$probe/a.c" >/dev/null 2>&1
	result=$?
	rm -rf "$probe"
	return $result
}

# ---- the table ----

# rows STAGE...: the rows of these stages, as they stand in the table.
rows()
{
	for stage in "$@"; do
		awk -F '\t' -v stage="$stage" '!/^#/ && $2 == stage' "$table"
	done
}

# lacking STAGE...: the rows whose need is not met.
lacking()
{
	rows "$@" | while read -r row; do
		check=$(printf '%s\n' "$row" | cut -f4)
		eval "$check" >/dev/null 2>&1 </dev/null || printf '%s\n' "$row"
	done
}

# ---- package managers ----

find_manager()
{
	for manager in apt-get:apt:5 dnf:dnf:6 apk:apk:7 pacman:pacman:8; do
		if command -v "${manager%%:*}" >/dev/null 2>&1; then
			column=${manager##*:}
			manager=${manager%:*} manager=${manager#*:}
			return 0
		fi
	done
	return 1
}

as_root()
{
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@"; }

manager_installs()
{
	case $manager in
	apt) apt update && apt install -y --no-install-recommends "$@" ;;
	dnf) as_root dnf install -y -q "$@" ;;
	apk) as_root apk add -q --no-cache "$@" ;;
	pacman) as_root pacman -Sy --needed --noconfirm --quiet "$@" ;;
	esac
}

# What a manager says of its work is noise unless it fails.
install_packages()
{
	log=$(mktemp) || return 1
	manager_installs "$@" >"$log" 2>&1
	result=$?
	[ $result = 0 ] || tail -n 20 "$log" >&2
	rm -f "$log"
	return $result
}

# ---- what is done ----

# how_to_go_on ROWS: what there is no package for, and whether that is the end of it.
how_to_go_on()
{
	printf '%s\n' "$1" | awk -F '\t' '
		{ print "install: " $1 " is still missing: " $9 > "/dev/stderr" }
		$3 == "needed" { needed = 1 }
		END { exit needed }'
}

[ $# -gt 0 ] || die "usage: install.sh STAGE... (build, test)"
for stage in "$@"; do
	[ -n "$(rows "$stage")" ] || die "no such stage: $stage (build, test)"
done

missing=$(lacking "$@")
[ -n "$missing" ] || exit 0
needs=$(printf '%s\n' "$missing" | cut -f1 | tr '\n' ' ')

find_manager || {
	say "no package manager that is known here (apt, dnf, apk, pacman); missing: $needs"
	how_to_go_on "$missing"
	exit
}
packages=$(printf '%s\n' "$missing" | cut -f "$column" | tr ' ' '\n' | grep -vx -e - | sort -u |
	tr '\n' ' ')

if [ -n "$packages" ]; then
	if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
		die "not root and no sudo; as root, install: $packages"
	fi
	say "missing: ${needs% }; installing with $manager: ${packages% }"
	# Unquoted: a list of names.
	install_packages $packages || say "$manager failed: see above"
fi

missing=$(lacking "$@")
[ -z "$missing" ] || how_to_go_on "$missing"
