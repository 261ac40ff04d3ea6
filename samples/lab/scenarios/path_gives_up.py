# SPDX-License-Identifier: BSD-3-Clause
"""The path dies, and a timer gives up: of ssh, of sshd, of TCP's keepalives or retransmissions.

Who gave up is a victim; the path chose the end, so who is the network. A program that gives up
closes, but its FIN waits behind the keepalive that was never acknowledged: the wire shows that the
path is dead, and not that anybody noticed. TCP's own keepalives, when they go unanswered, end in a
reset; retransmissions end in silence, and the kernel has forgotten the connection.
"""

import os
import time

import keys
from network import until
from run import See, everywhere
from scenario import scenario
from scenarios.path import LISTENS
from scenarios.process import good_visit, piped
from sockets import settle, wait_for_retries

REPEATS = See("a keepalive is repeated; that the program gave up does not show",
              also="network/network_loss")
ANSWERS = See("keepalives are answered, and the answers repeated in vain",
              also="network/network_loss")


# ---- ServerAliveInterval and the like ----

def after_keepalives(lab, count):
    """Waits until that many were sent and answered, and the next is not yet due."""
    def captured():
        return os.path.getsize(keys.path("client.pcap"))

    for _ in range(count):
        lab.calm_down()
        before = captured()
        until("a keepalive", lambda before=before: captured() > before)
    lab.calm_down()


@scenario(dict(way="="), dict(way=">", family=6, client="newer", port=2222),
          dict(way="<", server="newer"), dict(way="=", client="dropbear", says=("-K", "1")))
def server_alive_gives_up(lab):
    """The client's keepalives, or the answers to them, are lost; the client gives up."""
    lab.serve()
    says = lab.vary.get("says", ("ServerAliveInterval=1", "ServerAliveCountMax=3"))
    session = piped(lab, options=says)
    after_keepalives(lab, 2)
    lab.wire(f"loss {lab.vary['way']} 100")
    session.wait()
    wait_for_retries(lab, "client", 5)
    lab.truth(session, "silent", "network", "keepalive_timeout", client=REPEATS, middle=REPEATS,
              server=ANSWERS if lab.vary["way"] == "<" else LISTENS)


@scenario(dict(), dict(family=6, client="newer"))
def server_alive_gave_up(lab):
    """As above, but then the path mends, and the client's last words and FIN come through."""
    lab.serve()
    session = piped(lab, options=("ServerAliveInterval=1", "ServerAliveCountMax=3"))
    after_keepalives(lab, 1)
    lab.wire("loss = 100")
    session.wait()
    lab.wire("loss = 0")
    settle(lab)
    good_visit(lab)
    lab.truth(session, "closed|reset", "network", "keepalive_timeout", **everywhere(See(
        "an outage, then the client has left",
        also="client/keepalive_timeout client/client_abort network/network_loss")))


@scenario(dict(way="="), dict(way=">", family=6, client="newer"),
          dict(way="<", server="newer", port=2222), dict(way="=", server="dropbear"))
def client_alive_gives_up(lab):
    """The server's keepalives, or the answers to them, are lost; the server gives up."""
    dropbear = lab.vary["server"] == "dropbear"
    server = lab.serve(*(("-K", "1") if dropbear else
                         ("ClientAliveInterval=1", "ClientAliveCountMax=3")))
    session = piped(lab)
    after_keepalives(lab, 2)
    lab.wire(f"loss {lab.vary['way']} 100")
    until("the server gives up", lambda: not server.workers(), 20)
    wait_for_retries(lab, "server", 5)
    near = ANSWERS if lab.vary["way"] == ">" else LISTENS
    lab.truth(session, "silent", "network", "keepalive_timeout", client=near, middle=near,
              server=REPEATS)


# ---- TCP keepalives ----

@scenario(dict(by="client", way="="), dict(by="server", way="=", family=6, idle_s=600, every_s=60),
          dict(by="client", way="<", server="newer"),
          dict(by="server", way=">", client="dropbear", idle_s=300, every_s=30))
def tcp_keepalive_gives_up(lab):
    """A kernel probes a silent peer, hears nothing, and resets the connection."""
    by, idle_s = lab.vary["by"], lab.vary.get("idle_s", 7200)
    lab.sysctl(by, tcp_keepalive_time=4, tcp_keepalive_intvl=1, tcp_keepalive_probes=9)
    server = lab.serve()
    session = piped(lab)
    lab.silence(idle_s - 2, 1.5)
    lab.wire(f"loss {lab.vary['way']} 100")
    since = time.time_ns()
    if by == "client":
        session.wait(30)
    else:
        until("the server is reset", lambda: not server.workers(), 30)
    lab.calm_down()
    # A timer of 1 s ends after 1.024 s.
    lab.slow_down(since, lab.vary.get("every_s", 75) / 1.024, 0.8, by)
    probed(lab, session, by)


def probed(lab, session, by):
    """The other end sees nothing at all, or all probes and its own answers."""
    other = "server" if by == "client" else "client"
    away = (other, "middle") if by == "server" else (other,)
    heard = lab.vary["way"] == (">" if by == "server" else "<")
    far = See("each probe is answered, and then a reset all the same") if heard else LISTENS
    lab.truth(session, "reset", "network", "keepalive_timeout", **dict.fromkeys(away, far))


# ---- retransmissions ----

def kernel_gives_up(lab, machine):
    """Waits until the kernel there has repeated itself as often as it may, and forgets."""
    wait_for_retries(lab, machine, 2)
    until(f"{machine} has given up", lambda: not lab.at(
        machine, "ss", "-Htn", "state", "connected", "exclude", "time-wait"), 30)


@scenario(dict(), dict(family=6, client="newer", server="newer"),
          dict(client="dropbear", port=2222))
def client_kernel_gives_up(lab):
    """The client's kernel has repeated itself often enough: a socket vanishes without a word."""
    lab.serve()
    lab.sysctl("client", tcp_retries2=4)
    session = piped(lab)
    lab.calm_down()
    lab.wire("loss = 100")
    session.type("ls")
    kernel_gives_up(lab, "client")
    session.wait()
    lab.truth(session, "silent", "network", "network_loss", server=LISTENS)


@scenario(dict(), dict(family=6, server="newer"))
def client_kernel_gave_up(lab):
    """As above, but the path mends and the server speaks, to a host that knows nothing of it."""
    lab.serve()
    lab.sysctl("client", tcp_retries2=3)
    session = piped(lab, "sleep 8; echo late; cat")
    lab.calm_down()
    lab.wire("loss = 100")
    session.type("ls")
    kernel_gives_up(lab, "client")
    session.wait()
    lab.wire("loss = 0")
    settle(lab)
    near = See("an outage, then the client's host knows nothing of it", also="client/state_lost")
    lab.truth(session, "reset", "network", "network_loss", client=near, middle=near, server=See(
        "the client's host knows nothing of a connection that it had",
        also="client/state_lost client/client_abort client/unexplained"))


@scenario(dict(), dict(family=6, client="newer"), dict(server="dropbear", port=2222))
def server_kernel_gave_up(lab):
    """The server's kernel gives up on its output; the path mends, and the client speaks."""
    lab.serve()
    lab.sysctl("server", tcp_retries2=3)
    session = piped(lab, "sleep 2; echo late; cat")
    lab.calm_down()
    lab.wire("loss = 100")
    kernel_gives_up(lab, "server")
    lab.wire("loss = 0")
    session.type("hello")
    session.wait()
    settle(lab)
    far = See("the server's host knows nothing of a connection that it had",
              also="server/state_lost server/server_reboot server/unexplained")
    lab.truth(session, "reset", "network", "network_loss", client=far, middle=far, server=See(
        "an outage, then the server's host knows nothing of it", also="server/state_lost"))
