# SPDX-License-Identifier: BSD-3-Clause
"""The server's machine is cut off or frozen, for a while or for good; nobody ends the connection.

What is short is survived: TCP sends again until it is heard. While only the processes are frozen,
the kernel still acknowledges what comes, so the path and the host are known to live. A client that
then gives up (ServerAlive: keepalive_timeout, ConnectTimeout: resource_exhaustion) was driven to it
by the server, which is therefore named. A cut cable is nobody's deed: network_loss, network.
"""

import signal
import time

import servers
from network import until
from run import ALIVE, See, everywhere
from scenario import scenario
from scenarios.host import DEAD, forget_quickly
from scenarios.process import kill_all, leave, piped

GAVE_UP = See("the client leaves a server that accepts and says nothing",
              also="client/client_abort client/unexplained server/unexplained")


def cable(lab, state):
    """The cable of the server's machine, at its switch."""
    lab.at("r2", "ip", "link", "set", "to-server", state)


def all_of(server):
    """Every process of the server, its shells too."""
    return [server.process.pid, *servers.descendants(server.process.pid)]


def ask(session, word):
    session.send(word + "\n")
    session.expect(word, 20)


@scenario(dict(away_s=2), dict(away_s=3, family=6, frozen=True, server="newer"),
          dict(away_s=1, server="dropbear", client="dropbear"),
          dict(away_s=5, port=2222, frozen=True, delay_ms=40))
def cable_pulled_for_seconds(lab):
    """The machine's cable is out for seconds, or it is paused as a whole: the session lives on."""
    server = lab.serve()
    session = piped(lab)
    frozen = all_of(server) if lab.vary.get("frozen") else []
    kill_all(frozen, signal.SIGSTOP)
    cable(lab, "down")
    session.send("are you there?\n")
    time.sleep(lab.vary["away_s"])
    if "there?" in session.said():
        raise RuntimeError("the cable was not out")
    cable(lab, "up")
    kill_all(frozen, signal.SIGCONT)
    session.expect("there?", 20)
    ask(session, "good")
    leave(session)
    lab.good(session)


@scenario(dict(), dict(family=6, server="newer", missed=True), dict(server="dropbear", missed=True),
          dict(delay_ms=50, client="dropbear", family=6))
def cable_cut(lab):
    """The machine's cable is cut for good while a session is in use; r2 may come to miss it."""
    lab.serve()
    session = piped(lab)
    ask(session, "date")
    missed = lab.vary.get("missed")
    if missed:
        forget_quickly(lab)
    else:
        remember_forever(lab)
    lab.calm_down()
    cable(lab, "down")
    session.send("are you there?\n")
    time.sleep(15)
    far = See("r2 does not find the host" if missed else "retransmissions without an answer",
              also=DEAD, ending="rejected|silent" if missed else "silent")
    lab.truth(session, "silent", "network", "network_loss", client=far, middle=far,
              server=See("nothing comes and nothing leaves: as if idle", ending="open", also=ALIVE))


def remember_forever(lab):
    """As a router with an ARP timeout of hours: it sends into the void and says nothing."""
    address = lab.address("server")
    row = lab.at("r2", "ip", "neigh", "show", address, "dev", "lan").split()
    lab.at("r2", "ip", "neigh", "replace", address, "lladdr", row[row.index("lladdr") + 1],
           "dev", "lan", "nud", "permanent")


@scenario(dict(frozen_s=12), dict(frozen_s=70, family=6, server="newer"),
          dict(frozen_s=25, server="dropbear", client="plink"),
          dict(frozen_s=600, port=2222, thaws=False))
def frozen(lab):
    """All processes of the server stand still: a newcomer gives up, a session waits."""
    server = lab.serve()
    session = piped(lab)
    still = all_of(server)
    kill_all(still, signal.SIGSTOP)
    session.send("are you there?\n")
    late = lab.connect("true", tty=False, kind="openssh", options=["ConnectTimeout=2"])
    late.wait()
    late.expect("timed out during banner exchange")
    lab.truth(late, "closed", "server", "resource_exhaustion", **everywhere(GAVE_UP))
    lab.silence(lab.vary["frozen_s"], 1)
    if lab.vary.get("thaws", True):
        kill_all(still, signal.SIGCONT)
        session.expect("there?")
        leave(session)
        lab.good(session)
    else:
        lab.alive(session, **everywhere(See("acknowledged, not answered: frozen")))


KEEPALIVE = ("ServerAliveInterval=1", "ServerAliveCountMax=3")


@scenario(dict(options=KEEPALIVE, slower=15), dict(options=KEEPALIVE, slower=60, family=6,
                                                   server="newer", client="newer"),
          dict(options=("ServerAliveInterval=1", "ServerAliveCountMax=2"), slower=30,
               server="dropbear"))
def frozen_until_client_gives_up(lab):
    """The server's processes stand still until ServerAlive of the client gives up."""
    server = lab.serve()
    session = piped(lab)
    still = all_of(server)
    since = time.time_ns()
    kill_all(still, signal.SIGSTOP)
    session.wait()
    session.expect("not responding")
    lab.slow_down(since, lab.vary["slower"])
    kill_all(still, signal.SIGCONT)
    until("the server notices", lambda: not server.shells())
    lab.truth(session, "closed", "server", "keepalive_timeout",
              **everywhere(See("the host acknowledges each question, the server answers none",
                               also="client/keepalive_timeout")))
