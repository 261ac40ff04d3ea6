# SPDX-License-Identifier: BSD-3-Clause
"""The processes of one session die, on a host that lives on; its other sessions do as well.

kill -9, a crash and the OOM killer are the same on the wire: the kernel closes what the process
had open. It sends FIN, or RST when bytes of the client had not been read; what the client sends
after that is answered with RST, and no goodbye of SSH is in it. A FIN that stands first is the
ending. An OpenSSH session is two processes; it lives until the one that serves the client is gone.
"""

import signal
import time

import cgroups
import keys
import servers
from network import until
from run import See, everywhere
from scenario import scenario

MEMORY = 30_000_000
HOG = "head -c 90M /dev/zero | tail -c 90M > /dev/null"
DIED = ("closed", "server", "server_crash")
# The server's own limits (an idle timer of dropbear, LoginGraceTime) close in the same way.
NO_REASON = everywhere(See("the server closed; nothing tells why", also="server/unexplained"))


def kill_all(pids, number=signal.SIGKILL):
    for pid in pids:
        servers.kill(pid, number)


def piped(lab, command="cat", **how):
    """A session without a terminal, which has begun: a few packets for each line."""
    session = lab.connect(f"echo begun; {command}", tty=False, **how)
    session.expect("begun")
    return session


def leave(session):
    session.hang_up()
    session.wait()


def good_visit(lab, **how):
    session = piped(lab, **how)
    leave(session)
    lab.good(session)


def unread(lab):
    """For each connection of the server in which bytes wait for a process: how many."""
    rows = lab.at("server", "ss", "-Htn", f"sport = :{lab.port}").splitlines()
    return [int(row.split()[1]) for row in rows if row.split()[1] != "0"]


@scenario(dict(idle_s=95), dict(family=6, port=2222, idle_s=1310, client="dropbear"),
          dict(server="newer", idle_s=47, options=("Ciphers=aes128-ctr",)),
          dict(server="dropbear", idle_s=412),
          dict(server="newer", client="paramiko", family=6, idle_s=7140))
def kill_9_idle(lab):
    """All processes of an idle session are killed; a neighbour lives on."""
    server = lab.serve()
    victim = lab.log_in()
    doomed = server.workers()
    neighbour = piped(lab)
    lab.silence(lab.vary["idle_s"])
    kill_all(doomed)
    victim.wait()
    leave(neighbour)
    lab.truth(victim, *DIED, **(NO_REASON if lab.vary["server"] == "dropbear" else {}))
    lab.good(neighbour)


@scenario(dict(signal="SEGV", options=("Ciphers=aes256-gcm@openssh.com",)),
          dict(signal="TERM", family=6), dict(signal="ABRT", server="newer"),
          dict(signal="TERM", server="dropbear", client="plink", family=6))
def session_crashes(lab):
    """The process that serves a session gets a signal while a person types; they log in again."""
    server = lab.serve()
    victim = lab.log_in()
    victim.type("ls /")
    time.sleep(0.7)
    doomed = server.workers()[-1]
    servers.kill(doomed, signal.Signals["SIG" + lab.vary["signal"]])
    victim.wait()
    lab.truth(victim, *DIED)
    good_visit(lab)


@scenario(dict(), dict(server="newer", family=6), dict(server="dropbear", client="dropbear"),
          dict(delay_ms=60, port=2222))
def killed_while_it_sends(lab):
    """A session is killed in the middle of its output."""
    server = lab.serve()
    victim = piped(lab, "while sleep 0.1; do head -c 2000 /dev/urandom; done")
    time.sleep(1)
    kill_all(server.workers())
    victim.wait()
    lab.truth(victim, *DIED)
    good_visit(lab)


@scenario(dict(), dict(server="newer", family=6), dict(server="dropbear", client="dropbear"))
def killed_with_input_unread(lab):
    """A session hangs, the client sends more, the session is killed: the kernel resets it."""
    server = lab.serve()
    victim = piped(lab)
    doomed = server.workers()
    neighbour = piped(lab)
    kill_all(doomed, signal.SIGSTOP)
    for _ in range(4):
        victim.send("is anybody there?\n")
        time.sleep(0.4)
    until("input waits", lambda: unread(lab))
    kill_all(doomed)
    victim.wait()
    leave(neighbour)
    lab.truth(victim, "reset", "server", "server_crash")
    lab.good(neighbour)


@scenario(dict(), dict(server="newer", family=6, delay_ms=40), dict(server="dropbear"))
def killed_during_upload(lab):
    """A session is killed in the middle of an upload: whether all was read is chance."""
    server = lab.serve()
    victim = piped(lab, "cat > /dev/null")
    doomed = server.workers()
    for turn in range(9):
        victim.send("x" * 5000 + "\n")
        time.sleep(0.03)
        if turn == 6:
            kill_all(doomed)
    victim.wait()
    lab.truth(victim, "closed|reset", "server", "server_crash")
    good_visit(lab)


@scenario(dict(), dict(server="newer", family=6), dict(server="dropbear", port=2222))
def killed_before_login(lab):
    """The processes of a connection are killed while its user looks for the password."""
    server = lab.serve()
    keys.write("slowpass", f"#!/bin/sh\nuntil [ -e {keys.path('found')} ]; do sleep 0.1; done\n"
                           f"echo '{keys.PASSWORD}'\n", 0o755)
    victim = lab.connect(tty=False, options=["PreferredAuthentications=password"], environment={
        "SSH_ASKPASS": keys.path("slowpass"), "SSH_ASKPASS_REQUIRE": "force"})
    until("the client asks", lambda: "slowpass" in lab.at("client", "ps", "-e", "-o", "args="))
    lab.silence(53)
    kill_all(server.workers())
    lab.silence(13, 1)
    keys.write("found", "")
    victim.wait()
    lab.truth(victim, *DIED, **NO_REASON)
    good_visit(lab)


@scenario(dict(), dict(server="newer", family=6))
def monitor_killed(lab):
    """Of a session's two processes only the privileged one dies: the session does not notice."""
    server = lab.serve()
    session = piped(lab)
    monitor, worker = server.workers()
    servers.kill(monitor)
    until("it is gone", lambda: not servers.comm(monitor))
    lab.silence(200, 1)
    session.send("still here\n")
    session.expect("still here")
    leave(session)
    until("the other ends", lambda: not servers.comm(worker))
    lab.good(session)


@scenario(dict(), dict(server="newer", client="newer", family=6,
                       options=("ObscureKeystrokeTiming=no",)),
          dict(server="dropbear", client="dropbear"), dict(client="plink"))
def shell_killed(lab):
    """Only the user's shell is killed: the server says so, and both say goodbye."""
    server = lab.serve()
    session = lab.log_in()
    lab.silence(70)
    kill_all(server.shells())
    session.wait()
    lab.good(session)


@scenario(dict(), dict(server="newer", family=6), dict(client="dropbear"))
def hang_at_logout(lab):
    """A job in the background holds the session open after its shell is gone; its user ends it."""
    lab.serve()
    session = lab.connect("sleep 300 & echo begun", tty=False)
    session.expect("begun")
    lab.silence(34)
    session.kill(signal.SIGTERM)
    # OpenSSH says goodbye even then; dropbear's client never does.
    silent = lab.vary["client"] == "dropbear"
    cause, other = ("client_abort", "orderly_close")[::1 if silent else -1]
    shows = See("no CHANNEL_CLOSE of the server before the client's end; near the server its FIN "
                "can be the first", also=f"client/{other} server/orderly_close")
    lab.truth(session, "closed", "client", cause, **everywhere(shows))


@scenario(dict(victim="server"), dict(victim="server", server="dropbear", family=6),
          dict(victim="server", server="newer", client="newer"), dict(victim="command"),
          needs=("memory cgroup",))
def oom_kill(lab):
    """A command eats all memory that its session may have: what does the OOM killer choose?"""
    server = lab.serve()
    session = piped(lab, f"read word; for n in 1 2 3; do {HOG} & done; wait; echo over")
    serving, chosen = server.workers()[-1], lab.vary["victim"] == "server"
    limits = {"memory.limit_in_bytes": MEMORY, "memory.max": MEMORY, "memory.swap.max": 0}
    with cgroups.Group("memory", limits) as group:
        for pid in [serving, *servers.descendants(serving)]:
            group.add(pid)
        neighbour = piped(lab)
        if chosen:
            prefer(serving)
        session.send("go\n")
        session.wait()
        if not group.count("oom_kill") or chosen == ("over" in session.said()):
            raise RuntimeError("the OOM killer took somebody else")
    leave(neighbour)
    lab.good(neighbour)
    if chosen:
        lab.truth(session, *DIED)
    else:
        lab.good(session)


def prefer(pid):
    """The OOM killer takes the largest, which is the command, unless told otherwise."""
    with open(f"/proc/{pid}/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")
