# SPDX-License-Identifier: BSD-3-Clause
"""The two ends do not speak the same language: no algorithm, no version in common, or not SSH.

Who ended it is the end that found fault with the other and closed. Where both find it at the same
time (two KEXINITs cross on the way), each closes by itself and either answer is honest. Whether it
is a FIN or a reset is a question of bytes that were left unread.
"""

import sys

import keys
import raw
from raw import UNREAD
from run import See, everywhere
from scenario import scenario
from scenarios.process import good_visit

EITHER = everywhere(See("each end finds the fault by itself, and its FIN crosses the other's",
                        also="client/protocol_error server/protocol_error"))


# ---- nothing in common ----

@scenario(dict(options=("KexAlgorithms=diffie-hellman-group14-sha256",),
               sshd=("KexAlgorithms=curve25519-sha256",), retry="KexAlgorithms=curve25519-sha256"),
          dict(family=6, options=("HostKeyAlgorithms=ssh-rsa",)),
          dict(port=2222, options=("Ciphers=aes128-cbc",), retry="Ciphers=aes128-ctr"),
          dict(delay_ms=40, options=("Ciphers=aes128-ctr", "MACs=hmac-md5")),
          dict(server="newer", client="plink", sshd=("KexAlgorithms=mlkem768x25519-sha256",)),
          dict(server="newer", client="paramiko", family=6,
               sshd=("KexAlgorithms=mlkem768x25519-sha256",)))
def no_common_algorithm(lab):
    """Client and server have no key exchange, host key type, cipher or MAC in common."""
    lab.serve(*lab.vary.get("sshd", ()))
    session = lab.connect(tty=False)
    session.wait()
    raw.logged("Unable to negotiate")
    lab.truth(session, "closed", "client", "protocol_error", "no_common_algorithm", **EITHER)
    if "retry" in lab.vary:
        good_visit(lab, options=[lab.vary["retry"]])


@scenario(dict(client="dropbear", ciphers=("-c", "aes128-ctr"), ender="server",
               sshd=("Ciphers=aes256-gcm@openssh.com",), complaint="no matching cipher"),
          dict(server="dropbear", family=6, ender="client", complaint="No matching algo kex",
               options=("KexAlgorithms=diffie-hellman-group-exchange-sha256",)),
          dict(server="dropbear", client="newer", ender="client", delay_ms=50,
               options=("Ciphers=aes256-gcm@openssh.com",), complaint="No matching algo enc"))
def no_common_algorithm_dropbear(lab):
    """As above with dropbear, which sends its KEXINIT unasked: the other end knows first."""
    lab.serve(*lab.vary.get("sshd", ()))
    session = lab.connect(tty=False, options=lab.vary.get("ciphers", ()))
    session.wait()
    raw.logged(lab.vary["complaint"])
    lab.truth(session, UNREAD, lab.vary["ender"], "protocol_error", "no_common_algorithm", **EITHER)


# ---- SSH 1 ----

@scenario(dict(), dict(server="newer", family=6, port=2222), dict(server="dropbear"),
          needs=("ssh1",))
def ssh1_client(lab):
    """A client of SSH 1 reads the server's SSH-2.0, says nothing, and leaves."""
    lab.serve()
    session = lab.launch(["ssh1", "-1", "-F", "none", "-p", lab.port, lab.address("server"), "ls"])
    session.expect("Protocol major versions differ")
    session.wait()
    lab.truth(session, UNREAD, "client", "protocol_error", "version_mismatch", **everywhere(See(
        "a client that leaves without a word: why, only it knows",
        also="client/client_abort client/orderly_close client/unexplained")))


@scenario(dict(steps=("line=SSH-1.5-OldTerm",)),
          dict(steps=("hear=SSH-2.0", "line=SSH-1.5-PuTTY_Release_0.52"), server="dropbear"),
          dict(steps=("hear=SSH-2.0", "line=SSH-1.3-Cisco"), server="newer", family=6))
def version_1_client(lab):
    """A client says that it speaks SSH 1 only; the server tells it off and closes."""
    lab.serve()
    session = raw.client(lab, *lab.vary["steps"], "end")
    session.expect("end: closed")
    lab.truth(session, "closed", "server", "protocol_error", "version_mismatch")


@scenario(dict(), dict(client="newer", family=6), dict(client="dropbear", port=2222),
          dict(client="plink"), dict(client="paramiko", delay_ms=35))
def version_1_server(lab):
    """An old device speaks SSH 1 only; the client closes."""
    raw.server(lab, "line=SSH-1.5-Cisco-1.25", "end")
    session = lab.connect(tty=False)
    session.wait()
    raw.logged("end: closed")
    lab.truth(session, "closed", "client", "protocol_error", "version_mismatch")


# ---- a client that does not speak SSH ----

def url(lab, before=""):
    address = lab.address("server")
    return f"{before}[{address}]:{lab.port}" if ":" in address else f"{before}{address}:{lab.port}"


def meet_halfway(lab, session, *complaints):
    """The server's reset follows its SSH-2.0 at once; the client may close on reading that."""
    if not any(words in session.said() for words in complaints):
        raise RuntimeError(session.said())
    near = See("client and server close within a millisecond", UNREAD, also="client/protocol_error")
    lab.truth(session, "reset", "server", "protocol_error", "not_ssh", client=near, middle=near)


@scenario(dict(), dict(server="dropbear", family=6), dict(server="newer", port=2222),
          needs=("curl",))
def http_to_sshd(lab):
    """A web client calls on sshd, which resets it: the rest of its request is unread."""
    lab.serve()
    session = lab.launch(["curl", "-sS", "--max-time", "10", url(lab, "http://") + "/"])
    session.wait()
    meet_halfway(lab, session, "Received HTTP/0.9", "reset by peer")
    good_visit(lab)


@scenario(dict(), dict(server="dropbear"), dict(server="newer", family=6, port=2222))
def tls_to_sshd(lab):
    """A TLS client calls on sshd, which resets it; the client does not like the answer either."""
    lab.serve()
    session = lab.launch(["openssl", "s_client", "-connect", url(lab)])
    session.wait()
    meet_halfway(lab, session, "wrong version number", "errno=104")


RDP = "hex=" + (b"\x03\0\0\x2a\x25\xe0\0\0\0\0\0Cookie: mstshash=user\r\n\1\0\x08\0\3\0\0\0").hex()


@scenario(dict(says="line=EHLO mail.example"), dict(says=RDP, ending="reset", family=6),
          dict(says="line=*1", server="dropbear"),
          dict(says=RDP, ending="reset", server="dropbear"),
          dict(says="line=GET_STATUS", server="newer", port=2222))
def other_client_to_sshd(lab):
    """Mail, remote desktop, a database, a health check: sshd closes on what is not SSH."""
    lab.serve()
    session = raw.client(lab, "hear=SSH-2.0", lab.vary["says"], "end")
    ending = lab.vary.get("ending", "closed")
    session.expect("end: " + ending)
    lab.truth(session, ending, "server", "protocol_error", "not_ssh")


@scenario(dict(grace_s=120), dict(grace_s=60, family=6, server="newer"))
def noise_to_sshd(lab):
    """A client sends noise that never ends in a line; LoginGraceTime ends the wait."""
    lab.serve("LoginGraceTime=4")
    session = raw.client(lab, "hex=" + bytes(range(14, 78)).hex(), "end")
    lab.silence(lab.vary["grace_s"] - 2)
    session.expect("end: closed")
    lab.truth(session, "closed", "server", "protocol_error", "not_ssh", **everywhere(See(
        "no SSH from the client, and a server that waits for it as long as for a login",
        also="server/login_timeout")))


# ---- a server that does not speak SSH ----

@scenario(dict(port=80), dict(port=8080, client="dropbear", family=6),
          dict(port=80, client="plink"))
def ssh_to_web_server(lab):
    """ssh with the port of a web server, which answers with an error page and closes."""
    raw.listen(lab, sys.executable, "-m", "http.server", "--bind", "::", lab.port)
    session = lab.connect(tty=False)
    session.wait()
    raw.logged("code 400")
    lab.truth(session, "closed", "server", "protocol_error", "not_ssh")


@scenario(dict(port=443), dict(port=8443, client="newer", family=6),
          dict(port=443, client="paramiko"))
def ssh_to_tls_server(lab):
    """ssh with the port of a TLS server, which hangs up without a word."""
    keys.run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=lab",
             "-keyout", keys.path("tls.key"), "-out", keys.path("tls.crt"))
    raw.listen(lab, "openssl", "s_server", "-quiet", "-accept", lab.port,
               "-key", keys.path("tls.key"), "-cert", keys.path("tls.crt"))
    session = lab.connect(tty=False)
    session.wait()
    raw.logged("wrong version number")
    lab.truth(session, "closed", "server", "protocol_error", "not_ssh", **everywhere(See(
        "the server accepts, says nothing, and closes: many a refusal looks like that",
        also="server/access_denied server/resource_exhaustion server/server_crash "
             "server/unexplained")))


@scenario(dict(port=25), dict(port=587, client="plink", family=6),
          dict(port=25, client="dropbear", delay_ms=45))
def ssh_to_mail_server(lab):
    """ssh with the port of a mail server that does not like clients who speak first."""
    raw.server(lab, "line=220 mail.example ESMTP", "hear=SSH-2.0",
               "line=554 SMTP synchronization error")
    session = lab.connect(tty=False)
    session.wait()
    lab.truth(session, "closed", "server", "protocol_error", "not_ssh")


@scenario(dict(port=25, timeout_s=30), dict(port=2525, client="newer", family=6, timeout_s=15))
def ssh_to_patient_mail_server(lab):
    """A mail server that takes ssh for a client with bad manners; ConnectTimeout ends the wait."""
    raw.server(lab, "line=220 mail.example ESMTP", "hear=SSH-2.0", "line=500 unknown command",
               "end")
    session = lab.connect(tty=False, options=["ConnectTimeout=4"])
    lab.silence(lab.vary["timeout_s"] - 2)
    session.wait()
    raw.logged("end: closed")
    lab.truth(session, "closed", "client", "protocol_error", "not_ssh", **everywhere(See(
        "a mail server's greeting, and a client that gives up: by a timer or by hand",
        also="client/client_abort")))
