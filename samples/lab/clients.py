# SPDX-License-Identifier: BSD-3-Clause
"""SSH clients of several makes, each with the same few habits: log in, type, leave.

A session is a process on the client machine; what it prints goes to a file that the scenario may
read. Every client is given its TCP port by the lab, so that truth can name the connection before
a packet of it was sent.
"""

import os
import signal
import subprocess
import time

import keys
import servers
from network import until

# What OpenSSH before 9.0 offered: a kilobyte less each way, and so smaller captures.
BEFORE_POST_QUANTUM = ("KexAlgorithms=-mlkem768*,sntrup761*",)
LIBRARY_CLIENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "paramiko_client.py")


class Session:
    """One client process and its TCP connection."""

    kind = None  # of KINDS, if it is one of them

    def __init__(self, process, log, ends):
        self.process, self.log, self.ends = process, log, ends
        self.answers = 0

    @property
    def pid(self):
        return self.process.pid

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def type(self, line="", pause_s=0.03):
        """Keys, one at a time, as a person's terminal sends them; then Enter."""
        for key in line + "\n":
            self.send(key)
            time.sleep(pause_s)

    def send(self, text):
        """At once; a client that is gone does not mind."""
        try:
            self.process.stdin.write(text.encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def expect(self, word, patience_s=10):
        until(f"'{word}' from the client; it said: {self.said()[-300:]}",
              lambda: word in self.said(), patience_s)

    def is_working(self):
        """Waits until the shell answers: logged in, and able to go on."""
        self.answers += 1
        self.send(f"echo answer $(({self.answers} + 1000))\n")
        self.expect(f"answer {self.answers + 1000}")
        return self

    def hang_up(self):
        """End of input: a client without a terminal lets its command end."""
        self.process.stdin.close()

    def log_out(self):
        self.type("exit", 0.01)
        self.wait()

    def wait(self, patience_s=20):
        return self.process.wait(timeout=patience_s)

    def has_ended(self):
        return self.process.poll() is not None

    def kill(self, number=signal.SIGKILL):
        if not self.has_ended():
            os.kill(self.pid, number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            self.process.wait()


def openssh(address, port, command, tty, key, user, options):
    words = ["ssh", "-F", "none", "-p", port, "-l", user, "-i", keys.path(key)]
    for option in (*options, "IdentitiesOnly=yes", "LogLevel=INFO",
                   f"UserKnownHostsFile={keys.path('known_hosts')}"):
        words += ["-o", option]
    return [*words, *(["-tt"] if tty else []), address, *command]


def newer(*how):
    servers.enter(servers.NEWER)
    return ["chroot", servers.NEWER, *openssh(*how)]


def dropbear(address, port, command, tty, key, user, options):
    target = keys.path(key + ".dropbear")
    if not os.path.exists(target):
        keys.run("dropbearconvert", "openssh", "dropbear", keys.path(key), target)
    # dbclient asks for a terminal of its own before it asks for one there; -T reads lines instead.
    return ["dbclient", "-T", "-y", "-y", "-i", target, "-p", port, *options, f"{user}@{address}",
            *command]


def plink(address, port, command, tty, key, user, options):
    target = keys.path(key + ".ppk")
    if not os.path.exists(target):
        keys.run("puttygen", keys.path(key), "-o", target)
    shown = [keys.run("ssh-keygen", "-lf", keys.path(host + ".pub")).split()[1]
             for host in ("host_ed25519", "host_ecdsa")]
    trusted = [word for print_ in shown for word in ("-hostkey", print_)]
    return ["plink", "-ssh", "-batch", *trusted, "-i", target, "-P", port, "-l", user, *options,
            "-t" if tty else "-T", address, *command]


def paramiko(address, port, command, tty, key, user, options):
    return ["/usr/bin/python3", LIBRARY_CLIENT, address, port, user, keys.path(key),
            "shell" if tty else "exec", *options, *command]


def curl(address, port, command, tty, key, user, options):
    """libssh2 at work: command is the path of a file to fetch by sftp."""
    assert not tty
    shown = f"[{address}]" if ":" in address else address
    return ["curl", "-sS", "--insecure", "--key", keys.path(key), "--pubkey",
            keys.path(key + ".pub"), "-u", user + ":", *options,
            f"sftp://{shown}:{port}{command[0]}"]


KINDS = {"openssh": openssh, "newer": newer, "dropbear": dropbear, "plink": plink,
         "paramiko": paramiko, "curl": curl}


def start(network, kind, ends, log, environment, words):
    """Starts a client made by one of KINDS; its standard input is a pipe that type() fills."""
    with open(log, "wb") as output:
        process = network.start("client", *words, stdin=subprocess.PIPE, stdout=output,
                                stderr=subprocess.STDOUT, env={**os.environ, **environment})
    return Session(process, log, ends)
