# SPDX-License-Identifier: BSD-3-Clause
"""A part of the path carries less than both ends believe, and nobody tells them, or somebody does.

Small segments pass, large ones vanish: the first is the client's KEXINIT, or the server's answer to
it, or the first output that fills a segment. That the end of such data arrives and its beginning
never does is plain to see at both ends, for the receiver's selective acknowledgements say so. The
network chose that end, also where a timer of the server or the client closes at last.
"""

from run import ALIVE, See
from scenario import scenario
from scenarios.process import leave, piped
from sockets import wait_for_retries

HOLE = See("large segments are missing, as acknowledgements of later ones say; none is repeated",
           ending="open", also=ALIVE)


@scenario(dict(way=">", largest=1400), dict(way="=", largest=1400, family=6, client="newer"),
          dict(way=">", largest=1280, client="newer", server="dropbear", port=2222))
def mtu_swallows_kexinit(lab):
    """The client's KEXINIT is longer than a segment, and its first part never arrives."""
    lab.serve()
    lab.wire(f"largest {lab.vary['way']} {lab.vary['largest']}")
    session = lab.connect("uname", tty=False)
    wait_for_retries(lab, "client", 5)
    lab.truth(session, "silent", "network", "mtu_blackhole", server=HOLE)


@scenario(dict(largest=1400), dict(largest=1300, family=6, client="newer"))
def mtu_swallows_key(lab):
    """The server's answer in the key exchange never arrives but for its end."""
    lab.serve()
    lab.wire(f"largest < {lab.vary['largest']}")
    session = lab.connect("uname", tty=False)
    wait_for_retries(lab, "server", 5)
    lab.truth(session, "silent", "network", "mtu_blackhole", client=HOLE, middle=HOLE)


@scenario(dict(), dict(family=6, server="newer"))
def mtu_login_timeout(lab):
    """As the first, until LoginGraceTime is over and the server closes: that arrives."""
    lab.serve("LoginGraceTime=8")
    lab.wire("largest > 1400")
    session = lab.connect("uname", tty=False)
    session.wait()
    closes = "the server closes when its time for a login is over, which never came far"
    near = See(closes, also="server/mtu_blackhole")
    far = See(closes, also="server/mtu_blackhole server/login_timeout")
    lab.truth(session, "closed", "network", "mtu_blackhole", client=near, middle=near, server=far)


@scenario(dict(), dict(family=6, client="newer", server="newer"))
def mtu_client_gives_up(lab):
    """As the first, but ServerAliveInterval ends the client's wait; its FIN is never sent."""
    lab.serve()
    lab.wire("largest > 1400")
    session = lab.connect("uname", tty=False,
                          options=("ServerAliveInterval=2", "ServerAliveCountMax=2"))
    session.expect("timed out")
    session.wait()
    wait_for_retries(lab, "client", 5)
    lab.truth(session, "silent", "network", "mtu_blackhole", server=HOLE)


@scenario(dict(), dict(family=6, client="newer"), dict(client="plink", server="dropbear"))
def mtu_swallows_output(lab):
    """After the login the path carries less: output never arrives; who types goes on beside."""
    lab.serve()
    session = piped(lab, "read; head -c 5000 /dev/zero; cat")
    neighbour = piped(lab)
    lab.wire("largest < 1400")
    session.send("go\n")
    wait_for_retries(lab, "server", 5)
    neighbour.send("still here\n")
    neighbour.expect("still here")
    leave(neighbour)
    lab.good(neighbour)
    lab.truth(session, "silent", "network", "mtu_blackhole", client=HOLE, middle=HOLE)


@scenario(dict(), dict(family=6, server="newer", port=2222), dict(client="plink"))
def mtu_swallows_upload(lab):
    """The same for what the client sends."""
    lab.serve()
    session = piped(lab)
    lab.wire("largest > 1400")
    session.send("upload " * 700)
    wait_for_retries(lab, "client", 5)
    lab.truth(session, "silent", "network", "mtu_blackhole", server=HOLE)


@scenario(dict(), dict(family=6, client="newer"))
def mtu_unsaid(lab):
    """r1 cannot forward the KEXINIT; what it would say of that, its own filter drops."""
    lab.serve()
    lab.at("r1", "ip", "link", "set", "wan", "mtu", 1400)
    lab.filter("r1", "output", "icmp type destination-unreachable counter drop" if lab.family == 4
               else "icmpv6 type packet-too-big counter drop")
    session = lab.connect("uname", tty=False)
    wait_for_retries(lab, "client", 5)
    if "packets 0 " in lab.at("r1", "nft", "list", "table", "inet", "lab"):
        raise RuntimeError("r1 had nothing to say")
    lab.truth(session, "silent", "network", "mtu_blackhole", middle=HOLE, server=HOLE)


# ---- it goes on ----

@scenario(dict(), dict(family=6, client="newer"), dict(client="plink", server="newer", port=2222))
def mtu_discovered(lab):
    """Both routers say what they cannot forward, and the hosts send smaller segments."""
    lab.serve()
    for router in ("r1", "r2"):
        lab.at(router, "ip", "link", "set", "wan", "mtu", 1400)
    download(lab)
    if "mtu 1400" not in lab.at("client", "ip", "route", "get", lab.address("server")):
        raise RuntimeError("nobody told the client")


@scenario(dict(), dict(family=6, client="newer"))
def mtu_clamped(lab):
    """r1 tells both ends in the SYNs how much the path carries."""
    lab.serve()
    lab.wire("largest = 1400")
    lab.filter("r1", "forward", "tcp flags syn tcp option maxseg size set 1300")
    download(lab)


@scenario(dict(), dict(family=6, client="newer"))
def mtu_probed(lab):
    """The hosts notice by themselves that large segments do not arrive, and send smaller ones."""
    for machine in ("client", "server"):
        lab.sysctl(machine, tcp_mtu_probing=1)
    lab.serve()
    lab.wire("largest > 1400")
    download(lab)
    if "dropped=0," in lab.wire("report"):
        raise RuntimeError("nothing was too large")


def download(lab):
    """A good session with some output."""
    session = piped(lab, "head -c 4000 /dev/zero; cat")
    leave(session)
    lab.good(session)
