# SPDX-License-Identifier: BSD-3-Clause
"""An end of a connection that says just what it is told to, for what no honest program says.

    raw_peer.py connect ADDRESS PORT STEP...        one connection
    raw_peer.py listen PORT STEP...                 the same steps for each that comes

    line=TEXT      sends TEXT and CR LF; text=TEXT and hex=DIGITS send that alone
    kexinit        sends a KEXINIT that OpenSSH and dropbear can agree with; strict-kexinit promises
                   strict key exchange as well
    packet=DIGITS  sends an SSH packet in the clear; DIGITS are its payload, message number first
    hear=TEXT      waits until the other end has said TEXT
    pause=SECONDS
    end            waits until the other end ends it, and prints "end: closed" or "end: reset"
    reset          ends it with a reset; otherwise it is closed after the last step
"""

import os
import socket
import struct
import sys
import time

BLOCK = 8  # of packets in the clear, RFC 4253 section 6
KEXINIT = 20
OFFERS = ("curve25519-sha256,diffie-hellman-group14-sha256", "ssh-ed25519,ecdsa-sha2-nistp256",
          "aes128-ctr,aes256-ctr", "aes128-ctr,aes256-ctr", "hmac-sha2-256", "hmac-sha2-256",
          "none", "none", "", "")


def packet(payload):
    padding = BLOCK - (5 + len(payload)) % BLOCK
    padding += BLOCK if padding < 4 else 0
    return struct.pack(">IB", 1 + len(payload) + padding, padding) + payload + bytes(padding)


def kexinit(markers=()):
    """Markers stand among the methods of key exchange."""
    lists = [",".join([OFFERS[0], *markers]), *OFFERS[1:]]
    names = b"".join(struct.pack(">I", len(text)) + text.encode() for text in lists)
    return packet(bytes([KEXINIT]) + os.urandom(16) + names + bytes(5))


SAYINGS = {
    "line": lambda text: text.encode() + b"\r\n",
    "text": str.encode,
    "hex": bytes.fromhex,
    "packet": lambda digits: packet(bytes.fromhex(digits)),
    "kexinit": lambda _: kexinit(),
    "strict-kexinit": lambda _: kexinit([f"kex-strict-{end}-v00@openssh.com" for end in "cs"]),
}


def hear(stream, text):
    heard = b""
    while text.encode() not in heard:
        more = stream.recv(4096)
        if not more:
            sys.exit(f"the other end closed before it said {text}")
        heard += more


def see_end(stream, _):
    try:
        while stream.recv(4096):
            pass
        print("end: closed", flush=True)
    except ConnectionResetError:
        print("end: reset", flush=True)


def reset(stream, _):
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.close()


DEEDS = {"hear": hear, "end": see_end, "reset": reset,
         "pause": lambda _, seconds: time.sleep(float(seconds))}


def perform(stream, steps):
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for step in steps:
        word, _, value = step.partition("=")
        if word in SAYINGS:
            stream.sendall(SAYINGS[word](value))
        else:
            DEEDS[word](stream, value)
    stream.close()


def main(how, *words):
    if how == "connect":
        address, port, *steps = words
        perform(socket.create_connection((address, int(port))), steps)
        return
    port, *steps = words
    with socket.create_server(("", int(port)), family=socket.AF_INET6,
                              dualstack_ipv6=True) as listener:
        while True:
            perform(listener.accept()[0], steps)


if __name__ == "__main__":
    main(*sys.argv[1:])
