# SPDX-License-Identifier: BSD-3-Clause
"""Both speak SSH, and one of them not by the rules, before encryption hides it.

One end is raw_peer.py. Who ended it is the other, which notices and closes: with a FIN, or with a
reset if more had come that it had not read.
"""

import raw
from raw import CLIENT, SERVER, STRICT_CLIENT, STRICT_SERVER, UNREAD
from run import See, everywhere
from scenario import scenario
from scenarios.process import good_visit

# Packets that break the form of RFC 4253 section 6; the last one the form of a KEXINIT.
HUGE, EMPTY = "hex=ffffffff0a14" + 20 * "00", "hex=" + 8 * "00"
ALL_PADDING = "hex=0000000cff14" + 20 * "00"
LIST_BEYOND_END = "packet=14" + 16 * "00" + "7fffffff41414141"
# Payloads; the message number comes first.
IGNORE, DEBUG, UNKNOWN, LOGIN = "packet=0200000000", "packet=040000000000", "packet=c8", "packet=32"
ECDH_INIT = "packet=1e00000020" + 32 * "09"


@scenario(dict(wrong=HUGE), dict(wrong=EMPTY, server="dropbear"),
          dict(wrong=ALL_PADDING, server="newer", family=6),
          dict(hello=CLIENT[:2], wrong=LIST_BEYOND_END, port=2222))
def bad_packet_of_client(lab):
    """A packet of 4 GB, of nothing, of padding alone, with a list beyond its end: sshd closes."""
    lab.serve()
    session = raw.client(lab, *lab.vary.get("hello", CLIENT), lab.vary["wrong"], "end")
    session.expect("end: ")
    lab.truth(session, UNREAD, "server", "protocol_error", "malformed_packet")
    good_visit(lab)


@scenario(dict(wrong=HUGE), dict(wrong=EMPTY, client="dropbear", family=6),
          dict(wrong=HUGE, client="plink"), dict(wrong=ALL_PADDING, client="paramiko"),
          dict(wrong=HUGE, client="newer", port=2222))
def bad_packet_of_server(lab):
    """The same by the server: the client closes."""
    raw.server(lab, *SERVER, lab.vary["wrong"], "end")
    session = lab.connect(tty=False)
    session.wait()
    raw.logged("end: ")
    lab.truth(session, UNREAD, "client", "protocol_error", "malformed_packet")


@scenario(dict(steps=(*STRICT_CLIENT, IGNORE, ECDH_INIT)),
          dict(steps=(*STRICT_CLIENT, DEBUG), server="newer", family=6),
          dict(steps=(*STRICT_CLIENT[:2], IGNORE, "strict-kexinit"), server="newer", port=2222),
          dict(steps=(*STRICT_CLIENT, IGNORE), server="dropbear"))
def strict_kex_violation_of_client(lab):
    """Both promise strict key exchange, then the client slips in a message: the server closes."""
    lab.serve()
    session = raw.client(lab, *lab.vary["steps"], "end")
    session.expect("end: ")
    raw.logged("strict KEX violation", "Unexpected packet type")
    lab.truth(session, UNREAD, "server", "protocol_error", "strict_kex_violation")


@scenario(dict(), dict(client="newer", family=6), dict(client="dropbear", port=2222))
def strict_kex_violation_of_server(lab):
    """The same by the server, as an attacker on the path would do it: the client closes."""
    raw.server(lab, *STRICT_SERVER, IGNORE, "end")
    session = lab.connect(tty=False)
    session.wait()
    if not any(words in session.said() for words in ("strict KEX violation", "Unexpected packet")):
        raise RuntimeError(session.said())
    lab.truth(session, UNREAD, "client", "protocol_error", "strict_kex_violation")


@scenario(dict(message=UNKNOWN), dict(message=LOGIN, server="newer", family=6),
          dict(message=UNKNOWN, server="dropbear"))
def message_out_of_turn(lab):
    """A client sends a message that does not exist, or that is not yet due: the server closes."""
    lab.serve()
    session = raw.client(lab, *CLIENT, lab.vary["message"], "end")
    session.expect("end: closed")
    lab.truth(session, "closed", "server", "protocol_error")


@scenario(dict(length=9000), dict(length=9000, server="newer", family=6),
          dict(length=300, server="dropbear", port=2222))
def identification_too_long(lab):
    """RFC 4253 allows 255 octets; OpenSSH puts up with 8 kB, dropbear with 255."""
    lab.serve()
    session = raw.client(lab, "line=SSH-2.0-" + lab.vary["length"] * "x", "end")
    session.expect("end: reset")
    lab.truth(session, "reset", "server", "protocol_error")


@scenario(dict(), dict(server="newer", family=6, delay_ms=30))
def identification_without_end(lab):
    """A KEXINIT follows the identification without CR LF: to the server it is all one bad line."""
    lab.serve()
    session = raw.client(lab, "text=SSH-2.0-Raw_1.0", "hear=SSH-2.0", "kexinit", "end")
    session.expect("end: reset")
    lab.truth(session, "reset", "server", "protocol_error")


@scenario(dict(steps=CLIENT[:2], idle_s=60),
          dict(steps=CLIENT, idle_s=90, server="dropbear", family=6),
          dict(steps=CLIENT[:2], idle_s=100, server="newer", leave=("reset",)))
def says_no_more(lab):
    """A client stops after its first words and leaves before LoginGraceTime is over."""
    lab.serve()
    leave = lab.vary.get("leave", ())
    session = raw.client(lab, *lab.vary["steps"], "pause=3.5", *leave)
    lab.silence(lab.vary["idle_s"])
    session.wait()
    lab.truth(session, "reset" if leave else "closed", "client", "client_abort", **everywhere(See(
        "a client that leaves before a login: a scanner, a monitor, a person",
        also="client/orderly_close client/unexplained")))
