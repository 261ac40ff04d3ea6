# SPDX-License-Identifier: BSD-3-Clause
"""SSH servers, started for one run: OpenSSH of this system or of a newer one, and dropbear."""

import os
import signal
import subprocess

import keys
from network import until

# A newer Debian unpacked beside the lab's results (see README.md); its sshd is run with chroot.
NEWER = os.path.abspath(os.path.join("build", "lab", "newer"))


class Server:
    """A listening server; its processes are found by descent from the listener."""

    def __init__(self, network, machine, port, log):
        self.network, self.machine, self.port, self.log = network, machine, port, log
        self.process = None

    def launch(self, command, name):
        with open(self.log, "ab") as log:
            self.process = self.network.start(self.machine, *command, stdout=log, stderr=log)
        self.name = name
        until(f"{name} listens", lambda: self.is_listening() or self.has_died())
        return self

    def has_died(self):
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"{self.name} ended: {log.read()[-400:]}")
        return False

    def is_listening(self):
        return "LISTEN" in self.network.at(self.machine, "ss", "-Hltn", f"sport = :{self.port}")

    def workers(self):
        """Pids of all processes below the listener that belong to the server itself, old first."""
        return [pid for pid in descendants(self.process.pid)
                if comm(pid).startswith(("sshd", "dropbear"))]

    def shells(self):
        return [pid for pid in descendants(self.process.pid)
                if not comm(pid).startswith(("sshd", "dropbear"))]

    def kill(self, number=signal.SIGKILL):
        """The listener alone; sessions live on."""
        os.kill(self.process.pid, number)
        self.process.wait()

    def kill_all(self, number=signal.SIGKILL):
        for pid in [*self.workers(), self.process.pid]:
            kill(pid, number)
        self.process.wait()


def openssh(network, port, options, machine="server", root=None):
    """options: lines of sshd_config, as "Name=value"."""
    # The newer sshd takes the environment of chroot, not of this system.
    command = ["chroot", root] if root else []
    command += ["/usr/sbin/sshd", "-D", "-e", "-f", keys.path("sshd_config")]
    standard = [f"HostKey={keys.path('host_ed25519')}", f"HostKey={keys.path('host_ecdsa')}",
                f"AuthorizedKeysFile={keys.path('home/.ssh/authorized_keys')}", f"Port={port}",
                "StrictModes=no", "UsePAM=no", "PidFile=none", "PrintLastLog=no",
                "PrintMotd=no", "UseDNS=no", "Subsystem=sftp internal-sftp", "LogLevel=DEBUG1"]
    # The first value of a word counts, so what a scenario asks for stands first.
    for option in [*options, *standard]:
        command += ["-o", option]
    if root:
        enter(root)
    return Server(network, machine, port, keys.path("server.log")).launch(command, "sshd")


def enter(root):
    """Shows the run's own files inside the other root as well; once is enough."""
    if os.path.exists(root + keys.HOME):
        return
    for name in ("/run", "/proc", "/dev", "/etc/passwd", "/etc/shadow", "/etc/group"):
        subprocess.run(["mount", "--rbind", name, root + name], check=True)


def dropbear(network, port, options, machine="server"):
    for kind in ("ed25519", "ecdsa"):
        target = keys.path("dropbear_" + kind)
        if not os.path.exists(target):
            keys.run("dropbearconvert", "openssh", "dropbear", keys.path("host_" + kind), target)
    command = ["dropbear", "-F", "-E", "-p", port, "-r", keys.path("dropbear_ed25519"),
               "-r", keys.path("dropbear_ecdsa"), *options]
    return Server(network, machine, port, keys.path("server.log")).launch(command, "dropbear")


def descendants(pid):
    found = []
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,stat="], capture_output=True,
                            text=True, check=True).stdout
    rows = [row.split() for row in listed.splitlines()]
    parents = [pid]
    while parents:
        parent = parents.pop(0)
        below = [int(child) for child, its, state in rows
                 if int(its) == parent and not state.startswith("Z")]
        found += below
        parents += below
    return found


def comm(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="ascii", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return ""


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
