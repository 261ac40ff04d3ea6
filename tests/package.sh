#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# package.sh [--chroot FOLDER]: what "make install" and "make deb" put where, and whether it runs.
#
# The package is installed by dpkg in a root of its own, which needs neither a network nor rights. With
# --chroot, as root, it is also installed by apt in a Debian that lies there (debootstrap makes one),
# with what it depends on.
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C TZ=UTC
sample=samples/captures/netfilter-reset-after-silence.pcap
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
		echo "package: $what"
		head -n 5 "$out/said"
		failed=$((failed + 1))
	fi
}

skip() { echo "package: skipped: $*"; skipped=$((skipped + 1)); }

# list ROOT: mode and name of each file.
list() { (cd "$1" && find . -type f -printf '%m %P\n' | sort -k 2); }

check_install()
{
	expect 'make install fails' timeout 300 make -s install DESTDIR="$out/staged" PREFIX=/opt/tool
	cat >"$out/wanted" <<-END
	755 opt/tool/bin/rstscope
	644 opt/tool/lib/systemd/catalog/rstscope.catalog
	644 opt/tool/lib/systemd/system/rstscope.service
	644 opt/tool/share/bash-completion/completions/rstscope
	644 opt/tool/share/fish/vendor_completions.d/rstscope.fish
	644 opt/tool/share/man/man1/rstscope.1
	644 opt/tool/share/zsh/site-functions/_rstscope
	END
	list "$out/staged" >"$out/got"
	expect 'make install puts other files' diff "$out/wanted" "$out/got"
	expect 'what is installed does not run' runs "$out/staged/opt/tool/bin/rstscope"
	expect 'the service runs another program' grep -q '^ExecStart=/opt/tool/bin/rstscope live' \
		"$out/staged/opt/tool/lib/systemd/system/rstscope.service"
}

runs() { "$1" read "$sample" | grep -q '^rstscope .*: 2 SSH connections, 1 ended oddly'; }

make_twice()
{
	local first

	timeout 300 make -s deb >"$out/name" || return 1
	package=$(tail -n 1 "$out/name")
	first=$(sha256sum <"$package") || return 1
	sleep 1.1 # a time of now would differ
	timeout 300 make -s deb >/dev/null && [ "$first" = "$(sha256sum <"$package")" ]
}

field() { dpkg-deb -f "$package" "$1"; }

check_package()
{
	local version file

	version=$(sed -n 's/^VERSION := //p' Makefile)
	expect 'two packages of the same sources differ' make_twice
	[ -e "$package" ] || return
	expect 'the version is another' [ "$(field Version)" = "$version" ]
	for file in libc6 libpcap0.8 libcjson1 libseccomp2 zlib1g; do
		expect "it does not depend on $file" grep -qE "(^|, )$file(t64)? " < <(field Depends)
	done
	dpkg-deb -x "$package" "$out/unpacked"
	expect 'what is packed does not run' runs "$out/unpacked/usr/bin/rstscope"
	for file in lib/systemd/catalog/rstscope.catalog share/man/man1/rstscope.1.gz share/doc/rstscope/copyright \
		share/doc/rstscope/changelog.gz share/bash-completion/completions/rstscope \
		share/zsh/vendor-completions/_rstscope share/fish/vendor_completions.d/rstscope.fish \
		lib/systemd/system/rstscope.service; do
		expect "no /usr/$file" [ -s "$out/unpacked/usr/$file" ]
	done
	expect 'the licence is not whole' grep -q 'POSSIBILITY OF SUCH DAMAGE' \
		"$out/unpacked/usr/share/doc/rstscope/copyright"
	if command -v man >/dev/null; then
		MANPATH=$out/unpacked/usr/share/man man rstscope >"$out/page" 2>"$out/warnings"
		expect 'man does not show the page' grep -q '^NAME' "$out/page"
		expect 'man warns' [ ! -s "$out/warnings" ]
	else
		skip 'man is not here'
	fi
}

# Without the packages that it depends on, which are another root's.
in_root()
{
	dpkg --root="$out/root" --force-not-root --force-depends --force-bad-path \
		--log=/dev/null "$@"
}

check_dpkg()
{
	mkdir -p "$out/root/var/lib/dpkg/updates" "$out/root/var/lib/dpkg/info"
	: >"$out/root/var/lib/dpkg/status"
	: >"$out/root/var/lib/dpkg/available"
	expect 'dpkg does not install it' in_root -i "$package"
	expect 'what dpkg installed does not run' runs "$out/root/usr/bin/rstscope"
	expect 'dpkg finds a file that is not as packed' [ -z "$(in_root -V rstscope 2>&1)" ]
	expect 'dpkg does not remove it' in_root --purge rstscope
	expect 'it leaves files behind' [ -z "$(find "$out/root/usr" -type f 2>/dev/null)" ]
}

check_lintian()
{
	if ! command -v lintian >/dev/null; then
		skip 'lintian is not here'
		return
	fi
	expect 'lintian finds errors' timeout 120 lintian --fail-on error "$package"
}

check_chroot()
{
	cp "$package" "$1/tmp/rstscope.deb" && cp "$sample" "$1/tmp/sample.pcap" || return
	expect 'apt does not install it' timeout 300 chroot "$1" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends --reinstall /tmp/rstscope.deb
	expect 'it does not run in the chroot' timeout 60 chroot "$1" sh -c \
		'rstscope read /tmp/sample.pcap | grep -q "2 SSH connections, 1 ended oddly"'
	expect 'man rstscope does not work in the chroot' timeout 60 chroot "$1" sh -c \
		'man rstscope | grep -q "who reset the SSH connection"'
	rm -f "$1/tmp/rstscope.deb" "$1/tmp/sample.pcap"
}

package=
check_install
if command -v dpkg-deb >/dev/null && command -v dpkg-shlibdeps >/dev/null; then
	check_package
	if [ -e "$package" ]; then
		check_dpkg
		check_lintian
	fi
else
	skip 'no tools of Debian here: no package is made'
fi
[ "${1:-}" != --chroot ] || check_chroot "${2:?a folder}"
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
