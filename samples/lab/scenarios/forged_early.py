# SPDX-License-Identifier: BSD-3-Clause
"""Forged resets at the beginning: to a SYN, after a SYN-ACK, to a banner, in the key exchange.

So do filters that look for a protocol: nobody can log in, all else works. An attempt is made twice
in each run, then the forger is gone and a session goes well.
"""

from network import until
from run import DUNNO, VANTAGES, See
from scenario import scenario
from scenarios.forged import (BARE, GONE, KERNEL, QUIET, SMALL, SNORT, SURICATA, TWIN, at,
                              leave, order, pipe, seen, signed)


def attempts(lab, strike, *says):
    """Two sessions that fail; strike(forger) makes one and has it reset. Then one goes well."""
    lab.serve()
    failed = []
    for _ in range(2):
        session = strike(lab.forger(at(lab)))
        session.wait()
        if not any(word in session.said() for word in says):
            raise RuntimeError(f"the client was to fail, but said: {session.said()}")
        failed.append(session)
    until("the server is rid of them", lambda: not lab.at(
        "server", "ss", "-Htn", "state", "connected", f"sport = :{lab.port}"))
    leave(lab, pipe(lab))
    return failed


def at_once(lab, to):
    """A connection that is reset as soon as the forger knows the numbers to do it."""
    def strike(forger):
        sent = forger.send_first(order(lab, to))
        session = lab.connect()
        sent.result()
        return session
    return strike


# The forger has seen the server before. But no server is so near.
DISGUISE = "ttl=62 tos=16 id=0 df=yes"


@scenario(dict(options=SMALL), dict(family=6, client="dropbear", delay_ms=25),
          dict(how=DISGUISE, delay_ms=60, server="newer", options=SMALL),
          dict(port=2222, client="plink", server="dropbear"))
def forged_refusal(lab):
    """r1 answers SYNs with resets at once; the server's answer comes all the same, and is refused.

    Next to the server, on r2, a forger would come too late for that.
    """
    abandoned = See("the client refuses the answer to its own SYN, as if it had given up",
                    "reset", f"client/client_abort client/state_lost client/unexplained {DUNNO}")
    for session in attempts(lab, at_once(lab, "client"), "refused"):
        signed(lab, session, {"client": See("a refusal, and then the server's answer"),
                              "middle": abandoned, "server": abandoned}, "refused")


@scenario(dict(options=SMALL, answers=("client", "server")),
          dict(at="r2", family=6, client="plink", server="dropbear"),
          dict(how=BARE, delay_ms=40, client="dropbear", port=2222, answers=("client", "server")))
def forged_before_banner(lab):
    """Both ends are reset as soon as the server has answered the SYN."""
    for session in attempts(lab, at_once(lab, "both"), "reset", "closed"):
        signed(lab, session, seen(lab, "both", QUIET, (), lab.vary.get("answers", ())))


# Triggers, in bytes: of the server the first is its banner; beyond 80 are key exchange messages, of
# one end or of both.
@scenario(dict(to="client", trigger=1, options=SMALL, answers=("client",)),
          dict(to="client", trigger=1, at="r2", how=SNORT, family=6, port=2222, client="plink"),
          dict(to="client", trigger=1, how=TWIN, server="newer", client="newer", options=SMALL),
          dict(to="server", trigger=80, client="newer", family=6, options=SMALL,
               answers=("server",)),
          dict(to="server", trigger=80, at="r2", how=KERNEL, options=SMALL),
          dict(to="both", trigger=100, how=SURICATA, server="dropbear", client="dropbear",
               answers=("client", "server")),
          dict(to="both", trigger=2300, at="r2", how=BARE, family=6, options=SMALL,
               answers=VANTAGES))
def forged_in_handshake(lab):
    """A reset follows the server's banner or a message of the key exchange."""
    to, trigger = lab.vary["to"], lab.vary["trigger"]

    def strike(forger):
        forger.await_trigger(f"{order(lab, to)} trigger={trigger}")
        session = lab.connect()
        forger.sent()
        return session

    for session in attempts(lab, strike, "reset", "closed"):
        goes_on = () if to == "both" else VANTAGES
        signed(lab, session,
               seen(lab, to, GONE.get(to, QUIET), goes_on, lab.vary.get("answers", ())))
