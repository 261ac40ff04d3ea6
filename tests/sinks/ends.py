# SPDX-License-Identifier: BSD-3-Clause
"""The other ends of sockets, as a test wants them: not read, gone, back again."""

import re
import socket

from feed import PRINTABLE, same


SYSLOG = re.compile(
    r'<(?P<pri>\d{1,3})>1 (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (?P<host>[\x21-\x7e]+) '
    r'(?P<app>[\x21-\x7e]{1,48}) (?P<pid>\d+) (?P<id>[\x21-\x7e]{1,32}) '
    r'\[(?P<sd>[^ =\]"]{1,32})(?P<params>(?: [^ =\]"]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*)\] (?P<msg>.*)')


class Socket:
    """A socket of datagrams in the file system: the journal, or syslog of this host."""

    def __init__(self, path, buffer=None):
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        if buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.bind(path)
        self.socket.setblocking(False)

    def all(self):
        got = []
        while True:
            try:
                got.append(self.socket.recv(1 << 16))
            except BlockingIOError:
                return got

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


def fields_of(datagram):
    """As journald reads it: lines, each NAME=VALUE; a line without = would begin binary data."""
    assert datagram.endswith(b"\n")
    fields = {}
    for line in datagram[:-1].split(b"\n"):
        name, equals, value = line.partition(b"=")
        assert equals and re.fullmatch(rb"[A-Z][A-Z0-9_]{0,63}", name), line
        assert PRINTABLE.fullmatch(value), line
        assert name not in fields, line
        fields[name.decode()] = value.decode()
    return fields


def params_of(datagram):
    match = SYSLOG.fullmatch(datagram.decode("ascii"))
    assert match, datagram
    assert len(datagram) <= 2048
    pairs = re.findall(r' ([^ =\]"]+)="((?:[^"\\\]]|\\["\\\]])*)"', match["params"])
    params = {name: re.sub(r'\\(["\\\]])', r"\1", value) for name, value in pairs}
    same(len(params), len(pairs), "each once")
    return {**params, **{"_" + name: match[name] for name in ("pri", "app", "id", "sd", "msg", "pid")}}


class Server:
    """A server of syslog over TCP that reads when it is told to."""

    def __init__(self, port=0, buffer=None):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if buffer is not None:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.listener.bind(("127.0.0.1", port))
        self.listener.listen()
        self.listener.settimeout(5)
        self.port = self.listener.getsockname()[1]
        self.client, self.bytes = None, b""

    def accept(self):
        self.client, _ = self.listener.accept()
        self.client.settimeout(0.15)

    def read(self):
        """The records that are whole: RFC 6587 section 3.4.1."""
        try:
            while (more := self.client.recv(1 << 16)):
                self.bytes += more
        except TimeoutError:
            pass
        got = []
        while (match := re.match(rb"([1-9]\d{0,4}) ", self.bytes)):
            end = match.end() + int(match[1])
            if end > len(self.bytes):
                break
            got.append(params_of(self.bytes[match.end():end]))
            self.bytes = self.bytes[end:]
        return got

    def close(self):
        for one in (self.client, self.listener):
            if one is not None:
                one.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
