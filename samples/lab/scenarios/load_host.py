# SPDX-License-Identifier: BSD-3-Clause
"""A server that cannot keep up: no time, no room in its accept queue, no process, no file.

The kernel goes on when sshd does not: it completes handshakes and acknowledges, until the queue of
those that nobody has accepted is full (somaxconn). A client that gives up waiting closes with a FIN
of its own, but as with a dead path it is not what the client wanted: the truth names the server.
From afar the reason is a guess, so "the client left" is honest too.
"""

import contextlib
import os
import resource
import signal
import time

import sockets
from cgroups import Group
from logins import SMALL, errand, served
from network import until
from run import DUNNO, See, everywhere
from scenario import scenario
from scenarios.load import FULL, NO_WORD, RACE

GAVE_UP = See("the client gave up waiting for the server; why it was slow is not on the wire",
              also="client/client_abort client/unexplained server/unexplained")
LEFT_ALONE = "SYNs unanswered between others that were served: a filter could do that"
AFTER_NAME = See("the server said its name and closed; it may have crashed",
                 also="server/server_crash server/unexplained")


@contextlib.contextmanager
def halted(server):
    """The listener gets no time, as on a host that swaps; the kernel still does its part."""
    server.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        server.process.send_signal(signal.SIGCONT)


def late_comer(lab, **how):
    return lab.connect("uname -s", tty=False, **how)


# ---- no time ----

@scenario(dict(wait_s=8), dict(wait_s=27, family=6, client="dropbear"),
          dict(wait_s=55, server="dropbear", port=2222, client="plink"),
          dict(wait_s=14, server="newer", client="newer"))
def slow_banner(lab):
    """The server takes its time before its first word; all goes well."""
    server = lab.serve()
    with halted(server):
        session = late_comer(lab)
        lab.silence(lab.vary["wait_s"])
    served(lab, session)


@scenario(dict(wait_s=10, options=SMALL), dict(wait_s=30, family=6, client="newer", server="newer"),
          dict(wait_s=15, server="dropbear", port=2222, delay_ms=45))
def banner_too_late(lab):
    """The server's first word does not come in time (ConnectTimeout); it works again later."""
    server = lab.serve()
    with halted(server):
        session = late_comer(lab, options=["ConnectTimeout=3"])
        lab.silence(lab.vary["wait_s"] - 1)
        session.wait()
        session.expect("timed out during banner exchange")
    lab.truth(session, "closed", *FULL, **everywhere(GAVE_UP))
    lab.silence(90, 1)
    errand(lab)


@scenario(dict(), dict(server="newer", family=6, client="plink"),
          dict(server="dropbear", client="dropbear"), needs=("cpu cgroup",))
def slow_host(lab):
    """The server has five thousandths of a processor: every step takes long, all goes well."""
    server = lab.serve()
    little = {"cpu.cfs_period_us": 1000000, "cpu.cfs_quota_us": 5000, "cpu.max": "5000 1000000"}
    since = time.time_ns()
    with Group("cpu", little) as group:
        group.add(server.process.pid)
        session = late_comer(lab)
        session.wait(60)
    lab.slow_down(since, 5)
    served(lab, session)


# ---- no room in the accept queue ----

def serve_with_queue(lab, somaxconn):
    lab.at("server", "sysctl", "-qw", f"net.core.somaxconn={somaxconn}")
    return lab.serve()


def queue(lab):
    """How many connections wait for a server to take them; there is room for somaxconn + 1."""
    rows = lab.at("server", "ss", "-Hltn", f"sport = :{lab.port}").splitlines()
    return sum(int(row.split()[1]) for row in rows)


def overflows(lab):
    return int(lab.at("server", "nstat", "-asz", "TcpExtListenOverflows").split()[-2])


@scenario(dict(options=SMALL), dict(options=SMALL, family=6, server="dropbear", port=2222),
          dict(options=SMALL, server="newer", delay_ms=40))
def queue_full(lab):
    """The accept queue is full: the server's kernel ignores SYNs; who waits is served late."""
    server = serve_with_queue(lab, 1)
    with halted(server):
        first = late_comer(lab), late_comer(lab)
        until("the queue is full", lambda: queue(lab) == 2)
        hasty = late_comer(lab, options=["ConnectTimeout=4"])
        patient = late_comer(lab)
        hasty.wait()
        hasty.expect("timed out")
    served(lab, *first, patient)
    sockets.settle(lab)  # the last FIN needs longer than the server to get there
    far = See(LEFT_ALONE, also="server/unexplained server/firewall_drop middlebox/firewall_drop "
                               f"network/network_loss {DUNNO}")
    near = See("SYNs arrive and are not answered, by the kernel or by a filter of this host",
               also="server/unexplained server/firewall_drop")
    lab.truth(hasty, "unanswered", *FULL, client=far, middle=far, server=near)


@scenario(dict(options=SMALL, delay_ms=400),
          dict(options=SMALL, delay_ms=400, family=6, server="newer"))
def queue_full_at_ack(lab):
    """Four handshakes at once, room for two: the last ACK is ignored; who waits is served late."""
    server = serve_with_queue(lab, 1)
    with halted(server):
        first = late_comer(lab), late_comer(lab)
        hasty = late_comer(lab, options=["ConnectTimeout=3"])
        patient = late_comer(lab)
        hasty.wait()
        hasty.expect("timed out during banner exchange")
        assert queue(lab) == 2 and overflows(lab), "the queue did not overflow"
    served(lab, *first, patient)
    sockets.settle(lab)  # the last FIN needs longer than the server to get there
    far = See("nothing that the client says is acknowledged; then it gives up",
              also=f"{GAVE_UP.also} network/network_loss {DUNNO}")
    lab.truth(hasty, "closed", *FULL, client=far, middle=far, server=GAVE_UP)


@scenario(dict(options=SMALL, delay_ms=400),
          dict(delay_ms=400, family=6, client="plink", server="dropbear"))
def queue_full_reset(lab):
    """The same with tcp_abort_on_overflow: the server's kernel resets who finds no room."""
    lab.sysctl("server", tcp_abort_on_overflow=1)
    server = serve_with_queue(lab, 2)
    with halted(server):
        first = late_comer(lab), late_comer(lab)
        until("two are in the queue", lambda: queue(lab) == 2)
        late = late_comer(lab), late_comer(lab)
        until("one finds no room", lambda: any(session.has_ended() for session in late))
    away, third = sorted(late, key=lambda session: not session.has_ended())
    assert "reset" in away.said().lower(), away.said()
    served(lab, *first, third)
    sockets.settle(lab)
    see = See("the kernel resets a handshake that it had answered; a listener that has just gone "
              "would look like that", also="server/unexplained server/access_denied")
    lab.truth(away, "reset", *FULL, **everywhere(see))


# ---- no process, no file ----

@scenario(dict(limit=1), dict(limit=1, family=6, server="newer", client="plink"),
          dict(limit=1, server="dropbear", client="dropbear"),
          dict(limit=2, port=2222), dict(limit=2, server="newer", client="newer", options=SMALL),
          needs=("pids cgroup",))
def no_process(lab):
    """The server may not start a process more: before its first word, or after its name."""
    server = lab.serve()
    with Group("pids", {"pids.max": lab.vary["limit"]}) as group:
        group.add(server.process.pid)
        session = late_comer(lab)
        session.wait()
        assert group.count("max"), "nothing was refused"
    see = NO_WORD if lab.vary["limit"] == 1 else AFTER_NAME
    lab.truth(session, RACE if see is NO_WORD else "closed", *FULL, **everywhere(see))
    lab.silence(45, 1)
    errand(lab)


@scenario(dict(), dict(server="newer", family=6, client="newer", options=SMALL),
          dict(server="dropbear", client="plink"), needs=("pids cgroup",))
def no_process_for_shell(lab):
    """The login succeeds, but no process is left for the command: the client is told, and goes."""
    server = lab.serve()
    with Group("pids", {"pids.max": 2 if lab.vary["server"] == "dropbear" else 3}) as group:
        group.add(server.process.pid)
        session = late_comer(lab)
        session.wait()
        assert group.count("max"), "nothing was refused"
    see = See("the client leaves after the answer to its first request, which cannot be read",
              also="client/client_abort client/unexplained server/unexplained")
    lab.truth(session, "closed", *FULL, **everywhere(see))
    lab.silence(20, 1)
    errand(lab)


@contextlib.contextmanager
def few_files(server, spare):
    """The listener may open so many files more than it has."""
    pid = server.process.pid
    last = max(int(number) for number in os.listdir(f"/proc/{pid}/fd"))
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (last + 1 + spare, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))


@scenario(dict(), dict(server="newer", family=6, client="newer", options=SMALL),
          dict(server="dropbear"))
def no_file(lab):
    """The listener takes a connection, can open nothing more for it (EMFILE), and closes it."""
    server = lab.serve()
    with few_files(server, 1):
        session = late_comer(lab)
        session.wait()
        assert session.process.returncode == 255, session.said()
    lab.truth(session, RACE, *FULL, **everywhere(NO_WORD))
    lab.silence(17, 1)
    errand(lab)


@scenario(dict(options=SMALL, wait_s=20), dict(server="newer", family=6, wait_s=60))
def no_file_to_accept(lab):
    """The listener cannot take any connection (EMFILE): one client gives up, one waits."""
    server = lab.serve()
    with few_files(server, 0):
        patient = late_comer(lab)
        hasty = late_comer(lab, options=["ConnectTimeout=3"])
        lab.silence(lab.vary["wait_s"] - 1)
        hasty.wait()
        hasty.expect("timed out during banner exchange")
    served(lab, patient)
    lab.truth(hasty, "closed", *FULL, **everywhere(GAVE_UP))
