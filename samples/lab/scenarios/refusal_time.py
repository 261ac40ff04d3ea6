# SPDX-License-Identifier: BSD-3-Clause
"""A server that does not wait for ever: for a login, for a command, for anything at all.

These are timers of sshd itself, so the server has ended the connection, by a FIN without a goodbye.
A login that took too long has a word of its own. For an idle session the words of a verdict have
none (idle_timeout is a device on the path): the truth is server/unexplained, and what would settle
it is sshd's log ("terminating inactive connection") or its configuration.
"""

from logins import SMALL, errand, find_password, hesitate, log, mute
from network import until
from run import See, everywhere
from scenario import scenario
from scenarios.refusal import serve

GRACE_S = 3
OWN_TIMER = See("the server closes an idle connection without a goodbye: its timer, or a crash",
                also="server/server_crash")


def wait_for_grace(lab, server, session):
    """sshd waits GRACE_S seconds; the captures will say that it was what the variation says."""
    lab.silence(lab.vary["grace_s"] - GRACE_S + 1, 1)
    until("sshd's patience ends", lambda: not server.workers())
    lab.calm_down()
    see = See("the time is a usual limit")
    if lab.vary["server"] == "newer":
        see = See("the limit, and some seconds by chance", also="server/unexplained")
    lab.truth(session, "closed", "server", "login_timeout", **everywhere(see))


@scenario(dict(grace_s=120), dict(grace_s=30, family=6, options=(*SMALL, "Ciphers=aes256-ctr")),
          dict(grace_s=120, server="newer", client="newer", options=SMALL),
          dict(grace_s=60, port=2222, delay_ms=40, options=SMALL))
def login_grace_time(lab):
    """A user looks for the password longer than LoginGraceTime; finds it, and tries again."""
    server = serve(lab, f"LoginGraceTime={GRACE_S}")
    session = hesitate(lab)
    wait_for_grace(lab, server, session)
    lab.silence(15, 1)
    find_password()
    session.wait()
    errand(lab)


@scenario(dict(grace_s=120), dict(grace_s=60, family=6, says="SSH-2.0-scan\r\n"),
          dict(grace_s=120, server="newer", family=6))
def login_grace_time_mute(lab):
    """A connection that says nothing, or no more than its name, until LoginGraceTime."""
    server = serve(lab, f"LoginGraceTime={GRACE_S}")
    session = mute(lab, lab.vary.get("says", ""))
    session.expect("SSH-2.0")
    wait_for_grace(lab, server, session)
    session.wait()
    errand(lab)


def idle_away(lab, session):
    """Nothing happens until a limit of three seconds closes the session."""
    lab.calm_down()
    assert not session.has_ended(), "it did not wait for the silence"
    lab.silence(lab.vary["idle_s"] - 1, 1)
    session.wait()


@scenario(dict(idle_s=300), dict(idle_s=900, family=6, server="newer", client="plink"),
          dict(idle_s=600, server="newer", client="newer", port=2222, options=SMALL))
def unused_connection(lab):
    """A client without a session (ssh -N) is closed after UnusedConnectionTimeout."""
    lab.serve("UnusedConnectionTimeout=3")
    options = ["-N"] if lab.vary["client"] == "plink" else ["SessionType=none"]
    session = lab.connect(tty=False, options=options)
    until("it is in", lambda: "session opened" in log() or "Accepted publickey" in log())
    idle_away(lab, session)
    assert "inactive connection" in log(), log()
    lab.truth(session, "closed", "server", "unexplained", **everywhere(OWN_TIMER))
    errand(lab)


@scenario(dict(idle_s=600), dict(idle_s=1800, family=6, client="dropbear"),
          dict(idle_s=300, client="plink", delay_ms=40))
def dropbear_idle(lab):
    """dropbear closes a session that has been idle for its limit (-I)."""
    lab.serve("-I", "3", kind="dropbear")
    session = lab.log_in()
    idle_away(lab, session)
    assert "Idle timeout" in log(), log()
    lab.truth(session, "closed", "server", "unexplained", **everywhere(OWN_TIMER))
    errand(lab)


@scenario(dict(idle_s=300), dict(idle_s=3600, family=6, client="plink"),
          dict(idle_s=900, server="newer", client="newer",
               options=(*SMALL, "ObscureKeystrokeTiming=no")))
def channel_timeout(lab):
    """sshd closes an idle shell (ChannelTimeout): the client is told, and says goodbye."""
    lab.serve("ChannelTimeout=session*=3")
    session = lab.log_in()
    idle_away(lab, session)
    see = See("the server speaks first after a silence, and both say goodbye",
              also="server/orderly_close")
    lab.good(session, **everywhere(see))


@scenario(dict(), dict(client="plink", family=6), dict(client="dropbear", server="newer"),
          dict(client="newer", server="newer", port=2222))
def no_shell(lab):
    """The user has no shell but a program that says so and ends (nologin): all in order."""
    lab.serve("ForceCommand=/usr/sbin/nologin")
    session = lab.connect()
    session.wait()
    session.expect("not available")
    lab.good(session)
