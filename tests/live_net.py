# SPDX-License-Identifier: BSD-3-Clause
"""Two hosts in namespaces of their own, a real sshd on one of them, and rstscope beside it."""

import os
import shutil
import signal
import subprocess
import tempfile
import time

CLIENT, SERVER = "10.98.7.1", "10.98.7.2"
TOOLS = ("ip", "ssh", "sshd", "ssh-keygen", "tcpdump", "nft", "mount", "umount")


def why_not():
    """Why this cannot run here; None when it can."""
    if os.geteuid() != 0:
        return "not root"
    missing = [tool for tool in TOOLS if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        return "no " + ", ".join(missing)
    name = f"rst{os.getpid()}t"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False)
    if made.returncode != 0:
        return "no network namespaces"
    subprocess.run(["ip", "netns", "del", name], check=False)
    return None


class Net:
    """Closed by close(), which ends what was started and removes what was made."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="rstscope-live-")
        os.chmod(self.folder, 0o755)
        self.started, self.mounts = [], []
        self.client, self.server = f"rst{os.getpid()}c", f"rst{os.getpid()}s"
        for name in (self.client, self.server):
            self.ip("netns", "add", name)
            self.ip("-n", name, "link", "set", "lo", "up")
        self.link("v", CLIENT, SERVER)
        self.keys()

    def ip(self, *words):
        subprocess.run(["ip", *words], check=True, capture_output=True)

    def link(self, name, client_ip, server_ip):
        """A cable from NAMEc to NAMEs."""
        self.ip("link", "add", name + "c", "netns", self.client, "type", "veth", "peer", "name",
                name + "s", "netns", self.server)
        for space, end, address in ((self.client, "c", client_ip), (self.server, "s", server_ip)):
            self.ip("-n", space, "addr", "add", address + "/24", "dev", name + end)
            self.ip("-n", space, "link", "set", name + end, "up")

    def path(self, name):
        return os.path.join(self.folder, name)

    def keys(self):
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(name)],
                           check=True)
        shutil.copy(self.path("user.pub"), self.path("authorized"))
        open(self.path("sshd_config"), "w", encoding="ascii").close()
        os.makedirs("/run/sshd", mode=0o755, exist_ok=True)

    def run(self, space, command, **how):
        """Starts it in a namespace; ended by close() if it is still there."""
        process = subprocess.Popen(["ip", "netns", "exec", space, *command], **how)
        self.started.append(process)
        return process

    def sshd(self):
        self.run(self.server, ["/usr/sbin/sshd", "-D", "-e", "-f", self.path("sshd_config"), "-h",
                               self.path("host"), "-o", "AuthorizedKeysFile=" + self.path("authorized"),
                               "-o", "StrictModes=no", "-o", "PidFile=none", "-o", "UsePAM=no",
                               "-o", "MaxStartups=100"], stderr=subprocess.DEVNULL)
        for _ in range(100):
            if self.ssh("true", wait=True) == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("sshd does not answer")

    def ssh(self, command, wait=False, **how):
        process = self.run(self.client, [
            "ssh", "-n", "-F", "none", "-i", self.path("user"), "-o", "IdentitiesOnly=yes",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "root@" + SERVER, command],
            stdout=how.get("stdout", subprocess.DEVNULL), stderr=subprocess.DEVNULL)
        return process.wait(timeout=20) if wait else process

    def tmpfs(self, name, size):
        path = self.path(name)
        os.mkdir(path)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", path], check=True)
        self.mounts.append(path)
        return path

    def close(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
        for path in self.mounts:
            subprocess.run(["umount", path], check=False)
        for name in (self.client, self.server):
            subprocess.run(["ip", "netns", "del", name], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Live:
    """rstscope live in the server's namespace."""

    def __init__(self, net, binary, *options, interface="vs", stdout=None):
        self.out = net.path(f"out{len(net.started)}")
        self.err = self.out + ".err"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = net.run(net.server, [binary, "live", "-i", interface, *options],
                                   stdout=out if stdout is None else stdout, stderr=err)
        self.status = self.seconds = None

    def ready(self, patience_s=5):
        """Whether it captures: it says so, behind the sandbox."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until and self.process.poll() is None:
            if "capturing" in self.errors():
                return True
            time.sleep(0.02)
        return False

    def text(self):
        with open(self.out, encoding="utf-8") as file:
            return file.read()

    def errors(self):
        with open(self.err, encoding="utf-8") as file:
            return file.read()

    def send(self, number):
        os.kill(self.process.pid, number)

    def end(self, number=signal.SIGTERM, patience_s=10):
        """Sends the signal, waits, and measures how long it took."""
        begin = time.monotonic()
        if number is not None:
            self.send(number)
        try:
            self.status = self.process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            self.status = None
        self.seconds = time.monotonic() - begin
        return self.status
