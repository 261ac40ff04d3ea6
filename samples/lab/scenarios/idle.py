# SPDX-License-Identifier: BSD-3-Clause
"""A filter or a NAT forgets a connection that is silent, and then somebody speaks.

Real conntrack on r1, r2 or the server host, with a memory of one second that will be told as the
minutes or hours that such devices have. Nothing is sent when it forgets: the ending is what becomes
of the next segment. The machine that forgot is the one that ended the connection: a router is a
middlebox; the server host's own filter is the server, which from afar looks like any filter.

Where an answer does not pass, nothing is amiss: beyond r1 the server waits for a client that has
long gone. A silence of more than two hours would show TCP keepalive, which all OpenSSH has on, so
longer ones come with TCPKeepAlive=no.
"""

import re
import signal
from types import SimpleNamespace

from network import until
from run import ALIVE, DUNNO, NOTHING, See, everywhere
from scenario import scenario

TOOLS = ("conntrack",)
LONG = 432000  # what Linux remembers without being told
NO_PROBES = ("TCPKeepAlive=no",)
# Who is beyond a machine and so does not see what it answers to that end of the connection.
BEYOND = {"client": {"r1": ("middle", "server"), "r2": ("server",), "server": ()},
          "server": {"r1": ("client",), "r2": ("client", "middle"), "server": ("client", "middle")}}
QUIET = See("nothing amiss: the silence goes on", ending="open", also=ALIVE)


# ---- what idle.py and its companions do to a path ----

def guard(lab, answer, at="r1"):
    """A stateful filter: SYNs and what belongs to a connection it knows pass; the rest does not.

    Where the client is private, r1 translates as well.
    """
    if lab.vary["private"]:
        translate(lab)
    lab.filter(at, "input" if at == "server" else "forward", "ct state established accept",
               "tcp flags & (fin | syn | rst | ack) == syn accept",
               f"meta l4proto tcp counter {answer}")


def translate(lab):
    """r1 hides the client behind its own address; the port stays, as it is free there."""
    lab.nft("r1", "table inet hide { chain post { type nat hook postrouting priority srcnat; "
                  "policy accept; oifname wan masquerade; }; }")


def fall_silent(lab, session, lifelike_s, at="r1"):
    """A last command, then silence for longer than the machine remembers; new ones are safe."""
    lab.sysctl(at, nf_conntrack_tcp_timeout_established=1)
    session.type("date")
    lab.silence(lifelike_s)
    lab.sysctl(at, nf_conntrack_tcp_timeout_established=LONG)
    port = session.ends["client"][0][1]
    known = lab.at(at, "conntrack", "-L", "-f", f"ipv{lab.family}", "-p", "tcp", "--sport", port)
    if known:
        raise RuntimeError(f"{at} has not forgotten: {known}")


def caught(lab, at="r1"):
    """How many packets the rule has met that filters what nobody knows."""
    return sum(map(int, re.findall(r"counter packets (\d+)", lab.at(at, "nft", "list", "ruleset"))))


def server_speaks(lab, server):
    """A message to the terminal of the only session, as wall(1) would write it."""
    lab.at("server", "sh", "-c", f"echo 'System going down for maintenance at 18:00.' > "
                                 f"/proc/{server.shells()[0]}/fd/0")


def forgotten(lab, session, ending, speaker, at="r1", see=None, **seen):
    """Truth: SPEAKER spoke to a machine that had forgotten; who is beyond it sees nothing."""
    beyond = dict.fromkeys(BEYOND[speaker][at], QUIET)
    who = "server" if at == "server" else "middlebox"
    lab.truth(session, ending, who, "idle_timeout",
              **{**everywhere(see or See()), **beyond, **seen})


# ---- a filter resets what it does not know ----

OWN = See("a filter at the server's distance: its own, or of the machine that it runs on",
          also="middlebox/idle_timeout")
UNMARKED = See("the same; the segment has no mark (DSCP) that a kernel would have copied",
               also=f"{OWN.also} server/state_lost server/server_reboot server/unexplained {DUNNO}")


@scenario(dict(idle=352), dict(idle=3640, at="r2", family=6, port=2222, client="plink"),
          dict(idle=124, private=True, server="dropbear", client="newer"),
          dict(idle=1806, at="server", server="newer", client="dropbear", see=UNMARKED),
          dict(idle=244, at="server", family=6, client="newer", delay_ms=40, see=OWN),
          needs=TOOLS)
def forgotten_resets_client(lab):
    """A filter forgets an idle session and resets the client's next segment; it logs in anew."""
    at = lab.vary.get("at", "r1")
    lab.serve()
    guard(lab, "reject with tcp reset", at)
    victim = lab.log_in()
    fall_silent(lab, victim, lab.vary["idle"], at)
    victim.type("ls")
    victim.wait()
    until("the filter rejects", lambda: caught(lab, at))
    lab.visit()
    forgotten(lab, victim, "reset", "client", at, lab.vary.get("see"))


@scenario(dict(idle=902), dict(idle=7206, options=NO_PROBES, types=True),
          dict(idle=365, at="r2", family=6, port=2222, server="dropbear"),
          needs=TOOLS)
def forgotten_resets_server(lab):
    """A filter forgets an idle session and resets the server's next segment, or that of both."""
    at = lab.vary.get("at", "r1")
    server = lab.serve(*lab.vary["options"])
    guard(lab, "reject with tcp reset", at)
    victim = lab.log_in()
    fall_silent(lab, victim, lab.vary["idle"], at)
    server_speaks(lab, server)
    until("the server's session ends", lambda: not server.shells())
    seen = {}
    if "types" in lab.vary:
        victim.type("ls")
        victim.wait()
        seen = {"client": See()}
    lab.visit()
    forgotten(lab, victim, "reset", "server", at, **seen)


# ---- a filter drops what it does not know ----

DEAD = See("segments unanswered; no later connection shows that path and host live",
           also=f"network/network_loss {DUNNO}")


def tries_in_vain(lab, machine, session):
    """Waits until the kernel there has doubled its patience four times, or has given up."""
    port = session.ends["client"][0][1]

    def patience():
        told = lab.at(machine, "ss", "-Htin", f"( sport = :{port} or dport = :{port} )")
        return int((re.findall(r"backoff:(\d+)", told) or [0])[0])

    until(f"{machine} tries again and again", lambda: session.has_ended() or patience() >= 4)


@scenario(dict(idle=3610), dict(idle=7260, at="r2", family=6, retries=3, options=NO_PROBES),
          dict(idle=1810, at="server", port=2222, client="dropbear", see=OWN),
          dict(idle=309, private=True, family=6, server="newer", client="plink"),
          dict(idle=605, family=6, client="paramiko", server="dropbear", see=DEAD),
          needs=TOOLS)
def forgotten_drops_client(lab):
    """A filter forgets an idle session and drops what the client sends; the window is closed.

    The kernel keeps the FIN of that: it waits behind what was never acknowledged. With few retries
    it is the kernel that gives up, without a word. One variation ends before anybody does.
    """
    at = lab.vary.get("at", "r1")
    lab.serve(*lab.vary["options"])
    guard(lab, "drop", at)
    victim = lab.log_in()
    fall_silent(lab, victim, lab.vary["idle"], at)
    lab.sysctl("client", tcp_retries2=lab.vary.get("retries", 15))
    victim.type("ls")
    tries_in_vain(lab, "client", victim)
    if lab.vary.get("see") is not DEAD:
        victim.kill(signal.SIGHUP)
        victim.wait()
        lab.visit()
    forgotten(lab, victim, "silent", "client", at, lab.vary.get("see"))


@scenario(dict(idle=3620), dict(idle=4000, types=True, server="newer"),
          dict(idle=1830, at="r2", family=6, port=2222, server="dropbear"),
          dict(idle=368, family=6, client="plink", see=DEAD),
          needs=TOOLS)
def forgotten_drops_server(lab):
    """A filter forgets an idle session and drops what the server sends, or what both do."""
    at = lab.vary.get("at", "r1")
    server = lab.serve()
    guard(lab, "drop", at)
    victim = lab.log_in()
    fall_silent(lab, victim, lab.vary["idle"], at)
    server_speaks(lab, server)
    tries_in_vain(lab, "server", victim)
    seen = {}
    if "types" in lab.vary:
        victim.type("ls")
        tries_in_vain(lab, "client", victim)
        seen = {"client": See("its own segments are unanswered")}
    if lab.vary.get("see") is not DEAD:
        lab.visit()
    forgotten(lab, victim, "silent", "server", at, lab.vary.get("see"), **seen)


# ---- NAT on r1 forgets, and with it who is behind its own address ----

@scenario(dict(idle=3605, private=True), dict(idle=5405, private=True, family=6, server="dropbear"),
          dict(idle=1210, private=True, client="dropbear", port=2222),
          needs=TOOLS)
def nat_picks_up_again(lab):
    """A NAT forgets an idle session; the client speaks, gets its port again, and all is well."""
    lab.serve()
    translate(lab)
    session = lab.log_in()
    fall_silent(lab, session, lab.vary["idle"])
    session.is_working()
    session.log_out()
    lab.good(session)


@scenario(dict(idle=605, private=True), dict(idle=3615, private=True, family=6, port=2222),
          dict(idle=7190, private=True, then="types", server="dropbear"),
          dict(idle=1230, private=True, then="leaves", client="plink"),
          needs=TOOLS)
def nat_resets_server(lab):
    """A NAT forgets an idle session; the server's next segment is for the NAT itself, which resets.

    The client may find out when it speaks: r1 lets that pass, and the server has no connection any
    more. Or its user closes the window: a FIN is no beginning, so it leaves untranslated.
    """
    server = lab.serve()
    translate(lab)
    victim = lab.log_in()
    fall_silent(lab, victim, lab.vary["idle"])
    server_speaks(lab, server)
    until("the server's session ends", lambda: not server.shells())
    seen = {"client": QUIET}
    if lab.vary.get("then") == "types":
        victim.type("ls")
        victim.wait()
        seen = {"client": STRANGER}
    elif lab.vary.get("then") == "leaves":
        victim.kill()
        seen = {"client": See("the user closes an idle session", "closed", "client/client_abort")}
        leaked(lab, victim, "closed", "client/client_abort client/unexplained")
    lab.visit()
    lab.truth(victim, "reset", "middlebox", "idle_timeout", **seen)


STRANGER = See("the server's kernel itself does not know the connection", also=
               f"server/state_lost server/server_reboot server/unexplained {DUNNO}")


def leaked(lab, session, ending, also=""):
    """Truth of what left r1 with the client's private address: the server never knew of that."""
    stray = SimpleNamespace(ends=dict.fromkeys(("middle", "server"), session.ends["client"]))
    see = See("a stray from a private address; its numbers are those of the other connection",
              also=f"server/state_lost server/unexplained {DUNNO} {also}".strip())
    lab.truth(stray, ending, "middlebox", "idle_timeout", client=NOTHING, middle=see, server=see)


@scenario(dict(idle=310, private=True), dict(idle=7195, private=True, family=6, port=2222),
          needs=TOOLS)
def nat_leaks(lab):
    """A NAT forgets an idle session, and lets the client's next segment pass untranslated."""
    lab.serve()
    translate(lab)
    lab.sysctl("r1", nf_conntrack_tcp_loose=0)
    victim = lab.log_in()
    fall_silent(lab, victim, lab.vary["idle"])
    victim.type("ls")
    victim.wait()
    lab.visit()
    leaked(lab, victim, "reset")
    lab.truth(victim, "reset", "middlebox", "idle_timeout", client=STRANGER, middle=QUIET,
              server=QUIET)
