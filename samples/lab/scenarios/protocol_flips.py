# SPDX-License-Identifier: BSD-3-Clause
"""One bit of a segment is changed on the wire, with its TCP checksum mended: TCP believes it.

Who ended it is the end that noticed and closed, though the path is to blame. The wire lies between
"middle" and the server, so what the client sent is damaged for the server's capture alone, and what
the server sent for the other two. In the clear, that shows; what is encrypted looks like noise
before and after, and then a server that closes looks like one whose process died, a client like one
that was killed.
"""

import keys
from network import until
from run import See, everywhere, read
from scenario import scenario

SEALED = "what is encrypted cannot be told from damage; "
ENDER = {">": "server", "<": "client"}
LIKE = {"server": "server/server_crash server/unexplained",
        "client": "client/client_abort client/unexplained"}
CHACHA, GCM = "Ciphers=chacha20-poly1305@openssh.com", "Ciphers=aes256-gcm@openssh.com"
CTR, MAC, ETM = "Ciphers=aes128-ctr", "MACs=hmac-sha2-256", "MACs=hmac-sha2-256-etm@openssh.com"
COMPLAINTS = ("message authentication code incorrect", "Corrupted MAC", "Integrity error",
              "Error decrypting", "Incorrect MAC", "Mismatched MAC", "decryption",
              "incorrect signature", "Bad packet length")


def flip(lab, way, least, offset):
    lab.wire(f"flip {way} {least} {offset}")


def noticed(lab, session):
    """Makes sure that one bit was changed, and that the other end complained of it."""
    report = lab.wire("report")
    if f"flipped={'1,0' if lab.vary['way'] == '>' else '0,1'}" not in report:
        raise RuntimeError(report)
    until("a complaint", lambda: any(
        words in session.said() + read(keys.path("server.log")) for words in COMPLAINTS))


def sealed(lab, session):
    """The truth where encryption hides what happened."""
    who = ENDER[lab.vary["way"]]
    lab.truth(session, "closed|reset", who, "protocol_error", "bad_mac",
              **everywhere(See(SEALED + f"this {who} just leaves", also=LIKE[who])))


@scenario(dict(way=">", options=(CHACHA,)), dict(way="<", options=(CHACHA,), family=6),
          dict(way=">", options=(GCM,), server="newer"), dict(way="<", options=(CTR, ETM)),
          dict(way=">", options=(CTR, MAC), server="dropbear", port=2222),
          dict(way="<", client="dropbear"), dict(way="<", client="plink"),
          dict(way="<", client="paramiko", family=6))
def flip_in_session(lab):
    """A bit in a key or its echo: the MAC is wrong, and who receives it closes."""
    lab.serve()
    session = lab.log_in()
    flip(lab, lab.vary["way"], 20, 18)
    session.send("x" if lab.vary["client"] != "dropbear" else "x\n")
    session.wait()
    noticed(lab, session)
    sealed(lab, session)


@scenario(dict(way=">", options=(CHACHA,)), dict(way="<", options=(GCM,), family=6))
def flip_in_length(lab):
    """A bit in a packet's length: the receiver waits for 256 bytes more, then the MAC is wrong."""
    lab.serve()
    session = lab.log_in()
    flip(lab, lab.vary["way"], 20, 2)
    session.type("echo no answer", 0.1)
    session.wait()
    noticed(lab, session)
    sealed(lab, session)


@scenario(dict(way=">", options=(CHACHA,), idle_s=60), dict(way="<", options=(CTR, MAC), idle_s=20))
def flip_that_stalls(lab):
    """As above, but the receiver waits for 64 kB: nothing moves any more, the person kills ssh."""
    lab.serve()
    session = lab.log_in()
    flip(lab, lab.vary["way"], 20, 1)
    session.type("date")
    lab.silence(lab.vary["idle_s"])
    if session.said().count("UTC"):
        raise RuntimeError("it does not stall: " + session.said())
    session.kill()
    lab.truth(session, "closed", "client", "client_abort", **everywhere(See(
        "TCP goes on, SSH does not answer; then the client leaves", also="client/unexplained")))


@scenario(dict(way=">", least=1000, offset=0), dict(way="<", least=1000, offset=0, family=6),
          dict(way=">", least=1000, offset=10), dict(way="<", least=1400, offset=200, port=2222))
def flip_in_key_exchange(lab):
    """A bit in the length, the cookie or the key share: a bad packet, or a bad signature."""
    lab.serve()
    way, offset = lab.vary["way"], lab.vary["offset"]
    flip(lab, way, lab.vary["least"], offset)
    session = lab.connect(tty=False)
    session.wait()
    noticed(lab, session)
    if offset == 0:
        bad_length(lab, session, ENDER[way])
    else:
        bad_signature(lab, session)


def bad_length(lab, session, who):
    """In the clear: plain where the damaged segment passed."""
    unhurt = See("damaged behind this capture", also=LIKE[who] + (
        " client/orderly_close" if who == "client" else ""))
    seen = {"client": unhurt, "middle": unhurt} if who == "server" else {"server": unhurt}
    lab.truth(session, "closed|reset", who, "protocol_error", "malformed_packet", **seen)


def bad_signature(lab, session):
    """The client notices, whoever was changed; ssh-keyscan leaves at this point too."""
    lab.truth(session, "closed", "client", "protocol_error", **everywhere(See(
        "the client leaves on the server's signature; that it is wrong, only the ends can tell",
        also="client/client_abort client/orderly_close client/unexplained")))
