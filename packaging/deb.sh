#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# deb.sh VERSION FOLDER: puts rstscope_VERSION_ARCH.deb, of what "make install" installs, in FOLDER.
#
# With dpkg-deb alone, not debhelper: the package is one program and its texts, and whoever wants to
# try it need not install the tools of Debian's developers. Who makes it is DEBFULLNAME and DEBEMAIL,
# as for all of Debian's tools. The same sources make the same package: times are of the last commit.
set -eu
cd "$(dirname "$0")/.."
version=${1:?usage: deb.sh VERSION FOLDER}
folder=${2:?usage: deb.sh VERSION FOLDER}
export LC_ALL=C TZ=UTC
umask 022

for tool in dpkg-deb dpkg-shlibdeps strip; do
	command -v $tool >/dev/null || {
		echo "deb: $tool is missing; it comes with dpkg-dev and binutils" >&2
		exit 1
	}
done

last_commit() { git log -1 --format="$1" 2>/dev/null; }

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(last_commit %ct || date +%s)}
export SOURCE_DATE_EPOCH
maintainer="${DEBFULLNAME:-rstscope authors} <${DEBEMAIL:-$(last_commit %ae || echo root@localhost)}>"
architecture=$(dpkg --print-architecture)
name=rstscope_${version}_$architecture.deb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
texts=$root/usr/share/doc/rstscope

# ---- what is installed ----

make -s install DESTDIR="$root" PREFIX=/usr ZSH_FOLDER=vendor-completions >/dev/null
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/rstscope"
gzip -9n "$root/usr/share/man/man1/rstscope.1"

mkdir -p "$texts"
{
	echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
	echo 'Upstream-Name: rstscope'
	echo
	echo 'Files: *'
	sed -n 's/^Copyright (c) /Copyright: /p' LICENSE
	echo 'License: BSD-3-clause'
	sed '1,/^Copyright/d' LICENSE | sed '1{/^$/d}' | sed 's/^$/./; s/^/ /'
} >"$texts/copyright"
{
	echo "rstscope ($version) unstable; urgency=medium"
	echo
	echo "  * Version $version."
	echo
	echo " -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$texts/changelog.gz"

# ---- what dpkg wants to know ----

mkdir -p "$root/DEBIAN" "$work/debian"
# dpkg-shlibdeps reads the libraries' packages off the program, and wants a source package around it.
echo 'Source: rstscope' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O -e root/usr/bin/rstscope 2>"$work/said") || {
	cat "$work/said" >&2
	exit 1
}
cat >"$root/DEBIAN/control" <<END
Package: rstscope
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -k -s --apparent-size "$root/usr" | cut -f1)
Depends: ${depends#shlibs:Depends=}
Section: net
Priority: optional
Description: who reset the SSH connection, and why
 rstscope reads packet captures of SSH traffic and says for each connection
 who ended it, why, how sure that is, which frames show it, what would settle
 it, and what to do. It needs no keys, and looks nothing up in the network.
 .
 Reports are for people (text, Markdown, HTML, SVG) and for programs (JSON, ECS,
 OCSF, JUnit).
END
(cd "$root" && find usr -type f | sort | xargs md5sum) >"$root/DEBIAN/md5sums"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$folder"
dpkg-deb --root-owner-group --build "$root" "$folder/$name" >/dev/null
echo "$folder/$name"
