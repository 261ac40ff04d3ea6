#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""live.py BINARY [--long | --soak MINUTES]: rstscope live beside a real sshd, in network namespaces.

The same traffic is captured by tcpdump and judged from its file: both have to say the same. Several
instances watch one run, as each has its own way to be disturbed. --long waits for what takes a minute.
"""

import glob
import json
import os
import re
import signal
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from live_net import CLIENT, SERVER, Live, Net, why_not  # noqa: E402

END_S = 2.0     # from the signal to the end
LINGER_S = 5.0  # of an orderly close; track/linger.c

passed = failed = 0


def check(what, good, detail=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"live: {what}: {str(detail)[-600:]}")


def lines_of(path):
    with open(path, encoding="ascii") as file:
        return [json.loads(line) for line in file]


def verdicts(lines):
    """By the client's port, which names a connection here."""
    return {line["client"]["port"]: (line["verdict"]["who"], line["verdict"]["cause"], line["ending"])
            for line in lines if line.get("type") == "connection"}


def wait_for(what, patience_s):
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return bool(what())


# ---- the traffic ----

def kill_session(net):
    """The server's process of one session dies, without a word."""
    session = net.ssh("kill -9 $PPID")
    session.wait(timeout=10)


def reject(net):
    """A firewall on the server answers with resets in mid-session."""
    session = net.ssh("for i in 1 2 3 4 5 6 7 8; do echo x; sleep 0.2; done")
    time.sleep(0.8)
    rules = ("table inet rst {\n chain in {\n type filter hook input priority 0;\n"
             f" ip saddr {CLIENT} tcp dport 22 reject with tcp reset\n }}\n}}\n")
    net.run(net.server, ["nft", rules]).wait()
    session.wait(timeout=10)
    net.run(net.server, ["nft", "delete table inet rst"]).wait()


def traffic(net):
    net.ssh("true", wait=True)
    kill_session(net)
    reject(net)
    return net.ssh("sleep 60")  # is open at the end


# ---- what is looked at ----

def check_process(live):
    with open(f"/proc/{live.process.pid}/status", encoding="ascii") as file:
        status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    check("it runs as root", "0" not in status["Uid"].split(), status["Uid"])
    for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb"):
        check(f"{name} is not empty", int(status[name], 16) == 0, status[name])
    check("it may gain privileges", status["NoNewPrivs"] == "1")
    check("its system calls are not filtered", status["Seccomp"] == "2")


def check_same(net, binary, live_lines):
    """What is judged live is judged from a file of the same frames."""
    offline = subprocess.run([binary, "read", "-f", "jsonl", net.path("same.pcap")],
                             capture_output=True, text=True, check=False)
    expected = verdicts(map(json.loads, offline.stdout.splitlines()))
    got = verdicts(live_lines)
    check("live and from a file are not the same", got == expected, f"{got}\n{expected}")
    check("a verdict is missing", len(got) >= 4, got)
    causes = [cause for _, cause, _ in got.values()]
    check("nobody quit in order", "orderly_close" in causes, got)
    check("nothing is open", "still_open" in causes, got)
    check("no odd ending", set(causes) - {"orderly_close", "still_open"}, got)


def check_evidence(net, binary, folder, lines):
    odd = {port: it for port, it in verdicts(lines).items()
           if it[1] not in ("orderly_close", "still_open")}
    files = sorted(glob.glob(folder + "/*"))
    check("not one file for each odd ending", len(files) == len(odd), (files, odd))
    for path in files:
        check("its name is made of something else",
              re.fullmatch(r"rstscope-\d{8}-\d{8}T\d{6}Z\.pcapng", os.path.basename(path)), path)
        check("others may read it", os.stat(path).st_mode & 0o777 == 0o600)
        read = subprocess.run([binary, "read", "-f", "jsonl", path], capture_output=True, text=True,
                              check=False)
        again = [json.loads(line) for line in read.stdout.splitlines()]
        same = [line for line in again if verdicts([line]).items() & odd.items()]
        check("its verdict is another", len(same) == 1, (verdicts(again), odd))
        check("others have more than a frame that shows something there",
              all(sum(line["packets"].values()) <= 3 for line in again
                  if line["type"] == "connection" and line not in same), again)
        check("its beginning is not there",
              all(line["tcp"]["handshake"] == "complete" for line in same), same)


def check_clear_text(lines, path):
    """Algorithms are told in frames that are longer than what is kept of others."""
    known = [line["ssh"]["negotiated"] for line in lines if line["type"] == "connection"]
    check("a KEXINIT was cut", known and all(it and it["kex"] for it in known), known)
    with open(path, "rb") as file:
        data = file.read()
    kept, at = [], 0  # of pcapng: enhanced packet blocks are 6, captured and original length at 20
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == 6:
            kept.append(struct.unpack_from("<II", data, at + 20))
        at += length
    check("of no frame more is kept", any(256 < len_ <= 2048 for len_, _ in kept), kept)
    check("encrypted frames are kept whole", any(len_ == 256 < wire for len_, wire in kept), kept)


def check_summary(lines, live):
    capture = lines[-1]["capture"] if lines and lines[-1]["type"] == "summary" else None
    check("no word of what was lost", capture is not None and capture["seen"] > 100 and
          capture["dropped_by_kernel"] == 0 and capture["link_down_s"] == 0, lines[-1:])
    check("no totals", " seen, 0 dropped by the kernel" in live.text(), live.text())


# ---- one run, many who watch ----

def watch_together(net, binary):
    evidence = net.path("evidence")
    os.mkdir(evidence)
    os.chmod(evidence, 0o777)
    events = os.path.join(evidence + "-events")
    os.mkdir(events)
    os.chmod(events, 0o777)
    tcpdump = net.run(net.server, ["tcpdump", "-i", "vs", "-s", "2048", "-U", "-w", net.path("same.pcap"),
                                   "tcp port 22 or icmp or arp"],
                      stderr=subprocess.PIPE, text=True)
    tcpdump.stderr.readline()
    full = net.tmpfs("full", "64k")
    with open(full + "/filler", "wb") as file:
        file.write(b"x" * 61440)
    stalled = os.pipe()
    main = Live(net, binary, "--evidence", evidence, "-o", events + "/e.jsonl", "--all")
    some = Live(net, binary, "-B", "2048", "--evidence", full, "-q", "--fail-on", "other,server_crash")
    deaf = Live(net, binary, "-B", "2048", "--all", stdout=stalled[1])
    both = Live(net, binary, "-B", "2048", "-i", "vs", "--all", interface="lo")
    everywhere = Live(net, binary, "-B", "2048", "--all", interface="any")
    tagged = Live(net, binary, "-B", "2048", "--all", "tcp port 22 and tcp[13] & 2 != 0")
    check("it does not begin", main.ready(), main.errors())
    for other in (deaf, both, everywhere, tagged):
        check("one of many does not begin", other.ready(), other.errors())
    check_process(main)

    second = Live(net, binary, "-B", "2048", "--evidence", evidence)
    check("two write to one directory", second.end(None) == 4 and
          "another rstscope" in second.errors(), second.errors())

    begin = time.monotonic()
    open_session = traffic(net)
    took = time.monotonic() - begin
    check("an orderly close is late", wait_for(lambda: "orderly_close" in main.text(),
                                               LINGER_S + 2 - min(took, 1)), main.text())

    own = net.ssh(f"timeout 3 {os.path.abspath(binary)} live -i vs -B 2048 --all", stdout=subprocess.PIPE)
    said = own.communicate(timeout=15)[0].decode()
    check("its own session is not marked", said.count("rstscope was started from here") == 1, said)

    for name, one, status in (("main", main, 0), ("with a full disk that fails on something", some, 1),
                              ("that nobody reads", deaf, 0), ("of two interfaces", both, 0),
                              ("of any", everywhere, 0), ("of a filter", tagged, 0)):
        check(f"{name}: status", one.end() == status, (one.status, one.errors()))
        check(f"{name}: the end takes {one.seconds:.1f} s", one.seconds < END_S)
    tcpdump.send_signal(signal.SIGTERM)
    tcpdump.wait()
    open_session.kill()

    lines = lines_of(events + "/e.jsonl")
    check_same(net, binary, lines)
    check_evidence(net, binary, evidence, lines)
    check_clear_text(lines, sorted(glob.glob(evidence + "/*"))[0])
    check_summary([line for line in lines if line["type"] != "rotated"], main)
    ports = set(verdicts(lines))
    for name, one in (("two interfaces", both), ("any", everywhere)):
        check(f"{name}: not all is seen",
              all(f"{CLIENT}:{port} " in one.text() for port in ports), one.text())
    check("a filter is not obeyed", "orderly_close" not in tagged.text(), tagged.text())
    check("a full disk is not said", "evidence is not written: No space" in some.errors(), some.errors())
    check("a full disk keeps a part", os.listdir(full) == ["filler"], os.listdir(full))
    os.close(stalled[0])
    os.close(stalled[1])


# ---- SIGHUP ----

def serve(net, count):
    """Connections to port 22 that end in order, as fast as they come: no SSH, so nothing forks."""
    def child(space, code):
        return net.run(space, [sys.executable, "-c", code])

    server = child(net.server, "import socket\ns = socket.create_server(('%s', 2222))\n"
                   "while True:\n  c, _ = s.accept()\n  c.sendall(b'SSH-2.0-x\\r\\n')\n"
                   "  c.recv(99)\n  c.close()" % SERVER)
    time.sleep(0.3)
    client = child(net.client, "import socket, time\nfor i in range(%d):\n"
                   "  s = socket.create_connection(('%s', 2222))\n  s.recv(99)\n  s.close()\n"
                   "  time.sleep(0.004)" % (count, SERVER))
    return server, client


def hang_up_often(net, binary, count, signals):
    folder = net.path("hup")
    os.mkdir(folder)
    os.chmod(folder, 0o777)
    path = folder + "/e.jsonl"
    live = Live(net, binary, "-B", "8192", "-p", "2222", "-o", path)
    check("it does not begin", live.ready(), live.errors())
    server, client = serve(net, count)
    for i in range(signals):
        if i % 10 == 0 and os.path.exists(path):
            os.rename(path, f"{folder}/old{i:05}.jsonl")  # as logrotate does
        live.send(signal.SIGHUP)
        time.sleep(0.02)
    client.wait(timeout=60)
    server.kill()
    time.sleep(0.3)
    check("many SIGHUPs: status", live.end() == 0, live.errors())
    lines = [line for old in sorted(glob.glob(folder + "/old*")) + [path] for line in lines_of(old)]
    ids = [line["id"] for line in lines if line["type"] == "connection"]
    check("many SIGHUPs lose an event, or tell it twice",
          ids == list(range(1, count + 1)), (len(ids), len(set(ids)), count))


# ---- the interface ----

def disturb_interface(net, binary):
    net.link("w", "10.98.8.1", "10.98.8.2")
    net.link("x", "10.98.9.1", "10.98.9.2")
    link = Live(net, binary, "-B", "2048", interface="ws")
    gone = Live(net, binary, "-B", "2048", interface="xs")
    events = net.path("stopped")
    os.mkdir(events)
    os.chmod(events, 0o777)
    stopped = Live(net, binary, "-B", "2048", "--all", "-o", events + "/e.jsonl")
    for one in (link, gone, stopped):
        check("it does not begin", one.ready(), one.errors())
    stopped.send(signal.SIGSTOP)
    net.ssh("true", wait=True)
    net.ip("-n", net.client, "link", "set", "wc", "down")
    net.ip("-n", net.server, "link", "set", "xs", "down")
    net.ip("-n", net.server, "link", "set", "xs", "name", "renamed")
    net.ip("-n", net.server, "link", "set", "renamed", "up")
    time.sleep(0.5)
    check("a name that changes ends it", gone.process.poll() is None, gone.errors())
    net.ip("-n", net.server, "link", "del", "renamed")
    check("a vanished interface: status", gone.end(None) == 4, gone.status)
    check("a vanished interface is not said", "xs: interface gone" in gone.errors(), gone.errors())
    check("a vanished interface: no report", " seen, " in gone.text(), gone.text())
    time.sleep(1.0)
    net.ip("-n", net.client, "link", "set", "wc", "up")
    stopped.send(signal.SIGCONT)
    net.run(net.client, [sys.executable, "-c", "import socket\n"
                         "socket.create_connection(('10.98.8.2', 22)).recv(99)"]).wait()
    time.sleep(0.5)
    check("a link that was down: status", link.end() == 0, link.errors())
    down = re.search(r"link down for ([\d.]+) (m?s)", link.text())  # the kernel tells up to 1 s later
    down_s = float(down[1]) / (1000 if down[2] == "ms" else 1)
    check("a link that was down is not said", 0.3 < down_s < 4, link.text())
    check("a link that came back carries nothing", not link.text().startswith("0 frames"), link.text())
    check("a program that was stopped: status", stopped.end() == 0, stopped.errors())
    check("its gap is not said", re.search(r"not running for [1-9]\.\d s", stopped.text()), stopped.text())
    limits = [limit for line in lines_of(events + "/e.jsonl") if line["type"] == "connection"
              for limit in line["verdict"]["limits"]]
    check("a verdict does not say what it may lack",
          any("rstscope did not run for" in limit for limit in limits), limits)
    check("what came meanwhile is lost", "1 orderly_close" in stopped.text(), stopped.text())


# A SYN to port 22, behind as many tags as are asked for: not every kernel has VLAN interfaces.
SEND_TAGGED = """
import socket, struct
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind(("vc", 0))
for tags in range(3):
    syn = struct.pack("!HHIIBBHHH", 40000 + tags, 22, 1, 0, 0x50, 2, 64240, 0, 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 40, 1, 0, 64, 6, 0, socket.inet_aton("10.98.6.1"),
                     socket.inet_aton("10.98.6.2"))
    total = sum(struct.unpack("!10H", ip))
    ip = ip[:10] + struct.pack("!H", 0xffff - (total + (total >> 16)) % 0x10000) + ip[12:]
    out.send(b"\\xff" * 6 + b"\\2" * 6 + b"\\x81\\x00\\x00\\x07" * tags + b"\\x08\\x00" + ip + syn)
"""


def count_frames(net, binary):
    live = Live(net, binary, "-B", "2048", "-c", "7")
    check("it does not begin", live.ready(), live.errors())
    net.ssh("true", wait=True)
    check("-c does not end it", live.end(None, 5) == 0, live.errors())
    check("-c counts wrongly", live.text().splitlines()[-2].startswith("7 frames seen"), live.text())


def tag_frames(net, binary):
    live = Live(net, binary, "-B", "2048", "--all")
    check("it does not begin", live.ready(), live.errors())
    net.run(net.client, [sys.executable, "-c", SEND_TAGGED]).wait()
    time.sleep(0.3)
    live.end()
    for tags in range(3):
        check(f"behind {tags} tags nothing is seen", f"10.98.6.1:4000{tags} " in live.text(),
              live.text() + live.errors())


# ---- usage ----

def refuse(net, binary):
    for words, status, said in (
            (("-i", "nosuch0"), 4, "nosuch0: no such interface"),
            (("-i", "vs", "tcp", "prt", "22"), 4, "vs: filter: "),
            (("-i", "vs", "-o", "x.html"), 2, "has an end"),
            (("-i", "vs", "-o", "x.pcapng"), 2, "--evidence"),
            (("-i", "vs", "--redact", "--evidence", "."), 2, "--redact"),
            (("-i", "vs", "-i", "vs"), 2, "twice"),
            (("-i", "vs", "-s", "10"), 2, "-s needs a number"),
            (("-i", "vs", "--evidence", "/nonexistent/x"), 4, "/nonexistent/x"),
            ((), 2, "no interface"),
            (("--evidnce",), 2, "--evidence")):
        it = subprocess.run(["ip", "netns", "exec", net.server, binary, "live", *words],
                            capture_output=True, text=True, timeout=10, check=False)
        check(f"{words}: status {it.returncode}", it.returncode == status, it.stderr)
        check(f"{words}: what is said", said in it.stderr and it.stderr.count("\n") == 1, it.stderr)
    nobody = subprocess.run(["ip", "netns", "exec", net.server, "setpriv", "--reuid=65534", "--regid=65534",
                             "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", binary, "live",
                             "-i", "vs"], capture_output=True, text=True, timeout=10, check=False)
    check("nobody may capture", nobody.returncode == 4 and "CAP_NET_RAW" in nobody.stderr, nobody.stderr)


# ---- what takes long ----

def wait_a_minute(net, binary):
    """A reset is told a minute after it, though nothing else comes."""
    live = Live(net, binary, "-B", "2048")
    check("it does not begin", live.ready(), live.errors())
    kill_session(net)
    begin = time.monotonic()
    late = not wait_for(live.text, 64)
    took = time.monotonic() - begin
    check(f"a verdict comes after {took:.1f} s", not late and 59 < took < 62.5, live.text())
    live.end()


def total(live, words):
    return int(re.search(words, live.text())[1].replace(",", ""))


def flood(net, binary, rate, seconds, stop_s=0, ring=None):
    mac = json.loads(subprocess.run(["ip", "-j", "-n", net.server, "link", "show", "vs"],
                                    capture_output=True, check=True).stdout)[0]["address"]
    live = Live(net, binary, *(("-B", str(ring)) if ring else ()))
    check("it does not begin", live.ready(), live.errors())
    sender = net.run(net.client, ["build/tests/flood", "vc", mac, str(rate), str(seconds)],
                     stdout=subprocess.PIPE, text=True)
    if stop_s:
        time.sleep(seconds / 3)
        live.send(signal.SIGSTOP)
        time.sleep(stop_s)
        live.send(signal.SIGCONT)
    sent, took_ms = map(int, sender.communicate(timeout=seconds + 20)[0].split())
    with open(f"/proc/{live.process.pid}/status", encoding="ascii") as file:
        peak = re.search(r"VmHWM:\s*(\d+) kB", file.read())[1]
    live.end()
    seen, dropped = total(live, r"([\d,]+) frames? seen"), total(live, r"(\d+) dropped")
    print(f"live: {sent * 1000 // took_ms} packets/s for {took_ms / 1000:.1f} s, stopped for {stop_s} s: "
          f"{seen} seen, {dropped} dropped, peak {int(peak) >> 10} MiB, end in {live.seconds:.2f} s")
    check("what was sent is not what was seen and dropped", 0 <= seen + dropped - sent < 50,
          (sent, seen, dropped))
    if ring:
        check("nothing is dropped, which is no test", dropped > 0)
        check("drops are not said", "were dropped so far" in live.errors(), live.errors())
    else:
        check("frames are dropped", dropped == 0, dropped)
    check("the end takes long", live.seconds < END_S, live.seconds)


def grown(process):
    with open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4, len(os.listdir(f"/proc/{process.pid}/fd"))


def soak(net, binary, minutes):
    """The same traffic over and over: memory and descriptors have to stay as they are."""
    folder = net.path("soak")
    os.mkdir(folder)
    os.chmod(folder, 0o777)
    live = Live(net, binary, "--evidence", folder, "--evidence-max", "1", "--lookback", "1", "-o",
                folder + "/e.jsonl", "-C", "1", "-W", "2", "--metrics", folder + "/m.prom")
    check("it does not begin", live.ready(), live.errors())
    sizes, until = [], time.monotonic() + minutes * 60
    while time.monotonic() < until:
        for _ in range(20):
            net.ssh("true", wait=True)
            kill_session(net)
        sizes.append(grown(live.process))
    half = len(sizes) // 2
    print(f"live: {minutes} minutes: RSS {sizes[half][0]} KiB at the half, {sizes[-1][0]} at the end; "
          f"{sizes[0][1]} descriptors, then {sizes[-1][1]}")
    check("memory grows", sizes[-1][0] < sizes[half][0] * 1.02 + 256, sizes)
    check("descriptors grow", sizes[-1][1] <= sizes[half][1], sizes)
    live.end()


def take_long(net, binary):
    wait_a_minute(net, binary)
    flood(net, binary, 0, 10)
    flood(net, binary, 50000, 6, stop_s=2)
    flood(net, binary, 50000, 6, stop_s=2, ring=2048)
    hang_up_often(net, binary, 3000, 1000)


def main():
    binary = os.path.abspath(sys.argv[1])
    why = why_not()
    if why is not None:
        print(f"live: skipped: {why}\n0 passed, 0 failed, 1 skipped")
        return 0
    net = Net()
    try:
        net.sshd()
        if "--soak" in sys.argv:
            soak(net, binary, float(sys.argv[sys.argv.index("--soak") + 1]))
        elif "--long" in sys.argv:
            take_long(net, binary)
        else:
            refuse(net, binary)
            watch_together(net, binary)
            tag_frames(net, binary)
            count_frames(net, binary)
            disturb_interface(net, binary)
            hang_up_often(net, binary, 400, 100)
    finally:
        net.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
