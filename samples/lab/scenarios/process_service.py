# SPDX-License-Identifier: BSD-3-Clause
"""The listener of the SSH service stops or restarts, alone or with all sessions; the host lives on.

A stopped listener takes no session with it. Who comes while nothing listens is refused by the
kernel: that is service_down, though one who sees the service come back may call it a restart.
Sessions that all end in the same moment are server_restart when the service comes back, else each
has lost its process: server_crash. Connections that nobody had accepted die with the listener.
"""

import os
import signal

from network import until
from run import See, everywhere
from scenario import scenario
from scenarios.process import good_visit, leave, piped, unread

BACK = "server/server_restart"


def refused(lab, also=BACK, shows="nobody listens; other connections show that the host lives"):
    """A client that comes while nothing listens."""
    late = lab.connect("true", tty=False)
    late.wait()
    late.expect("refused")
    lab.truth(late, "refused", "server", "service_down", **everywhere(See(shows, also=also)))


@scenario(dict(signal="TERM"), dict(signal="KILL", family=6, server="newer"),
          dict(signal="SEGV", port=2222, client="dropbear"),
          dict(signal="TERM", server="dropbear", client="plink"))
def listener_restarts(lab):
    """The listener alone stops and starts again: sessions live on, a newcomer is refused."""
    server = lab.serve()
    living = piped(lab)
    server.kill(signal.Signals["SIG" + lab.vary["signal"]])
    lab.silence(7, 1)
    refused(lab)
    lab.serve()
    good_visit(lab)
    leave(living)
    lab.good(living)


@scenario(dict(), dict(server="dropbear", family=6))
def listener_gone(lab):
    """The listener stops for good: a session lives on, newcomers are refused again and again."""
    server = lab.serve()
    living = piped(lab)
    server.kill(signal.SIGTERM)
    for wait_s in (15, 63):
        lab.silence(wait_s, 1)
        refused(lab, also="")
    living.send("still here\n")
    living.expect("still here")
    lab.alive(living)


@scenario(dict(), dict(server="newer", family=6))
def listener_reloads(lab):
    """sshd reads its configuration again (SIGHUP): it executes itself anew, nobody notices."""
    server = lab.serve()
    living = piped(lab)
    os.kill(server.process.pid, signal.SIGHUP)
    until("sshd listens again", lambda: log_of(server).count("Server listening on 0.0.0.0") > 1)
    good_visit(lab)
    leave(living)
    lab.good(living)


def log_of(server):
    with open(server.log, encoding="utf-8", errors="replace") as file:
        return file.read()


# Clients with short lists, so that many of them make a small capture.
SMALL = ("KexAlgorithms=curve25519-sha256", "HostKeyAlgorithms=ssh-ed25519",
         "Ciphers=aes128-gcm@openssh.com", "MACs=hmac-sha2-256")


def four_at_work(lab):
    """Four sessions, of which one has just been used."""
    sessions = [piped(lab) for _ in range(4)]
    lab.silence(lab.vary["idle_s"], 1)
    sessions[2].send("date\n")
    sessions[2].expect("date")
    return sessions


@scenario(dict(signal="TERM", idle_s=140, options=SMALL),
          dict(signal="KILL", idle_s=22, family=6, server="dropbear", client="dropbear"),
          dict(signal="TERM", idle_s=900, server="newer", client="newer", port=2222, options=SMALL),
          dict(signal="KILL", idle_s=3700, options=SMALL))
def server_restarts(lab):
    """All of sshd is killed, listener and four sessions, and is back after some seconds."""
    server = lab.serve()
    sessions = four_at_work(lab)
    server.kill_all(signal.Signals["SIG" + lab.vary["signal"]])
    for session in sessions:
        session.wait()
        lab.truth(session, "closed", "server", "server_restart")
    refused(lab)
    lab.silence(4, 1)
    lab.serve()
    good_visit(lab)


@scenario(dict(signal="KILL", idle_s=33, options=SMALL),
          dict(signal="TERM", idle_s=800, family=6, server="dropbear"))
def server_stopped(lab):
    """All of sshd is killed, listener and four sessions, and stays away; the host refuses."""
    server = lab.serve()
    sessions = four_at_work(lab)
    server.kill_all(signal.Signals["SIG" + lab.vary["signal"]])
    for session in sessions:
        session.wait()
        lab.truth(session, "closed", "server", "server_crash",
                  **everywhere(See("all close at once; sshd is not back before the capture ends",
                                   also="server/server_restart server/service_down")))
    for wait_s in (5, 20):
        lab.silence(wait_s, 1)
        refused(lab, also="")


@scenario(dict(back=False), dict(back=False, server="newer", family=6, delay_ms=40),
          dict(back=True, server="dropbear"))
def queued_connections(lab):
    """The listener hangs, two clients come and nobody accepts them; then it is killed."""
    server = lab.serve()
    good_visit(lab)
    os.kill(server.process.pid, signal.SIGSTOP)
    queued = [lab.connect(tty=False) for _ in range(2)]
    until("both have spoken", lambda: len(unread(lab)) == 2)
    lab.silence(11, 1)
    server.kill(signal.SIGKILL)
    shows = See("accepted by the kernel alone, never answered, then reset by the socket",
                also=f"server/service_down server/unexplained {BACK * lab.vary['back']}".strip())
    for session in queued:
        session.wait()
        lab.truth(session, "reset", "server", "server_crash", **everywhere(shows))
    if lab.vary["back"]:
        lab.serve()
        good_visit(lab)
    else:
        refused(lab, also="server/server_crash")
