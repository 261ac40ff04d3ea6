# SPDX-License-Identifier: BSD-3-Clause
"""Filters that count before they say no, and routers that answer SYNs of their own accord."""

import re
import time

from logins import PASSWORD, asking, log
from network import until
from run import DUNNO, NOTHING, See, everywhere
from scenario import scenario
from scenarios.firewall import (FAILURES, OPENING, call, end_work, give_up, knock, lift, make_sure,
                                rule, seen, settle, unanswered, who, work)
from scenarios.firewall_live import dropped
from scenarios.refusal import denied


# ---- limits ----

@scenario(dict(at="r1"), dict(at="r2", family=6, port=2222), dict(at="server", server="dropbear"))
def too_many_sessions(lab):
    """A filter lets an address have two sessions at a time and refuses a third."""
    lab.serve()
    rule(lab, "reject with tcp reset", f"{OPENING} ct count over 2")
    two = [work(lab) for _ in range(2)]
    third = knock(lab, *FAILURES)
    for session in two:
        end_work(lab, session)
    lift(lab)
    lab.truth(third, "refused", who(lab), "firewall_reject", **seen(lab, See()))


@scenario(dict(at="r1", answer="tcp reset", ending="refused"),
          dict(at="server", family=6, answer="icmpx port-unreachable", ending="rejected"),
          dict(at="r2", client="dropbear", answer="icmpx admin-prohibited", ending="rejected"))
def too_fast(lab):
    """A filter lets two new sessions a minute pass, and says no to the third and the fourth."""
    lab.serve()
    rule(lab, f"reject with {lab.vary['answer']}",
         f"{OPENING} limit rate over 2/minute burst 2 packets")
    call(lab)
    call(lab)
    late = [knock(lab, *FAILURES) for _ in range(2)]
    lift(lab)
    for session in late:
        lab.truth(session, lab.vary["ending"], who(lab), "firewall_reject", **seen(lab, See()))


@scenario(dict(at="r1"), dict(at="server", family=6, client="newer"), dict(at="r2", client="plink"))
def slowed(lab):
    """A filter drops SYNs above a rate: a repeated SYN comes through, and all goes well."""
    lab.serve()
    rule(lab, "drop", f"{OPENING} limit rate over 30/minute burst 1 packets")
    call(lab)
    call(lab)
    lift(lab)


FAILURE = "Failed password|Bad password attempt"
# nft's words, and how the session that stood ends, and the next attempt.
ICMP = dict(at="server", words="reject with icmpx port-unreachable", ends=("rejected", "rejected"))
RESET = dict(at="server", words="reject with tcp reset", ends=("reset", "refused"))
DROP = dict(at="server", words="drop", ends=("silent", "unanswered"))
UNMARKED = See("the client's segments bear no DSCP, which a kernel's reset would have copied",
               also="server/state_lost server/unexplained")


@scenario(ICMP, ICMP | dict(server="dropbear", delay_ms=40), RESET | dict(family=6),
          RESET | dict(client="dropbear", live=UNMARKED), DROP | dict(server="dropbear"),
          DROP | dict(port=2222, family=6))
def banned(lab):
    """Failed logins make the server host ban the address: its live session and the next attempt."""
    lab.serve()
    victim = work(lab)
    for _ in range(2):
        denied(lab, kind="openssh", options=[*PASSWORD, "NumberOfPasswordPrompts=1"],
               environment=asking("wrongpass"))
    until("two failures are in the log", lambda: len(re.findall(FAILURE, log())) == 2)
    lab.calm_down()
    rule(lab, lab.vary["words"], f"{lab.ip} saddr {lab.address('client')}")
    victim.send("four\n")
    late = give_up(lab) if lab.vary["words"] == "drop" else knock(lab, *FAILURES)
    time.sleep(2)
    make_sure(lab)
    before, after = lab.vary["ends"]
    if lab.vary["words"] == "drop":
        lab.truth(victim, before, "server", "firewall_drop", **dropped(lab))
        lab.truth(late, after, "server", "firewall_drop", **unanswered(lab))
    else:
        live = lab.vary.get("live", See())
        lab.truth(victim, before, "server", "firewall_reject", **everywhere(live))
        lab.truth(late, after, "server", "firewall_reject")


# ---- others that answer a SYN ----

THROUGH = See("the handshake was the proxy's, the reset to it the server's",
              ending="reset", also=f"server/access_denied server/unexplained {DUNNO}")


def proxy_syns(lab):
    """r1 answers SYNs itself, and connects to the server once the client has shown itself."""
    lab.sysctl("r1", nf_conntrack_tcp_loose=0)
    lab.nft("r1", f"""table inet lab {{
        chain prerouting {{
            type filter hook prerouting priority raw;
            iif left tcp dport {lab.port} tcp flags syn notrack
        }}
        chain forward {{
            type filter hook forward priority filter;
            iif left tcp dport {lab.port} ct state invalid,untracked counter \
                synproxy mss 1460 wscale 7 timestamp sack-perm
            ct state invalid drop
        }}
    }}""")


@scenario(dict(), dict(port=2222, client="newer", server="newer", delay_ms=30),
          dict(server="dropbear", client="plink"))
def proxied_syn(lab):
    """A SYN proxy on a router stands before a server: good sessions, then its sshd is stopped."""
    proxy_syns(lab)
    server = lab.serve()
    call(lab)
    settle(lab)
    server.kill()
    refused = knock(lab, *FAILURES, "reset")
    lab.truth(refused, "refused", "server", "service_down", client=THROUGH)


@scenario(dict(), dict(family=6, client="plink"))
def router_has_no_sshd(lab):
    """A client mistakes routers for the server: their own kernels refuse, which is no filter."""
    lab.serve()
    call(lab)
    for router in ("left", "r2"):
        refused = knock(lab, *FAILURES, to=lab.address(router))
        lab.truth(refused, "refused", "server", "service_down", server=NOTHING,
                  **({"middle": NOTHING} if router == "left" else {}))
    call(lab)
