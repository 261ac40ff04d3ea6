# SPDX-License-Identifier: BSD-3-Clause
"""A client made of paramiko: paramiko_client.py ADDRESS PORT USER KEY shell|exec [COMMAND]

With "shell" it carries standard input to a shell with a terminal and prints what comes back. With
LINGER in the environment its socket is one that resets when it is closed.
"""

import os
import socket
import struct
import sys
import threading

import paramiko


def carry(channel):
    while data := os.read(0, 4096):
        channel.sendall(data)
    channel.shutdown_write()


def show(channel):
    while data := channel.recv(4096):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def main(address, port, user, key, mode, *command):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(address, int(port), user, pkey=paramiko.Ed25519Key.from_private_key_file(key),
                   allow_agent=False, look_for_keys=False)
    if "LINGER" in os.environ:
        client.get_transport().sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                               struct.pack("ii", 1, 0))
    if mode == "exec":
        _, output, _ = client.exec_command(" ".join(command))
        print(output.read().decode(), end="")
    else:
        channel = client.invoke_shell()
        threading.Thread(target=carry, args=(channel,), daemon=True).start()
        show(channel)
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
