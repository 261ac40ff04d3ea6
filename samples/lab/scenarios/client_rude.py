# SPDX-License-Identifier: BSD-3-Clause
"""Clients that go without a goodbye: killed, interrupted, or tired of waiting.

Who: the client in all of them; cause: client_abort, whatever made its program or user go. OpenSSH
says DISCONNECT at an escape and at all signals but SIGKILL; there orderly_close is as honest,
though nothing that ran on the server had come to its end.
"""

import os
import signal
import time

import clients
import keys
from network import until
from run import See, everywhere
from scenario import scenario
from scenarios.client import GCM, MAC, PLAIN_KEYS, SMALL

FEW = (*SMALL, *PLAIN_KEYS)
FILE_LEN = 120_000
SAID = "the client says goodbye, but the shell or command on the server has not ended"


def gone(lab, session, ending="closed", also="", shows="no goodbye before the end"):
    lab.truth(session, ending, "client", "client_abort", **everywhere(See(shows, also=also)))


def waved(lab, session, ending="closed"):
    """As gone(), but with a DISCONNECT, to which the server may react before it has the FIN."""
    seen = everywhere(See(SAID, also="client/orderly_close"))
    seen["server"] = See(SAID, also="client/orderly_close server/orderly_close")
    lab.truth(session, ending, "client", "client_abort", **seen)


def signalled(lab, session, ending="closed"):
    """Truth of a client that a signal other than SIGKILL has ended."""
    does = waved if lab.vary["client"] in ("openssh", "newer") else gone
    does(lab, session, ending)


@scenario(dict(options=SMALL, idle_s=100),
          dict(client="newer", server="newer", family=6, options=FEW, idle_s=620),
          dict(client="dropbear", server="dropbear", idle_s=33),
          dict(client="plink", port=2222, idle_s=2400),
          dict(client="paramiko", server="newer", idle_s=45, delay_ms=60))
def client_killed(lab):
    """The client of an idle session is killed (SIGKILL); its user logs in again."""
    lab.serve()
    session = lab.log_in()
    lab.silence(lab.vary["idle_s"], 1)
    session.kill()
    gone(lab, session)
    lab.silence(5, 0.5)
    lab.visit()


@scenario(dict(options=SMALL), dict(client="plink", server="newer", family=6),
          dict(client="dropbear"), dict(client="newer", server="newer", options=FEW, port=2222),
          dict(client="paramiko", server="dropbear"))
def killed_before_reading(lab):
    """The client is stopped, output for it arrives, and it is killed with that unread."""
    lab.serve()
    session = lab.log_in()
    session.type("sleep 1; seq 200")
    time.sleep(0.2)
    session.kill(signal.SIGSTOP)
    until("output waits", lambda: unread(lab, session))
    session.kill()
    gone(lab, session, "reset", shows="a reset by the client's socket: it had data unread")
    lab.visit()


def socket_of(lab, session):
    """What ss says: state, bytes unread, bytes not yet acknowledged, both ends."""
    return lab.at("client", "ss", "-Hatn", f"sport = :{session.ends['client'][0][1]}")


def unread(lab, session):
    return int(socket_of(lab, session).split()[1]) > 150


@scenario(dict(number=signal.SIGHUP, idle_s=70),
          dict(number=signal.SIGTERM, client="newer", server="dropbear", family=6, idle_s=340),
          dict(number=signal.SIGHUP, client="plink", server="newer", idle_s=27),
          dict(number=signal.SIGHUP, client="dropbear", port=2222, idle_s=840),
          dict(number=signal.SIGTERM, client="paramiko", server="dropbear", idle_s=12))
def terminal_closed(lab):
    """The window of an idle session is closed, or its machine shuts down."""
    lab.serve()
    session = lab.log_in()
    lab.silence(lab.vary["idle_s"], 1)
    session.kill(lab.vary["number"])
    session.wait()
    signalled(lab, session)


@scenario(dict(number=signal.SIGINT, options=SMALL, run_s=20),
          dict(number=signal.SIGTERM, client="newer", server="newer", family=6, options=FEW,
               run_s=3600),
          dict(number=signal.SIGINT, client="plink", server="dropbear", run_s=150),
          dict(number=signal.SIGINT, client="dropbear", server="newer", run_s=8),
          dict(number=signal.SIGTERM, client="paramiko", run_s=480))
def command_interrupted(lab):
    """A command that takes too long is given up: Ctrl-C, or the limit of a CI job."""
    server = lab.serve()
    session = lab.connect("sleep 99", tty=False)
    until("the command runs", server.shells)
    lab.silence(lab.vary["run_s"], 1)
    session.kill(lab.vary["number"])
    session.wait()
    signalled(lab, session)
    lab.silence(9, 0.5)
    lab.visit()


@scenario(dict(), dict(client="newer", server="newer", family=6, options=PLAIN_KEYS),
          dict(server="dropbear", options=MAC))
def output_interrupted(lab):
    """Output that goes on and on is ended by the user."""
    lab.serve()
    session = lab.log_in()
    session.send("while sleep 0.1; do date; done\n")
    time.sleep(1)
    session.kill(signal.SIGTERM)
    waved(lab, session, "closed|reset")


@scenario(dict(), dict(client="newer", server="newer", family=6, options=(*GCM, *PLAIN_KEYS)),
          dict(client="newer", server="dropbear", port=2222))
def escape(lab):
    """The user types ~. to leave a session at once."""
    lab.serve()
    session = lab.log_in()
    lab.silence(30, 1)
    session.type()
    session.send("~")
    time.sleep(0.2)
    session.send(".")
    session.wait()
    waved(lab, session)


@scenario(dict(client_says=("SessionType=none", "LocalForward=8080 127.0.0.1:22")),
          dict(client_says=("-N", "-L", "8080:127.0.0.1:22"), client="dropbear", family=6),
          dict(client_says=("-N", "-L", "8080:127.0.0.1:22"), client="plink", server="newer"))
def tunnel(lab):
    """A client that only forwards a port (-N) is ended by Ctrl-C, the only way there is."""
    lab.serve()
    session = lab.connect(tty=False, options=lab.vary["client_says"])
    until("the port is forwarded",
          lambda: lab.at("client", "ss", "-Hltn", "sport = :8080").strip())
    lab.silence(700, 1)
    session.kill(signal.SIGINT)
    session.wait()
    if lab.vary["client"] == "openssh":
        said = See("the client says goodbye", also="client/client_abort server/orderly_close")
        lab.good(session, **everywhere(said))
    else:
        gone(lab, session, also="client/orderly_close", shows="no goodbye, but nothing ran either")


@scenario(dict(), dict(server="newer", port=2222, options=GCM, down=True))
def copy_interrupted(lab):
    """The user ends scp in the middle of a file (Ctrl-C); scp ends its ssh (SIGTERM)."""
    lab.serve()
    down = lab.vary.get("down", False)
    here, there = big_file(down)
    trust = clients.openssh("", lab.port, (), False, "key", "alice", lab.vary["options"])
    names = [here, f"alice@{lab.address('server')}:{there}"]
    # The old protocol (-O), because it keeps to the limit of 200 kbit/s all the time.
    session = lab.launch(["scp", "-O", "-l", "200", "-P", lab.port, *trust[trust.index("-i"):-1],
                          *(reversed(names) if down else names)])
    target = here if down else there
    until("some of it is there", lambda: os.path.exists(target) and os.path.getsize(target))
    session.kill(signal.SIGINT)
    session.wait()
    waved(lab, session, "closed|reset")
    assert os.path.getsize(target) < FILE_LEN


@scenario(dict(client="curl"), dict(client="curl", server="newer", family=6))
def download_killed(lab):
    """A program with libssh2 inside (curl) is killed while it fetches a file."""
    lab.serve()
    _, there = big_file(True)
    session = lab.connect(there, tty=False, options=("--limit-rate", "60k"))
    until("some of it is unread", lambda: unread(lab, session))
    session.kill()
    gone(lab, session, "reset")


def big_file(on_server):
    """(here, there): its name on the client and on the server."""
    here, there = keys.path("payload"), keys.path("home/payload")
    with open(there if on_server else here, "w", encoding="ascii") as file:
        file.write("0123456789" * (FILE_LEN // 10))
    return here, there


@scenario(dict(client_says=("-I", "3"), client="dropbear", told_s=600),
          dict(client_says=("-I", "3"), client="dropbear", server="dropbear", family=6,
               told_s=1800))
def idle_client(lab):
    """The client ends a session that has been idle for too long (dbclient -I)."""
    lab.serve()
    session = lab.log_in(options=lab.vary["client_says"])
    lab.silence(lab.vary["told_s"] - 2, 1)
    session.wait()
    session.expect("Idle timeout")
    proxy = See("no goodbye: a proxy with such an idle limit would look the same",
                also="middlebox/idle_timeout")
    lab.truth(session, "closed", "client", "client_abort", middle=proxy, server=proxy)


@scenario(dict(work="done"), dict(work="done", server="dropbear", family=6),
          dict(work="killed", server="newer"), dict(work="killed", server="dropbear", port=2222),
          needs=("paramiko",))
def linger(lab):
    """A program resets its session when it is done or killed, for its socket has linger 0."""
    lab.serve()
    session = lab.log_in(kind="paramiko", environment={"LINGER": "0"})
    lab.silence(55, 1)
    if lab.vary["work"] == "done":
        session.log_out()
        gone(lab, session, "reset", "client/orderly_close", "the work was done")
    else:
        session.kill()
        gone(lab, session, "reset")
