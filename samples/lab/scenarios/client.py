# SPDX-License-Identifier: BSD-3-Clause
"""What clients of every make do in good order: nothing here may be called broken.

Who: all these sessions end by the client's FIN, also when it is the server's shell that has ended.
"""

import os
import shlex
import time

import clients
import keys
from network import until
from run import See, everywhere
from scenario import scenario

GCM = ("Ciphers=aes256-gcm@openssh.com",)
MAC = ("Ciphers=aes128-ctr", "MACs=hmac-sha2-256", "KexAlgorithms=curve25519-sha256")
SMALL = ("KexAlgorithms=curve25519-sha256",)  # where a capture holds many handshakes
PLAIN_KEYS = ("ObscureKeystrokeTiming=no",)


@scenario(dict(), dict(family=6, port=2222, options=GCM, idle_s=1260),
          dict(server="dropbear", client="dropbear", idle_s=65),
          dict(client="plink", family=6, idle_s=3605),
          dict(client="paramiko", server="newer", idle_s=905),
          dict(client="newer", server="newer", family=6, options=PLAIN_KEYS, idle_s=7260),
          dict(client="newer", server="dropbear", idle_s=245, delay_ms=80),
          dict(client="paramiko", server="dropbear", idle_s=310),
          dict(client="plink", server="newer", port=2222, idle_s=605),
          dict(client="dropbear", server="newer", idle_s=1805, delay_ms=2),
          dict(server="newer", options=MAC, idle_s=8000))
def logout(lab):
    """A person logs in, types, looks away for long, comes back, and logs out."""
    lab.serve()
    session = lab.log_in()
    session.type("ls /")
    session.expect("usr")
    lab.silence(lab.vary.get("idle_s", 310), 1)
    session.type("date")
    session.log_out()
    lab.good(session)


@scenario(dict(), dict(client="newer", server="dropbear", family=6),
          dict(client="dropbear", port=2222), dict(client="dropbear", server="dropbear"),
          dict(client="plink", server="newer"), dict(client="plink", server="dropbear", family=6),
          dict(client="paramiko"), dict(client="paramiko", server="dropbear", delay_ms=60))
def one_command(lab):
    """A client runs one command that fails, gets its output and its status, and ends with it."""
    lab.serve()
    session = lab.connect("echo done; exit 3", tty=False)
    session.wait()
    session.expect("done")
    lab.good(session)


@scenario(dict(), dict(client="dropbear", family=6), dict(client="plink", server="dropbear"),
          dict(client="newer", server="newer", port=2222, options=MAC))
def piped_input(lab):
    """A file is piped into a command on the server, which ends with its input."""
    lab.serve()
    session = lab.connect("wc -c", tty=False)
    session.send("x" * 6000)
    session.hang_up()
    session.wait()
    session.expect("6000")
    lab.good(session)


@scenario(dict(), dict(client="newer", server="newer", family=6),
          dict(server="dropbear", port=2222))
def pipe_closed(lab):
    """The program that reads the client's output has seen enough: ssh host seq 9000 | head -1."""
    lab.serve()
    words = clients.KINDS[lab.vary["client"]](lab.address("server"), lab.port, ["seq 9000"], False,
                                              "key", "alice", lab.vary["options"])
    session = lab.launch(["bash", "-c", shlex.join(map(str, words)) + " | head -1"])
    session.wait()
    session.expect("1\n")
    lab.good(session)


@scenario(dict(client="newer", server="newer", family=6),
          dict(client="newer", server="newer", options=("Ciphers=aes256-ctr",)))
def chaff(lab):
    """Keystrokes are hidden among made-up ones, as newer clients and servers do."""
    lab.serve()
    session = lab.log_in()
    lab.silence(120, 1)
    session.log_out()
    lab.good(session)


@scenario(dict(job_s=290), dict(server="newer", client="newer", job_s=1000, family=6),
          dict(client="plink", port=2222, job_s=3600), dict(client="dropbear", job_s=7150))
def job_left_behind(lab):
    """The command has ended but for a job in the background: the client waits until that ends."""
    lab.serve()
    session = lab.connect("sleep 3 & echo started", tty=False)
    session.expect("started")
    lab.silence(lab.vary["job_s"], 2)
    assert not session.has_ended()
    session.wait()
    lab.good(session)


@scenario(dict(limit_s=300), dict(client="plink", server="newer", limit_s=900, family=6),
          dict(server="dropbear", limit_s=600))
def auto_logout(lab):
    """The shell ends an idle session itself (TMOUT of bash), in good order."""
    lab.serve()
    session = lab.log_in()
    session.type("TMOUT=3")
    lab.silence(lab.vary["limit_s"] - 2, 1)
    session.wait()
    session.expect("auto-logout")
    shell = See("the server speaks first after a silence: its shell has ended, not its machine",
                also="server/orderly_close")
    lab.good(session, **everywhere(shell))


@scenario(dict(every_s=15, client_says=("ServerAliveInterval=1",)),
          dict(every_s=30, server_says=("ClientAliveInterval=1",), client="newer", server="newer",
               family=6, options=PLAIN_KEYS),
          dict(every_s=60, client_says=("-K", "1"), client="dropbear"),
          dict(every_s=45, server_says=("-K", "1"), server="dropbear"),
          dict(every_s=75, probes=True, client="plink", server="newer"))
def keepalives(lab):
    """Keepalives of the client, the server or its kernel are answered all the time."""
    if lab.vary.get("probes"):
        lab.sysctl("server", tcp_keepalive_time=1, tcp_keepalive_intvl=1)
    lab.serve(*lab.vary.get("server_says", ()))
    session = lab.log_in(options=lab.vary.get("client_says", ()))
    time.sleep(0.5)
    since = time.time_ns()
    time.sleep(4.5)
    lab.slow_down(since, lab.vary["every_s"])
    session.is_working().log_out()
    lab.good(session)


@scenario(dict(pause_s=2, options=SMALL), dict(client="dropbear", server="dropbear", pause_s=60),
          dict(client="plink", family=6, pause_s=5),
          dict(client="paramiko", server="newer", pause_s=300))
def one_after_another(lab):
    """A script makes a connection for each of its commands."""
    lab.serve()
    for number in range(3):
        session = lab.connect(f"echo step $(({number} + 100))", tty=False)
        session.wait()
        session.expect(f"step {number + 100}")
        lab.good(session)
        lab.silence(lab.vary["pause_s"], 0.4)


@scenario(dict(options=SMALL), dict(family=6, server="dropbear"), needs=("git",))
def git(lab):
    """A repository is made on the server, pushed to and cloned: a connection each."""
    lab.serve()
    made = lab.connect("git init -q --bare repo.git", tty=False)
    made.wait()
    run = clients.openssh("HOST", lab.port, [], False, "key", "alice", lab.vary["options"])[:-1]
    environment = {"GIT_SSH_COMMAND": shlex.join(map(str, run)), "HOME": keys.path("")}
    host = f"[{lab.address('server')}]" if lab.family == 6 else lab.address("server")
    url, work = f"ssh://alice@{host}:{lab.port}{keys.path('home/repo.git')}", keys.path("work")
    keys.run("git", "init", "-q", work)
    keys.run("git", "-C", work, "-c", "user.name=lab", "-c", "user.email=lab@lab", "commit", "-q",
             "--allow-empty", "-m", "first")
    pushed = lab.launch(["git", "-C", work, "push", url, "HEAD:refs/heads/main"],
                        environment=environment)
    pushed.wait()
    cloned = lab.launch(["git", "clone", "-b", "main", url, keys.path("clone")],
                        environment=environment)
    cloned.wait()
    assert os.path.exists(keys.path("clone/.git/HEAD")), cloned.said()
    for session in (made, pushed, cloned):
        lab.good(session)
