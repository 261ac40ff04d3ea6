# SPDX-License-Identifier: BSD-3-Clause
"""Packet filters that break connections which stand, while they are busy.

A rule matches one direction. With "of": "client" it stops what the client sends: only the client
hears a REJECT. The server learns nothing until it speaks; what then answers is the client's kernel,
which has forgotten the connection, unless the rule stays and stops that as well ("lasting").

The machine whose filter it was ended the connection, also where it only drops. The words of a
verdict keep firewall_drop for SYNs, and no packet tells a rule on the path from a path that is
dead, so network_loss is an honest answer wherever a connection goes silent; but not at the server
when its own filter stops what is seen to arrive.
"""

import time

import keys
import packets
from network import until
from run import ALIVE, DUNNO, VANTAGES, See, everywhere
from scenario import scenario
from scenarios.firewall import (BEYOND, HOOKS, ROUTING, call, end_work, lift, make_sure, speak, who,
                                work)

PLAIN = ("ObscureKeystrokeTiming=no",)
QUIET = See("nothing amiss is to be seen here: the client is quiet", ending="open", also=ALIVE)
LOST = See("segments are repeated without an answer; the filter is out of sight",
           ending="silent", also="network/network_loss middlebox/firewall_drop")
DROPPED = See("segments are repeated without an answer, by a rule or by loss",
              also="network/network_loss middlebox/firewall_drop server/firewall_drop")
STOPPED = See("segments reach the server, which acknowledges none", also="server/unexplained")


def forgotten(side):
    return See(f"only the {side}'s kernel is to be seen, which has no such connection any more",
               ending="reset", also=f"{side}/state_lost {side}/unexplained {DUNNO}")


def pair(lab, speaks=False):
    """Two sessions at work; the first is to suffer, the other to live."""
    lab.serve()
    victim = work(lab, speaks, "tty" in lab.vary)
    neighbour = work(lab)
    return victim, neighbour


def suffer(lab, words):
    """A rule comes upon the client of one session while it types."""
    lab.serve()
    victim = work(lab, "speaks" in lab.vary, "tty" in lab.vary)
    cut(lab, victim, words)
    if "speaks" in lab.vary:
        speak()
    for line in ("four", "five"):
        victim.send(line + "\n")
        time.sleep(0.1)
    return victim


def cut(lab, session, words):
    """A rule for what one end of this session sends; the variation says which, and where."""
    lab.calm_down()
    at, port = lab.vary["at"], session.ends["client"][0][1]
    ways = {"client": f"tcp sport {port} tcp dport {lab.port}",
            "server": f"tcp sport {lab.port} tcp dport {port}"}
    lab.filter(at, HOOKS[at], f"{ways[lab.vary.get('of', 'client')]} counter {words}")


def far(lab):
    """Behind a filter that stops the client's segments only the server's are to be seen."""
    return LOST if "speaks" in lab.vary else QUIET


def passes(lab, near, beyond):
    """near: what is seen on the client's side of the filter; beyond: on the server's."""
    return {vantage: beyond if vantage in BEYOND[lab.vary["at"]] else near for vantage in VANTAGES}


# ---- REJECT with a reset ----

@scenario(dict(at="r1", lasting=True), dict(at="r1", family=6, server="dropbear", client="plink"),
          dict(at="r2", lasting=True, tty=True, client="newer", options=PLAIN, port=2222),
          dict(at="server", lasting=True, delay_ms=20), dict(at="server", family=6, client="newer"))
def reject_busy_client(lab):
    """A filter answers the client of a busy session with a reset; later the server speaks."""
    victim, neighbour = pair(lab, speaks=True)
    cut(lab, victim, "reject with tcp reset")
    victim.send("four\n")
    victim.wait()
    make_sure(lab)
    if "lasting" not in lab.vary:
        lab.unfilter(lab.vary["at"])
    speak()
    time.sleep(3)
    end_work(lab, neighbour)
    beyond = LOST if "lasting" in lab.vary else forgotten("client")
    lab.truth(victim, "reset", who(lab), "firewall_reject", **passes(lab, See(), beyond))


@scenario(dict(at="r1", of="server"), dict(at="r2", of="server", family=6, client="newer"),
          dict(at="r2", of="server", lasting=True, port=2222),
          dict(at="r1", of="server", lasting=True, server="dropbear", client="plink"))
def reject_busy_server(lab):
    """A filter answers the server of a busy session with a reset; the client goes on."""
    victim, neighbour = pair(lab)
    cut(lab, victim, "reject with tcp reset")
    victim.send("four\n")
    port = victim.ends["client"][0][1]
    until("the server is reset", lambda: not lab.at("server", "ss", "-Htn", f"dport = :{port}"))
    make_sure(lab)
    if "lasting" in lab.vary:
        time.sleep(4)
    else:
        lift(lab)
        victim.wait()
    end_work(lab, neighbour)
    near = LOST if "lasting" in lab.vary else forgotten("server")
    lab.truth(victim, "reset", "middlebox", "firewall_reject", **passes(lab, near, See()))


# ---- REJECT with an ICMP error ----

SOFT = [dict(at="r1", code="icmpx admin-prohibited"),
        dict(at="r2", code="icmpx port-unreachable", family=6, client="newer"),
        dict(at="server", code="icmp type host-prohibited", server="dropbear"),
        dict(at="r2", code="icmp type net-unreachable", delay_ms=30, client="dropbear")]


@scenario(*SOFT, dict(at="r1", code="icmpx port-unreachable", speaks=True),
          dict(at="server", code="icmpv6 type policy-fail", family=6, port=2222, speaks=True))
def icmp_busy(lab):
    """A filter answers a busy client with ICMP errors; TCP bears them and repeats, to the end."""
    victim = suffer(lab, f"reject with {lab.vary['code']}")
    time.sleep(5)
    make_sure(lab)
    near = ROUTING if "net-unreachable" in lab.vary["code"] else See()
    lab.truth(victim, "rejected", who(lab), "firewall_reject", **passes(lab, near, far(lab)))


@scenario(dict(at="r1", code="icmpx port-unreachable"),
          dict(at="r2", code="icmpx admin-prohibited", family=6, tty=True),
          dict(at="server", code="icmpx admin-prohibited", client="newer"))
def icmp_busy_gives_up(lab):
    """As icmp_busy, until the client's TCP has had enough; the server never hears of it."""
    lab.sysctl("client", tcp_retries2=4)
    victim = suffer(lab, f"reject with {lab.vary['code']}")
    victim.wait()
    make_sure(lab)
    call(lab)
    lab.truth(victim, "rejected", who(lab), "firewall_reject", **passes(lab, See(), QUIET))


@scenario(*SOFT, dict(at="r1", code="icmpv6 type no-route", family=6, server="newer"))
def icmp_busy_survived(lab):
    """A filter answers a busy client with ICMP errors for a second or two; the session lives on."""
    victim = suffer(lab, f"reject with {lab.vary['code']}")
    time.sleep(1.5)
    lift(lab)
    end_work(lab, victim)


# ---- DROP ----

def dropped(lab, beyond=DROPPED):
    at_server = {"server": STOPPED} if lab.vary["at"] == "server" else {}
    return passes(lab, DROPPED, beyond) | at_server


@scenario(dict(at="r1"), dict(at="r2", family=6, port=2222, client="dropbear", delay_ms=25),
          dict(at="server", server="dropbear"), dict(at="r1", of="server", family=6),
          dict(at="r2", of="server", client="newer"), dict(at="r1", speaks=True, client="plink"))
def drop_busy(lab):
    """A filter swallows what one end of a busy session sends, to the end of the capture."""
    victim = suffer(lab, "drop")
    neighbour = work(lab)
    time.sleep(5)
    end_work(lab, neighbour)
    make_sure(lab)
    beyond = DROPPED if lab.vary.get("of") == "server" else far(lab)
    lab.truth(victim, "silent", who(lab), "firewall_drop", **dropped(lab, beyond))


@scenario(dict(at="r1", client="newer"), dict(at="server", family=6), dict(at="r2", port=2222))
def drop_busy_gives_up(lab):
    """As drop_busy, until the client's TCP has had enough; it ends without a word on the wire."""
    lab.sysctl("client", tcp_retries2=4)
    victim = suffer(lab, "drop")
    victim.wait()
    make_sure(lab)
    call(lab)
    lab.truth(victim, "silent", who(lab), "firewall_drop", **dropped(lab, QUIET))


# ---- connection tracking ----

FORGOT = See("a filter without the connection in its table does the same",
             also="middlebox/state_lost")
FORGOT_SILENTLY = See("segments are repeated without an answer, by a rule or by loss",
                      also="network/network_loss middlebox/state_lost")


def track(lab, words):
    """The filter of a router judges by what it knows of connections."""
    lab.sysctl(lab.vary["at"], nf_conntrack_tcp_loose=0)
    lab.filter(lab.vary["at"], "forward", f"tcp dport {lab.port} ct state invalid counter {words}",
               f"tcp sport {lab.port} ct state invalid counter {words}")


def forget(lab, session):
    """The router's table loses the entry of one session."""
    lab.calm_down()
    lab.at(lab.vary["at"], "conntrack", "-D", "-p", "tcp", "-f", f"ipv{lab.family}", "--sport",
           session.ends["client"][0][1])


@scenario(dict(at="r1"), dict(at="r2", family=6, server="dropbear", client="dropbear"),
          dict(at="r2", client="plink", port=2222, delay_ms=25), dict(at="r1", first="server"),
          dict(at="r2", first="server", family=6, client="newer"))
def reject_untracked(lab):
    """A router forgets a busy session; each end is reset as it speaks ("ct state invalid")."""
    track(lab, "reject with tcp reset")
    victim, neighbour = pair(lab, speaks=True)
    forget(lab, victim)
    if lab.vary.get("first") == "server":
        speak()
        time.sleep(1)
    victim.send("four\n")
    victim.wait()
    speak()
    time.sleep(1)
    end_work(lab, neighbour)
    make_sure(lab)
    lab.truth(victim, "reset", "middlebox", "firewall_reject", **everywhere(FORGOT))


def ahead(port):
    """A sequence number far beyond the window of what that port of the client sends."""
    capture = packets.read(keys.path("client.pcap"))
    segments = [packets.segment_of(packet, capture.link) for packet in capture.packets]
    return ([s for s in segments if s and s.source[1] == port][-1].seq + 2**30) % 2**32


@scenario(dict(at="r1"), dict(at="r2", family=6, server="dropbear"),
          dict(at="r1", port=2222, client="dropbear", delay_ms=30))
def reject_outside_window(lab):
    """A router resets the client of a session whose sequence numbers were changed before it."""
    track(lab, "reject with tcp reset")
    victim, neighbour = pair(lab, speaks=True)
    lab.calm_down()
    port = victim.ends["client"][0][1]
    lab.nft("r1", "table inet changed { chain prerouting { type filter hook prerouting priority "
                  f"raw; tcp sport {port} tcp sequence set {ahead(port)}; }}\n}}")
    victim.send("four\n")
    victim.wait()
    make_sure(lab)
    lab.unfilter("r1", "changed")
    speak()
    time.sleep(0.5)
    end_work(lab, neighbour)
    lab.truth(victim, "reset", "middlebox", "firewall_reject",
              **passes(lab, FORGOT, forgotten("client")))


@scenario(dict(at="r1"), dict(at="r2", family=6, client="dropbear"),
          dict(at="r2", server="dropbear", port=2222))
def drop_untracked(lab):
    """A router forgets a busy session and drops all that it sends ("ct state invalid drop")."""
    track(lab, "drop")
    victim, neighbour = pair(lab, speaks=True)
    end_work(lab, neighbour)
    forget(lab, victim)
    victim.send("four\n")
    speak()
    time.sleep(6)
    make_sure(lab)
    lab.truth(victim, "silent", "middlebox", "firewall_drop", **everywhere(FORGOT_SILENTLY))
