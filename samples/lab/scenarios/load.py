# SPDX-License-Identifier: BSD-3-Clause
"""A server that sends people away because too many are there, or because of what they did before.

sshd says so in a line of clear text and closes. The client's first words arrive at about that time:
unread they make a reset of the close, late or read a FIN, and so the truth is "closed|reset".
dropbear does not say a word; nothing on the wire tells its limit from access that is denied.
"""

import signal

from logins import SMALL, errand, hesitate, leave, let_in, log, logged, mute, served
from network import until
from run import See, everywhere
from scenario import scenario
from scenarios.refusal import denied

RACE = "closed|reset"
FULL = ("server", "resource_exhaustion")
NO_WORD = See("the server closed without a word: access rules and a dying listener do that too",
              also="server/access_denied server/unexplained")
SCANNER = See("never said goodbye; but it had not logged in", also="client/orderly_close")


def sent_away(lab, word, **how):
    """A client that sshd drops; its log gives the reason with that word."""
    session = lab.connect("true", tty=False, **how)
    session.wait()
    if not logged(session, "drop connection") or not logged(session, word):
        raise RuntimeError(f"not dropped for {word}: {session.said()}")
    lab.truth(session, RACE, *FULL)


def hang_up(lab, session):
    """A connection that has said nothing, or no more than its name, ends."""
    session.kill()
    lab.truth(session, "closed", "client", "client_abort", **everywhere(SCANNER))


@scenario(dict(limit="MaxStartups=1:100:1"),
          dict(limit="MaxStartups=1:100:1", delay_ms=1, port=2222, client="plink", options=SMALL),
          dict(limit="PerSourceMaxStartups=1", delay_ms=40, family=6, options=SMALL),
          dict(limit="MaxStartups=1:100:1", server="newer", client="newer", options=SMALL),
          dict(limit="PerSourceMaxStartups=1", server="newer", client="dropbear", family=6,
               options=SMALL))
def max_startups(lab):
    """One login too many, twice, while the only place is taken; later there is room again."""
    lab.serve(lab.vary["limit"])
    slow = hesitate(lab)
    for pause_s in (4, 21):
        sent_away(lab, "tartups")
        lab.silence(pause_s, 0.5)
    let_in(slow)
    errand(lab)
    leave(slow)
    lab.good(slow)


@scenario(dict(), dict(server="newer", family=6, client="plink", options=SMALL),
          dict(port=2222, client="paramiko", delay_ms=1, options=SMALL))
def max_startups_busy(lab):
    """sshd is busy when one comes too many, and drops it with its first words unread: a reset."""
    server = lab.serve("MaxStartups=1:100:1")
    slow = hesitate(lab)
    server.process.send_signal(signal.SIGSTOP)
    late = lab.connect("true", tty=False)
    lab.silence(3, 0.5)
    server.process.send_signal(signal.SIGCONT)
    late.wait()
    assert logged(late, "drop connection"), log()
    let_in(slow)
    leave(slow)
    lab.truth(late, "reset", *FULL)
    lab.good(slow)


@scenario(dict(), dict(server="newer", family=6, port=2222, options=SMALL))
def max_startups_quiet(lab):
    """Of two connections that say nothing the second is dropped: a FIN, and the line arrives."""
    lab.serve("MaxStartups=1:100:1")
    holder = mute(lab)
    holder.expect("SSH-2.0")
    late = mute(lab)
    late.wait()
    assert logged(late, "drop connection"), log()
    lab.truth(late, "closed", *FULL)
    hang_up(lab, holder)
    until("the place is free", lambda: f"closed by {lab.address('client')}" in log())
    errand(lab)


@scenario(dict(options=SMALL), dict(server="newer", family=6, client="dropbear"))
def max_startups_by_chance(lab):
    """Two places of four are taken: each newcomer is dropped or not, as the dice fall."""
    lab.serve("MaxStartups=2:50:4")
    holders = [mute(lab), mute(lab)]
    for holder in holders:
        holder.expect("SSH-2.0")
    luck = set()
    while len(luck) < 2:
        assert len(lab.sessions) < 12, "the dice have only one side"
        session = lab.connect("true", tty=False)
        session.wait()
        dropped = logged(session, "drop connection")
        luck.add(dropped)
        if dropped:
            lab.truth(session, RACE, *FULL)
        else:
            lab.good(session)
    for holder in holders:
        hang_up(lab, holder)


@scenario(dict(kind="authfail"), dict(kind="noauth", family=6, port=2222),
          dict(kind="authfail", client="plink", family=6),
          dict(kind="noauth", client="newer", options=SMALL))
def penalty(lab):
    """A failed login, or a scan, and for a while nobody from there is let in (10.0)."""
    lab.serve(f"PerSourcePenalties={lab.vary['kind']}:5s min:1s", kind="newer")
    if lab.vary["kind"] == "noauth":
        scan = mute(lab, "SSH-2.0-scan\r\n")
        scan.expect("SSH-2.0")
        hang_up(lab, scan)
    else:
        denied(lab)
    until("the penalty begins", lambda: "srclimit_penalise" in log())
    lab.silence(6, 0.5)
    sent_away(lab, "penalty")
    lab.silence(75, 5)
    errand(lab)


@scenario(dict(), dict(family=6, client="dropbear"), dict(port=2222, client="plink", delay_ms=1))
def dropbear_limit(lab):
    """Five connections from one address have not logged in: dropbear closes the sixth."""
    lab.serve(kind="dropbear")
    idlers = [mute(lab) for _ in range(5)]
    for idler in idlers:
        idler.expect("SSH-2.0")
    late = lab.connect("true", tty=False)
    late.wait()
    assert late.process.returncode, "the sixth was let in"
    lab.truth(late, RACE, *FULL, **everywhere(NO_WORD))
    for idler in idlers:
        hang_up(lab, idler)
    lab.silence(33, 1)
    errand(lab)


@scenario(dict(options=SMALL), dict(options=SMALL, family=6, client="newer", server="newer"),
          dict(client="dropbear", server="dropbear", port=2222))
def crowd(lab):
    """Four clients come at once, and all are served."""
    lab.serve()
    served(lab, *[lab.connect("sleep 0.5; uname -s", tty=False) for _ in range(4)])
