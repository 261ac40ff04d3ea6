# SPDX-License-Identifier: BSD-3-Clause
#
# The cases of record.sh, one function each: what is done to a real sshd, and what is therefore true
# of each connection. The words are those of a verdict; "closed" is a FIN first, even if a RST
# follows it.

# A few numbers a moment apart: an output that streams, of some 9 kB a second.
stream='while :; do head -c 300 /dev/urandom | od -An -tx1; sleep 0.1; done'

# A session like a person's, with a terminal, that logs out well.
visit() { slow 'uname -s' 'exit' | as_alice -tt "${1:-$server_ip}" >>"$work/ssh.log" 2>&1 || true; }

case_normal_logout()
{
	start_sshd
	begin normal-logout $client
	as_alice $server_ip 'echo done' >"$work/ssh.log" 2>&1
	finish
	shows 2 "$fin"
	lacks "$rst"
	truth 1 closed client orderly_close
}

case_ipv6_normal_logout()
{
	start_sshd
	begin ipv6-normal-logout $client
	visit $server_ip6
	finish
	shows 2 'ip6[53] & 1 != 0'
	lacks 'ip6[53] & 4 != 0'
	truth 1 closed client orderly_close
}

# All processes of one session are killed at once; a second session of the same server lives on.
case_kill_9_busy_session()
{
	local victim other

	start_sshd
	begin kill-9-busy-session $server
	as_alice $server_ip "$stream" >"$work/ssh.log" 2>&1 &
	until_true "first session" sessions_are 2
	sleep 0.8
	victim=$(session_pids)
	{ sleep 2.2; slow 'exit'; } | as_alice -tt $server_ip >"$work/other.log" 2>&1 &
	other=$!
	until_true "second session" sessions_are 4
	sleep 0.7
	kill -9 $victim
	wait $other || true
	finish
	says 'closed by remote host'
	closes_first $server_ip
	truth 1 closed server server_crash
	truth 2 closed client orderly_close
}

case_kill_9_idle_session()
{
	start_sshd
	begin kill-9-idle-session $client
	{ slow 'uname -s'; sleep 20; } | as_alice -tt $server_ip >"$work/ssh.log" 2>&1 &
	until_true "session" sessions_are 2
	sleep 10
	kill -9 $(session_pids)
	finish
	says 'closed by remote host'
	closes_first $server_ip
	shows 1 "$rst and $from_server"
	truth 1 closed server server_crash
}

# A client of ten years ago meets a server of today.
case_algorithm_mismatch()
{
	start_sshd
	begin algorithm-mismatch $client
	as_alice -o KexAlgorithms=diffie-hellman-group14-sha1 $server_ip true \
		>"$work/ssh.log" 2>&1 || true
	finish
	says 'no matching key exchange method found'
	closes_first $client_ip
	truth 1 closed client protocol_error no_common_algorithm
}

# The router forgets a silent connection after 60 s and resets what it does not know.
case_netfilter_reset_after_silence()
{
	start_sshd
	at $router sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0
	at $router nft -f - <<-'NFT'
		table inet filter {
			chain forward {
				type filter hook forward priority 0; policy drop;
				ct state established,related accept
				tcp dport 22 ct state new accept
				meta l4proto tcp reject with tcp reset
			}
		}
	NFT
	at $router sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=60
	begin netfilter-reset-after-silence $client
	{ slow 'uptime' 'ls -l /etc/ssh' 'date'; sleep 65; slow 'df -h'; sleep 1; } |
		as_alice -tt $server_ip >"$work/ssh.log" 2>&1 || true
	sleep 3
	visit
	finish
	says 'reset by peer\|broken pipe'
	# The router is one hop nearer than the server whose address it uses.
	shows 1 "$rst and $from_server and ip[8] = 64"
	shows 1 "not ($rst) and $from_server and ip[8] = 63"
	truth 1 reset middlebox idle_timeout
	truth 2 closed client orderly_close
}

# One login that is slowly typed fills the only place; the next client is sent away.
case_max_startups()
{
	local slow_one

	printf '#!/bin/sh\nsleep 4\necho "slowly typed"\n' >"$work/askpass"
	chmod 755 "$work/askpass"
	start_sshd MaxStartups=1:100:1
	begin max-startups $server
	key=$work/locked_key SSH_ASKPASS=$work/askpass SSH_ASKPASS_REQUIRE=force \
		as_alice $server_ip 'echo done' >"$work/slow.log" 2>&1 &
	slow_one=$!
	sleep 1.5
	as_alice $server_ip true >"$work/ssh.log" 2>&1 || true
	wait $slow_one || die "max-startups: the slow login failed"
	sleep 1
	as_alice $server_ip true >>"$work/ssh.log" 2>&1
	finish
	says 'closed by remote host\|reset by peer'
	tells 'Exceeded MaxStartups\|Not allowed at this time'
	closes_first $server_ip
	truth 1 closed client orderly_close
	truth 2 "$(closed_or_reset)" server resource_exhaustion
	truth 3 closed client orderly_close
}

# sshd is stopped after a good session; the kernel of the server answers for it.
case_service_down()
{
	start_sshd
	begin service-down $client
	as_alice $server_ip true
	stop $sshd
	sleep 1
	as_alice $server_ip true >"$work/ssh.log" 2>&1 || true
	finish
	says 'connection refused'
	shows 1 "$rst and $from_server and ip[8] = 63"
	truth 1 closed client orderly_close
	truth 2 refused server service_down
}

case_firewall_reject_syn()
{
	start_sshd
	begin firewall-reject-syn $client
	as_alice $server_ip true
	at $router nft -f - <<-'NFT'
		table inet filter {
			chain forward {
				type filter hook forward priority 0;
				tcp dport 22 reject with tcp reset
			}
		}
	NFT
	sleep 1
	as_alice $server_ip true >"$work/ssh.log" 2>&1 || true
	finish
	says 'connection refused'
	shows 1 "$rst and $from_server and ip[8] = 64"
	truth 1 closed client orderly_close
	truth 2 refused middlebox firewall_reject
}

case_firewall_icmp_prohibited()
{
	start_sshd
	begin firewall-icmp-prohibited $client
	at $router nft -f - <<-'NFT'
		table inet filter {
			chain forward {
				type filter hook forward priority 0;
				tcp dport 22 reject with icmpx admin-prohibited
			}
		}
	NFT
	as_alice $server_ip true >"$work/ssh.log" 2>&1 || true
	finish
	says 'no route to host'
	shows 1 'icmp[0] = 3 and icmp[1] = 13'
	truth 1 rejected middlebox firewall_reject
}

# Stopped for a moment first, so that output waits unread in its socket, as with a busy terminal.
case_client_killed()
{
	local pids

	start_sshd
	begin client-killed $server
	as_alice $server_ip "$stream" >"$work/ssh.log" 2>&1 &
	until_true "session" sessions_are 2
	sleep 1
	pids=$(at $client ss -Htnp "dport = :$port" | sed -n 's/.*pid=\([0-9]*\).*/\1/p')
	kill -STOP $pids
	sleep 0.2
	kill -9 $pids
	finish
	shows 1 "$rst and $from_client"
	lacks "$fin"
	truth 1 reset client client_abort
}

case_http_to_sshd()
{
	start_sshd
	begin http-to-sshd $client
	at $client bash -c 'exec 3<>"/dev/tcp/$0/22"
		printf "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: health-check\r\n\r\n" "$0" >&3
		timeout 5 cat <&3' $server_ip >"$work/ssh.log" 2>&1 || true
	finish
	tells 'Invalid SSH identification string'
	truth 1 "$(closed_or_reset)" server protocol_error not_ssh
}

# Whether bytes are left unread when sshd closes, and so FIN or RST, is a matter of microseconds.
closed_or_reset()
{
	tcpdump -nn -r "$work/$name.pcap" "($fin or $rst)" 2>/dev/null | head -1 |
		awk '{ print /Flags \[R/ ? "reset" : "closed" }'
}

# The path fails in the middle of an output and does not come back.
case_path_lost()
{
	start_sshd
	begin path-lost $client
	{ sleep 1.2; slow 'a' 'b' 'c'; sleep 40; } |
		as_alice $server_ip "$stream & cat >/dev/null" >"$work/ssh.log" 2>&1 &
	until_true "session" sessions_are 2
	sleep 1.6
	at $router nft -f - <<-'NFT'
		table inet filter {
			chain forward { type filter hook forward priority 0; policy drop; }
		}
	NFT
	finish 30
	lacks "$fin or $rst"
	truth 1 silent network network_loss
}

# Debian's sshd asks libwrap, which finds the client in hosts.deny.
case_tcp_wrappers()
{
	ldd "$(command -v sshd)" | grep -q libwrap || die "tcp-wrappers: this sshd has no libwrap"
	start_sshd
	echo "sshd: $client_ip" >"$work/etc/hosts.deny"
	begin tcp-wrappers $client
	as_alice $server_ip true >"$work/ssh.log" 2>&1 || true
	: >"$work/etc/hosts.deny"
	finish
	says 'reset by peer\|closed by'
	truth 1 "$(closed_or_reset)" server access_denied
}

# A session through a SOCKS proxy on the router, which is an ssh with -D of its own.
case_socks_proxy()
{
	start_sshd
	where=$router as_alice -N -D 192.0.2.1:1080 $server_ip >"$work/proxy.log" 2>&1 &
	until_true "the proxy listens" accepts $router 1080
	begin socks-proxy $client
	as_alice -o ProxyCommand='nc -X 5 -x 192.0.2.1:1080 %h %p' $server_ip 'echo done' \
		>"$work/ssh.log" 2>&1
	finish
	shows 2 "$fin and port 1080"
	lacks "$rst"
	truth 1 closed client orderly_close
}

# HAProxy on the router tells another one, on the server, who the client is: PROXY protocol 2.
case_proxy_protocol()
{
	start_sshd
	haproxy_on $router 192.0.2.1:2200 "$server_ip:2201 send-proxy-v2"
	haproxy_on $server "$server_ip:2201 accept-proxy" 127.0.0.1:$port
	until_true "both listen" accepts $server 2201
	begin proxy-protocol $server
	as_alice -o HostKeyAlias=$server_ip -p 2200 192.0.2.1 'echo done' >"$work/ssh.log" 2>&1
	finish
	shows 2 "$fin and port 2201"
	lacks "$rst"
	tells QUIT
	truth 1 closed client orderly_close
}
