# SPDX-License-Identifier: BSD-3-Clause
"""The path loses what it should carry: now and then, for some seconds, or for good.

Nobody chose that, so who ended it is the network, as long as the path stays dead. What a vantage
shows depends on who had something to say when the path died, and which way it died: who only
listens sees nothing amiss. After a long silence a dead path looks like one whose firewall has
forgotten the connection.
"""

import os
import signal

from run import ALIVE, See, everywhere
from scenario import scenario
from scenarios.process import good_visit, leave, piped
from sockets import settle, wait_for_retries

TICKING = "for i in $(seq 90); do echo tick $i; sleep 0.3; done"
LISTENS = See("nothing amiss: nobody speaks", ending="open", also=ALIVE)
LATE_FIN = See("a FIN of the client that was lost comes again, after the server's",
               also="server/orderly_close")


# ---- it goes on ----

@scenario(dict(faults=("loss > 15",)), dict(faults=("loss < 30",), family=6, server="newer"),
          dict(faults=("loss = 10",), client="dropbear", server="dropbear"),
          dict(faults=("duplicate = 20",), client="plink"),
          dict(faults=("reorder = 20 15",), family=6, options=("Ciphers=aes128-ctr",)),
          dict(faults=("loss < 8", "reorder = 10 25", "duplicate > 10"), client="newer"))
def rough_path(lab):
    """Segments are lost, doubled or overtaken; the session survives and is left in order."""
    lab.serve()
    session = piped(lab)
    for fault in lab.vary["faults"]:
        lab.wire(fault)
    for number in range(12):
        session.send(f"line {number}\n")
        session.expect(f"line {number}\n")
    leave(session)
    settle(lab)
    report = lab.wire("report")
    if "reorder" not in lab.vary["faults"][0] and "dropped=0,0 duplicated=0,0" in report:
        raise RuntimeError("the path was smooth: " + report)
    lab.good(session, middle=LATE_FIN, server=LATE_FIN)


@scenario(dict(percent=8), dict(percent=5, family=6, port=2222, client="plink"))
def lossy_router(lab):
    """r1 has too much to do from the start, and drops at random what it should forward."""
    lab.serve()
    lab.filter("r1", "forward", f"numgen random mod 100 < {lab.vary['percent']} counter drop")
    session = lab.connect("uname", tty=False)
    session.wait(40)
    session.expect("Linux")
    settle(lab)
    lab.good(session, middle=LATE_FIN, server=LATE_FIN)


@scenario(dict(delay_ms=300), dict(delay_ms=550, family=6, server="dropbear"))
def far_away(lab):
    """A satellite: the round trip is long, then longer than a first SYN waits."""
    lab.serve()
    session = lab.connect("uname", tty=False)
    session.wait(40)
    session.expect("Linux")
    settle(lab)
    lab.good(session)


@scenario(dict(way="=", tries=4), dict(way=">", tries=5, family=6, server="newer"),
          dict(way="<", tries=4, client="dropbear"), dict(way="=", tries=5, client="plink"))
def path_pauses(lab):
    """The path is dead for some seconds while somebody types, and mends before anybody gives up."""
    lab.serve()
    session = piped(lab)
    lab.silence(20)
    lab.wire(f"loss {lab.vary['way']} 100")
    session.type("are you there")
    wait_for_retries(lab, "client", lab.vary["tries"])
    lab.wire("loss = 0")
    session.expect("are you there", 20)
    leave(session)
    settle(lab)
    lab.good(session)


# ---- it dies ----

@scenario(dict(way="="), dict(way=">", family=6, server="newer"), dict(way="<", client="newer"),
          dict(way="=", client="dropbear", server="dropbear", idle_s=300))
def dies_while_typing(lab):
    """The path dies, then the client types: what it sends, or every answer, is lost."""
    lab.serve()
    session = piped(lab)
    idle_s = lab.vary.get("idle_s", 15)
    lab.silence(idle_s)
    lab.wire(f"loss {lab.vary['way']} 100")
    session.type("ls")
    wait_for_retries(lab, "client", 6)
    tries = See("the client repeats itself",
                also="middlebox/idle_timeout" if idle_s >= 60 else "")
    answers = See("the server answers again and again, and is not heard")
    lab.truth(session, "silent", "network", "network_loss", client=tries, middle=tries,
              server=answers if lab.vary["way"] == "<" else LISTENS)


@scenario(dict(way="="), dict(way="<", family=6, server="newer"),
          dict(way=">", server="dropbear"), dict(way=">", family=6, delay_ms=40))
def dies_in_output(lab):
    """The path dies while the server prints: the output is lost, or what the client thanks it."""
    lab.serve()
    session = lab.connect(TICKING, tty=False)
    session.expect("tick 4")
    lab.wire(f"loss {lab.vary['way']} 100")
    wait_for_retries(lab, "server", 5)
    near = See("the output stops", ending="open", also=ALIVE)
    if lab.vary["way"] == ">":
        near = See("the server repeats what the client has acknowledged", ending="silent|open")
    lab.truth(session, "silent", "network", "network_loss", client=near, middle=near)


@scenario(dict(), dict(family=6, client="newer", port=2222),
          dict(client="plink", server="dropbear"))
def killed_while_dead(lab):
    """The path is dead, so a person kills ssh: the FIN waits behind what was not acknowledged."""
    lab.serve()
    session = piped(lab)
    lab.calm_down()
    lab.wire("loss = 100")
    session.type("ls")
    wait_for_retries(lab, "client", 3)
    session.kill(signal.SIGKILL)
    wait_for_retries(lab, "client", 5)
    lab.truth(session, "silent", "network", "network_loss", server=LISTENS)


@scenario(dict(), dict(client="dropbear", family=6), dict(client="newer", server="newer"))
def killed_before_it_mends(lab):
    """As above, but the path mends: the last keys arrive, and the client's host wants no answer."""
    lab.serve()
    session = piped(lab)
    lab.calm_down()
    lab.wire("loss = 100")
    session.type("ls")
    wait_for_retries(lab, "client", 4)
    session.kill(signal.SIGKILL)
    lab.wire("loss = 0")
    settle(lab)
    good_visit(lab)
    near = See("an outage, then the client is gone", also="network/network_loss")
    lab.truth(session, "closed|reset", "client", "client_abort", client=near, middle=near)


# ---- captures that begin too late ----

LATE = See("the login was before the capture")
LATE_END = See("without the key exchange nobody knows how long a goodbye is",
               also="server/unexplained")


@scenario(dict(late_capture=True, idle_s=45),
          dict(late_capture=True, idle_s=1000, family=6, client="newer", server="newer"),
          dict(late_capture=True, idle_s=250, client="plink", server="dropbear"))
def late_and_well(lab):
    """The capture begins in the middle of a good session."""
    lab.serve()
    session = piped(lab)
    lab.capture()
    session.type("hello")
    lab.silence(lab.vary["idle_s"])
    session.type("goodbye")
    leave(session)
    lab.good(session, **everywhere(LATE))


@scenario(dict(late_capture=True), dict(late_capture=True, family=6, server="dropbear"))
def late_and_killed(lab):
    """The capture begins in the middle; then the processes of the session are killed."""
    server = lab.serve()
    session = piped(lab)
    lab.capture()
    session.type("hello")
    session.expect("hello")
    for pid in server.workers():
        os.kill(pid, signal.SIGKILL)
    session.wait()
    good_visit(lab)
    lab.truth(session, "closed", "server", "server_crash", **everywhere(LATE_END))


@scenario(dict(late_capture=True), dict(late_capture=True, family=6, client="newer"))
def late_and_dead(lab):
    """The capture begins in the middle; then the path dies."""
    lab.serve()
    session = piped(lab)
    lab.capture()
    session.type("hello")
    session.expect("hello")
    lab.calm_down()
    lab.wire("loss = 100")
    session.type("hello?")
    wait_for_retries(lab, "client", 6)
    lab.truth(session, "silent", "network", "network_loss", client=LATE, middle=LATE,
              server=LISTENS)
