# SPDX-License-Identifier: BSD-3-Clause
"""Forged resets without effect: too late, too early, or not what a SYN waits for.

A reset works only with the number that its receiver expects next (RFC 5961). One behind that is
ignored; one ahead, within the window, makes the receiver ask (a challenge ACK), and the one it asks
does not know of any reset. All these sessions go on and end well.
"""

import time

from run import RACE, See
from scenario import scenario
from scenarios.forged import BARE, HEARS, SMALL, at, leave, meet, order, pipe, small

HARMLESS = See("a reset without effect")
HARMLESS_RACE = See(f"{HARMLESS.shows}; {RACE.shows}", also=RACE.also)


def harmless(lab, to):
    return {vantage: HARMLESS_RACE if vantage == "server" else HARMLESS
            for vantage in HEARS[at(lab), to]}


def asked(lab, machine):
    """How often that kernel has sent a challenge ACK."""
    return int(lab.at(machine, "nstat", "-asz", "TcpExtTCPChallengeACK").split()[-2])


@scenario(dict(how="seq=-44", to="client", typed=True),
          dict(how="seq=-1448 count=3 step=200", to="server", family=6, client="plink"),
          dict(how="seq=-600 ttl=copy tos=copy flags=R", to="both", at="r2", server="dropbear"),
          dict(how="seq=+1000", to="client", asks=("client",), family=6, server="newer"),
          dict(how="seq=+20000 flags=R", to="both", asks=("client", "server"), at="r2"),
          dict(how="seq=+1448 ttl=copy window=copy timestamps=yes", to="server", asks=("server",),
               client="dropbear", port=2222),
          dict(how="seq=guess count=12", to="both", delay_ms=40),
          dict(how="seq=+70000000 count=3 step=1448", to="client", at="r2", client="newer",
               server="newer", family=6))
def forged_in_vain(lab):
    """Resets with other numbers than the one expected: the session goes on."""
    to = lab.vary["to"]
    neighbour, forger, session = meet(lab)
    lab.calm_down()
    before = {machine: asked(lab, machine) for machine in ("client", "server")}
    forger.send(order(lab, to))
    time.sleep(0.5)  # a challenge may be asked for or not: there is nothing to wait for
    for machine, count in before.items():
        if (asked(lab, machine) > count) != (machine in lab.vary.get("asks", ())):
            raise RuntimeError(f"the {machine} has sent {asked(lab, machine)} challenges")
    if "typed" in lab.vary:
        session.is_working().log_out()
        lab.good(session, **harmless(lab, to))
    else:
        leave(lab, session, **harmless(lab, to))
    leave(lab, neighbour)


@scenario(dict(how="seq=-500 count=2", to="client"),
          dict(how="seq=+2000 ttl=copy flags=R", to="client", at="r2", family=6, client="dropbear"),
          dict(how="seq=-3000 step=100 count=5", to="both", server="newer", delay_ms=30))
def forged_in_vain_while_busy(lab):
    """Resets with other numbers than the one expected, while output streams: it does not stop."""
    lab.serve()
    forger = lab.forger(at(lab))
    session = lab.connect("for n in $(seq 100); do echo $n; sleep 0.01; done", tty=False,
                          options=small(lab))
    session.expect("10")
    forger.send(order(lab, lab.vary["to"]) + " trigger=300")
    session.wait()
    session.expect("100")
    lab.good(session, **harmless(lab, lab.vary["to"]))


@scenario(dict(how=BARE, options=SMALL), dict(how=BARE, family=6, client="dropbear", delay_ms=30))
def forged_refusal_in_vain(lab):
    """A reset without ACK answers the SYN: a client ignores it, and logs in."""
    lab.serve()
    sent = lab.forger(at(lab)).send_first(order(lab, "client"))
    session = pipe(lab)
    sent.result()
    leave(lab, session, **harmless(lab, "client"))
