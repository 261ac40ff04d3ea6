# SPDX-License-Identifier: BSD-3-Clause
"""Clients that go before there is a session, by choice or because they never wanted one.

Who: the client in all of them; cause: client_abort. What only connects, looks and closes with a FIN
is a program's ordinary end: orderly_close is as honest there.
"""

import os
import signal
import sys
import time

import clients
import keys
import logins
import raw
from network import until
from scenario import scenario
from scenarios.client import SMALL
from scenarios.client_rude import FEW, gone, socket_of

HALF_OPEN = os.path.join(os.path.dirname(os.path.abspath(clients.__file__)), "half_open.py")
TRUSTLESS = "the client goes after the key exchange, in which nothing was wrong"


@scenario(dict(think_s=20), dict(client="newer", server="newer", family=6, think_s=90),
          dict(server="dropbear", port=2222, think_s=4))
def host_key_unknown(lab):
    """The user is asked whether to trust a host key that is not known, and says no."""
    lab.serve()
    keys.write("no", f"#!/bin/sh\ntouch {keys.path('asked')}\nsleep 2\necho no\n", 0o755)
    session = lab.connect(tty=False, options=("StrictHostKeyChecking=ask",
                                              "UserKnownHostsFile=/dev/null"),
                          environment=logins.asking("no"))
    until("the client asks", lambda: os.path.exists(keys.path("asked")))
    lab.silence(lab.vary["think_s"], 1)
    session.wait()
    session.expect("verification failed")
    gone(lab, session, shows=TRUSTLESS)


@scenario(dict(), dict(client="newer", family=6), dict(client="newer", server="dropbear"))
def host_key_changed(lab):
    """The host key is not the one that the client knows, and it goes."""
    lab.serve()
    other = " ".join(keys.read("other_key.pub").split()[:2])
    keys.write("wrong_hosts", f"{lab.address('server')} {other}\n")
    session = lab.connect(tty=False, options=(
        f"UserKnownHostsFile={keys.path('wrong_hosts')}", "HostKeyAlgorithms=ssh-ed25519"))
    session.wait()
    session.expect("IDENTIFICATION HAS CHANGED")
    gone(lab, session, shows=TRUSTLESS)


@scenario(dict(options=SMALL, think_s=25),
          dict(client="newer", server="newer", family=6, options=FEW, think_s=70),
          dict(server="dropbear", think_s=110))
def password_prompt(lab):
    """The user presses Ctrl-C when asked for a password."""
    lab.serve()
    session = logins.hesitate(lab)
    lab.silence(lab.vary["think_s"], 1)
    session.kill(signal.SIGINT)
    session.wait()
    gone(lab, session)
    lab.visit()


@scenario(dict(state="SYN-SENT", after_s=0, ending="reset", delay_ms=300),
          dict(state="ESTAB", after_s=0, ending="closed", delay_ms=200, family=6),
          dict(state="ESTAB", after_s=0.6, ending="closed", delay_ms=200, client="newer",
               server="newer"),
          dict(state="ESTAB", after_s=0.5, ending="closed", delay_ms=150, server="dropbear",
               port=2222))
def too_slow(lab):
    """The user gives up (Ctrl-C) while the client still connects or agrees upon keys."""
    lab.serve()
    session = lab.connect()
    until(lab.vary["state"], lambda: lab.vary["state"] in socket_of(lab, session))
    time.sleep(lab.vary["after_s"])
    session.kill(signal.SIGINT)
    session.wait()
    time.sleep(1)
    gone(lab, session, lab.vary["ending"])


# ---- programs that do not want a session ----

def probe(lab, ending, also="", words=None):
    """Two visits of a program that is no SSH client, and one of a person."""
    lab.serve()
    for _ in range(2):
        session = lab.launch(words) if words else raw.client(lab, *lab.vary["steps"])
        session.wait()
        gone(lab, session, ending, also)
        lab.silence(10, 0.6)
    lab.visit()


@scenario(dict(steps=()), dict(steps=(), family=6, server="dropbear"))
def connect_scan(lab):
    """A scanner connects and closes at once."""
    probe(lab, "closed", "client/orderly_close")


@scenario(dict(steps=("hear=SSH-2.0",)), dict(steps=("hear=SSH-2.0",), server="dropbear", family=6),
          dict(steps=("line=SSH-2.0-probe", "hear=curve25519"), server="newer", port=2222))
def banner_grab(lab):
    """A monitor reads what the server says first, and closes."""
    probe(lab, "closed", "client/orderly_close")


@scenario(dict(steps=("reset",)), dict(steps=("hear=SSH-2.0", "reset"), server="newer", family=6),
          dict(steps=("line=SSH-2.0-check", "hear=curve25519", "reset"), server="dropbear",
               port=2222))
def health_check(lab):
    """A load balancer connects, reads perhaps, and resets (linger 0), time and again."""
    probe(lab, "reset")


@scenario(dict(), dict(family=6, server="dropbear"))
def syn_scan(lab):
    """A scanner sends a SYN of its own making, and its kernel resets the answer."""
    probe(lab, "reset", words=[sys.executable, HALF_OPEN, lab.address("server"), lab.port])


@scenario(dict(), dict(server="dropbear", family=6), dict(server="newer", port=2222))
def keyscan(lab):
    """ssh-keyscan fetches a host key and closes."""
    lab.serve()
    session = lab.launch(["ssh-keyscan", "-t", "ed25519", "-p", lab.port, lab.address("server")])
    session.wait()
    session.expect("ssh-ed25519")
    gone(lab, session, also="client/orderly_close")
