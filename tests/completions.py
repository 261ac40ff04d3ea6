#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""completions.py FOLDER: do the shells complete what the program takes?

FOLDER holds rstscope.bash, .zsh and .fish. Each shell is asked, and has to offer every row of the
tables; what stands in them is read here from the tables' text, not from the generator. A shell that
is not installed is skipped.
"""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

ARGUMENTS = [os.path.abspath(argument) for argument in sys.argv[1:]]
os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

passed = failed = skipped = 0


def check(what, good, detail=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"completions: {what}: {str(detail)[:300]}")


def rows(path, macro):
    with open(path, encoding="ascii") as file:
        return re.findall(rf"^{macro}\((.*)\)$", file.read(), re.MULTILINE)


def words(path, macro):
    return [row.split(",")[0] for row in rows(path, macro)]


def options(table="commands/options.def", only=None):
    """(letter or None, long name or None) of each."""
    for row in rows(table, "OPTION"):
        if only is not None and row.split(",")[0] not in only:
            continue
        fields = [field.strip() for field in row.split(",")]
        letter = None if fields[1] == r"'\0'" else fields[1].strip("'")
        yield letter, None if fields[2] == "NULL" else fields[2].strip('"')


FORMATS = words("report/formats.def", "FORMAT")
CAUSES = words("classify/causes.def", "CAUSE")
FAMILIES = words("classify/families.def", "FAMILY")
VERBS = words("commands/verbs.def", "VERB")
LONG = [f"--{name}" for _, name in options() if name]
LIVE = [f"--{name}" for _, name in [
    *options("commands/live_options.def"),
    *options(only=words("commands/live_shared.def", "SHARED"))] if name]
SHORT = [f"-{letter}" for letter, _ in options() if letter]

# what is typed, and what has to be offered for it
QUESTIONS = [
    ("rstscope ", VERBS),
    ("rstscope read -", LONG),
    ("rstscope -", LONG),
    ("rstscope read -f ", FORMATS),
    ("rstscope read --format=", FORMATS),
    ("rstscope read --color ", ["auto", "always", "never"]),
    ("rstscope read --fail-on ", ["reset", *CAUSES, *FAMILIES]),
    ("rstscope explain ", ["timers", *CAUSES, *FAMILIES]),
    ("rstscope live -", LIVE),
    ("rstscope live -i ", ["any", "lo"]),
    ("rstscope read -r sam", ["sample file.pcap"]),
    ("rstscope sam", ["sample file.pcap"]),
]
# what is typed, and what must not be offered
NOT = [
    ("rstscope explain s", ["sample file.pcap", "reset"]),
    ("rstscope read -f s", ["sample file.pcap", "text"]),
    ("rstscope read re", ["read"]),
    ("rstscope read -", ["--evidence", "--lookback"]),
    ("rstscope live -", ["--format"]),
]


def value_of(offer):
    """The bare word: fish offers --format=ecs, bash after the = the word alone."""
    return offer.split("=", 1)[1] if offer.startswith("--") and "=" in offer else offer


def ask(shell, offered, typed):
    got = offered(typed)
    return got, {value_of(offer).rstrip(",") for offer in got} | set(got)


def check_shell(shell, offered):
    for typed, wanted in QUESTIONS:
        got, values = ask(shell, offered, typed)
        missing = [word for word in wanted if word not in values]
        check(f"{shell}: after {typed!r} there is no {missing}", not missing, got)
    for typed, unwanted in NOT:
        got, values = ask(shell, offered, typed)
        there = [word for word in unwanted if word in values]
        check(f"{shell}: after {typed!r} there is {there}", not there, got)
    got = {offer.rsplit(",", 1)[-1] for offer in offered("rstscope read --fail-on reset,idle_t")}
    check(f"{shell}: no second word of a list", "idle_timeout" in got, got)


BASH = r"""
source "$1"
typed=$2
IFS=' ' read -r -a COMP_WORDS <<<"${typed//=/ = }"
case $typed in *' '|*=) COMP_WORDS+=('');; esac
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
compopt() { :; }
_rstscope
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
"""


def bash(folder, where):
    def offered(typed):
        done = subprocess.run(
            ["bash", "--norc", "-c", BASH, "bash", f"{folder}/rstscope.bash", typed],
            capture_output=True, text=True, cwd=where, timeout=20,
        )
        check(f"bash: {typed!r} says something", done.stderr == "", done.stderr)
        return done.stdout.splitlines()

    return offered


def fish(folder, where):
    def offered(typed):
        done = subprocess.run(
            ["fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"',
             f"{folder}/rstscope.fish", typed],
            capture_output=True, text=True, cwd=where, timeout=20,
        )
        check(f"fish: {typed!r} says something", done.stderr == "", done.stderr)
        return [re.sub(r"\\(.)", r"\1", line.split("\t")[0]) for line in done.stdout.splitlines()]

    return offered


# zsh completes only in its line editor: one on a terminal of its own lists what it has. The list and
# the mark behind it come from one key, so that no clock decides what belongs to which question; the
# marks are written in halves, since the terminal echoes what is sent.
ZSH = r"""
autoload -Uz compinit; compinit -u -D; source "$RSTSCOPE"
zstyle ':completion:*' list-packed false; zstyle ':completion:*' verbose false
LISTMAX=9999 PS1='' PS2='' RPS1=''; unsetopt beep list_beep auto_menu always_last_prompt prompt_cr prompt_sp
unset zle_bracketed_paste
answer() { zle list-choices; zle -R; zle -I; print -r -- answ''ered; BUFFER='' }
zle -N answer; bindkey '^T' answer
stty cols 400 rows 900; print rea''dy
"""


class Zsh:
    def __init__(self, folder, where):
        environment = dict(os.environ, TERM="dumb", RSTSCOPE=f"{folder}/rstscope.zsh",
                           COLUMNS="400", LINES="900")
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(where)
            os.execvpe("zsh", ["zsh", "-f", "-i"], environment)
        self.send(ZSH)
        self.read_until(b"ready\r\n")

    def send(self, text):
        os.write(self.fd, text.encode())

    def read_until(self, mark, patience_s=60):
        data, until = b"", time.monotonic() + patience_s
        while mark not in data and time.monotonic() < until:
            if select.select([self.fd], [], [], 0.2)[0]:
                data += os.read(self.fd, 65536)
        check(f"zsh: no {mark} in {patience_s} s", mark in data, data)
        return data

    def __call__(self, typed):
        self.send(typed + "\x14")
        text = self.read_until(b"answered\r\n").decode(errors="replace")
        lines = [line.strip().replace("\\ ", " ") for line in re.split(r"[\r\n]+", text)]
        lines = [line for line in lines if not line.startswith(typed.strip())]
        return lines + [word for line in lines for word in line.split()]

    def end(self):
        self.send("exit\n")
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def main(arguments):
    global skipped
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = os.path.realpath(arguments[0])
    check("tables are empty", min(map(len, (FORMATS, CAUSES, FAMILIES, VERBS, LONG, SHORT))) > 0)
    with tempfile.TemporaryDirectory() as where:
        with open(os.path.join(where, "sample file.pcap"), "wb"):
            pass
        check_shell("bash", bash(folder, where))
        if shutil.which("fish"):
            check_shell("fish", fish(folder, where))
        else:
            skipped += 1
        if shutil.which("zsh"):
            zsh = Zsh(folder, where)
            check_shell("zsh", zsh)
            zsh.end()
        else:
            skipped += 1
    for shell in ("bash", "zsh", "fish"):
        with open(f"{folder}/rstscope.{shell}", encoding="ascii") as file:
            text = file.read()
        for letter in SHORT:
            wanted = f"-s {letter[1]} " if shell == "fish" else letter
            check(f"{shell}: no {letter}", re.search(rf"{wanted}(?![a-z])|{wanted}\b", text))
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(ARGUMENTS))
