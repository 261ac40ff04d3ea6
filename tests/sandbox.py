#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""sandbox.py BINARY: the program itself is in the sandbox before it looks at a byte of a capture.

It is held where it works, by a reader that does not read its report, and the kernel is asked about
each of its threads. What the sandbox refuses is tried in tests/capture/seccomp.c and landlock.c.
"""

import glob
import gzip
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time

SAMPLE = "samples/captures/netfilter-reset-after-silence.pcap"
PATIENCE_S = 30
NO_CAPABILITIES = "0000000000000000"
# By its flags: the names in a sandbox strace shows to root alone.
OPENS_INPUT = r"openat\(.*O_RDONLY\|O_NOCTTY\|O_NONBLOCK"
STRANGER = 4321  # a user that nobody knows by name

passed = failed = skipped = 0


def check(what, good, detail=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"sandbox: {what}: {str(detail)[:300]!r}")


def skip(why):
    global skipped
    skipped += 1
    print(f"sandbox: skipped: {why}")


def is_root():
    return os.geteuid() == 0


def run(*arguments, **how):
    return subprocess.run(arguments, capture_output=True, timeout=PATIENCE_S, text=True, **how)


def write_packed(path):
    """Long enough that it is unpacked by a thread, and that its report does not fit a pipe."""
    with open(SAMPLE, "rb") as file:
        head, body = file.read(24), file.read()
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(head + body * 1000)
    os.chmod(path, 0o644)


# ---- what the kernel says of it ----


def read_status(path):
    with open(path) as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def threads_of(pid):
    found = []
    for path in glob.glob(f"/proc/{pid}/task/*/status"):
        try:
            found.append(read_status(path))
        except OSError:
            pass
    return found


def while_it_works(command, look, **how):
    """look(pid) while the program has two threads and cannot end: nobody takes all it has to say."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **how) as process:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and process.poll() is None:
            if len(threads_of(process.pid)) > 1:
                break
            time.sleep(0.001)
        else:
            check("it was not found at work", False, command)
        look(process.pid)
        process.stdout.read()


def check_threads(binary, path, name, who, **how):
    def look(pid):
        threads = threads_of(pid)
        check(f"{name}: threads", len(threads) == 2, len(threads))
        for thread in threads:
            check(f"{name}: no_new_privs", thread["NoNewPrivs"] == "1", thread)
            check(f"{name}: seccomp", thread["Seccomp"] == "2", thread)
            check(f"{name}: users", set(thread["Uid"].split()) == {str(who)}, thread["Uid"])
            for caps in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
                check(f"{name}: {caps}", thread[caps] == NO_CAPABILITIES, thread[caps])
            if is_root() and not how:
                check(f"{name}: CapBnd", thread["CapBnd"] == NO_CAPABILITIES, thread["CapBnd"])
                check(f"{name}: groups", thread["Groups"].split() == [], thread["Groups"])
        with open(f"/proc/{pid}/limits") as file:
            limits = file.read()
        core = re.search(r"Max core file size +(\d+) +(\d+)", limits)
        check(f"{name}: core", core and core.groups() == ("0", "0"), core)
        files = re.search(r"Max open files +(\d+) +(\d+)", limits)
        check(f"{name}: files", files and max(map(int, files.groups())) <= 1024, files)
        # What may not be debugged, or leave a core, the kernel gives to root.
        check(f"{name}: dumpable", os.stat(f"/proc/{pid}/maps").st_uid == 0)

    while_it_works([binary, "read", "-f", "jsonl", "--all", path], look, **how)


def check_who(binary, path):
    if not is_root():
        check_threads(binary, path, "as a user", os.getuid())
        skip("not root: who root becomes is not seen")
        return
    nobody = pwd.getpwnam("nobody").pw_uid
    check_threads(binary, path, "as root", nobody)
    check_threads(binary, path, "as a user", STRANGER, user=STRANGER, group=STRANGER, extra_groups=[])
    os.chmod(path, 0o600)
    check_threads(binary, path, "a file of root's", 0)
    os.chown(path, STRANGER, STRANGER)
    check_threads(binary, path, "a file of somebody's", STRANGER)
    os.chmod(path, 0o644)


# ---- descriptors ----


def check_descriptors(binary, path):
    if not is_root():
        skip("not root: of a sandbox the kernel shows descriptors to root alone")
        return
    with open("/etc/hostname") as leaked, open(SAMPLE) as named:
        os.dup2(leaked.fileno(), 77)
        os.dup2(named.fileno(), 78)
        opened = []

        def look(pid):
            opened.extend(os.readlink(fd) for fd in glob.glob(f"/proc/{pid}/fd/*"))

        while_it_works([binary, "read", "-f", "jsonl", "--all", path, "/dev/fd/78"], look,
                       pass_fds=(77, 78))
        os.close(77)
        os.close(78)
    check("an inherited descriptor stays open", "/etc/hostname" not in opened, opened)
    check("the descriptor that was named is closed",
          sum(os.path.realpath(SAMPLE) == one for one in opened) >= 1, opened)


def check_streams(binary):
    done = subprocess.run(["bash", "-c", f"'{binary}' read {SAMPLE} >&-"], capture_output=True,
                          timeout=PATIENCE_S)
    check("a report to a closed output is no failure", done.returncode == 4, done)
    done = subprocess.run(["bash", "-c", f"'{binary}' read {SAMPLE} <&- 2>&-"], capture_output=True,
                          timeout=PATIENCE_S)
    check("it does not read with streams closed", done.returncode == 0 and done.stdout, done)


# ---- the order, and a kernel that lacks something ----


def traced(trace, *arguments):
    """The lines of strace, by the arguments that it takes."""
    with tempfile.NamedTemporaryFile("r") as log:
        done = run("strace", "-f", "-o", log.name, *trace, *arguments)
        return done, log.read().splitlines()


def first(lines, pattern):
    return next((i for i, line in enumerate(lines) if re.search(pattern, line)), None)


def check_order(binary, folder):
    inputs = [shutil.copy(SAMPLE, os.path.join(folder, name)) for name in ("1.pcap", "2.pcap")]
    report = os.path.join(folder, "report.html")
    for arguments in ([inputs[0]], inputs, [folder], ["-o", report, inputs[0]]):
        done, lines = traced(["-e", "trace=openat,seccomp"], binary, "read", *arguments)
        entered = first(lines, r"seccomp\(SECCOMP_SET_MODE_FILTER.* = 0$")
        opened = first(lines, OPENS_INPUT)
        check("it reads before it is in the sandbox",
              done.returncode == 0 and entered is not None and opened is not None and entered < opened,
              (done, entered, opened))
        check("the sandbox was not wanted to be left", not any("SIGSYS" in line for line in lines))
    check("no report", os.path.getsize(report) > 0)


def check_lacks(binary):
    for call, error, words in (("landlock_create_ruleset", "ENOSYS", "has no Landlock"),
                               ("landlock_create_ruleset", "EOPNOTSUPP", "has no Landlock"),
                               ("seccomp", "EINVAL", "does not filter system calls")):
        inject = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}"]
        done, _ = traced(inject, binary, "read", SAMPLE)
        said = done.stderr.splitlines()
        check(f"without {call} ({error}) it does not read", done.returncode == 0, done)
        check(f"without {call} ({error}) not one line says so",
              len(said) == 1 and words in said[0], said)
        done, _ = traced(inject, binary, "read", "-q", SAMPLE)
        check(f"without {call}, -q is not quiet", done.returncode == 0 and not done.stderr, done)
    for call in ("capset", "prlimit64", "landlock_restrict_self"):
        when = ":when=2+" if call == "prlimit64" else ""
        inject = ["-e", f"trace={call},openat", "-e", f"inject={call}:error=EPERM{when}"]
        done, lines = traced(inject, binary, "read", SAMPLE)
        check(f"without {call} it does not give up", done.returncode == 4, done)
        check(f"without {call} it does not say so", "rstscope: cannot" in done.stderr, done.stderr)
        check(f"without {call} it reads", first(lines, OPENS_INPUT) is None)


# ---- logs ----

LOGGED = "tests/data/logs/sshd-9.2"


def check_log_order(binary, log):
    done, lines = traced(["-e", "trace=openat,read,seccomp"], binary, "read", "--log", log, LOGGED + ".pcap")
    opened = next((line for line in lines if f'"{log}"' in line), "")
    fd = re.search(r" = (\d+)$", opened)
    check("a log is not opened", done.returncode == 0 and fd, (done, opened))
    looked_at = fd and first(lines, rf"read\({fd[1]}, .* = [1-9]\d*$")
    entered = first(lines, r"seccomp\(SECCOMP_SET_MODE_FILTER.* = 0$")
    check("a log is opened in the sandbox", lines.index(opened) < entered, lines)
    check("a log is looked at before it is in the sandbox", looked_at and looked_at > entered, looked_at)


def check_logs(binary, folder):
    """Logs are the administrator's alone, and may come from a program that unpacks them."""
    log = shutil.copy(LOGGED + ".log", os.path.join(folder, "a.log"))
    os.chmod(log, 0o600)
    words = f"'{binary}' read -q --log %s {LOGGED}.pcap"
    for name, given in (("a log of its owner", log), ("a log from a pipe", f"<(cat '{log}')")):
        done = run("bash", "-c", words % given)
        check(f"{name} cannot be read", done.returncode == 0 and "; its clock is" in done.stdout, done)
    done = run("bash", "-c", words % "/dev/fd/77" + f" 77<'{log}'")
    check("a log that is open already cannot be read", done.returncode == 0, done)
    if shutil.which("strace"):
        check_log_order(binary, log)


# ---- outputs ----


def check_outputs(binary, folder):
    before = shutil.copy(SAMPLE, os.path.join(folder, "x.html"))
    done = run(binary, "read", "--redact", "-o", before, before)
    with open(before, "rb") as now, open(SAMPLE, "rb") as was:
        check("x.html was an input", now.read() == was.read(), done)
    check("x.html: it is not refused", done.returncode == 4 and "is an input" in done.stderr, done)
    os.unlink(before)
    done = run(binary, "read", "-o", os.path.join(folder, "w.html"), "no-such-file")
    check("a report of nothing is left", done.returncode == 4 and not glob.glob(f"{folder}/w.*"), done)


def check_words(binary):
    done = run(binary, "read", "-v", SAMPLE)
    check("-v does not say that it is in a sandbox", "rstscope: in a sandbox" in done.stderr, done.stderr)


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    binary = arguments[0]
    os.environ.update(TZ="UTC", LC_ALL="C")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = os.path.join(folder, "packed.pcap.gz")
        write_packed(path)
        check_who(binary, path)
        check_descriptors(binary, path)
        os.unlink(path)
        check_streams(binary)
        check_words(binary)
        if shutil.which("strace"):
            check_order(binary, folder)
            check_lacks(binary)
        else:
            skip("strace is not here: neither the order is seen, nor a kernel that lacks something")
        check_logs(binary, folder)
        check_outputs(binary, folder)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    sys.exit(main([os.path.abspath(argument) for argument in sys.argv[1:]]))
