# SPDX-License-Identifier: BSD-3-Clause
"""Peers that say just what a scenario tells them (raw_peer.py), and how most of them begin."""

import os
import sys

import keys
import servers
from network import until
from run import read

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "raw_peer.py")
UNREAD = "closed|reset"  # how it ends when the last bytes may stay unread: chance decides

# All that comes before the first mistake.
CLIENT = ("line=SSH-2.0-Raw_1.0", "hear=curve25519", "kexinit")
SERVER = ("line=SSH-2.0-Raw_1.0", "kexinit", "hear=curve25519")
STRICT_CLIENT = ("line=SSH-2.0-Raw_1.0", "hear=kex-strict", "strict-kexinit")
STRICT_SERVER = ("line=SSH-2.0-Raw_1.0", "strict-kexinit", "hear=kex-strict")


def client(lab, *steps):
    return lab.launch([sys.executable, PEER, "connect", lab.address("server"), lab.port, *steps])


def server(lab, *steps):
    return listen(lab, sys.executable, PEER, "listen", lab.port, *steps)


def listen(lab, *command):
    """Any program of the server that listens on the port."""
    what = servers.Server(lab.network, "server", lab.port, keys.path("server.log"))
    return what.launch(command, command[0])


def logged(*words):
    """Waits until the server has written one of these into its log."""
    until(f"the server says {words}",
          lambda: any(word in read(keys.path("server.log")) for word in words))
