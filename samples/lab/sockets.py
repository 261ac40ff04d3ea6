# SPDX-License-Identifier: BSD-3-Clause
"""What the kernels of the two ends know of their connections."""

import re

from network import until

GONE = ("LISTEN", "TIME-WAIT")
PATIENCE_S = 30


def retries(lab, machine):
    """How often the socket that tries hardest has repeated its oldest segment in vain by now."""
    told = lab.at(machine, "ss", "-Htano")
    return max(map(int, re.findall(r"timer:\(on,[^,]*,(\d+)\)", told)), default=0)


def wait_for_retries(lab, machine, count):
    """Five take about 7 s, six 14 s: each waits twice as long as the one before."""
    until(f"{machine} repeats itself {count} times", lambda: retries(lab, machine) >= count,
          PATIENCE_S)


def settle(lab):
    """Waits until all connections are over at both ends, with retransmissions if need be."""
    def open_ones():
        rows = [row for machine in ("client", "server")
                for row in lab.at(machine, "ss", "-Htan").splitlines()]
        return [row for row in rows if not row.startswith(GONE)]
    until("all connections are over", lambda: not open_ones(), PATIENCE_S)
