# SPDX-License-Identifier: BSD-3-Clause
"""A forger beside the path resets sessions in the name of their ends, and stops nothing itself.

Who: the middlebox, whichever end then notices what. r1's resets to the client do not pass the wire,
nor do r2's to the server. Who hears no forged reset sees a session on which nothing is amiss until
the end that lives speaks: the other one's kernel does not know the connection any more, and
answers each segment with a reset of its own, which is genuine.

A forged reset shows in what its claimed sender would not have written, in what it would not have
done (reset without cause), and surest in that it goes on. Without a hop or a field that betrays it
and with nobody going on, it cannot be told from a genuine one: TWIN is as a Linux socket writes it,
KERNEL as Linux does without a socket. (It never does so unasked, and not when a process dies, whose
socket says FIN or a reset like TWIN.) Right behind a segment of its receiver a reset may be a
filter's answer, if nothing shows that the segment got through.
"""

import time

from network import until
from run import ALIVE, DUNNO, VANTAGES, See, everywhere
from scenario import scenario

# How a reset looks. Without a word: RST and ACK, TTL 64, window 0, no options, no mark.
SURICATA = "window=copy"
SNORT = "ttl=copy tos=copy count=5 step=1448"
BARE = "flags=R"
KERNEL = "flags=R ttl=copy tos=copy"
TWIN = "ttl=copy tos=copy window=copy timestamps=yes"
IPV4_WORDS = {BARE: "id=0 df=yes", KERNEL: "id=0 df=yes", TWIN: "id=copy df=yes"}

SMALL = ("KexAlgorithms=curve25519-sha256",)  # where a capture holds many handshakes

# Who hears it, by where the forger is and who is to receive it.
HEARS = {("r1", "client"): {"client"}, ("r1", "server"): {"middle", "server"},
         ("r2", "client"): {"client", "middle"}, ("r2", "server"): {"server"},
         ("r1", "both"): set(VANTAGES), ("r2", "both"): set(VANTAGES)}
QUIET = See("no reset passes here, and nobody speaks any more", ending="open", also=ALIVE)
GONE = {end: See(f"the {end}'s kernel itself refuses what comes: it lost the connection before",
                 also=f"{end}/state_lost {end}/unexplained {DUNNO}")
        for end in ("client", "server")}
# Who of the ends may have sent a reset that nothing betrays, by who receives it.
PEER = {"client": "server", "server": "client"}
DEATH = {"client": "server/server_crash", "server": "client/client_abort"}  # of a process
FILTER = "middlebox/firewall_reject"


# ---- what forged.py and its companions do ----

def at(lab):
    return lab.vary.get("at", "r1")


def order(lab, to):
    how = lab.vary.get("how", "")
    return f"{to} {how} {IPV4_WORDS.get(how, '') if lab.family == 4 else ''}"


def knows(lab, machine, session):
    """Whether that machine still has the connection."""
    port = session.ends["client"][0][1]
    return lab.at(machine, "ss", "-Htn", "state", "established",
                  f"( sport = :{port} or dport = :{port} )").strip()


def strike(lab, forger, victim, to):
    """Resets into a pause, so that they answer nothing; who receives one has no connection then."""
    lab.calm_down()
    forger.send(order(lab, to))
    for end in ("client", "server"):
        if to in (end, "both"):
            until(f"the {end} is reset", lambda end=end: not knows(lab, end, victim), 2)
        elif not knows(lab, end, victim):
            raise RuntimeError(f"the {end} was reset as well")


def receiver(lab, vantage, to):
    """Of the reset that a vantage hears when both ends get one: the middle hears one of them."""
    beyond = "server" if at(lab) == "r1" else "client"
    return to if to != "both" else beyond if vantage == "middle" else vantage


def seen(lab, to, deaf, goes_on=(), answers=()):
    """What each vantage sees.

    goes_on: where the claimed sender is seen to go on; answers: where the reset is right behind a
    segment of its receiver, and nothing proves that this was not stopped, as a filter would.
    """
    return {vantage: deaf if vantage not in HEARS[at(lab), to] else
            heard(lab, receiver(lab, vantage, to), vantage in goes_on, vantage in answers)
            for vantage in VANTAGES}


def heard(lab, to, goes_on, answers):
    how = lab.vary.get("how", "")
    if how in (TWIN, KERNEL):
        return See("a genuine reset by its looks, but its claimed sender goes on") if goes_on else \
            See("a reset without cause; no field betrays it",
                also=f"{PEER[to]}/unexplained {DUNNO} {DEATH[to] if how == TWIN else ''}".strip())
    if answers and how != SNORT:
        return See("not of its claimed sender; a filter might answer so", also=FILTER)
    return See("a reset that its claimed sender would not write")


def signed(lab, session, sees, ending="reset"):
    lab.truth(session, ending, "middlebox", "injected_reset", **sees)


def pipe(lab, command="cat"):
    """A session of few packets, which has begun."""
    session = lab.connect(command, tty=False, options=small(lab))
    session.send("begun\n")
    session.expect("begun")
    return session


def small(lab):
    return SMALL if lab.vary["client"] in ("openssh", "newer") else ()


def leave(lab, session, **seen):
    """The good end of a session that noticed nothing."""
    session.send("still here\n")
    session.expect("still here")
    session.hang_up()
    session.wait()
    lab.good(session, **seen)


def meet(lab, command="cat"):
    """Server, neighbour, forger and its victim."""
    lab.serve()
    neighbour = pipe(lab)
    forger = lab.forger(at(lab))
    return neighbour, forger, lab.log_in() if lab.vary.get("typed") else pipe(lab, command)


# ---- one end of a session ----

@scenario(dict(typed=True, options=SMALL), dict(how=TWIN), dict(how=KERNEL, at="r2", family=6),
          dict(speaks=False, at="r2", family=6, port=2222, client="dropbear"),
          dict(how=SURICATA, client="plink", server="dropbear"),
          dict(how=BARE, at="r2", client="newer", server="newer", delay_ms=40),
          dict(speaks=False, how=TWIN, at="r2", server="dropbear"))
def forged_at_client(lab):
    """The client of a session is reset; the server's next word is refused, if it has one."""
    speaks = lab.vary.get("speaks", True)
    neighbour, forger, victim = meet(lab, "(sleep 4; date) & cat" if speaks else "cat")
    if "typed" in lab.vary:
        victim.type("sleep 3; date")
    strike(lab, forger, victim, "client")
    victim.wait()
    leave(lab, neighbour)
    if speaks:
        until("the server is refused", lambda: not knows(lab, "server", victim))
    signed(lab, victim, seen(lab, "client", GONE["client"], VANTAGES) if speaks else
           seen(lab, "client", QUIET))


@scenario(dict(typed=True, options=SMALL), dict(how=TWIN, family=6), dict(how=KERNEL),
          dict(speaks=False, port=2222, server="dropbear"),
          dict(how=SURICATA, at="r2", family=6, client="plink"),
          dict(how=BARE, client="newer", server="newer", delay_ms=40),
          dict(speaks=False, how=KERNEL, at="r2", client="dropbear"))
def forged_at_server(lab):
    """The server of a session is reset; the client's next word is refused, if it has one."""
    speaks = lab.vary.get("speaks", True)
    neighbour, forger, victim = meet(lab)
    strike(lab, forger, victim, "server")
    leave(lab, neighbour)
    if speaks:
        victim.send("w" if "typed" in lab.vary else "are you there?\n")
        victim.wait()
    signed(lab, victim, seen(lab, "server", GONE["server"], VANTAGES) if speaks else
           seen(lab, "server", QUIET))


# ---- both ends ----

@scenario(dict(typed=True, options=SMALL), dict(at="r2", how=SURICATA, family=6, server="dropbear"),
          dict(how=TWIN, client="dropbear"), dict(how=KERNEL, at="r2", server="newer"),
          dict(how=BARE, family=6, port=2222, client="plink"),
          dict(how=TWIN, at="r2", family=6, delay_ms=30), dict(idle_s=243, options=SMALL))
def forged_at_both(lab):
    """Both ends of a session are reset at once, perhaps in a long silence; a visit goes well."""
    neighbour, forger, victim = meet(lab)
    if "idle_s" in lab.vary:
        lab.silence(lab.vary["idle_s"])
    strike(lab, forger, victim, "both")
    victim.wait()
    leave(lab, neighbour)
    timer = See("a reset after a silence: timers do that too", also="middlebox/idle_timeout")
    signed(lab, victim, everywhere(timer) if "idle_s" in lab.vary else seen(lab, "both", QUIET))


# ---- several resets ----

GUESSES = "seq=-40000 step=20000 count=5"  # the third is right


@scenario(dict(how=SNORT, to="both"), dict(how=SNORT, to="client", at="r2", family=6),
          dict(how="count=4 gap_us=300", to="both", family=6, server="dropbear", port=2222),
          dict(how="flags=R count=3", to="server", at="r2", client="plink"),
          dict(how=GUESSES, to="client", client="dropbear"),
          dict(how=GUESSES + " ttl=copy flags=R", to="server", family=6, server="newer"))
def forged_volley(lab):
    """Several resets: with rising numbers, all the same, or guesses of which one is right."""
    to = lab.vary["to"]
    neighbour, forger, victim = meet(lab)
    strike(lab, forger, victim, to)
    leave(lab, neighbour)
    signed(lab, victim, seen(lab, to, QUIET))


# ---- into the stream of what the claimed sender says ----

@scenario(dict(), dict(at="r2", family=6, delay_ms=40), dict(how=TWIN, delay_ms=50),
          dict(how=KERNEL, at="r2", server="newer", client="newer"),
          dict(how=SNORT, family=6, client="plink", server="dropbear", port=2222),
          dict(how=BARE, client="dropbear", delay_ms=25))
def forged_into_output(lab):
    """The client is reset while the server's output streams, and more of that arrives."""
    neighbour, forger, victim = meet(lab, "while sleep 0.01; do echo $((n += 1)); done & cat")
    forger.send(order(lab, "client") + " trigger=400")
    victim.wait()
    until("the server is refused", lambda: not knows(lab, "server", victim))
    leave(lab, neighbour)
    signed(lab, victim, seen(lab, "client", GONE["client"], VANTAGES, ("client",)))


@scenario(dict(), dict(at="r2", family=6, delay_ms=40), dict(how=TWIN, delay_ms=50),
          dict(how=KERNEL, server="newer", client="newer"),
          dict(how=SNORT, family=6, client="plink", server="dropbear", port=2222),
          dict(how=BARE, at="r2", client="dropbear", delay_ms=25))
def forged_into_input(lab):
    """The server is reset while the client's input streams, and more of that arrives."""
    neighbour, forger, victim = meet(lab, "head -1; cat > /dev/null")
    forger.await_trigger(order(lab, "server") + " trigger=400")
    for number in range(1000):
        if victim.has_ended():
            break
        victim.send(f"{number}\n")
        time.sleep(0.01)
    forger.sent()
    victim.wait()
    leave(lab, neighbour)
    signed(lab, victim, seen(lab, "server", GONE["server"], VANTAGES, ("server",)))
