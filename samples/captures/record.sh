#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Records the captures of this folder anew:  samples/captures/record.sh [NAME...]
#
# Root only. Three network namespaces stand in a row, client - router - server, so that what the
# router sends has a TTL one higher than what comes from behind it. The server runs a real sshd of
# its own (keys, configuration, user and /run of its own, made for the run and thrown away). What is
# true of each connection goes to truth.tsv, from what was done here, not from what was captured.
#
# Nothing outside the namespaces and one folder of mktemp is touched; all of it goes at the end.
set -eu
exec </dev/null

# The longest case waits for a silence of 65 s; all of them together take about three minutes.
if [ -z "${RECORD_BOUNDED:-}" ]; then
	RECORD_BOUNDED=1 exec timeout --kill-after=20 900 bash "$0" "$@"
fi

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
ns=rstscope-$$
client=$ns-client router=$ns-router server=$ns-server
client_ip=192.0.2.10 server_ip=198.51.100.22 port=22
client_ip6=2001:db8:1::10 server_ip6=2001:db8:2::22
uid=41000

die() { echo "record.sh: $*" >&2; exit 1; }

cleanup()
{
	local name pids

	trap - EXIT
	for name in $client $router $server; do
		# Only what was started here can be in a namespace made here.
		pids=$(ip netns pids "$name" 2>/dev/null || true)
		[ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
		ip netns del "$name" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

# ---- the lab ----

at() { local where=$1; shift; ip netns exec "$where" "$@"; }

# until_true WHAT COMMAND...: waits for at most ten seconds.
until_true()
{
	local what=$1 i

	shift
	for i in $(seq 100); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.1
	done
	die "waited in vain: $what"
}

# link NAMESPACE DEVICE ADDRESS ADDRESS6 OTHER-NAMESPACE OTHER-DEVICE ADDRESS ADDRESS6
link()
{
	ip link add "$2" netns "$1" type veth peer name "$6" netns "$5"
	address "$1" "$2" "$3" "$4"
	address "$5" "$6" "$7" "$8"
}

address()
{
	ip -n "$1" address add "$3/24" dev "$2"
	ip -n "$1" address add "$4/64" dev "$2" nodad
	ip -n "$1" link set "$2" up
	ip -n "$1" link set lo up
	# With offloads on, a capture shows segments and checksums that were never on a wire.
	at "$1" ethtool -K "$2" tx off rx off tso off gso off gro off >/dev/null
}

build_network()
{
	local name

	for name in $client $router $server; do
		ip netns add "$name"
		# No duplicate address detection: an address is usable at once.
		at "$name" sysctl -qw net.ipv6.conf.default.accept_dad=0
	done
	link $client eth0 $client_ip $client_ip6 $router left 192.0.2.1 2001:db8:1::1
	link $server eth0 $server_ip $server_ip6 $router right 198.51.100.1 2001:db8:2::1
	ip -n $client route add default via 192.0.2.1
	ip -n $server route add default via 198.51.100.1
	ip -n $client -6 route add default via 2001:db8:1::1
	ip -n $server -6 route add default via 2001:db8:2::1
	at $router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

make_keys()
{
	chmod 755 "$work"
	mkdir "$work/home" "$work/etc"
	ssh-keygen -q -t ed25519 -N '' -C lab -f "$work/host_key"
	ssh-keygen -q -t ed25519 -N '' -C lab -f "$work/key"
	ssh-keygen -q -t ed25519 -N 'slowly typed' -C lab -f "$work/locked_key"
	cat "$work/key.pub" "$work/locked_key.pub" >"$work/authorized_keys"
	chown $uid "$work/home" && chmod 644 "$work/authorized_keys"
	printf '%s %s\n' "$server_ip,$server_ip6" "$(cat "$work/host_key.pub")" >"$work/known_hosts"
	grep -v '^alice:' /etc/passwd >"$work/etc/passwd"
	echo "alice:*:$uid:$uid::$work/home:/bin/bash" >>"$work/etc/passwd"
	: >"$work/etc/hosts.deny"
	: >"$work/etc/hosts.allow"
}

# start_sshd [OPTION=VALUE...]: its pid is in $sshd.
start_sshd()
{
	local option arguments=()

	for option in HostKey="$work/host_key" AuthorizedKeysFile="$work/authorized_keys" \
	              Port=$port StrictModes=no UsePAM=no PidFile=none PrintLastLog=no \
	              PrintMotd=no UseDNS=no "$@"; do
		arguments+=(-o "$option")
	done
	# A mount namespace of its own, so that no file of the machine sees a login.
	ip netns exec $server unshare -m bash -c '
		set -e
		mount -t tmpfs -o mode=755 none /run && mkdir -m 755 /run/sshd && : >/run/utmp
		mount -t tmpfs -o mode=755 none /var/log
		for file in passwd hosts.deny hosts.allow; do
			[ ! -e /etc/$file ] || mount --bind "$0/etc/$file" /etc/$file
		done
		exec /usr/sbin/sshd -D -e -f /dev/null "$@"' "$work" "${arguments[@]}" \
		>"$work/sshd.log" 2>&1 &
	sshd=$!
	until_true "sshd listens" listening
}

listening() { at $server ss -Hltn "sport = :$port" | grep -q LISTEN; }
accepts() { at "$1" ss -Hltn "sport = :$2" | grep -q LISTEN; }

# haproxy_on NAMESPACE BIND SERVER: hands on what it accepts.
haproxy_on()
{
	printf '%s\n' 'defaults' ' mode tcp' ' timeout connect 2s' ' timeout client 60s' \
		' timeout server 60s' 'listen lab' " bind $2" " server lab $3" >"$work/$1.cfg"
	at "$1" haproxy -db -f "$work/$1.cfg" >"$work/$1.log" 2>&1 &
}

stop() { kill -9 "$@" 2>/dev/null || true; wait "$@" 2>/dev/null || true; }

# Everything below a process, the process left out.
descendants()
{
	local child

	for child in $(pgrep -P "$1" || true); do
		echo "$child"
		descendants "$child"
	done
}

# The sshd processes among them: one of root and one of the user, for each session.
session_pids()
{
	local pid

	for pid in $(descendants $sshd); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null || true)" != sshd ] || echo "$pid"
	done
}

session_count() { session_pids | wc -l; }
sessions_are() { [ "$(session_count)" -eq "$1" ]; }

# as_alice ARGUMENT...: an ssh client at $where, else at the client's; bounded, its exit status is
# that of ssh.
as_alice()
{
	at "${where:-$client}" timeout 150 ssh -F none -i "${key:-$work/key}" -o IdentitiesOnly=yes \
		-o UserKnownHostsFile="$work/known_hosts" -o LogLevel=INFO -l alice "$@"
}

# slow TEXT...: types each line after a pause, as people do.
slow() { local line; for line in "$@"; do sleep 0.7; printf '%s\n' "$line"; done; }

# ---- a case: name, where it is captured, what is done, what is true of it ----

begin()
{
	name=$1 vantage=$2
	ip netns exec "$vantage" tcpdump -i eth0 -s 0 -U -B 8192 --time-stamp-precision=nano -Z root \
		-w "$work/$name.pcap" 'tcp or icmp or (icmp6 and ip6[40] < 128)' \
		2>"$work/tcpdump.log" &
	dump=$!
	until_true "tcpdump listens" grep -q 'listening on' "$work/tcpdump.log"
	: >"$work/truth"
}

finish()
{
	# The kernel hands packets over in blocks, a second late.
	sleep "${1:-1.5}"
	kill -TERM $dump && wait $dump || true
	grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" || die "$name: packets were lost"
	[ "$(stat -c %s "$work/$name.pcap")" -lt 60000 ] || die "$name: too large"
	at $router nft flush ruleset
	stop $(ip netns pids $client) $(ip netns pids $router) $(ip netns pids $server)
}

# The endpoints of connection N of the capture, in the order of their first SYN.
endpoints()
{
	tcpdump -nn -r "$work/$name.pcap" 'tcp[13] & 0x12 = 2 or (ip6 and ip6[53] & 0x12 = 2)' \
		2>/dev/null | awk -v n="$1" '
		function at(a) {
			sub(/:$/, "", a); port = a; sub(/.*\./, "", port); sub(/\.[^.]*$/, "", a)
			return (a ~ /:/ ? "[" a "]" : a) ":" port
		}
		!seen[$3]++ && ++count == n { print at($3) "\t" at($5) }'
}

# truth N ENDING WHO CAUSE [DETAIL]: of connection N.
truth()
{
	local ends

	ends=$(endpoints "$1")
	[ -n "$ends" ] || die "$name: no connection $1"
	printf '%s.pcap\t%s\t%s\t%s\t%s\t%s\n' "$name" "$ends" "$2" "$3" "$4" "${5:-}" >>"$work/truth"
}

# shows COUNT FILTER: the capture has at least so many packets that match.
shows()
{
	local count

	count=$(tcpdump -nn -r "$work/$name.pcap" "$2" 2>/dev/null | wc -l)
	[ "$count" -ge "$1" ] || die "$name: $count packets are '$2', expected $1; record it again"
}

lacks()
{
	[ "$(tcpdump -nn -r "$work/$name.pcap" "$1" 2>/dev/null | wc -l)" -eq 0 ] ||
		die "$name: there is '$1', expected none; record it again"
}

# closes_first ADDRESS: the first FIN or RST of the capture is its.
closes_first()
{
	tcpdump -nn -r "$work/$name.pcap" "$fin or $rst" 2>/dev/null | head -n 1 |
		grep -q "IP $1\." || die "$name: $1 does not close first; record it again"
}

# says WORDS: what the person at the client got to read.
says() { grep -qi -- "$1" "$work/ssh.log" || die "$name: ssh did not say '$1'"; }

# tells WORDS: they stand in the capture in the clear.
tells() { grep -qa -- "$1" "$work/$name.pcap" || die "$name: '$1' is not in the capture"; }

keep()
{
	local rows=$here/truth.tsv

	[ -e "$rows" ] || printf 'file\tclient\tserver\tending\twho\tcause\tdetail\n' >"$rows"
	grep -v "^$name.pcap	" "$rows" >"$work/rows"
	{ head -1 "$work/rows"; sed 1d "$work/rows" | sort -s -t '	' -k1,1 - "$work/truth"; } >"$rows"
	install -m 644 "$work/$name.pcap" "$here/$name.pcap"
	echo "$name.pcap: $(stat -c %s "$here/$name.pcap") bytes"
}

rst='tcp[13] & 4 != 0'
fin='tcp[13] & 1 != 0'
from_server="src host $server_ip"
from_client="src host $client_ip"

. "$here/cases.sh"

[ "$(id -u)" = 0 ] || die "needs root"
for tool in ip ethtool nft tcpdump ssh sshd ssh-keygen unshare pgrep nc haproxy; do
	command -v $tool >/dev/null || die "needs $tool"
done
build_network
make_keys
[ $# -gt 0 ] || set -- $(sed -n 's/^case_\([a-z0-9_]*\)()$/\1/p' "$here/cases.sh" | tr _ -)
for wanted in "$@"; do
	declare -F "case_${wanted//-/_}" >/dev/null || die "no such case: $wanted"
	"case_${wanted//-/_}"
	keep
done
