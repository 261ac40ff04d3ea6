# SPDX-License-Identifier: BSD-3-Clause
"""Logins that are not simply a key, and connections that never log in.

ssh reads no password from a pipe: it asks a program (SSH_ASKPASS), and that program is the person.
"""

import keys
from network import until

PASSWORD = ("PreferredAuthentications=password",)
# Where a capture holds many handshakes: without the long post-quantum ones.
SMALL = ("KexAlgorithms=curve25519-sha256", "HostKeyAlgorithms=ssh-ed25519")


def asking(program):
    """The environment in which ssh asks that program of keys.HOME for a password."""
    return {"SSH_ASKPASS": keys.path(program), "SSH_ASKPASS_REQUIRE": "force"}


def hesitate(lab, **how):
    """A client of OpenSSH whose user looks for the password until let_in()."""
    keys.write("slowpass", f"#!/bin/sh\necho >> {keys.path('asked')}\n"
                           f"until [ -e {keys.path('found')} ]; do sleep 0.1; done\n"
                           f"exec {keys.path('askpass')}\n", 0o755)
    keys.write("asked", "")
    kind = "newer" if lab.vary["client"] == "newer" else "openssh"
    session = lab.connect(tty=False, kind=kind, options=PASSWORD, environment=asking("slowpass"),
                          **how)
    until("the client asks", lambda: keys.read("asked"))
    return session


def find_password():
    keys.write("found", "")


def let_in(session):
    """The password is found, and a command answered."""
    find_password()
    session.send("echo welcome\n")
    session.expect("welcome")


def errand(lab, **how):
    """A good session with one command: the neighbour of what goes wrong, in few packets."""
    session = lab.connect("uname -s", tty=False, **how)
    served(lab, session)


def served(lab, *sessions):
    """Those errands come to a good end."""
    for session in sessions:
        session.wait()
        session.expect("Linux")
        lab.good(session)


def leave(session):
    session.hang_up()
    session.wait()


def mute(lab, words=""):
    """A TCP connection that says these words alone, and ends when the server does."""
    script = 'exec 3<>/dev/tcp/$0/$1 && printf %s "$2" >&3; exec cat <&3'
    return lab.launch(["bash", "-c", script, lab.address("server"), lab.port, words])


def log():
    """What the server has said of itself."""
    with open(keys.path("server.log"), encoding="utf-8", errors="replace") as file:
        return file.read()


def logged(session, word):
    """Whether a line of sshd's log names the client's port as [ADDRESS]:PORT and has that word."""
    port = f"]:{session.ends['client'][0][1]} "
    return any(port in line and word in line for line in log().splitlines())
