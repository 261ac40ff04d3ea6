#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# manual.sh BINARY: does docs/rstscope.1 name all that the program takes, and nothing that it does
# not? Each row of the tables has an entry (.It) of its own; what is named as an option, a format or a
# cause is a row. The page itself is set without a warning.
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C
binary=${1:?usage: manual.sh BINARY}
page=docs/rstscope.1
passed=0 failed=0 skipped=0

expect()
{
	local what=$1

	shift
	if "$@" >/dev/null 2>&1; then
		passed=$((passed + 1))
	else
		echo "manual: $what"
		failed=$((failed + 1))
	fi
}

section() { sed -n "/^\.Sh $1\$/,/^\.Sh /p" $page; }
entry() { grep -qE "^\.It .*$1"; }
rows() { sed -n "s/^$2(\([a-z0-9_]*\)[,)].*/\1/p" "$1"; }
is_row() { rows "$1" "$2" | grep -qx "$3"; }

# The words of each option: letter, long name, argument, "-" for none.
options()
{
	sed -n "s/^OPTION([A-Z_]*, '\(.*\)', \([^,]*\), \([^,]*\), .*/\1 \2 \3/p" \
		commands/options.def commands/live_options.def | tr -d '"' | sed 's/^\\0 /- /; s/NULL/-/g'
}

of_any() { "$binary" read "--$1" --help || "$binary" live "--$1" --help; }

check_options()
{
	local letter name argument pattern

	expect 'options.def has rows' [ "$(options | wc -l)" -gt 10 ]
	while read -r letter name argument; do
		pattern=
		[ "$letter" = - ] || pattern="Fl $letter"
		[ "$name" = - ] || pattern+="${pattern:+ , }Fl -$name"
		case $argument in
		-) ;;
		'[='*) pattern+=" Ns Op = Ns Ar $(tr -d '[]=' <<<"$argument")" ;;
		*) pattern+=" Ar $argument" ;;
		esac
		expect "no entry '.It $pattern'" grep -qx -e ".It $pattern" $page
	done < <(options)
	while read -r name; do
		expect "--$name is no option" of_any "$name"
	done < <(grep -o 'Fl -[a-z-]*' $page | sed 's/Fl -//' | sort -u |
		grep -vxf <(options | awk '$3 != "-" { print $2 }'))
}

# with its ending, as the program has them
check_formats()
{
	local name ending

	while read -r name ending; do
		expect "no format $name with its ending $ending" \
			entry "Cm $name Pq Pa \\$ending\$" < <(section FORMATS)
	done < <(sed -n 's/^FORMAT(\([a-z]*\), "\(.*\)")/\1 \2/p' report/formats.def)
	while read -r name; do
		expect "$name is no format" is_row report/formats.def FORMAT "$name"
	done < <(section FORMATS | sed -n 's/^\.It Cm \([a-z]*\) .*/\1/p')
}

check_words()
{
	local word

	for word in $(rows commands/verbs.def VERB); do
		expect "no command $word" entry "Cm $word" < <(section DESCRIPTION)
	done
	for word in $(rows classify/causes.def CAUSE); do
		expect "no cause $word" entry "Cm $word\$" < <(section CAUSES)
	done
	for word in $(section CAUSES | sed -n 's/^\.It Cm //p'); do
		expect "$word is no cause" is_row classify/causes.def CAUSE "$word"
	done
	for word in $(sed -n 's/^\tSTATUS_[A-Z]* = \([0-9]\),.*/\1/p' commands/commands.h); do
		expect "no exit status $word" entry "$word\$" < <(section 'EXIT STATUS')
	done
	for word in $(sed -n 's/^FIELD([a-z_]*, \([A-Z_]*\))$/RSTSCOPE_\1/p' report/sink_fields.def); do
		expect "no field $word" grep -qw "$word" < <(section EVENTS)
	done
	for word in gzip zstd lz4 xz NO_COLOR SIGINT; do
		expect "no word of $word" grep -q "$word" $page
	done
}

# Examples are run as they stand, but for the names of files.
check_examples()
{
	local line words

	while read -r line; do
		case $line in
		*' live '*) # is not to begin: with --help at its end only the words are looked at
			# shellcheck disable=SC2086 # words of a command line
			"$binary" ${line#\$ rstscope } --help >/dev/null 2>&1
			expect "'$line' is wrong usage" [ $? -eq 0 ]
			continue
			;;
		esac
		words=$(sed 's/^\$ rstscope //; s/ |.*//; s/ >.*//; s/-o [^ ]* //g' <<<"$line" |
			tr ' ' '\n' | grep -vE 'pcap|/' | tr '\n' ' ')
		# shellcheck disable=SC2086 # words of a command line
		"$binary" $words samples/captures/normal-logout.pcap >/dev/null 2>&1
		expect "'$line' is wrong usage" [ $? -le 1 ]
	done < <(section EXAMPLES | sed -n 's/^\.Dl \(\$ rstscope .*\)/\1/p')
	expect 'no examples' [ "$(section EXAMPLES | grep -c '^\.Dl')" -ge 4 ]
}

check_setting()
{
	if ! command -v groff >/dev/null; then
		echo 'manual: groff is not here: the page is not set'
		skipped=$((skipped + 1))
		return
	fi
	expect 'groff warns' [ -z "$(groff -mandoc -ww -Tascii $page 2>&1 >/dev/null)" ]
	expect 'the page is short' [ "$(groff -mandoc -Tascii $page | wc -l)" -gt 150 ]
}

check_options
check_formats
check_words
check_examples
check_setting
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
