# SPDX-License-Identifier: BSD-3-Clause
"""What a scenario is: a function that breaks SSH in one known way, and the ways in which it varies.

    @scenario(dict(), dict(family=6, server="dropbear"))
    def kill_9_idle(lab):
        ...

Each dict is a run of its own. Words the lab itself understands are those of COMMON; any other word
is the scenario's, and is read as lab.vary["word"].
"""

import importlib
import os
import pkgutil
import random
import shutil

import cgroups

COMMON = {
    "family": 4,            # of addresses: 4 or 6
    "port": 22,             # of the server
    "server": "openssh",    # or dropbear, newer (OpenSSH of a later Debian)
    "client": "openssh",    # of sessions that do not say otherwise: see clients.KINDS
    "options": (),          # of ssh: "Ciphers=aes128-ctr"
    "delay_ms": 10,         # of the wire, one way
    "private": False,       # the client has private addresses, for NAT on r1
    "post_quantum": True,   # key exchange of ssh; without it packets are those of some years ago
}
# Where sizes and moments of the key exchange matter, all variations have the one of today.
LEAN = ("idle", "firewall", "process", "host", "load", "refusal", "client")

# Lengths of silences. Shorter ones are often those of a program, which keeps its own.
SILENCES, SILENCE_MIN_S = ("idle_s", "idle", "think_s", "pause_s", "run_s", "wait_s"), 20

SCENARIOS = {}
FAMILIES = ("idle", "firewall", "forged", "process", "host", "load", "refusal", "protocol", "path",
            "client")

# The Debian package that a command comes with, where it is not called the same.
PACKAGES = {"ip": "iproute2", "nft": "nftables", "sshd": "openssh-server", "ssh": "openssh-client",
            "dbclient": "dropbear-bin", "plink": "putty-tools", "pscp": "putty-tools",
            "psftp": "putty-tools", "ssh1": "openssh-client-ssh1",
            "dropbear": "dropbear-bin", "newer": "see samples/lab/README.md",
            "paramiko": "python3-paramiko", "libwrap": "sshd without TCP wrappers",
            "memory cgroup": "to be writable"}
SERVER_NEEDS = {"openssh": (), "dropbear": ("dropbear",), "newer": ("newer",)}
CLIENT_NEEDS = {"openssh": (), "newer": ("newer",), "dropbear": ("dbclient",), "plink": ("plink",),
                "paramiko": ("paramiko",), "curl": ("curl",)}


class Scenario:
    def __init__(self, function, variations, needs, family):
        self.function, self.variations, self.needs = function, variations, needs
        self.name, self.family = function.__name__, family
        self.about = (function.__doc__ or "").strip().split("\n")[0]

    def variation(self, number, seed=None):
        lean = number > 1 and self.family in LEAN
        vary = {**COMMON, "post_quantum": not lean, **self.variations[number - 1]}
        return self.shifted(vary, number, seed) if seed else vary

    def shifted(self, vary, number, seed):
        """Another wire, other silences and another key exchange, by chance; the truth is the same."""
        chance = random.Random(f"{seed} {self.name} {number}")
        delay_ms, factor, modern = (chance.randint(3, 60), chance.uniform(0.7, 1.5),
                                    chance.random() < 0.5)
        if "delay_ms" not in self.variations[number - 1]:
            vary["delay_ms"] = delay_ms
        if self.family in LEAN:
            vary["post_quantum"] = modern
        for word in SILENCES:
            if vary.get(word, 0) >= SILENCE_MIN_S:
                vary[word] = round(vary[word] * factor)
        return vary

    def lacks(self, number):
        """What this machine does not have for a variation; "" when nothing is amiss."""
        vary = self.variation(number)
        needs = [*self.needs, *vary.get("needs", ()), *SERVER_NEEDS[vary["server"]],
                 *CLIENT_NEEDS[vary["client"]]]
        for need in needs:
            if not is_here(need):
                return f"needs {need} ({PACKAGES.get(need, need)})"
        return ""


def scenario(*variations, needs=()):
    """Every scenario says in the first line of its docstring what is done to the connection."""
    def register(function):
        assert function.__doc__ and function.__name__ not in SCENARIOS, function.__name__
        assert len(variations) >= 2, f"{function.__name__}: one variation proves little"
        # A family may have several files: firewall.py, firewall_live.py.
        family = function.__module__.rsplit(".", 1)[-1].split("_")[0]
        SCENARIOS[function.__name__] = Scenario(function, variations, needs, family)
        return function
    return register


def load():
    import scenarios
    for module in pkgutil.iter_modules(scenarios.__path__):
        importlib.import_module("scenarios." + module.name)
    return SCENARIOS


def is_here(need):
    from servers import NEWER
    if need == "newer":
        return os.path.exists(os.path.join(NEWER, "usr/sbin/sshd"))
    if need == "libwrap":
        return os.system("ldd $(command -v sshd) | grep -q libwrap") == 0
    if need == "paramiko":
        return os.system("/usr/bin/python3 -c 'import paramiko' 2>/dev/null") == 0
    if need.endswith(" cgroup"):
        return bool(cgroups.home(need.split()[0]))
    if need.startswith("/"):
        return os.path.exists(need)
    return shutil.which(need) is not None
