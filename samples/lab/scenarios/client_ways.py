# SPDX-License-Identifier: BSD-3-Clause
"""What else good clients do with a connection: copy, forward, share, jump, change keys."""

import os
import time

import clients
import keys
import servers
from network import until
from run import NOTHING, See, everywhere
from scenario import scenario
from scenarios.client import PLAIN_KEYS, SMALL

PAYLOAD_LEN = 12_000
MUX = keys.path("mux")
GCM = ("Ciphers=aes128-gcm@openssh.com",)


def shown(lab):
    return f"[{lab.address('server')}]" if lab.family == 6 else lab.address("server")


# ---- copying files ----

def copier(lab, tool):
    """The command line of a tool that copies files, but for what and whereto."""
    name, *flags = tool.split()
    if name in ("psftp", "pscp"):
        # All of plink's words but its name, -ssh, and what stands for terminal and host.
        return [name, *clients.plink("", lab.port, (), False, "key", "alice", flags)[2:-2]]
    said = [f"Port={lab.port}", "User=alice", f"IdentityFile={keys.path('key')}",
            "IdentitiesOnly=yes", f"UserKnownHostsFile={keys.path('known_hosts')}",
            *lab.vary["options"]]
    root = ["chroot", servers.NEWER] if lab.vary["client"] == "newer" else []
    return [*root, name, *flags, "-F", "none", *(w for word in said for w in ("-o", word))]


def payloads(lab):
    """(here, there): a file on the client, and the name of its copy on the server."""
    keys.write("payload", "0123456789" * (PAYLOAD_LEN // 10))
    return keys.path("payload"), keys.path("home/payload")


def arrived(path):
    assert os.path.getsize(path) == PAYLOAD_LEN, path


@scenario(dict(tool="scp"), dict(tool="scp -O", family=6, port=2222, options=GCM),
          dict(tool="scp", client="newer", server="newer"), dict(tool="scp -O", server="dropbear"),
          dict(tool="pscp", server="newer", needs=("pscp",)),
          dict(tool="pscp -scp", family=6, needs=("pscp",)))
def scp(lab):
    """A file is copied to the server."""
    lab.serve()
    here, there = payloads(lab)
    session = lab.launch([*copier(lab, lab.vary["tool"]), here, f"alice@{shown(lab)}:{there}"])
    session.wait()
    arrived(there)
    lab.good(session)


@scenario(dict(tool="sftp -b -"), dict(tool="sftp -b -", client="newer", server="newer", family=6),
          dict(tool="psftp", delay_ms=40, needs=("psftp",)),
          dict(tool="psftp", server="newer", port=2222, needs=("psftp",)))
def sftp(lab):
    """Two files are fetched in an sftp session with some thought in between."""
    lab.serve()
    here, there = payloads(lab)
    os.rename(here, there)
    session = lab.launch([*copier(lab, lab.vary["tool"]), shown(lab)])
    session.send(f"get {there} {here}\n")
    until("the file is here", lambda: os.path.exists(here) and
          os.path.getsize(here) == PAYLOAD_LEN)
    lab.silence(90, 1)
    session.send(f"ls {keys.path('home')}\nbye\n")
    session.wait()
    session.expect("payload")
    lab.good(session)


@scenario(dict(client="curl"), dict(client="curl", server="newer", family=6, port=2222))
def curl(lab):
    """A program with libssh2 inside fetches a file."""
    lab.serve()
    here, there = payloads(lab)
    os.rename(here, there)
    session = lab.connect(there, tty=False)
    session.wait()
    assert len(session.said()) == PAYLOAD_LEN, session.said()[:200]
    lab.good(session)


@scenario(dict(), dict(client="dropbear", server="dropbear", family=6), dict(client="plink"))
def backup(lab):
    """A tar archive is written on the server and streamed to the client."""
    lab.serve()
    session = lab.connect(f"tar -c -C /usr/share/doc/bash . | head -c {PAYLOAD_LEN}", tty=False)
    session.wait()
    lab.good(session)


# ---- forwarding ----

def web(lab, machine):
    """A web server on a machine's loopback."""
    lab.network.start(machine, "/usr/bin/python3", "-m", "http.server", "8000", "--bind",
                      "127.0.0.1", "--directory", keys.path("home"))
    listens(lab, machine, 8000)


def listens(lab, machine, port):
    until(f"port {port} of {machine}",
          lambda: lab.at(machine, "ss", "-Hltn", f"sport = :{port}").strip())


@scenario(dict(forward=("LocalForward=8080 127.0.0.1:8000",)),
          dict(forward=("DynamicForward=8080",), proxy=True, client="newer", server="newer",
               family=6, options=PLAIN_KEYS),
          dict(forward=("RemoteForward=8080 127.0.0.1:8000",), back=True, port=2222),
          dict(forward=("-L", "8080:127.0.0.1:8000"), client="dropbear", server="dropbear"),
          dict(forward=("-R", "8080:127.0.0.1:8000"), back=True, client="plink", family=6),
          needs=("curl",))
def forward(lab):
    """A page is fetched through a forwarded port, while a shell is open as well."""
    near, far = ("server", "client") if lab.vary.get("back") else ("client", "server")
    lab.serve()
    web(lab, far)
    session = lab.log_in(options=lab.vary["forward"])
    listens(lab, near, 8080)
    through = (["--socks5", "127.0.0.1:8080", "http://127.0.0.1:8000/"] if lab.vary.get("proxy")
               else ["http://127.0.0.1:8080/"])
    for _ in range(2):
        lab.take_port("client")  # for the page: plink does not share its own
        assert ".ssh" in lab.at(near, "curl", "-sS", *through)
        lab.silence(150, 1)
    session.log_out()
    lab.good(session)


# ---- one connection for many sessions ----

def over(lab, *words):
    """Runs ssh over the shared connection; never makes a connection of its own."""
    return lab.at("client", "ssh", "-F", "none", "-S", MUX, "-o", "ProxyCommand=false",
                  "alice@" + lab.address("server"), *words)


def ends_by_itself(lab, session):
    """The connection, not the program that has made it."""
    port = session.ends["client"][0][1]
    until("the client closes", lambda: "ESTAB" not in
          lab.at("client", "ss", "-Hatn", f"sport = :{port}"))


@scenario(dict(end="exit"), dict(end="stop", server="newer", family=6, options=GCM),
          dict(end="exit", server="dropbear", port=2222))
def shared(lab):
    """Commands go over the connection of a session (ControlMaster), which -O exit or stop ends."""
    lab.serve()
    session = lab.log_in(options=("ControlMaster=yes", f"ControlPath={MUX}"))
    for number in range(2):
        assert f"step {number}" in over(lab, f"echo step {number}")
        lab.silence(70, 0.5)
    if lab.vary["end"] == "stop":
        over(lab, "-O", "stop")
        session.log_out()
        lab.good(session)
    else:
        over(lab, "-O", "exit")
        session.wait()
        cut = See("the client says goodbye while a shell is open",
                  also="client/client_abort server/orderly_close")
        lab.good(session, **everywhere(cut))


@scenario(dict(persist_s=60), dict(persist_s=600, server="newer", family=6),
          dict(persist_s=1800, server="dropbear"))
def lingering(lab):
    """A shared connection outlives its commands (ControlPersist), and closes after some time."""
    lab.serve()
    session = lab.connect("echo done", tty=False, options=(
        "ControlMaster=auto", f"ControlPath={MUX}", "ControlPersist=3"))
    session.expect("done")
    assert "more" in over(lab, "echo more")
    lab.silence(lab.vary["persist_s"] - 1, 2)
    ends_by_itself(lab, session)
    lab.good(session)


# ---- several hops, several servers ----

@scenario(dict(options=SMALL), dict(family=6, port=2222, options=SMALL))
def jump(lab):
    """A session goes over the server to a machine behind it (ProxyJump)."""
    lab.network.add_machine("spare")
    lab.network.plug_in("spare")
    lab.serve()
    lab.serve(machine="spare")
    hop = clients.openssh(lab.address("server"), lab.port, (), False, "key", "alice",
                          lab.vary["options"])
    hop = " ".join(map(str, [*hop[:-1], "-W", "[%h]:%p", hop[-1]]))
    source = (lab.address("server"), lab.take_port("server"))
    session = lab.connect(to=lab.address("spare"), options=(f"ProxyCommand={hop}",)).is_working()
    lab.silence(400, 1)
    session.log_out()
    inner = clients.Session(None, None, {"server": (source, (lab.address("spare"), lab.port))})
    lab.truth(inner, "closed", "client", "orderly_close", client=NOTHING, middle=NOTHING,
              server=See("the server is the client here", also="server/orderly_close"))
    session.ends = {vantage: (ends[0], (lab.address("server"), lab.port))
                    for vantage, ends in session.ends.items()}
    lab.good(session)


@scenario(dict(options=SMALL), dict(family=6, options=SMALL, client="newer"),
          needs=("dropbear", "newer"))
def two_servers(lab):
    """Sessions on two servers of one host, open at the same time."""
    lab.serve(port=2222, kind="dropbear")
    lab.serve(kind="newer")
    how = {"options": ("StrictHostKeyChecking=no", *PLAIN_KEYS[:lab.vary["client"] == "newer"])}
    first, second = lab.log_in(port=2222, **how), lab.log_in(**how)
    lab.silence(200, 1)
    first.log_out()
    second.type("date")
    second.log_out()
    lab.good(first)
    lab.good(second)


# ---- what is said between the lines ----

@scenario(dict(client_says=("RekeyLimit=16K",)),
          dict(server_says=("RekeyLimit=16K none",), client="newer", server="newer", family=6),
          dict(server_says=("RekeyLimit=16K none",), client="plink"))
def rekey_by_volume(lab):
    """New keys are agreed upon as often as a limit of bytes has been reached."""
    lab.serve(*lab.vary.get("server_says", ()))
    session = lab.connect("head -c 40000 /dev/zero", tty=False,
                          options=lab.vary.get("client_says", ()))
    session.wait()
    # The last output may have begun another change of keys, which nobody waits for any more.
    lab.good(session, "closed|reset")


@scenario(dict(client_says=("RekeyLimit=default 1",), told_s=3600),
          dict(server_says=("RekeyLimit=default 1",), told_s=1800, server="newer", family=6))
def rekey_by_time(lab):
    """New keys are agreed upon every hour or half hour of a session."""
    lab.serve(*lab.vary.get("server_says", ()))
    session = lab.log_in(options=lab.vary.get("client_says", ()))
    since = time.time_ns()
    for _ in range(2):
        time.sleep(1.2)
        session.is_working()
    lab.slow_down(since, lab.vary["told_s"])
    session.log_out()
    lab.good(session)


@scenario(dict(), dict(server="newer", client="newer", family=6, options=PLAIN_KEYS))
def agent(lab):
    """The session is compressed, and may ask the client's agent for keys."""
    socket = keys.path("agent")
    lab.network.start("client", "ssh-agent", "-D", "-a", socket)
    until("the agent listens", lambda: os.path.exists(socket))
    lab.at("client", "env", "SSH_AUTH_SOCK=" + socket, "ssh-add", "-q", keys.path("third_key"))
    lab.serve()
    session = lab.log_in(options=("ForwardAgent=yes", "Compression=yes"),
                         environment={"SSH_AUTH_SOCK": socket})
    session.type("ssh-add -l")
    session.expect("ED25519")
    lab.silence(500, 1)
    session.log_out()
    lab.good(session)
