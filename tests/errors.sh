#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# errors.sh BINARY: exit status and messages when the world or the user is wrong. A message about
# the world is one line that names the file; every message is printable ASCII, whatever the name.
set -u
cd "$(dirname "$0")/.." || exit 1
export TZ=UTC LC_ALL=C
binary=$(realpath "${1:?usage: errors.sh BINARY}")
good=$PWD/samples/captures/normal-logout.pcap
reset=$PWD/samples/captures/netfilter-reset-after-silence.pcap
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }
skip() { echo "errors: skipped: $*"; skipped=$((skipped + 1)); }
fail()
{
	echo "errors: $what: $*"
	echo "    status $status; stderr: $(head -c 300 "$out/err" | tr -c '\n -~' '?')"
	failed=$((failed + 1))
}
check() { local why=$1; shift; if "$@"; then pass; else fail "$why"; fi; }

# run WHAT COMMAND...: leaves $status, $out/out and $out/err.
run()
{
	what=$1
	shift
	timeout 20 "$@" >"$out/out" 2>"$out/err"
	status=$?
	check 'the message is not printable ASCII' printable "$out/err"
}

# With standard output elsewhere: run_to WHAT SHELL-COMMAND; "$@" there is the binary.
run_to()
{
	what=$1
	: >"$out/out"
	timeout 20 bash -c "$2" bash "$binary" 2>"$out/err"
	status=$?
}

printable() { ! grep -qaP '[^\x20-\x7e]' "$1"; }
status_is() { [ "$status" -eq "$1" ]; }
one_line() { [ "$(wc -l <"$out/err")" -eq 1 ] && grep -q '^rstscope: ' "$out/err"; }
tells() { grep -qF -e "$1" "$out/err"; }
silent() { [ ! -s "$out/err" ]; }
reports() { [ -s "$out/out" ]; }
says_nothing() { [ ! -s "$out/out" ]; }

# The world is wrong, and the message is about FILE.
world()
{
	check "status is not $1" status_is "$1"
	check 'not one line that begins with "rstscope: "' one_line
	check "the message does not name $2" tells "$2"
}

# The user is wrong, and HINT helps.
usage()
{
	check 'status is not 2' status_is 2
	check "the message does not say '$1'" tells "$1"
	check 'something was written to standard output' says_nothing
}

# ---- files ----

check_unreadable()
{
	echo 'this is no capture, and longer than any header of one' >"$out/words"
	: >"$out/empty"
	head -c 10 "$good" >"$out/header"
	mkdir "$out/folder"
	for file in words empty header folder missing; do
		run "$file" "$binary" read "$out/$file"
		world 4 "$file"
		check 'a report was written' says_nothing
	done
	run 'a file named like an option' "$binary" read -- -missing
	world 4 -missing
	run 'empty standard input' "$binary" read - </dev/null
	world 4 ''
	run 'one good file, one missing' "$binary" read "$good" "$out/missing"
	check 'status is neither 3 nor 4' grep -qx '[34]' <<<"$status"
	check 'the missing file is not named' tells missing
}

# A capture that is cut in its last packet: what could be read is reported.
check_cut()
{
	head -c -10 "$good" >"$out/cut.pcap"
	head -c 30 "$good" >"$out/stub.pcap"
	run 'a cut capture' "$binary" read -f json "$out/cut.pcap"
	check 'status is not 3' status_is 3
	check 'the connection is not reported' grep -q '"connections"' "$out/out"
	check 'the damage is not in the report' damage_is_told
	check 'the message does not name cut.pcap' tells cut.pcap
	run 'a capture without a whole packet' "$binary" read "$out/stub.pcap"
	check 'status is not 3' status_is 3
	run 'a cut capture and a whole one' "$binary" read "$out/cut.pcap" "$good"
	check 'status is not 3' status_is 3
	check 'no report' reports
}

damage_is_told()
{
	python3 -c 'import json, sys
report = json.load(open(sys.argv[1]))
sys.exit(not (report["inputs"][0]["damaged"] and report["connections"]))' "$out/out"
}

# ---- packed captures, pipes, directories ----

packed_as()
{
	python3 -c 'import json, sys
report = json.load(open(sys.argv[1]))
sys.exit(not (report["inputs"][0]["compression"] == sys.argv[2] and report["connections"]))' \
		"$out/out" "$1"
}

check_packed()
{
	gzip -c "$good" >"$out/good.pcap.gz"
	run 'a packed capture' "$binary" read -f json "$out/good.pcap.gz"
	check 'status is not 0' status_is 0
	check 'the report does not tell the compression' packed_as gzip
	run 'packed standard input' "$binary" read -f json - <"$out/good.pcap.gz"
	check 'status is not 0' status_is 0
	head -c -500 "$out/good.pcap.gz" >"$out/cut.pcap.gz"
	run 'a packed capture that is cut' "$binary" read -f json "$out/cut.pcap.gz"
	world 3 cut.pcap.gz
	check 'what could be read is not reported' packed_as gzip
	check 'it is not told why' tells 'gzip data ends too early'
	printf BZh91AY >"$out/good.pcap.bz2"
	run 'a compression that is not read' "$binary" read "$out/good.pcap.bz2"
	world 4 'bzcat FILE | rstscope read -'
	head -c 24 "$good" | gzip >"$out/bomb.gz"
	# A frame of 64 KiB of zeros, and the same 8,000 times.
	{ printf '\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1\0'; head -c 65536 /dev/zero; } | gzip >"$out/frame.gz"
	for power in 1 2 3; do
		for count in $(seq 20); do cat "$out/frame.gz"; done >"$out/frames.gz"
		mv "$out/frames.gz" "$out/frame.gz"
	done
	cat "$out/frame.gz" >>"$out/bomb.gz"
	run 'a bomb' "$binary" read "$out/bomb.gz"
	world 3 bomb.gz
	check 'it is not told why' tells 'more than 200 times its size'
}

check_pipes()
{
	local start=$SECONDS

	run_to 'a pipe of the shell' "\"\$1\" read <(cat '$good') >'$out/out'"
	check 'status is not 0' status_is 0
	check 'no report' reports
	mkfifo "$out/fifo"
	run 'a FIFO that nobody writes to' "$binary" read "$out/fifo"
	world 4 fifo
	check 'it took more than 3 s' [ $((SECONDS - start)) -le 4 ]
}

check_folders()
{
	mkdir "$out/captures" "$out/captures/deeper"
	cp "$good" "$out/captures/b.pcap"
	cp "$reset" "$out/captures/a.pcap"
	cp "$good" "$out/captures/deeper/c.pcap"
	echo words >"$out/captures/.hidden"
	run 'a directory' "$binary" read "$out/captures"
	check 'status is not 0' status_is 0
	check 'not two captures' grep -q '^2 captures as one timeline' "$out/out"
	check 'something on stderr' silent
	echo words >"$out/captures/README"
	run 'a directory with other files' "$binary" read "$out/captures"
	world 0 'README: is not a pcap or pcapng capture; skipped'
	run 'the same, quietly' "$binary" read -q "$out/captures"
	check 'something on stderr' silent
	head -c 10 "$good" >"$out/captures/header.pcap"
	run 'a directory with a broken capture' "$binary" read -q "$out/captures"
	world 3 header.pcap
	check 'no report' reports
	run 'a directory and a missing file' "$binary" read -q "$out/captures" "$out/missing"
	check 'status is not 4' status_is 4
	check 'no report' reports
	mkdir "$out/without"
	echo words >"$out/without/README"
	run 'a directory without captures' "$binary" read -q "$out/without"
	world 4 'without: holds no capture'
	check 'a report was written' says_nothing
}

# Root may read everything: the run is nobody's.
check_permission()
{
	local nobody=()

	cp "$binary" "$out/binary"
	cp "$good" "$out/secret"
	chmod 711 "$out"
	chmod 755 "$out/binary"
	chmod 000 "$out/secret"
	if [ "$(id -u)" = 0 ]; then
		nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
		"${nobody[@]}" "$out/binary" --version >/dev/null 2>&1 ||
			{ skip 'no way to run as nobody'; return; }
	fi
	run 'a file without permission' "${nobody[@]}" "$out/binary" read "$out/secret"
	world 4 secret
}

# ESC, newline, a terminal's title, bidirectional override: all are legal in names of files.
check_hostile_names()
{
	local name=$'esc\e]0;x\a\nline\u202e\x9b2J"<b>.pcap'

	run 'a missing file with a hostile name' "$binary" read "$out/$name"
	world 4 esc
	echo words >"$out/$name"
	run 'no capture, with a hostile name' "$binary" read "$out/$name"
	world 4 esc
	cp "$good" "$out/$name"
	for format in text md html svg json jsonl; do
		run "a good capture with a hostile name, as $format" \
			"$binary" read -f "$format" "$out/$name"
		check 'status is not 0' status_is 0
		check 'the report is not printable ASCII' printable "$out/out"
	done
	run 'an option with a hostile name' "$binary" read $'--x\e[2J\n' "$good"
	check 'status is not 2' status_is 2
}

# ---- usage ----

check_usage()
{
	run 'no arguments' "$binary"
	usage read
	run 'no file' "$binary" read
	usage FILE
	run 'an unknown option' "$binary" read --colr never "$good"
	usage --color
	run 'an unknown short option' "$binary" read -Z "$good"
	usage Z
	run 'an option without its value' "$binary" read "$good" -f
	usage -f
	run 'an unknown format' "$binary" read -f jsno "$good"
	usage json
	run 'an unknown colour' "$binary" read --color sometimes "$good"
	usage auto
	run 'an unknown word after --fail-on' "$binary" read --fail-on idle_timeut "$good"
	usage idle_timeout
	run 'an unknown cause to explain' "$binary" explain idle_timeut
	usage idle_timeout
	run 'a part of a cause to explain' "$binary" explain crash
	usage "'server_crash'"
	run 'a word that nothing is like' "$binary" explain xyzzy
	usage 'rstscope explain'
	for port in nonsense 0 65536 22x -1 ''; do
		run "port '$port'" "$binary" read -p "$port" "$good"
		usage -p
	done
	for seed in nonsense 65536 -1 ''; do
		run "seed '$seed'" "$binary" read --community-id-seed "$seed" "$good"
		usage --community-id-seed
	done
	run 'the seeds at the ends' "$binary" read --community-id-seed 0 --community-id-seed 65535 "$good"
	check 'status is not 0' status_is 0
}

check_help()
{
	run --version "$binary" --version
	check 'status is not 0' status_is 0
	check 'not "rstscope" and a number' grep -qxE 'rstscope [0-9]+\.[0-9]+\.[0-9]+' "$out/out"
	for help in --help 'read --help'; do
		run "$help" "$binary" $help
		check 'status is not 0' status_is 0
		check 'it does not tell of read' grep -q 'rstscope read' "$out/out"
		check 'something on stderr' silent
	done
}

check_fail_on()
{
	run '--fail-on reset, with a reset' "$binary" read --fail-on reset "$reset"
	check 'status is not 1' status_is 1
	check 'no report' reports
	run '--fail-on reset, without' "$binary" read --fail-on reset "$good"
	check 'status is not 0' status_is 0
	run '--fail-on a cause' "$binary" read --fail-on server_crash,idle_timeout "$reset"
	check 'status is not 1' status_is 1
	run '--fail-on a family' "$binary" read --fail-on middlebox_idle_timeout "$reset"
	check 'status is not 1' status_is 1
	run '--fail-on another cause' "$binary" read --fail-on server_crash "$reset"
	check 'status is not 0' status_is 0
	head -c -10 "$reset" >"$out/cut-reset.pcap"
	run 'damage and --fail-on' "$binary" read --fail-on reset "$out/cut-reset.pcap"
	check 'status is neither 1 nor 3' grep -qx '[13]' <<<"$status"
}

# ---- output ----

check_output()
{
	for format in text md html svg json jsonl; do
		run_to "/dev/full, $format" "\"\$1\" read --all -f $format '$good' >/dev/full"
		check 'status is not 4' status_is 4
		check 'not one line' one_line
		run_to "closed standard output, $format" "\"\$1\" read --all -f $format '$good' >&-"
		check 'status is not 4' status_is 4
		# The reader has gone before the first byte.
		run_to "a pipe without a reader, $format" \
			"{ sleep 0.2; \"\$1\" read --all -f $format '$good'; } | true
			exit \${PIPESTATUS[0]}"
		check 'it is not quiet' silent
		check "status is none of 0, 4, 141" grep -qxE '0|4|141' <<<"$status"
	done
	run_to '--version to /dev/full' '"$1" --version >/dev/full'
	check 'status is not 4' status_is 4
	run_to 'closed standard error' "\"\$1\" read '$out/missing' 2>&-"
	check 'status is not 4' status_is 4
	run 'standard input' "$binary" read - <"$good"
	check 'status is not 0' status_is 0
	run 'the same without "read"' "$binary" "$good"
	check 'status is not 0' status_is 0
	check 'colours where there is no terminal' printable "$out/out"
	run 'colours by order' "$binary" read --color always "$reset"
	check 'no colours' grep -qaP '\x1b\[' "$out/out"
	run 'CLICOLOR_FORCE' env CLICOLOR_FORCE=1 "$binary" read "$reset"
	check 'no colours' grep -qaP '\x1b\[' "$out/out"
	run 'CLICOLOR_FORCE=0' env CLICOLOR_FORCE=0 "$binary" read "$reset"
	check 'colours' printable "$out/out"
	run 'NO_COLOR goes before it' env NO_COLOR=1 CLICOLOR_FORCE=1 "$binary" read "$reset"
	check 'colours' printable "$out/out"
	run 'a width and a locale, but no terminal' \
		env COLUMNS=120 LC_ALL=C.UTF-8 "$binary" read "$reset"
	check 'more than plain lines' cmp -s "$out/out" <("$binary" read "$reset")
	run 'NO_COLOR' env NO_COLOR=1 "$binary" read "$reset"
	check 'colours' printable "$out/out"
}

# Ctrl-C reaches the whole pipe: the writer ends, and what it wrote is reported.
check_interrupt()
{
	run_to 'Ctrl-C in a pipe' "{ cat '$good'; sleep 1; } |
		timeout --preserve-status -s INT 0.5 \"\$1\" read - >'$out/out'
		exit \${PIPESTATUS[1]}"
	check 'status is not 0' status_is 0
	check 'no report' grep -q '^rstscope .*: 1 SSH connection' "$out/out"
}

check_unreadable
check_cut
check_packed
check_pipes
check_folders
check_permission
check_hostile_names
check_usage
check_help
check_fail_on
check_output
check_interrupt
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
