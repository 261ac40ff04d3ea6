# SPDX-License-Identifier: BSD-3-Clause
"""Packet filters that meet a SYN: refuse it, reject it, drop it.

The machine whose filter it is ended the connection: a router is a middlebox, the server host's own
INPUT chain is the server. A rule on r1 stops a SYN before the wire, so middle and server show
nothing; one on r2 lets the middle see it. What can be told from afar depends on what the packets
can be compared with: good visits before or after, and the mark (DSCP) of the SYN, which a kernel
copies into its reset and a rule does not. Of the clients here plink alone marks nothing.
"""

import contextlib
import re
import time

import keys
from network import until
from run import DUNNO, NOTHING, See
from scenario import scenario

HOOKS = {"r1": "forward", "r2": "forward", "server": "input"}
# What a filter on a machine keeps from the vantages beyond it.
BEYOND = {"r1": {"middle": NOTHING, "server": NOTHING}, "r2": {"server": NOTHING}, "server": {}}


def rule(lab, words, match=""):
    """A rule where the variation says ("at"), for what goes to the server's port."""
    settle(lab)
    at = lab.vary["at"]
    lab.filter(at, HOOKS[at], f"tcp dport {lab.port} {match} counter {words}")


def lift(lab):
    make_sure(lab)
    lab.unfilter(lab.vary["at"])


def make_sure(lab):
    """A rule that no packet came to broke nothing."""
    counted = lab.at(lab.vary["at"], "nft", "list", "ruleset")
    if not sum(map(int, re.findall(r"counter packets (\d+)", counted))):
        raise RuntimeError(f"no packet came to the rule: {counted}")


def settle(lab):
    """Waits until the last packets of sessions that have ended are through."""
    ended = [session.ends["client"][0][1] for session in lab.sessions if session.has_ended()]
    for port in ended:
        until(f"the server lets go of port {port}", lambda port=port: not lab.at(
            "server", "ss", "-Htn", "exclude", "time-wait", "dport", "=", f":{port}"))


def who(lab):
    return "server" if lab.vary["at"] == "server" else "middlebox"


def seen(lab, see, **but):
    """The same from each vantage that sees anything at all, but for those named."""
    return {"client": see, "middle": see, "server": see, **but, **BEYOND[lab.vary["at"]]}


def knock(lab, *says, **how):
    """An attempt that fails with one of these messages."""
    session = lab.connect(**how)
    session.wait()
    if not any(word in session.said() for word in says):
        raise RuntimeError(f"the client was to fail, but said: {session.said()}")
    return session


def give_up(lab):
    """An attempt that meets silence, until the client or its user has no more patience."""
    if lab.vary["client"] in ("openssh", "newer"):
        return knock(lab, "timed out", options=["ConnectTimeout=4"])
    session = lab.connect()
    time.sleep(4)
    session.kill()
    return session


def visit_when(lab, when):
    """The word "visit" of a variation says when there is a good session to compare with."""
    if when in lab.vary.get("visit", ""):
        call(lab)


def call(lab):
    """A good session of one command."""
    session = lab.connect("uname", tty=False)
    session.wait()
    session.expect("Linux", 0)
    lab.good(session)


def work(lab, speaks=False, tty=False):
    """A session at work: lines go there and come back; one that speaks has more to say later."""
    late = f"(until [ -e {keys.path('speak')} ]; do sleep 0.1; done; echo late) & " * speaks
    if tty:
        return lab.log_in(late + "exec bash -i")
    session = lab.connect(late + "cat", tty=False)
    for line in ("one", "two", "three"):
        say(session, line)
    return session


def end_work(lab, session):
    say(session, "enough")
    session.hang_up()
    session.wait()
    lab.good(session)


def say(session, line):
    session.send(line + "\n")
    session.expect(line)


def speak():
    """The server says something that nobody asked for at that moment."""
    keys.write("speak", "")


# ---- answers to a SYN ----

# What a SYN that comes to nothing makes clients say.
FAILURES = ("refused", "unreachable", "No route to host", "Permission denied",
            "Protocol not available")
ALONE = See("no other packet of the server to compare the reset with",
            also=f"server/service_down server/firewall_reject {DUNNO}")
UNMARKED = See("the SYN bore no DSCP, which a kernel's reset would have copied",
               also="server/service_down")


@scenario(dict(at="r1", visit="before"), dict(at="r1", client="plink"),
          dict(at="r2", visit="after", family=6, client="newer", server="newer"),
          dict(at="server", visit="before after", delay_ms=25),
          dict(at="server", visit="after", client="dropbear", server="dropbear", family=6),
          dict(at="server", visit="before", client="plink", family=6, port=2222))
def refuse_syn(lab):
    """A filter answers SYNs with a reset (REJECT with tcp-reset), twice; then it is taken away."""
    lab.serve()
    visit_when(lab, "before")
    rule(lab, "reject with tcp reset")
    refused = [knock(lab, *FAILURES) for _ in range(2)]
    lift(lab)
    visit_when(lab, "after")
    see = See()
    if "visit" not in lab.vary:
        see = ALONE
    elif lab.vary["at"] == "server" and lab.vary["client"] == "plink":
        see = UNMARKED
    for session in refused:
        lab.truth(session, "refused", who(lab), "firewall_reject", **seen(lab, see))


ROUTING = See("routers without a way to the host say the same",
              also="network/network_loss middlebox/unexplained server/unexplained")
ICMP = {4: ("net-unreachable", "host-unreachable", "prot-unreachable", "port-unreachable",
            "net-prohibited", "host-prohibited", "admin-prohibited"),
        6: ("no-route", "admin-prohibited", "addr-unreachable", "port-unreachable", "policy-fail",
            "reject-route")}
OF_ROUTERS = ("net-unreachable", "host-unreachable", "no-route", "addr-unreachable", "reject-route")
EACH_CODE = [dict(family=family, code=code, at=("r2", "r1", "server")[number % 3],
                  visit=("before", "", "after")[(number + family) % 3])
             for family, codes in ICMP.items() for number, code in enumerate(codes)]


@scenario(*EACH_CODE)
def reject_syn(lab):
    """A filter answers a SYN with an ICMP error, of each code that nft knows."""
    lab.serve()
    visit_when(lab, "before")
    kind = "icmp" if lab.family == 4 else "icmpv6"
    rule(lab, f"reject with {kind} type {lab.vary['code']}")
    rejected = knock(lab, *FAILURES)
    lift(lab)
    visit_when(lab, "after")
    # A host does not say of itself that there is no way to it.
    unsure = lab.vary["code"] in OF_ROUTERS and lab.vary["at"] != "server"
    lab.truth(rejected, "rejected", who(lab), "firewall_reject",
              **seen(lab, ROUTING if unsure else See()))


@scenario(dict(kind="unreachable"), dict(kind="unreachable", family=6, server="dropbear"),
          dict(kind="prohibit", client="dropbear"), dict(kind="prohibit", family=6, delay_ms=40))
def route_says_no(lab):
    """A router has a route that is none (ip route add unreachable or prohibit), for a while.

    "prohibit" forbids, as a filter does. "unreachable" is no filter: the router says that the path
    ends here, which is the network's failure; filters may say the same (reject_syn)."""
    lab.serve()
    call(lab)
    with no_route(lab, lab.vary["kind"]):
        rejected = knock(lab, *FAILURES)
    call(lab)
    if lab.vary["kind"] == "prohibit":
        lab.truth(rejected, "rejected", "middlebox", "firewall_reject", server=NOTHING)
        return
    see = See("filters can say the same, and routers that miss the host",
              also="middlebox/firewall_reject middlebox/unexplained server/unexplained")
    lab.truth(rejected, "rejected", "network", "network_loss", client=see, middle=see,
              server=NOTHING)


@contextlib.contextmanager
def no_route(lab, kind):
    """r2 has a route of that kind instead of a way to the server."""
    route = ("route", "add", kind, lab.address("server"))
    settle(lab)
    lab.at("r2", "ip", f"-{lab.family}", *route)
    yield
    lab.at("r2", "ip", f"-{lab.family}", "route", "del", kind, lab.address("server"))


# ---- SYNs that vanish ----

OPENING = "tcp flags & (syn | ack) == syn"
ANYONE = "middlebox/firewall_drop server/firewall_drop server/resource_exhaustion"
STRANGER = See("no answer, and no sign that the host ever lived",
               also=f"{ANYONE} network/network_loss {DUNNO}")
KNOWN = See("no answer, while the host is known to live before or after",
            also=f"{ANYONE} network/network_loss")
BESIDE = See("no answer, while another session goes on: not the path",
             also=ANYONE)
ARRIVED = See("the SYNs arrive at the server, which does not answer",
              also="server/resource_exhaustion")


def unanswered(lab, see=KNOWN):
    at_server = {"server": ARRIVED} if lab.vary["at"] == "server" else {}
    return seen(lab, see, **at_server)


@scenario(dict(at="r1", visit="before"), dict(at="r2", visit="after", family=6, client="newer"),
          dict(at="server", visit="before after", delay_ms=30),
          dict(at="r2", client="dropbear", port=2222, visit="before"), dict(at="r1", family=6),
          dict(at="server", visit="after", server="dropbear", family=6))
def drop_syn(lab):
    """A filter swallows all SYNs; the client gives up after some seconds."""
    lab.serve()
    visit_when(lab, "before")
    rule(lab, "drop")
    lost = give_up(lab)
    lift(lab)
    visit_when(lab, "after")
    lab.truth(lost, "unanswered", who(lab), "firewall_drop",
              **unanswered(lab, KNOWN if "visit" in lab.vary else STRANGER))


@scenario(dict(at="r1"), dict(at="server", family=6, client="newer"),
          dict(at="r2", port=2222, server="dropbear"))
def drop_syn_beside(lab):
    """A filter swallows SYNs alone: a session that stands goes on, a new one is not made."""
    lab.serve()
    neighbour = work(lab)
    rule(lab, "drop", OPENING)
    lost = give_up(lab)
    end_work(lab, neighbour)
    lift(lab)
    lab.truth(lost, "unanswered", who(lab), "firewall_drop", **unanswered(lab, BESIDE))


@scenario(dict(), dict(family=6, client="newer", delay_ms=25))
def route_swallows(lab):
    """A router has a blackhole route for the server, for a while."""
    lab.serve()
    call(lab)
    with no_route(lab, "blackhole"):
        lost = give_up(lab)
    call(lab)
    lab.truth(lost, "unanswered", "middlebox", "firewall_drop", client=KNOWN, middle=KNOWN,
              server=NOTHING)


HALF = See("the server's answers do not come through: SYN-ACK again and again",
           ending="silent", also="network/network_loss")


@scenario(dict(at="r1"), dict(at="r2", family=6, server="dropbear"),
          dict(at="r1", client="dropbear", port=2222, delay_ms=30))
def drop_syn_ack(lab):
    """A filter on a router swallows what the server answers to SYNs, to the end."""
    lab.serve()
    call(lab)
    settle(lab)
    lab.filter(lab.vary["at"], "forward", f"tcp sport {lab.port} counter drop")
    lost = give_up(lab)
    make_sure(lab)
    at_middle = HALF if lab.vary["at"] == "r1" else KNOWN
    lab.truth(lost, "unanswered", "middlebox", "firewall_drop", client=KNOWN, middle=at_middle,
              server=HALF)
