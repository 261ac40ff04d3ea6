# SPDX-License-Identifier: BSD-3-Clause
"""Devices with a deadline: a balancer resets an idle connection, a proxy closes its two.

The balancer is forge on r1, told to do so at the deadline. The proxy is a real HAProxy on r1, for
which the client's connection ends at r1's left address and another begins at its right one. It is
the middlebox in both, though of each connection it is an end: who sees only one of the two cannot
know that the machine at the other end is not the server, or not the client.
"""

import keys
from network import until
from run import DUNNO, NOTHING, See
from scenario import scenario

PROXY_S = 2  # HAProxy's timeout in truth; the captures tell another
SLACK_S = 0.4  # no event is in the middle of a silence that ends so much before it
CONFIG = """defaults
    mode tcp
    timeout connect 2s
    timeout client 1h
    timeout server 1h
    {timeout}
    retries {retries}
listen ssh
    bind {left}:{port}
    server one {server}:{port}
"""


@scenario(dict(idle=240, shape="flags=RA"), dict(idle=900, shape="flags=R", family=6, port=2222),
          dict(idle=300, shape="flags=RA window=copy", server="dropbear", client="dropbear"),
          dict(idle=3600, shape="flags=R", family=6, server="newer", client="plink", delay_ms=30))
def balancer_resets_both(lab):
    """A balancer resets both ends of an idle session at its deadline; the user logs in anew."""
    lab.serve()
    balancer = lab.forger()
    victim = lab.log_in()
    victim.type("date")
    lab.silence(lab.vary["idle"])
    if len(balancer.send("both " + lab.vary["shape"])) != 2:
        raise RuntimeError("the balancer did not reset both")
    victim.wait()
    lab.visit()
    lab.truth(victim, "reset", "middlebox", "idle_timeout")


def proxy(lab, timeout="", retries=3):
    """HAProxy on r1, in front of the server; a timeout named twice is the later one."""
    with open(keys.path("haproxy.cfg"), "w", encoding="ascii") as file:
        file.write(CONFIG.format(timeout=timeout, retries=retries, port=lab.port,
                                 left=lab.address("left"), server=lab.address("server")))
    lab.network.start("r1", "haproxy", "-db", "-f", keys.path("haproxy.cfg"))
    until("HAProxy listens", lambda: lab.at("r1", "ss", "-Hltn", f"sport = :{lab.port}"))


def through(lab):
    """How to connect to the proxy: two connections, of which the second has a port of r1."""
    second = ((lab.address("r1"), lab.take_port("r1")), (lab.address("server"), lab.port))
    return {"to": lab.address("left"), "ends": {"middle": second, "server": second}}


HUNG_UP = See("the machine that was connected to hangs up; it could be the server itself",
              also=f"server/idle_timeout server/server_crash server/unexplained {DUNNO}")
LEFT = See("the machine that had connected hangs up; it could be the client itself",
           also=f"client/idle_timeout client/client_abort client/unexplained {DUNNO}")


@scenario(dict(idle=600, which="client"), dict(idle=50, which="tunnel", family=6, port=2222),
          dict(idle=3600, which="server", server="dropbear", client="plink"),
          dict(idle=1800, which="tunnel", server="newer"), needs=("haproxy",))
def proxy_times_out(lab):
    """HAProxy closes an idle session at its timeout, on both sides; the user logs in anew."""
    lab.serve()
    proxy(lab, f"timeout {lab.vary['which']} {PROXY_S}s")
    victim = lab.log_in(**through(lab))
    victim.type("date")
    lab.silence(lab.vary["idle"] + 0.1 - SLACK_S, PROXY_S - SLACK_S)
    victim.expect("closed")
    victim.wait()
    lab.visit(**through(lab))
    lab.truth(victim, "closed", "middlebox", "idle_timeout", client=HUNG_UP, middle=LEFT,
              server=LEFT)


@scenario(dict(retries=0), dict(retries=2, family=6, client="plink"), needs=("haproxy",))
def proxy_without_server(lab):
    """HAProxy accepts, finds nobody who listens on the server, and closes without a word."""
    proxy(lab, retries=lab.vary["retries"])
    visitor = lab.connect(**through(lab))
    visitor.expect("closed")
    visitor.wait()
    lab.truth(visitor, "closed", "middlebox", "service_down", middle=NOTHING, server=NOTHING,
              client=See("accepted, then closed before a word: many causes look so",
                         also="server/access_denied server/resource_exhaustion server/unexplained "
                              f"{DUNNO}"))
    for _ in range(lab.vary["retries"] + 1):
        lab.truth(visitor, "refused", "server", "service_down", client=NOTHING)
