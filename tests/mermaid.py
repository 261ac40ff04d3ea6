#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""mermaid.py [BINARY]: does Mermaid draw the diagrams in our Markdown, whatever the wire says?

Its own parser is asked, where node and the packages mermaid and jsdom are installed: in node_modules here,
in $NODE_MODULES, or globally. All samples, and each again with an identification that is made of
Mermaid's own signs and words; then diagrams that are broken, which the parser has to refuse. Not part of
the tests, as the packages are large; skipped without them.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import recast  # noqa: E402 (the line above must come first)


IDENTIFICATION = b"OpenSSH_9.2p1 Debian-2+deb12u10"
HOSTILE = ["end", "; C->>S: x", "%% a %%{init: {}}%%", "loop a", "Note over C: b", "a #quot; #59; &lt;", "<br/>x<b>",
           "C-->>S: d", "participant X", "autonumber", "{{a}} [b] (c) \"d\"", "alt x else y end", "+ - + -", "\\n \\x1b"]
BROKEN = ["sequenceDiagram\n    C->>S", "sequenceDiagram\n    loop a\n    C->>S: b\n", "sequenceDiagramm\n"]
# Reads [text], writes [null or what is wrong with it].
PARSER = """
import { JSDOM } from 'jsdom';
const { window } = new JSDOM('');
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import('mermaid');
let input = '';
for await (const piece of process.stdin) input += piece;
const said = [];
for (const text of JSON.parse(input)) {
  try { said.push((await mermaid.parse(text)) ? null : 'no diagram'); } catch (e) { said.push(String(e)); }
}
console.log(JSON.stringify(said));
"""


def modules():
    """Where the packages are, or None."""
    places = [os.environ.get("NODE_MODULES"), "node_modules"]
    if shutil.which("npm"):
        places.append(subprocess.run(["npm", "root", "-g"], capture_output=True, text=True).stdout.strip())
    for place in places:
        if place and all(os.path.isdir(os.path.join(place, name)) for name in ("mermaid", "jsdom")):
            return os.path.abspath(place)
    return None


def parsed(place, diagrams, folder):
    link = os.path.join(folder, "node_modules")
    if not os.path.exists(link):
        os.symlink(place, link)
    script = os.path.join(folder, "parse.mjs")
    with open(script, "w", encoding="ascii") as file:
        file.write(PARSER)
    done = subprocess.run(["node", script], cwd=folder,
                          input=json.dumps(diagrams), capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit("mermaid: node: " + done.stderr[-400:])
    return json.loads(done.stdout)


def diagrams_of(binary, path):
    text = subprocess.run([binary, "read", "-q", "-f", "md", path], capture_output=True, text=True).stdout
    return re.findall(r"^```mermaid\n(.*?)^```$", text, re.M | re.S)


def hostile(binary, folder):
    path = os.path.join(folder, "hostile.pcap")
    for words in HOSTILE:
        said = words.encode().ljust(len(IDENTIFICATION), b".")[:len(IDENTIFICATION)]
        if recast.said("samples/captures/netfilter-reset-after-silence.pcap", path, IDENTIFICATION, said) == 0:
            sys.exit("mermaid: nothing was replaced")
        yield from ((words, diagram) for diagram in diagrams_of(binary, path))


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else "build/rstscope"
    place = modules() if shutil.which("node") else None
    if place is None:
        print("mermaid: skipped: no node with mermaid and jsdom\n0 passed, 0 failed, 1 skipped")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        paths = sorted(glob.glob("build/samples/*.pcap") + glob.glob("samples/captures/*.pcap"))
        cases = [(path, diagram) for path in paths for diagram in diagrams_of(binary, path)]
        cases += hostile(binary, folder)
        said = parsed(place, [diagram for _, diagram in cases] + BROKEN, folder)
    wrong = [(name, what) for (name, _), what in zip(cases, said) if what is not None]
    passes = [text for text, what in zip(BROKEN, said[len(cases):]) if what is None]
    for name, what in wrong:
        print(f"mermaid: {name}: {what:.300}")
    for text in passes:
        print(f"mermaid: the parser takes {text!r}")
    failed = len(wrong) + len(passes) + (len(cases) < 50)
    print(f"{len(said) - len(wrong) - len(passes)} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    sys.exit(main())
