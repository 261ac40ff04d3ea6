# SPDX-License-Identifier: BSD-3-Clause
"""The lab's network: a row of namespaces, with a wire of some length in the middle.

    client -- left [r1] wan == wire == wan [r2] lan -- server
                                              lan -- spare   (when a scenario asks for it)

A packet of the server has lost two hops at the client, one of r2 one, one of r1 none. The wire is a
program (wire.c) that holds packets back, so round trips are real and differ by where an answer is
made. lan is a bridge: the machine behind it can be replaced while r2 goes on capturing.

Everything lives in namespaces of the process that runs one scenario, and dies with it.
"""

import os
import subprocess
import time

WIRE = os.path.join("build", "lab", "wire")
PATIENCE_S = 10


class Network:
    """Addresses are asked for by machine: address("client") is of the family of the run."""

    ADDRESSES = {
        "client": ("192.0.2.10", "2001:db8:1::10"),
        "r1": ("203.0.113.1", "2001:db8:f::1"),
        "r2": ("203.0.113.2", "2001:db8:f::2"),
        "server": ("198.51.100.22", "2001:db8:2::22"),
        "spare": ("198.51.100.23", "2001:db8:2::23"),
        "left": ("192.0.2.1", "2001:db8:1::1"),
        "lan": ("198.51.100.1", "2001:db8:2::1"),
    }
    # Of a client behind NAT: private on its own side, r1's address beyond.
    PRIVATE = {"client": ("10.1.0.10", "fd00:1::10"), "left": ("10.1.0.1", "fd00:1::1")}

    def __init__(self, family, delay_ms, private=False):
        self.family = family
        self.addresses = {**self.ADDRESSES, **(self.PRIVATE if private else {})}
        self.started = []
        self._build()
        self.wire = self._start_wire()
        self._route()
        self._meet()
        self.tell_wire(f"delay {delay_ms}")

    def address(self, machine):
        return self.addresses[machine][0 if self.family == 4 else 1]

    # ---- doing things on a machine ----

    def at(self, machine, *command, check=True, text=None):
        """Runs a command there to its end; returns its standard output."""
        done = subprocess.run(["ip", "netns", "exec", machine, *map(str, command)], input=text,
                              capture_output=True, text=True, timeout=60, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"{machine}: {' '.join(map(str, command))}: {done.stderr.strip()}")
        return done.stdout

    def start(self, machine, *command, **how):
        """Starts a command there and returns its Popen; it is killed when the run ends."""
        how.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(["ip", "netns", "exec", machine, *map(str, command)], **how)
        self.started.append(process)
        return process

    def sysctl(self, machine, **values):
        """tcp_x, nf_conntrack_x and ip_x by their last name."""
        homes = {"nf": "net.netfilter", "tcp": "net.ipv4", "ip": "net.ipv4"}
        for name, value in values.items():
            self.at(machine, "sysctl", "-qw", f"{homes[name.split('_')[0]]}.{name}={value}")

    def nft(self, machine, rules):
        self.at(machine, "nft", "-f", "-", text=rules)

    def filter(self, machine, hook, *rules, policy="accept", name="lab"):
        """A table of its own with one chain of that hook: forward, input or output."""
        self.nft(machine, f"table inet {name} {{ chain {hook} {{ type filter hook {hook} "
                          f"priority 0; policy {policy}; {'; '.join(rules)}; }}\n}}")

    def unfilter(self, machine, name="lab"):
        self.at(machine, "nft", "delete", "table", "inet", name)

    def tell_wire(self, command):
        """A command of wire.c, such as "loss > 100"; > is from the client to the server."""
        self.wire.stdin.write(command + "\n")
        self.wire.stdin.flush()
        answer = self.wire.stdout.readline().strip()
        if not answer.startswith("ok"):
            raise RuntimeError(f"wire: {command}: {answer}")
        return answer

    # ---- building it ----

    def _build(self):
        for machine in ("client", "r1", "r2", "server"):
            self.add_machine(machine)
        self._link("client", "eth0", "client", "r1", "left", "left")
        # Of its own choice a bridge takes the address of a port, another one when ports change.
        self.at("r2", "ip", "link", "add", "lan", "address", "02:00:00:00:00:01", "type",
                "bridge", "stp_state", "0", "mcast_snooping", "0", "forward_delay", "0")
        self._number("r2", "lan", "lan")
        self.plug_in("server")

    def add_machine(self, machine):
        self._run("ip", "netns", "add", machine)
        # No duplicate address detection: an address is usable at once.
        self.at(machine, "sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0",
                "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_ra=0",
                "net.ipv6.conf.default.router_solicitations=0")
        self.at(machine, "ip", "link", "set", "lo", "up")

    def plug_in(self, machine, address_of=None, mac=None):
        """Joins a machine's eth0 to lan, with its own address or that of another machine."""
        port = "to-" + machine
        self.at("r2", "ip", "link", "add", port, "type", "veth", "peer", "name", "eth0",
                *(["address", mac] if mac else []), "netns", machine)
        self.at("r2", "ip", "link", "set", port, "master", "lan", "up")
        self._plain("r2", port)
        self._number(machine, "eth0", address_of or machine)
        for gateway in self.addresses["lan"]:
            self.at(machine, "ip", "route", "add", "default", "via", gateway)

    def power_off(self, machine):
        """A machine of lan is gone, with all it knew; nothing that dies with it is heard of."""
        self.at("r2", "ip", "link", "delete", "to-" + machine)
        living = subprocess.check_output(["ip", "netns", "pids", machine], text=True).split()
        subprocess.run(["kill", "-9", *living], stderr=subprocess.DEVNULL, check=False)
        self._run("ip", "netns", "delete", machine)

    def mac(self, machine):
        return self.at(machine, "cat", "/sys/class/net/eth0/address").strip()

    def _link(self, a, a_device, a_name, b, b_device, b_name):
        self.at(a, "ip", "link", "add", a_device, "type", "veth", "peer", "name", b_device,
                "netns", b)
        self._number(a, a_device, a_name)
        self._number(b, b_device, b_name)

    def _number(self, machine, device, name):
        v4, v6 = self.addresses[name]
        self.at(machine, "ip", "address", "add", v4 + "/24", "dev", device)
        self.at(machine, "ip", "address", "add", v6 + "/64", "dev", device, "nodad")
        self.at(machine, "ip", "link", "set", device, "up")
        self._plain(machine, device)

    def _plain(self, machine, device):
        """With offloads on, a capture shows segments and checksums that no wire ever carried."""
        self.at(machine, "ethtool", "-K", device, "tx", "off", "rx", "off", "tso", "off",
                "gso", "off", "gro", "off", check=False)

    def _start_wire(self):
        """Without a delay: a slow first packet would be sent twice, and be late for the capture."""
        wire = subprocess.Popen([WIRE, "r1", "wan", "r2", "wan", "0"], text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if wire.stdout.readline().strip() != "ready":
            raise RuntimeError("the wire does not start")
        self.started.append(wire)
        return wire

    def _route(self):
        for router in ("r1", "r2"):
            self._number(router, "wan", router)
            self.at(router, "sysctl", "-qw", "net.ipv4.ip_forward=1",
                    "net.ipv6.conf.all.forwarding=1")
        for which in (0, 1):
            beyond = {name: pair[which] for name, pair in self.addresses.items()}
            length = (24, 64)[which]
            self.at("client", "ip", "route", "add", "default", "via", beyond["left"])
            # The network's own part of an address is enough for ip route with a mask.
            self.at("r1", "ip", "route", "add", network_of(beyond["lan"], length), "via",
                    beyond["r2"])
            self.at("r2", "ip", "route", "add", network_of(beyond["left"], length), "via",
                    beyond["r1"])

    def _meet(self):
        """All neighbours are found now: a first SYN that had to wait would mar the round trips."""
        for address in self.addresses["server"]:
            self.at("client", "bash", "-c", f": < /dev/tcp/{address}/9", check=False)

    @staticmethod
    def _run(*command):
        subprocess.run(command, check=True, timeout=60)

    def end(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()


def network_of(address, length):
    """198.51.100.1 with 24 is 198.51.100.0/24; the lab's networks end at a dot or a double colon."""
    head = address.rsplit("." if length == 24 else "::", 1)[0]
    return head + (".0/24" if length == 24 else "::/64")


def until(what, true, patience_s=PATIENCE_S):
    """Waits until true() is; it is an error when it does not come to be."""
    end = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"waited in vain: {what}")
        time.sleep(0.05)
