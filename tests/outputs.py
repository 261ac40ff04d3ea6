#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""outputs.py [BINARY]: what -o leaves behind when something goes wrong.

The old file or the whole new one, never a part of it; no input, key, device or protected file is
replaced; status and message say what happened. Full disks are real ones, where namespaces may be made.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import evidence  # noqa: E402 (the line above must come first)

CAPTURE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "samples", "captures",
                                       "netfilter-reset-after-silence.pcap"))
ENDINGS = (".txt", ".md", ".html", ".svg", ".json", ".jsonl", ".ecs.jsonl", ".ocsf.jsonl", ".xml",
           ".pcapng")
OLD = b"what was there before\n"
KILLS_S = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


def run(*arguments, **more):
    done = subprocess.run([BINARY, "read", *arguments], capture_output=True, timeout=60, **more)
    return done.returncode, done.stderr.decode("ascii")


def put(folder, name, content=OLD):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def content_of(path):
    with open(path, "rb") as file:
        return file.read()


def parts(folder):
    return [name for name in os.listdir(folder) if ".part" in name]


def refused(count, what, status, wanted, said, words, folder):
    count.check(f"{what}: status {status}", status == wanted)
    count.check(f"{what}: it is not said:", words in said and said.count("\n") == 1, said)
    count.check(f"{what}: parts are left", not parts(folder), parts(folder))


def check_wrong_names(count, folder):
    for name, status, words in (
            ("-", 2, "-f FORMAT"), ("x.pdf", 2, ".html"), ("", 2, ".html"), ("x.md/", 2, ".html"),
            ("missing/x.md", 4, "missing/x.md: No such file or directory"),
            ("missing/\x1b]0;x\a\n.md", 4, "missing/\\x1b]0;x\\x07\\x0a.md")):
        got, said = run("-o", name, CAPTURE, cwd=folder)
        refused(count, repr(name), got, status, said, words, folder)
    os.mkdir(os.path.join(folder, "folder.md"))
    got, said = run("-o", "folder.md", CAPTURE, cwd=folder)
    refused(count, "a directory", got, 4, said, "folder.md: Is a directory", folder)
    os.mkfifo(os.path.join(folder, "fifo.md"))
    got, said = run("-o", "fifo.md", CAPTURE, cwd=folder)
    refused(count, "a FIFO", got, 4, said, "fifo.md: is no regular file", folder)
    for name in ("-x.md", "a b\n'\"$(id).md", "\x1b]0;x\a.html"):
        got, said = run("-o", name, CAPTURE, cwd=folder)
        count.check(f"{name!r}: status {got}, {said}", got == 0 and not said)
        count.check(f"{name!r}: not there", name in os.listdir(folder), os.listdir(folder))


def check_twice(count, folder):
    put(folder, "x.md")
    os.symlink(".", os.path.join(folder, "here"))
    for other in ("x.md", "./x.md", "here/x.md"):
        got, said = run("-o", "x.md", "-o", other, CAPTURE, cwd=folder)
        refused(count, f"x.md and {other}", got, 4, said, "given twice", folder)
        count.check(f"x.md and {other}: changed", content_of(os.path.join(folder, "x.md")) == OLD)
    for ending in ENDINGS:
        one, two = "one" + ending, "two" + ending
        got, said = run("-q", "-o", one, "-o", two, CAPTURE, cwd=folder)
        count.check(f"two {ending}: status {got}, {said}", got == 0)
        count.check(f"two {ending}: they differ", content_of(os.path.join(folder, one))
                    == content_of(os.path.join(folder, two)) != b"")
        mode = os.stat(os.path.join(folder, one)).st_mode & 0o777
        count.check(f"{ending}: others may read it", mode == 0o600, oct(mode))


def check_kept(count, folder):
    """An input, the key, what its owner protected."""
    capture = put(folder, "in.json", content_of(CAPTURE))
    key = put(folder, "key.md", bytes(32))
    os.chmod(key, 0o600)
    os.link(capture, os.path.join(folder, "again.json"))
    for name, words in (("in.json", "is an input"), ("again.json", "is an input"),
                        ("key.md", "is the key")):
        before = content_of(os.path.join(folder, name))
        got, said = run("-q", "--redact=key.md", "-o", name, "in.json", cwd=folder)
        refused(count, name, got, 4, said, words, folder)
        count.check(f"{name}: changed", content_of(os.path.join(folder, name)) == before)
    target = put(folder, "target")
    os.symlink("target", os.path.join(folder, "link.md"))
    got, said = run("-o", "link.md", CAPTURE, cwd=folder)
    count.check("a link: what it leads to is written over", got == 0 and content_of(target) == OLD)


def check_protected(count, folder):
    if os.getuid() == 0:  # who may write everything, so it is done as nobody
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        os.chmod(folder, 0o777)
    else:
        nobody = []
    binary = shutil.copy(BINARY, os.path.join(folder, "binary"))
    capture = put(folder, "in.pcap", content_of(CAPTURE))
    path = put(folder, "protected.md")
    for file, mode in ((binary, 0o755), (capture, 0o444), (path, 0o444)):
        os.chmod(file, mode)
    done = subprocess.run([*nobody, "./binary", "read", "-o", "protected.md", "in.pcap"], cwd=folder,
                          capture_output=True, text=True)
    refused(count, "a protected file", done.returncode, 4, done.stderr, "Permission denied", folder)
    count.check("a protected file is replaced", content_of(path) == OLD)


def check_limit(count, folder):
    """A file that may not grow: the same as a full disk for whoever writes."""
    for ending in ENDINGS:
        path = put(folder, "x" + ending)
        got, said = run("-o", path, CAPTURE, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (100, 100)))
        refused(count, f"no room for {ending}", got, 4, said, "File too large", folder)
        count.check(f"no room for {ending}: changed", content_of(path) == OLD)


def check_full(count, folder):
    """In a namespace of its own, which takes the disk with it when it ends."""
    script = ("mount -t tmpfs -o size=16k none \"$1\" && echo old >\"$1/x$2\" && head -c 16384 /dev/zero "
              ">\"$1/fill\" 2>/dev/null; \"$3\" read -q -o \"$1/x$2\" \"$4\"; echo \"$?\"; cat \"$1/x$2\"; "
              "ls \"$1\"")
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    for ending in ENDINGS:
        done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", disk, ending, BINARY, CAPTURE],
                              capture_output=True, text=True)
        if "unshare" in done.stderr or "mount" in done.stderr:
            print("outputs: skipped: no namespaces for a full disk")
            count.skipped += 1
            return
        lines = done.stdout.splitlines()
        count.check(f"a full disk, {ending}:", lines == ["4", "old", "fill", "x" + ending], lines)
        count.check(f"a full disk, {ending}: it is not said", "No space left" in done.stderr,
                    done.stderr)


def check_kill(count, folder):
    """Wherever it is hit, at the name is the old file or the whole new one."""
    capture = os.path.join(folder, "big.pcap")
    evidence.big_capture(capture)
    outs = [os.path.join(folder, name) for name in ("x.json", "x.html", "x.pcapng")]
    arguments = [part for out in outs for part in ("-o", out)]
    run("-q", *arguments, capture)
    whole = {out: content_of(out) for out in outs}
    hit = 0
    for after_s in KILLS_S:
        for out in outs:
            put(folder, os.path.basename(out))
        process = subprocess.Popen([BINARY, "read", "-q", *arguments, capture])
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        hit += process.wait() == -signal.SIGKILL
        for out in outs:
            count.check(f"killed after {after_s} s: {os.path.basename(out)} is cut",
                        content_of(out) in (OLD, whole[out]))
    count.check("all was over before it was killed", hit > 0)
    count.check("a run after a kill", run("-q", *arguments, capture)[0] == 0)


def main():
    count = evidence.Count()
    for check in (check_wrong_names, check_twice, check_kept, check_protected, check_limit, check_full,
                  check_kill):
        with tempfile.TemporaryDirectory() as folder:
            check(count, folder)
    print(f"{count.passed} passed, {count.failed} failed"
          + (f", {count.skipped} skipped" if count.skipped else ""))
    return count.failed != 0


if __name__ == "__main__":
    BINARY = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.abspath("build/rstscope")
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    sys.exit(main())
