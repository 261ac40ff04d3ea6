# SPDX-License-Identifier: BSD-3-Clause
"""A server that does not want this user or this address, and users who know the wrong password.

A failed login ends with the client: told that nothing it has will do, it closes. So who is the
client, though it is the server that refused; both answers are honest. A server that closes first
because of too many attempts, or because the login took too long, is the one who ended it.

Failures cannot be read, but seen: the answer to a successful login is the shortest there is, and
no session follows a failed one.
"""

import signal

import keys
from logins import PASSWORD, SMALL, asking, errand, log, mute, served
from run import See, everywhere
from scenario import scenario

FAILED = See("what was asked and refused is encrypted; its sizes tell, and that the client leaves",
             also="server/auth_failure client/client_abort client/unexplained")
WRAPPERS = See("the server closes without a word after 5 s: libwrap sleeps before it exits",
               also="server/unexplained")


def denied(lab, key="other_key", **how):
    """A client that nothing it has gets in: it is told so, and leaves."""
    session = lab.connect("true", tty=False, key=key, **how)
    session.hang_up()
    session.wait()
    assert session.process.returncode, f"it was let in: {session.said()}"
    lab.truth(session, "closed", "client", "auth_failure", **everywhere(FAILED))
    return session


# ---- not this address ----

def deny(lab):
    """A line for TCP wrappers; they write IPv6 addresses in brackets."""
    client = lab.address("client")
    keys.write("hosts.deny", f"sshd: [{client}]\n" if lab.family == 6 else f"sshd: {client}\n")


@scenario(dict(), dict(family=6, client="dropbear"), dict(port=2222, client="plink", delay_ms=1),
          needs=("libwrap", "/etc/hosts.deny"))
def tcp_wrappers(lab):
    """The client's address stands in hosts.deny; it tries twice, and is let in when it is not."""
    lab.serve()
    deny(lab)
    for pause_s in (3, 40):
        session = lab.connect("true", tty=False)
        session.wait()
        lab.truth(session, "reset", "server", "access_denied", **everywhere(WRAPPERS))
        lab.silence(pause_s, 0.5)
    assert log().count("refused by tcp wrapper") == 2, log()
    keys.write("hosts.deny", "")
    errand(lab)


@scenario(dict(), dict(family=6, delay_ms=40), needs=("libwrap", "/etc/hosts.deny"))
def tcp_wrappers_quiet(lab):
    """The client in hosts.deny does not say a word either: a FIN."""
    lab.serve()
    deny(lab)
    session = mute(lab)
    session.wait()
    assert "refused by tcp wrapper" in log(), log()
    lab.truth(session, "closed", "server", "access_denied", **everywhere(WRAPPERS))


@scenario(dict(client="newer", options=SMALL), dict(family=6, client="plink"),
          dict(client="dropbear", port=2222))
def refuse_connection(lab):
    """RefuseConnection for the client's address (10.0): closed when it has named its user."""
    keys.write("sshd_config", f"Match Address {lab.address('client')}\nRefuseConnection yes\n")
    server = lab.serve("PerSourcePenalties=no", kind="newer")
    session = lab.connect("true", tty=False)
    session.wait()
    assert "administratively prohibited" in log(), log()
    see = See("closed at the first request of the login, without a goodbye that could be read",
              also="server/unexplained server/server_crash")
    lab.truth(session, "closed", "server", "access_denied", **everywhere(see))
    server.kill(signal.SIGTERM)
    keys.write("sshd_config", "")
    lab.silence(65, 1)
    lab.serve(kind="newer")
    errand(lab)


# ---- not this user ----

PLAIN_ETM = (*SMALL, "Ciphers=aes128-ctr", "MACs=hmac-sha2-256-etm@openssh.com")
KEYS_ONLY = ("PasswordAuthentication=no", "KbdInteractiveAuthentication=no")


def serve(lab, *options):
    """A server that does not hold a failed login against the next."""
    calm = ["PerSourcePenalties=no"] if lab.vary["server"] == "newer" else []
    return lab.serve(*options, *calm)


def then_right(lab, **how):
    """The same person again, after a moment, with what opens."""
    lab.silence(25, 0.5)
    errand(lab, **how)


@scenario(dict(), dict(client="plink", family=6), dict(client="dropbear", keys_only=True),
          dict(client="paramiko", port=2222), dict(client="newer", server="dropbear", delay_ms=40),
          dict(client="plink", server="dropbear", keys_only=True),
          dict(client="newer", server="newer", family=6, keys_only=True, options=SMALL),
          dict(options=PLAIN_ETM))
def wrong_key(lab):
    """A client comes with a key that nobody knows, and then with the right one."""
    only = ("-s",) if lab.vary["server"] == "dropbear" else KEYS_ONLY
    serve(lab, *(only if lab.vary.get("keys_only") else ()))
    denied(lab)
    then_right(lab)


@scenario(dict(prompts=1), dict(prompts=3, family=6, server="newer", options=SMALL),
          dict(prompts=3, server="dropbear", port=2222),
          dict(prompts=2, client="newer", options=SMALL))
def wrong_password(lab):
    """A password is wrong each time that it is asked for; then somebody remembers it."""
    serve(lab)
    prompts = f"NumberOfPasswordPrompts={lab.vary['prompts']}"
    denied(lab, options=[*PASSWORD, prompts], environment=asking("wrongpass"))
    then_right(lab, options=PASSWORD, environment=asking("askpass"))


@scenario(dict(rule="AllowUsers=bob", options=SMALL),
          dict(rule="DenyUsers=alice", family=6, client="plink"),
          dict(rule="AllowUsers=alice@203.0.113.*", server="newer", port=2222),
          dict(rule="AllowGroups=wheel", client="paramiko"), dict(user="bob", server="dropbear"))
def unwanted_user(lab):
    """The key is right, but this user may not log in (or does not exist); two tries."""
    serve(lab, *([lab.vary["rule"]] if "rule" in lab.vary else []))
    for _ in range(2):
        denied(lab, key="key", user=lab.vary.get("user", "alice"))
        lab.silence(12, 0.5)
    if "rule" in lab.vary:
        assert "not allowed" in log(), log()


@scenario(dict(), dict(family=6, server="newer", client="newer"))
def expired_account(lab):
    """The account has expired: neither key nor password opens."""
    keys.write("shadow", keys.read("shadow").replace(":19000:0:99999:7:::",
                                                     ":19000:0:99999:7::19001:"), 0o600)
    serve(lab)
    denied(lab, key="key", environment=asking("askpass"))
    assert "has expired" in log(), log()


@scenario(dict(tries=1), dict(tries=2, family=6, server="newer", client="newer"),
          dict(tries=2, server="dropbear", port=2222), dict(tries=6, client="dropbear"),
          dict(tries=6, client="dropbear", server="newer", delay_ms=40))
def too_many_tries(lab):
    """The server closes after so many failures (MaxAuthTries), whatever the client has left."""
    tries, kind = lab.vary["tries"], lab.vary["server"]
    serve(lab, *(("-T", tries) if kind == "dropbear" else (f"MaxAuthTries={tries}",)))
    more = [] if lab.vary["client"] == "dropbear" else ["IdentityFile=" + keys.path("third_key")]
    session = lab.connect("true", tty=False, key="other_key", options=more,
                          environment=asking("wrongpass"))
    session.hang_up()
    session.wait()
    assert "oo many authentication failures" in log() or kind == "dropbear", log()
    far = own = See("the server closes after a failure; no login has succeeded",
                    also="server/unexplained")
    if kind != "dropbear":
        far = See("the FINs cross: a client that is told leaves before the server's FIN is there",
                  also="client/auth_failure server/unexplained")
    lab.truth(session, "closed", "server", "auth_failure", client=far, middle=far, server=own)


@scenario(dict(), dict(client="plink", family=6), dict(client="dropbear", port=2222),
          dict(client="newer", server="newer"), dict(server="dropbear", client="dropbear"),
          dict(server="dropbear", client="plink", family=6))
def second_try(lab):
    """A key that nobody knows, then the right password, in one connection: all is well."""
    lab.serve()
    options = ["-pw", keys.PASSWORD] if lab.vary["client"] == "plink" else []
    session = lab.connect("uname -s", tty=False, key="other_key", options=options,
                          environment={**asking("askpass"), "DROPBEAR_PASSWORD": keys.PASSWORD})
    served(lab, session)
