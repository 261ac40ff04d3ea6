# SPDX-License-Identifier: BSD-3-Clause
"""forge.c at work on a router: it follows one connection and sends resets that bear its addresses.

An order is a line for forge.c: who receives (client, server or both), and what they look like.
"""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

FORGE = os.path.join("build", "lab", "forge")
TOO_EARLY = "nothing has passed yet"
PATIENCE_S = 10


class Forger:
    def __init__(self, network, machine, client, server):
        """client and server: the ends of the connection, as (address, port)."""
        self.process = network.start(machine, FORGE, "wan", *client, *server, text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != "ready\n":
            raise RuntimeError("the forger does not start")
        # Real ones are quick, also when this machine is busy.
        os.sched_setscheduler(self.process.pid, os.SCHED_FIFO, os.sched_param(1))

    def await_trigger(self, order):
        """Gives an order with a trigger; sent() says what came of it."""
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()

    def sent(self):
        """The answer to an order: a line for each reset."""
        lines = []
        for line in iter(self.process.stdout.readline, "done\n"):
            if not line.startswith("sent "):
                raise RuntimeError(f"forger: {line.strip() or 'it has ended'}")
            lines.append(line)
        return lines

    def send(self, order):
        self.await_trigger(order)
        return self.sent()

    def send_first(self, order):
        """In the background: as soon as enough of the connection has passed to know its numbers."""
        return ThreadPoolExecutor(1).submit(self._insist, order)

    def _insist(self, order):
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self.send(order)
            except RuntimeError as fault:
                if TOO_EARLY not in str(fault) or time.monotonic() > end:
                    raise
            time.sleep(0.0005)
