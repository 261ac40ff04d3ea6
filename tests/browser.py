#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""browser.py [--keep DIR] BINARY: is the HTML report what a browser and its reader need?

A headless Chromium opens the report of real captures, uses it as a reader does, and is asked what it
saw: silence on the console, no request but the page, contrast as WCAG 2 wants it (1.4.3, 1.4.11) in both
themes, names for all pictures, tables, fields. Then 500 connections, which open in a second, and 50,000,
which stay usable. --keep leaves pictures of the page there, light, dark and printed. Skipped without
Chromium; not part of the tests, as a browser is large.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import devtools  # noqa: E402 (the line above must come first)
import recast  # noqa: E402

CAPTURES = ("samples/lab/captures/server_stopped-1.client.pcap.xz", "samples/captures/netfilter-reset-after-silence.pcap")
MANY, MOST = 500, 50000
OPENS_S = 1.0     # what a reader does not notice
USABLE_S = 5.0    # of 50,000: to open; a filter answers in a tenth of that
ANSWERS_S = 0.5

# The ratio of each text and each mark to what is behind it; those that are below the bar.
CONTRAST = """(() => {
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const parse = s => (s.match(/[\\d.]+/g) || []).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length && c[3] !== 0) return c; }
    return parse(getComputedStyle(document.body).backgroundColor); };
  const ratio = (a, b) => { const x = light(a), y = light(b); return (Math.max(x, y) + .05) / (Math.min(x, y) + .05); };
  const bad = new Set();
  const judge = (e, color, bar) => { const c = parse(color); if (c.length < 3 || c[3] === 0) return;
    const r = ratio(c, ground(e)); if (r < bar) bad.add(e.tagName + '.' + (e.getAttribute('class') || '') + ' ' +
    color + ' ' + r.toFixed(2)); };
  document.querySelectorAll('body *').forEach(e => { const style = getComputedStyle(e);
    const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (e.tagName === 'SCRIPT' || e.tagName === 'title') return;
    if (e.tagName === 'text') judge(e, style.fill, 4.5);
    else if (e.namespaceURI.endsWith('svg')) { if (e.closest('.decoration')) return;
      if (/^(rect|circle|path)$/.test(e.tagName) && style.fill !== 'none') judge(e, style.fill, 3);
      else if (/^(line|path)$/.test(e.tagName) && style.stroke !== 'none') judge(e, style.stroke, 3); }
    else if (words) judge(e, style.color, 4.5); });
  return [...bad]; })()"""

UNNAMED = """(() => { const bad = [];
  document.querySelectorAll('svg').forEach(e => { const t = document.getElementById(e.getAttribute('aria-labelledby'));
    if (e.getAttribute('role') !== 'img' || !t || !t.textContent) bad.push('a picture without a name'); });
  document.querySelectorAll('table').forEach(e => { if (!e.querySelector('th[scope]')) bad.push('a table without headers'); });
  document.querySelectorAll('input,select,button').forEach(e => {
    if (!e.labels.length && !e.textContent.trim()) bad.push('a field without a label: ' + e.id); });
  document.querySelectorAll('[tabindex]').forEach(e => {
    if (!e.getAttribute('aria-label')) bad.push('the keyboard stops where nothing is named'); });
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  if (new Set(ids).size !== ids.length) bad.push('an id stands twice');
  if (document.querySelectorAll('h1').length !== 1) bad.push('not one h1');
  let last = 0; document.querySelectorAll('h1,h2,h3,h4').forEach(e => { const level = +e.tagName[1];
    if (level > last + 1) bad.push('a heading skips a level: ' + e.textContent); last = level; });
  if (!document.documentElement.lang) bad.push('no language');
  return bad; })()"""

SHOWN = "[...document.querySelectorAll('[data-cause]')].filter(e => !e.hidden).length"
FIRST = "document.querySelector('article:not([hidden]) > details').open"


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def __call__(self, good, words):
        self.passed, self.failed = self.passed + bool(good), self.failed + (not good)
        if not good:
            print(f"browser: {words}")


# ---- what is looked at ----

def silent(check, page, name):
    check(not page.said, f"{name}: the console is not silent: {page.said[:2]}")
    check(len(page.asked) == 1, f"{name}: the page asks for more than itself: {page.asked[1:4]}")


def readable(check, page, name):
    page.ask("document.querySelectorAll('details').forEach(e => e.open = true)")
    for theme in ("light", "dark"):
        page.look(theme)
        bad = page.ask(CONTRAST)
        check(not bad, f"{name}, {theme}: too little contrast: {bad[:6]}")
    bad = page.ask(UNNAMED)
    check(not bad, f"{name}: {sorted(set(bad))[:6]}")
    check(page.ask("document.documentElement.scrollWidth <= innerWidth"), f"{name}: the page is wider than its window")
    page.ask("document.querySelectorAll('details').forEach(e => e.open = false)")


def usable(check, page, name):
    every = page.ask(SHOWN)
    page.click("article > details > summary")
    check(page.ask(FIRST), f"{name}: a click does not unfold a connection")
    check(page.ask("document.querySelector('article svg').getBoundingClientRect().height") > 100,
          f"{name}: the ladder of an unfolded connection is not seen")
    page.ask("document.querySelector('article > details > summary').focus()")
    page.press("Enter", 13, "\r")
    check(not page.ask(FIRST), f"{name}: the keyboard does not fold it again")
    page.ask("document.getElementById('host').focus()")
    for letter in "no such host":
        page.press(letter, ord(letter.upper()), letter)
    check(page.ask(SHOWN) == 0, f"{name}: a filter that matches nothing shows something")
    check(page.ask("document.getElementById('count').textContent").startswith("0 of "), f"{name}: it is not said")
    page.ask("document.getElementById('host').select()")
    page.press("Backspace", 8)
    check(page.ask(SHOWN) == every, f"{name}: without a filter not all are shown")
    cause = page.ask("document.querySelector('article').dataset.cause")
    page.ask("document.getElementById('cause').focus()")
    while page.ask("document.getElementById('cause').value") != cause:
        page.press("ArrowDown", 40)
    check(page.ask(SHOWN) == page.ask(f"document.querySelectorAll('[data-cause={cause}]').length"),
          f"{name}: the filter by cause shows others")
    page.click("#cause")
    page.press("Escape", 27)
    page.ask("document.getElementById('cause').value = ''; "
             "document.getElementById('cause').dispatchEvent(new Event('change'))")
    width = "document.querySelector('#picture svg').getBoundingClientRect().width"
    before = page.ask(width)
    page.click("#zoom")
    check(page.ask(width) > 2 * before, f"{name}: the picture is not zoomed")
    page.click("#zoom")


def without_script(check, page, path, name):
    page.do("Emulation.setScriptExecutionDisabled", value=True)
    page.open(path, drawn=False)
    check(page.ask("getComputedStyle(document.getElementById('filter')).display") == "none",
          f"{name}: without a script there is a filter that does nothing")
    check(page.ask("document.querySelector('.sentence').getBoundingClientRect().height") > 0,
          f"{name}: without a script it cannot be read")
    page.do("Emulation.setScriptExecutionDisabled", value=False)


def pictures(check, page, path, name, folder):
    for theme in ("light", "dark"):
        page.look(theme)
        page.open(path)
        page.picture(f"{folder}/{name}.{theme}.png")
        page.click("article > details > summary")
        page.ask("document.querySelector('article').scrollIntoView()")
        page.picture(f"{folder}/{name}.open.{theme}.png")
    page.look("dark", "print")
    bad = page.ask(CONTRAST)
    check(not bad, f"{name}, printed by a reader of dark pages: {bad[:4]}")
    page.look("", "")
    page.open(path)
    page.print(f"{folder}/{name}.pdf")
    if shutil.which("pdftoppm") and shutil.which("pdftotext"):
        subprocess.run(["pdftoppm", "-r", "60", "-png", f"{folder}/{name}.pdf", f"{folder}/{name}.print"], check=True)
        text = subprocess.run(["pdftotext", "-layout", f"{folder}/{name}.pdf", "-"],
                              capture_output=True, text=True, check=True).stdout
        check("What to do" in text, f"{name}: printed, the connections are folded")
        check("Zoom" not in text, f"{name}: printed, there are buttons")


def real(check, page, binary, capture, folder):
    name = pathlib.Path(capture).name.split(".")[0]
    path = f"{folder}/{name}.html"
    subprocess.run([binary, "read", "-o", path, capture], check=True)
    page.look("light")
    page.open(path)
    readable(check, page, name)
    usable(check, page, name)
    silent(check, page, name)
    without_script(check, page, path, name)
    pictures(check, page, path, name, folder)


def crowd(check, page, binary, folder, count, opens_s):
    name = f"{count} connections"
    sample = "build/samples/idle_timeout.pcap" if count <= MANY else "build/samples/access_denied.pcap"
    recast.multiply(sample, f"{folder}/crowd.pcap", count, 20000)
    path = f"{folder}/crowd.html"
    subprocess.run([binary, "read", "-o", path, f"{folder}/crowd.pcap"], check=True)
    page.look("light")
    took = min(page.open(path) for _ in range(5))  # the machine may be busy, the page is the same
    shown = page.ask(SHOWN)
    check(shown == count, f"{name}: {shown} are in the page")
    check(took < opens_s, f"{name}: open in {took:.2f} s")
    begin = time.monotonic()
    page.ask("document.getElementById('host').value = '10.0.0.7:'; "
             "document.getElementById('host').dispatchEvent(new Event('input')); new Promise(requestAnimationFrame)")
    filtered = time.monotonic() - begin
    check(page.ask(SHOWN) == 1, f"{name}: the filter finds {page.ask(SHOWN)}")
    check(filtered < ANSWERS_S, f"{name}: filtered in {filtered:.2f} s")
    page.ask(f"document.getElementById('host').value = '10.0.{(count - 1) >> 8}.{(count - 1) & 255}:'; "
             "document.getElementById('host').dispatchEvent(new Event('input'))")
    check(page.ask("[...document.querySelectorAll('[data-cause]')].find(e => !e.hidden)"
                   ".getBoundingClientRect().height") > 0, f"{name}: what was asked for is found, but not seen")
    silent(check, page, name)
    print(f"{name}: {os.path.getsize(path) / 1e6:.1f} MB, open in {took:.2f} s, filtered in {filtered:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", metavar="DIR")
    parser.add_argument("binary")
    args = parser.parse_args()
    program, check = devtools.find(), Checks()
    if program is None:
        print("no Chromium\n0 passed, 0 failed, 1 skipped")
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or scratch
        os.makedirs(folder, exist_ok=True)
        page = devtools.Browser(program)
        try:
            for capture in CAPTURES:
                real(check, page, args.binary, capture, folder)
            crowd(check, page, args.binary, scratch, MANY, OPENS_S)
            crowd(check, page, args.binary, scratch, MOST, USABLE_S)
        finally:
            page.close()
    print(f"{check.passed} passed, {check.failed} failed")
    sys.exit(check.failed != 0)


main()
