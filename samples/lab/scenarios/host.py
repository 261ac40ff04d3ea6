# SPDX-License-Identifier: BSD-3-Clause
"""The server's machine is gone, gone for a while, or another one has its address.

A machine that comes back without its connections, or another one in its place, answers their next
segment with the reset of a kernel that never had them. Which of the two it was can be told only
from what is seen besides: the host missed on its network meanwhile (reboot), or another host key
or link address afterwards (state_lost); "also" names what is left. A machine that stays away after
it lost its power is server_reboot, too. The server's vantage is r2's bridge, since a capture on the
machine would end with it.
"""

import signal
import time

import keys
from network import until
from run import NOTHING, See, everywhere
from scenario import scenario
from scenarios.process import good_visit, piped
from scenarios.process_service import refused

LATE = {"late_capture": True}
DEAD = "network/network_loss server/unexplained unknown/unexplained"
MISSED = everywhere(See("r2 misses the host; whether it or its cable is dead is not said",
                        also=DEAD))


def watch(lab):
    """Captures at the bridge; the bridge has another machine, so that it is never dead."""
    lab.vantages["server"] = ("r2", "lan")
    lab.network.add_machine("spare")
    lab.network.plug_in("spare")
    lab.capture()


def forget_quickly(lab):
    """r2 asks where the server is after one second without a sign of it, not after 30."""
    for family in ("ipv4", "ipv6"):
        lab.at("r2", "sysctl", "-qw", f"net.{family}.neigh.lan.base_reachable_time_ms=1000",
               f"net.{family}.neigh.lan.delay_first_probe_time=1")
    lab.at("r2", "ip", "neigh", "change", lab.address("server"), "dev", "lan", "nud", "stale")


def is_missed(lab):
    """r2 has asked for the server on lan, and nobody answered."""
    row = lab.at("r2", "ip", "neigh", "show", lab.address("server"), "dev", "lan")
    return "FAILED" in row or "INCOMPLETE" in row


def return_of(lab, mac):
    """The machine is back with its addresses and nothing else."""
    lab.network.add_machine("server")
    lab.network.plug_in("server", mac=mac)


def rejected(lab, server=NOTHING):
    """A client that comes while r2 does not find the machine, and what the machine's side sees."""
    late = lab.connect("true", tty=False)
    late.wait()
    late.expect("No route to host")
    # A SYN may wait at r2 for three seconds more; it must not reach a machine that is back.
    time.sleep(3.5)
    lab.truth(late, "rejected", "server", "server_reboot", **MISSED | {"server": server})


@scenario(LATE | dict(idle_s=640), LATE | dict(idle_s=11_000, family=6, server="dropbear"),
          LATE | dict(idle_s=65, port=2222, listening=False, client="dropbear"),
          LATE | dict(idle_s=280, server="newer", family=6, listening=False))
def power_loss_idle(lab):
    """Power fails and returns while two sessions are idle; later they speak to a host reborn."""
    watch(lab)
    lab.serve()
    sessions = [piped(lab), piped(lab)]
    mac = lab.network.mac("server")
    lab.network.power_off("server")
    return_of(lab, mac)
    listening = lab.vary.get("listening", True)
    if listening:
        lab.serve()
    lab.silence(lab.vary["idle_s"])
    for session in sessions:
        session.send("date\n")
        session.wait()
        lab.truth(session, "reset", "server", "server_reboot",
                  **everywhere(See("a kernel without the connection; it may be another host",
                                   also="server/state_lost server/unexplained")))
    if not listening:
        refused(lab, also="server/server_reboot")
        lab.serve()
    good_visit(lab)


@scenario(LATE, LATE | dict(family=6, server="newer"),
          LATE | dict(server="dropbear", client="plink", port=2222))
def power_loss_busy(lab):
    """Power fails in the middle of work and returns; meanwhile r2 comes to miss the host."""
    watch(lab)
    forget_quickly(lab)
    lab.serve()
    session = piped(lab)
    mac = lab.network.mac("server")
    lab.network.power_off("server")
    session.send("date\n")
    until("r2 misses the server", lambda: is_missed(lab))
    rejected(lab)
    return_of(lab, mac)
    lab.serve()
    session.wait()
    lab.truth(session, "reset", "server", "server_reboot",
              **everywhere(See("the host was away for a moment, or another one took over",
                               also="server/state_lost"))
              | {"server": See("retransmissions, then a kernel without the connection",
                               also="server/state_lost server/unexplained")})
    good_visit(lab)


@scenario(LATE | dict(back=True), LATE | dict(back=False, family=6, server="newer"),
          LATE | dict(back=True, server="dropbear", client="dropbear", family=6))
def shutdown(lab):
    """The machine shuts down in order: all sessions close, the port, then the machine is away."""
    watch(lab)
    forget_quickly(lab)
    server = lab.serve()
    sessions = [piped(lab) for _ in range(3)]
    mac = lab.network.mac("server")
    server.kill_all(signal.SIGTERM)
    for session in sessions:
        session.wait()
        lab.truth(session, "closed", "server", "server_reboot",
                  **everywhere(See("the sessions close, then the port, then the host is missed",
                                   also="server/server_restart")))
    refused(lab, also="server/server_reboot server/server_restart")
    lab.silence(3, 1)
    lab.network.power_off("server")
    rejected(lab, server=See("a SYN into the void", ending="unanswered", also=DEAD))
    if lab.vary["back"]:
        lab.silence(50, 1)
        return_of(lab, mac)
        lab.serve()
        good_visit(lab)


@scenario(LATE, LATE | dict(family=6, server="dropbear"))
def power_loss_for_good(lab):
    """The machine loses its power in the middle of work and does not come back."""
    watch(lab)
    forget_quickly(lab)
    lab.serve()
    session = piped(lab)
    lab.network.power_off("server")
    session.send("date\n")
    until("r2 misses the server", lambda: is_missed(lab))
    rejected(lab)
    time.sleep(5)
    lab.truth(session, "rejected|silent", "server", "server_reboot",
              **MISSED | {"server": See("retransmissions into the void", ending="silent",
                                        also=DEAD)})


@scenario(LATE | dict(idle_s=5), LATE | dict(idle_s=1830, family=6, server="newer"),
          LATE | dict(idle_s=3, server="dropbear", client="dropbear", family=6, listening=False),
          LATE | dict(idle_s=420, port=2222, heir="newer"))
def address_moves(lab):
    """Another machine takes the server's address (failover): it never had the live sessions."""
    watch(lab)
    lab.serve()
    sessions = [piped(lab), piped(lab)]
    inherit(lab)
    lab.silence(lab.vary["idle_s"], 1.5)
    for session in sessions:
        session.send("date\n")
        session.wait()
        lab.truth(session, "reset", "server", "state_lost", **signs_of_another_host(lab))
    if lab.vary.get("listening", True):
        good_visit(lab)
    else:
        refused(lab, also="server/state_lost server/server_reboot")


def inherit(lab):
    """r2 asks anew who has the address, as after the gratuitous ARP of a real failover."""
    lab.network.power_off("server")
    lab.network.add_machine("heir")
    if lab.vary.get("listening", True):
        key = keys.path("heir_key")
        keys.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", key)
        lab.serve(f"HostKey={key}", machine="heir", kind=lab.vary.get("heir"))
        known = keys.read("known_hosts")
        keys.write("known_hosts", f"{known}{known.split()[0]} {keys.read('heir_key.pub')}")
    lab.network.plug_in("heir", address_of="server")
    lab.at("r2", "ip", "neigh", "flush", "dev", "lan")


def signs_of_another_host(lab):
    listening = lab.vary.get("listening", True)
    also = "server/server_reboot server/unexplained"
    if listening and lab.vary["idle_s"] < 10:
        far = See("afterwards another host key; there was no time for a reboot")
    elif listening:
        far = See("afterwards another host key: another host, or the same one made anew", also=also)
    else:
        far = See("a kernel that does not know the connection", also=also)
    near = See("the server's segments come from another link address")
    return {"client": far, "middle": far, "server": near}
