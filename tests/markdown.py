#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""markdown.py BINARY: do renderers of Markdown see the same in our reports, whatever the wire says?

Reports of all samples are rendered by the renderers that are installed (cmark-gfm, Python-Markdown,
mistune, pandoc); elements and words have to be the same in all. Then a peer and a file name say what is
Markdown, HTML, a link, a template: the elements have to be those of the same report with harmless words.
Skipped with fewer than two renderers.
"""

import glob
import html.parser
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import recast  # noqa: E402 (the line above must come first)

PYTHONS = (sys.executable, "/usr/bin/python3")  # a package of the system may not be in the first of them
MISTUNE = ("import sys, mistune; sys.stdout.write(mistune.create_markdown(escape=False, "
           "plugins=['table', 'strikethrough', 'url'])(sys.stdin.read()))")
RENDERERS = [("cmark-gfm", ["cmark-gfm", "-e", "table", "-e", "strikethrough", "-e", "autolink", "--unsafe"]),
             ("pandoc", ["pandoc", "-f", "gfm", "-t", "html"])]
RENDERERS += [("Python-Markdown", [p, "-m", "markdown", "-x", "tables", "-x", "fenced_code"]) for p in PYTHONS]
RENDERERS += [("mistune", [p, "-c", MISTUNE]) for p in PYTHONS]

ELEMENTS = {"h1", "h2", "h3", "p", "strong", "table", "tr", "th", "td", "ul", "li", "pre", "code"}
# Of the layout, not of what is told: sections of tables, paragraphs of loose lists, colours of code.
IGNORED = {"thead", "tbody", "p", "span", "div", "colgroup", "col"}

# Each is filled up to the length of the words that it replaces.
IDENTIFICATION = b"OpenSSH_9.2p1 Debian-2+deb12u10"
HOSTILE = ["</td></tr></table><script>a()", "<img src=x onerror=alert(1)>", "<!-- a --> &lt; &#60; <b>&amp;",
           "**a** __b__ `c` ~~d~~ $x$", "[a](http://e.example/) ![b](c)", "<https://e.example/> www.e.example",
           "@everyone #1 GH-1 me@e.example", "| a | b | c |", "```mermaid ``` ~~~", "\\` \\* \\| \\< \\\\ \\",
           "{{ x }} {% y %} ${z}", ":tada: :+1: !1 &2 %3 ~4 ^a#5 [[w]]", "<details open><summary>a", "```", "--->", "# a #", "`` ` ``"]
NAMES = ["1. a", "# a", "- a", "+ a", "    a", "> a", "a | b", "<b>a", "**a**", "[a](b)", "``` a", "~~~", "===", "12) a",
         "a<!--b", "{{a}}", "@a #1", "&amp;", "http:a", "a\\"]


MARK = "\0"  # no word has it: words may look like elements


class Structure(html.parser.HTMLParser):
    """[element or words], words without the blanks that a browser does not show."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.wild = [], set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in ELEMENTS | IGNORED:
            self.wild.add(tag)
        if tag not in IGNORED:
            self.rows.append(MARK + "<" + tag)

    def handle_endtag(self, tag):
        if tag not in IGNORED:
            self.rows.append(MARK + "</" + tag)

    def handle_comment(self, data):
        self.wild.add("a comment")

    def handle_data(self, data):
        words = re.sub(r"\s+", " ", data.replace("\u200b", "")).strip()
        if words and self.rows and not self.rows[-1].startswith(MARK):
            self.rows[-1] += words
        elif words:
            self.rows.append(words)

    def elements(self):
        return [row for row in self.rows if row.startswith(MARK)]


def render(command, text):
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=True).stdout


def renderers():
    found = {}
    for name, command in RENDERERS:
        try:
            if name not in found and "<h1" in render(command, "# a\n"):
                found[name] = command
        except (OSError, subprocess.CalledProcessError):
            pass
    return found


class Checks:
    def __init__(self, binary, known):
        self.binary, self.known, self.passed, self.failed = binary, known, 0, 0

    def check(self, good, words):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print(f"markdown: {words}")

    def report(self, path):
        run = subprocess.run([self.binary, "read", "-f", "md", "-r", path], capture_output=True, text=True, check=False)
        return run.stdout

    def same(self, name, text):
        """All renderers see the same. What the first one sees."""
        seen = {who: Structure(render(command, text)) for who, command in self.known.items()}
        first, *others = seen
        for who, structure in seen.items():
            self.check(not structure.wild, f"{name}: {who} sees {sorted(structure.wild)}")
        for who in others:
            a, b = seen[first].rows, seen[who].rows
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            self.check(a == b, f"{name}: {first} and {who} differ:\n    {a[at - 2:at + 3]}\n    {b[at - 2:at + 3]}")
        return seen[first]

    def hostile_peer(self, folder, sample, old):
        path, count = f"{folder}/{os.path.basename(sample)}", 0
        recast.said(sample, path, old, b"harmless".ljust(len(old), b"."))
        benign = self.same(sample, self.report(path)).elements()
        for words in HOSTILE:
            count += recast.said(sample, path, old, words.encode().ljust(len(old), b".")[:len(old)])
            self.check(self.same(f"a peer says {words}", self.report(path)).elements() == benign,
                       f"a peer that says {words} changes the elements of the report")
        self.check(count >= len(HOSTILE), f"{sample}: nothing was replaced")

    def hostile_name(self, folder, sample):
        with open(sample, "rb") as file:
            data = file.read()
        benign = self.same(sample, self.report(sample)).elements()
        here = os.getcwd()
        os.chdir(folder)
        for name in NAMES:
            with open(name, "wb") as file:
                file.write(data)
            self.check(self.same(f"a file called {name}", self.report(name)).elements() == benign,
                       f"a file called {name} changes the elements of the report")
        os.chdir(here)


def main():
    known = renderers()
    if len(known) < 2:
        print("fewer than two renderers of Markdown\n0 passed, 0 failed, 1 skipped")
        return
    checks = Checks(os.path.abspath(sys.argv[1]), known)
    for path in sorted(glob.glob("build/samples/*.pcap") + glob.glob("samples/captures/*.pcap")):
        checks.same(path, checks.report(path))
    with tempfile.TemporaryDirectory() as folder:
        checks.hostile_peer(folder, "build/samples/idle_timeout.pcap", IDENTIFICATION)
        checks.hostile_peer(folder, "build/samples/resource_exhaustion.pcap", b"Exceeded MaxStartups")
        checks.hostile_name(folder, "build/samples/idle_timeout.pcap")
    print("rendered by " + ", ".join(known))
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(checks.failed != 0)


main()
