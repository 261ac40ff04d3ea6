# SPDX-License-Identifier: BSD-3-Clause
"""Long silences that end well, and the neighbours of those that do not.

Keep-alives, of SSH and of TCP, renew what a filter remembers; a session that is silent for hours is
healthy as long as nobody forgets it; and what other connections of the same client do meanwhile
says something of the path, and nothing of the one that is silent.
"""

import os
import time

import keys
from network import until
from scenario import scenario
from scenarios.idle import (LONG, NO_PROBES, caught, forgotten, guard, server_speaks,
                            tries_in_vain)

MEMORY_S = 2  # of the filter, in truth; told as many times longer as the pauses are
PROBE_S = 3  # of silence make TCP's keepalive ask, in truth; told as the two hours of Linux


def be_reset(lab, session):
    """The user types; the filter does not know of the session any more."""
    session.type("ls")
    session.wait()
    if not caught(lab):
        raise RuntimeError("the filter rejected nothing")
    forgotten(lab, session, "reset", "client")


@scenario(dict(kept=("ServerAliveInterval=1",), lost=(), times=60),
          dict(serves=("ClientAliveInterval=1",), times=300, family=6, server="newer"),
          dict(kept=("-K", "1"), lost=(), times=120, port=2222, client="dropbear",
               server="dropbear"),
          dict(probes="client", lost=NO_PROBES, times=600, client="newer"),
          dict(probes="server", times=900, family=6, client="plink"))
def keepalive_saves(lab):
    """Keep-alives, of SSH or TCP, let a session outlive a filter's memory; one without is reset."""
    lab.serve(*lab.vary.get("serves", ()))
    guard(lab, "reject with tcp reset")
    if "probes" in lab.vary:
        lab.sysctl(lab.vary["probes"], tcp_keepalive_time=1, tcp_keepalive_intvl=1)
    lost = lab.log_in(options=lab.vary["lost"]) if "lost" in lab.vary else None
    kept = lab.log_in(options=lab.vary.get("kept", ()))
    lab.sysctl("r1", nf_conntrack_tcp_timeout_established=MEMORY_S)
    for session in filter(None, (lost, kept)):
        session.type("date")
    since = time.time_ns()
    time.sleep(3 * MEMORY_S)
    lab.slow_down(since, lab.vary["times"])
    lab.sysctl("r1", nf_conntrack_tcp_timeout_established=LONG)
    kept.is_working()
    kept.log_out()
    lab.good(kept)
    if lost:
        be_reset(lab, lost)


@scenario(dict(idle=7860, options=NO_PROBES), dict(idle=2100, family=6, server="dropbear"),
          dict(idle=6900, client="plink", port=2222),
          dict(idle=5400, first="server", server="newer"),
          dict(idle=4500, client="dropbear", server="dropbear", family=6, stays=True))
def long_idle(lab):
    """A session is silent for long, nobody forgets it, and it goes on; one is left open."""
    server = lab.serve(*lab.vary["options"])
    session = lab.log_in()
    lab.silence(lab.vary["idle"])
    if lab.vary.get("first") == "server":
        server_speaks(lab, server)
        session.expect("maintenance")
    session.is_working()
    if "stays" in lab.vary:
        lab.silence(600)
        lab.alive(session)
    else:
        session.log_out()
        lab.good(session)


@scenario(dict(), dict(family=6, client="newer", server="newer", port=2222))
def long_idle_probed(lab):
    """A session is silent for 2 h 11 min; the TCP keepalive of the client asks once, after two."""
    lab.serve("TCPKeepAlive=no")
    lab.sysctl("client", tcp_keepalive_time=PROBE_S)
    session = lab.log_in()
    session.type("date")
    lab.silence(7200 - PROBE_S + 1, 1)
    written = os.path.getsize(keys.path("client.pcap"))
    until("the client asks", lambda: os.path.getsize(keys.path("client.pcap")) > written)
    lab.sysctl("client", tcp_keepalive_time=7200)
    lab.silence(660)
    session.is_working()
    session.log_out()
    lab.good(session)


@scenario(dict(answer="reject with tcp reset"), dict(answer="drop", family=6, server="dropbear"),
          dict(answer="reject with tcp reset", client="plink", server="newer", port=2222))
def idle_beside_busy(lab):
    """A filter forgets an idle session; one beside it types once a minute, and lives on."""
    lab.serve()
    guard(lab, lab.vary["answer"])
    idle, busy = lab.log_in(), lab.log_in()
    lab.sysctl("r1", nf_conntrack_tcp_timeout_established=MEMORY_S)
    idle.type("date")
    since = time.time_ns()
    for _ in range(3 * MEMORY_S):
        busy.type("w")
        time.sleep(1)
    lab.slow_down(since, 60)
    lab.sysctl("r1", nf_conntrack_tcp_timeout_established=LONG)
    busy.type("w")
    if lab.vary["answer"] == "drop":
        idle.type("ls")
        tries_in_vain(lab, "client", idle)
        forgotten(lab, idle, "silent", "client")
    else:
        be_reset(lab, idle)
    busy.log_out()
    lab.good(busy)


@scenario(dict(), dict(forgets=True, family=6, port=2222), dict(forgets=True, client="plink"))
def idle_beside_visits(lab):
    """Others come and go while a session is silent, which is forgotten or not, then speaks."""
    lab.serve()
    guard(lab, "reject with tcp reset")
    session = lab.log_in()
    if "forgets" in lab.vary:
        lab.sysctl("r1", nf_conntrack_tcp_timeout_established=MEMORY_S)
    session.type("date")
    for pause_s in (1750, 1420):
        lab.silence(pause_s)
        lab.visit()
    if "forgets" in lab.vary:
        be_reset(lab, session)
    else:
        session.is_working()
        session.log_out()
        lab.good(session)
