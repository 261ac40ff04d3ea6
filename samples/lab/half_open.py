# SPDX-License-Identifier: BSD-3-Clause
"""Half a connection: half_open.py ADDRESS PORT

Sends a SYN of its own making, as a SYN scanner does. The kernel knows nothing of that connection
and resets the answer.
"""

import socket
import struct
import sys
import time

SYN, MSS = 2, 1460
ANSWER_S = 0.5


def local_port():
    """The port that a connection would have had: the lab leaves one alone."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        return int(file.read().split()[0])


def local_address(family, address, port):
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((address, port))
        return probe.getsockname()[0]


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return 0xffff - total


def main(address, port):
    port, source = int(port), local_port()
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    # Window and option as a well-known scanner sends them.
    segment = struct.pack("!HHIIBBHHHBBH", source, port, 0x5ca00000 + source, 0, 6 << 4, SYN, 1024,
                          0, 0, 2, 4, MSS)
    mine = local_address(family, address, port)
    pseudo = (socket.inet_pton(family, mine) + socket.inet_pton(family, address) +
              struct.pack("!HH", socket.IPPROTO_TCP, len(segment)))
    total = struct.pack("!H", checksum(pseudo + segment))
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
        raw.sendto(segment[:16] + total + segment[18:], (address, 0))
    time.sleep(ANSWER_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
