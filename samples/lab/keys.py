# SPDX-License-Identifier: BSD-3-Clause
"""What a lab's machines need to trust each other: keys, a user, a password; made for each run.

All of it lies below HOME, on a tmpfs that only this run sees. /etc/passwd and the like are replaced
for this run alone, by bind mounts.
"""

import os
import shutil
import subprocess

HOME = "/run/lab"
UID = 41000
PASSWORD = "correct horse"


def path(name):
    return os.path.join(HOME, name)


def run(*command, text=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text,
                          timeout=60).stdout


def write(name, content, mode=0o644):
    with open(path(name), "w", encoding="ascii") as file:
        file.write(content)
    os.chmod(path(name), mode)


def read(name):
    with open(path(name), encoding="ascii") as file:
        return file.read()


def make():
    """Once for each run, on a fresh /run."""
    os.makedirs(path("home/.ssh"))
    os.makedirs("/run/sshd", mode=0o755)
    open("/run/utmp", "w", encoding="ascii").close()
    for name, kind in (("host_ed25519", "ed25519"), ("host_ecdsa", "ecdsa"), ("key", "ed25519"),
                       ("other_key", "ed25519"), ("third_key", "ed25519")):
        run("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "lab", "-f", path(name))
    write("home/.ssh/authorized_keys", read("key.pub"))
    write("sshd_config", "")  # a scenario may write what -o cannot say: Match
    write("askpass", f"#!/bin/sh\necho '{PASSWORD}'\n", 0o755)
    write("wrongpass", "#!/bin/sh\necho wrong\n", 0o755)
    make_user()
    for where, _, files in os.walk(path("home")):
        for name in (where, *(os.path.join(where, file) for file in files)):
            shutil.chown(name, UID, UID)


def make_user():
    """alice is known here and in no other place."""
    hashed = run("openssl", "passwd", "-6", "-stdin", text=PASSWORD).strip()
    home = path("home")
    replace("passwd", f"alice:x:{UID}:{UID}::{home}:/bin/bash")
    replace("shadow", f"alice:{hashed}:19000:0:99999:7:::", 0o600)
    replace("group", f"alice:x:{UID}:")
    for name in ("hosts.allow", "hosts.deny"):
        write(name, "")
        if os.path.exists("/etc/" + name):
            run("mount", "--bind", path(name), "/etc/" + name)


def replace(name, line, mode=0o644):
    with open("/etc/" + name, encoding="utf-8") as file:
        kept = [row for row in file if not row.startswith("alice:")]
    write(name, "".join(kept) + line + "\n", mode)
    run("mount", "--bind", path(name), "/etc/" + name)


def known_hosts(addresses, port):
    """What the client believes of the server, whichever key it shows."""
    names = ",".join(f"[{a}]:{port}" if port != 22 else a for a in addresses)
    write("known_hosts", "".join(f"{names} {read(key)}"
                                 for key in ("host_ed25519.pub", "host_ecdsa.pub")))
