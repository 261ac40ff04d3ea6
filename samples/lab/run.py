# SPDX-License-Identifier: BSD-3-Clause
"""One run of one scenario: what a scenario gets as "lab".

It owns the network, starts servers and clients, captures at three vantages at once, and writes down
what was done. Truth comes from here, never from the packets; the captures are only looked at to
make sure that each connection of the truth is in them at all.
"""

import os
import signal
import subprocess
import time

import clients
import forger
import keys
import packets
import servers
import stretch
import trim
from network import Network, until

VANTAGES = {"client": ("client", "eth0"), "middle": ("r1", "wan"), "server": ("server", "eth0")}
# Committed captures stay small: a scenario that makes more than this moves more than it must.
FILE_LEN_MAX = 60_000
FIRST_PORT = 40001
WHAT = "tcp or icmp or (icmp6 and ip6[40] < 128)"
SECOND_NS = 1_000_000_000

# What can be seen from a vantage, in the words of truth.tsv.
ALL = "the whole story"
DUNNO = "unknown/unexplained"
ALIVE = "none/still_open"


class See:
    """What a vantage shows: ending (None: as in truth), other honest answers, and why."""

    def __init__(self, shows=ALL, ending=None, also=""):
        self.shows, self.ending, self.also = shows, ending, also


NOTHING = None  # no packet of the connection passes there
# A client's goodbye and its FIN are two segments.
RACE = See("the server may answer the goodbye before the FIN is here", also="server/orderly_close")
# paramiko's close() says no goodbye, and may leave unread what the server has said last.
HASTY = See("the work is done, but the client closes without a goodbye", also="client/client_abort")


def everywhere(see):
    """The same at all vantages, for **seen of truth()."""
    return dict.fromkeys(VANTAGES, see)


class Lab:
    def __init__(self, name, vary, out):
        self.name, self.vary, self.out = name, vary, out
        self.family, self.port = vary["family"], vary["port"]
        self.network = Network(self.family, vary["delay_ms"], vary["private"])
        self.vantages = dict(VANTAGES)
        self.dumps, self.sessions, self.rows, self.silences = {}, [], [], []
        self.ports = FIRST_PORT - 1
        self.at, self.sysctl = self.network.at, self.network.sysctl
        self.filter, self.unfilter, self.nft = (self.network.filter, self.network.unfilter,
                                                self.network.nft)
        self.wire = self.network.tell_wire

    @property
    def ip(self):
        return "ip" if self.family == 4 else "ip6"

    def address(self, machine):
        return self.network.address(machine)

    # ---- machines ----

    def serve(self, *options, kind=None, machine="server", port=None):
        """Starts the server of this run; options are those of its own make."""
        kind, port = kind or self.vary["server"], port or self.port
        keys.known_hosts([a for m in ("server", "spare", "r1", "r2", "left")
                          for a in self.network.addresses[m]], port)
        if kind == "dropbear":
            return servers.dropbear(self.network, port, options, machine)
        root = servers.NEWER if kind == "newer" else None
        return servers.openssh(self.network, port, options, machine, root)

    def connect(self, *command, kind=None, tty=True, key="key", user="alice", options=(),
                to=None, port=None, environment=None, ends=None):
        """Starts a client; does not wait for it. Without a tty it runs COMMAND, or reads input."""
        kind, to, port = kind or self.vary["client"], to or self.address("server"), port or self.port
        if kind in ("openssh", "newer"):
            options = [*options, *self.vary["options"],
                       *(() if self.vary["post_quantum"] else clients.BEFORE_POST_QUANTUM)]
        words = clients.KINDS[kind](to, port, command, tty, key, user, options)
        session = self.launch(words, ends=ends or {}, to=to, port=port, environment=environment)
        session.kind = kind
        return session

    def launch(self, words, ends=None, to=None, port=None, environment=None):
        """Any program on the client that makes one connection."""
        source = self.take_port("client")
        mine = (self.address("client"), source)
        # NAT on r1 keeps the port: nobody else has it.
        beyond = (self.address("r1"), source) if self.vary["private"] else mine
        peer = (to or self.address("server"), port or self.port)
        both = {"client": (mine, peer), "middle": (beyond, peer), "server": (beyond, peer)}
        both |= ends or {}
        log = keys.path(f"client-{source}.log")
        session = clients.start(self.network, "any", both, log, environment or {}, words)
        self.sessions.append(session)
        until("the client connects", lambda: session.has_ended() or
              self.at("client", "ss", "-Hatn", f"sport = :{source}").strip())
        return session

    def take_port(self, machine):
        """The next connection of that machine will have this TCP port."""
        self.ports += 1
        self.at(machine, "sysctl", "-qw",
                f"net.ipv4.ip_local_port_range={self.ports} {self.ports}")
        return self.ports

    def forger(self, at="r1"):
        """A forger on that router, for the connection that the client makes next."""
        return forger.Forger(self.network, at, (self.address("client"), self.ports + 1),
                             (self.address("server"), self.port))

    def log_in(self, *command, **how):
        """A session whose shell has answered."""
        return self.connect(*command, **how).is_working()

    def visit(self, **how):
        """A good session: logs in, does a little, leaves. A neighbour for what goes wrong."""
        session = self.log_in(**how)
        session.type("uname -s")
        session.log_out()
        self.good(session)
        return session

    # ---- capturing ----

    def capture(self, *vantages):
        for vantage in vantages or self.vantages:
            machine, device = self.vantages[vantage]
            log = keys.path(vantage + ".tcpdump")
            with open(log, "wb") as output:
                self.dumps[vantage] = self.network.start(
                    machine, "tcpdump", "-i", device, "-s", "0", "-U", "--immediate-mode", "-B",
                    "8192", "--time-stamp-precision=nano", "-Z", "root", "-w",
                    keys.path(vantage + ".pcap"), WHAT, stderr=output)
            until("tcpdump listens", lambda log=log: "listening on" in read(log))

    def stop_capture(self):
        time.sleep(0.3)
        for vantage, dump in self.dumps.items():
            dump.terminate()
            dump.wait()
            log = read(keys.path(vantage + ".tcpdump"))
            if "\n0 packets dropped by kernel" not in log:
                raise RuntimeError(f"{vantage}: the capture lost packets: {log}")

    # ---- time ----

    def silence(self, lifelike_s, real_s=2.0):
        """Nothing happens for real_s; the captures will say that it was lifelike_s."""
        self.calm_down()
        time.sleep(real_s / 2)
        self.silences.append((time.time_ns(), int((lifelike_s - real_s) * SECOND_NS)))
        time.sleep(real_s / 2)

    def calm_down(self, quiet_s=0.3):
        """Waits for a pause: the noise that hides keystrokes goes on for up to 3 s after them."""
        def written():
            return [os.path.getsize(keys.path(vantage + ".pcap")) for vantage in self.dumps]

        def is_quiet():
            before = written()
            time.sleep(quiet_s)
            return written() == before
        until("nobody sends", is_quiet)

    def slow_down(self, since_ns, factor, longer_s=0.4, vantage="client"):
        """All pauses from since_ns until now become longer by that factor (keepalives)."""
        for middle, length in stretch.gaps(keys.path(vantage + ".pcap"), since_ns, time.time_ns(),
                                           int(longer_s * SECOND_NS)):
            self.silences.append((middle, int(length * (factor - 1))))

    # ---- truth ----

    def truth(self, session, ending, who, cause, detail="", **seen):
        """seen: client=, middle=, server=: See(...) where less than all is shown, or NOTHING."""
        assert set(seen) <= set(VANTAGES), seen
        for vantage in self.vantages:
            see = seen.get(vantage, See())
            if see is NOTHING:
                continue
            client, server = session.ends[vantage]
            self.rows.append((self.name + f".{vantage}.pcap", vantage, endpoint(client),
                              endpoint(server), see.ending or ending, who, cause, detail, see.also,
                              see.shows))

    def good(self, session, ending="closed", who="client", **seen):
        if session.kind == "paramiko":
            ending, seen = "closed|reset", {**everywhere(HASTY), **seen}
        elif session.kind == "newer":
            ending = "closed|reset"  # an answer to a made-up keystroke may be unread
        self.truth(session, ending, who, "orderly_close", **{"server": RACE, **seen})

    def alive(self, session, **seen):
        self.truth(session, "open", "none", "still_open", **seen)

    # ---- the end ----

    def finish(self):
        self.stop_capture()
        self.network.end()
        raw = [(keys.path(v + ".pcap"), keys.path(v + ".long")) for v in self.dumps]
        stretch.stretch_all(raw, sorted(self.silences))
        for vantage in self.dumps:
            target = os.path.join(self.out, f"{self.name}.{vantage}.pcap")
            trim.trim(keys.path(vantage + ".long"), target)
            self.check(vantage, target)
        with open(os.path.join(self.out, self.name + ".tsv"), "w", encoding="ascii") as file:
            for row in self.rows:
                print(*row, sep="\t", file=file)

    def check(self, vantage, file):
        """A truth of a connection that was not captured is a mistake of the scenario."""
        if os.path.getsize(file) > FILE_LEN_MAX:
            raise RuntimeError(f"{vantage}: {os.path.getsize(file)} bytes are too many")
        seen = packets.connections(file)
        for row in self.rows:
            if row[1] == vantage and (row[2], row[3]) not in seen:
                raise RuntimeError(f"{vantage}: {row[2]} > {row[3]} is not in the capture")


def endpoint(pair):
    address, port = pair
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def read(name):
    with open(name, encoding="utf-8", errors="replace") as file:
        return file.read()


def isolate():
    """The run's own /run, /var/log and name spaces of networks; all of it goes with the process."""
    # A background job ignores SIGINT, and so would all clients that a user interrupts here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for where, mode in (("/run", "755"), ("/var/log", "755")):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=" + mode, "none", where], check=True)
    keys.make()


def perform(chosen, number, seed, out):
    """Runs variation NUMBER of a scenario; raises when it did not go as the scenario says."""
    isolate()
    lab = Lab(f"{chosen.name}-{number}", chosen.variation(number, seed), out)
    if not lab.vary.get("late_capture"):
        lab.capture()
    try:
        chosen.function(lab)
        lab.finish()
    except Exception:
        for session in lab.sessions:
            print(f"client {session.pid}: {session.said()[-400:]}")
        raise
    finally:
        lab.network.end()
