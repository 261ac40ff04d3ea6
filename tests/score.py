#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""How right is rstscope on captures whose truth is known? A measurement, printed for people.

Status 1 if it cannot be made, or with --bars if it is not good enough (bars.py). Paths are relative
to the checkout; see outcomes.py for what right, fair, shy, wrong and loud are.
"""

import argparse
import os
import re
import sys
import textwrap
from collections import Counter

sys.dont_write_bytecode = True
import truth  # noqa: E402 (the line above must come first)
from bars import bars  # noqa: E402
from outcomes import GOOD, GRADES, LOUD, outcomes_of  # noqa: E402

HEALTHY = ("orderly_close", "still_open")
BANDS = (0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98, 1)
VANTAGES = ("client", "middle", "server", "-")
COLUMNS = 100
WRONG_SHOWN = 40
NUMBER = re.compile(r"-|\d+(\.\d+)?")


def grades(outcomes):
    count = Counter(outcome.grade for outcome in outcomes)
    return [count[grade] for grade in GRADES]


def share(part, whole):
    return f"{100 * part / whole:.1f}" if whole else "-"


def mean(numbers):
    return f"{sum(numbers) / len(numbers):.3f}" if numbers else "-"


def summary(sets):
    measured = {name: outcomes for name, outcomes in sets.items() if outcomes is not None}
    measured["all"] = [outcome for outcomes in measured.values() for outcome in outcomes]
    for name, outcomes in measured.items():
        labelled = [outcome for outcome in outcomes if outcome.row]
        shares = [share(sum(o.honest(word) for o in labelled), len(labelled))
                  for word in ("who", "cause")]
        yield [name, len({o.file for o in outcomes}), len(labelled), *grades(outcomes),
               sum(o.loud for o in outcomes), *shares]


def true_cause(outcome):
    return outcome.row["cause"] if outcome.row else "(no truth)"


def told_cause(outcome):
    return outcome.says["cause"] if outcome.says else "(not reported)"


def by_cause(outcomes, vantages):
    """A row for each true cause and the sum; a cell for each vantage: right/fair/shy/wrong."""
    causes = sorted({true_cause(outcome) for outcome in outcomes})
    for name in causes + ["all"]:
        row = [o for o in outcomes if name in ("all", true_cause(o))]
        cells = [[o for o in row if vantage in ("all", o.vantage)] for vantage in vantages]
        yield [name] + ["/".join(map(str, grades(cell))) if cell else "" for cell in cells]


def confusion(outcomes):
    """What was taken for something else, most often first; then the causes told as they are."""
    count = Counter((true_cause(o), told_cause(o)) for o in outcomes)
    good = Counter((true_cause(o), told_cause(o)) for o in outcomes if o.grade in GOOD)
    order = sorted(count, key=lambda pair: (pair[0] == pair[1], -count[pair], pair))
    return [[*pair, count[pair], good[pair]] for pair in order]


def false_alarms(healthy):
    """Healthy connections of which a verdict says that something, and what, went wrong."""
    return [o for o in healthy if o.grade == "wrong" and o.says
            and o.says["cause"] not in (*HEALTHY, "unexplained")]


def band_row(name, outcomes):
    good = sum(o.grade in GOOD for o in outcomes)
    return [name, len(outcomes), share(good, len(outcomes)), mean([o.promised for o in outcomes])]


def scored_of(outcomes):
    """What is reported with a cause, and what is reported without one."""
    judged = [o for o in outcomes if o.row and o.says]
    return ([o for o in judged if o.says["cause"] != "unexplained"],
            [o for o in judged if o.says["cause"] == "unexplained"])


def healthy_of(outcomes):
    return [o for o in outcomes if o.row and o.row["cause"] in HEALTHY]


def calibration(scored, unexplained):
    for low, high in zip(BANDS, BANDS[1:]):
        band = [o for o in scored if low <= o.promised < high or o.promised >= high == 1]
        yield band_row(f"{low:g} to {high:g}", band)
    yield band_row("unexplained", unexplained)


def brier(scored):
    """0 is perfect, 0.25 is what always saying 0.5 would get."""
    return mean([(o.promised - (o.grade in GOOD)) ** 2 for o in scored])


# ---- on paper ----

def fitted(widths):
    """Takes from the widest column until the line fits."""
    widths = list(widths)
    while sum(widths) + 2 * (len(widths) - 1) > COLUMNS:
        widths[widths.index(max(widths))] -= 1
    return widths


class Paper:
    """Prints headings, prose and tables, as plain text or as Markdown."""

    def __init__(self, markdown):
        self.markdown = markdown

    def heading(self, text):
        print(f"\n### {text}\n" if self.markdown else f"\n{text}\n{'-' * len(text)}")

    def prose(self, text):
        print(textwrap.fill(text, COLUMNS) + ("\n" if self.markdown else ""))

    def table(self, head, rows):
        """Columns of numbers are aligned right."""
        lines = [[str(cell) for cell in row] for row in [head, *rows]]
        right = [all(NUMBER.fullmatch(cell) for cell in column[1:]) for column in zip(*lines)]
        if self.markdown:
            lines = [[cell.replace("|", "\\|") for cell in line] for line in lines]
            lines.insert(1, ["--:" if side else "---" for side in right])
            print("\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n")
            return
        widths = fitted(max(map(len, column)) for column in zip(*lines))
        for line in lines:
            cells = [cell if len(cell) <= width else cell[:width - 1] + "~"
                     for cell, width in zip(line, widths)]
            print("  ".join(cell.rjust(width) if side else cell.ljust(width)
                            for cell, width, side in zip(cells, widths, right)).rstrip())


def answer(words, false):
    """[ENDING] WHO/CAUSE [DETAIL]; ending and detail only where they are disputed."""
    if not words:
        return "-"
    ending, detail = (words[word] if word in false else None for word in ("ending", "detail"))
    return " ".join(filter(None, (ending, f"{words['who']}/{words['cause']}", detail)))


def line_of(outcome):
    both = outcome.row and outcome.says
    false = truth.disagreements(outcome.row, outcome.says) if both else truth.WORDS
    return [outcome.file, outcome.client, answer(outcome.says, false),
            answer(outcome.row, false), f"{outcome.confidence:.3f}" if outcome.says else "-"]


LINE_HEAD = ("file", "client", "told", "truth", "sure")


def print_summary(paper, sets):
    paper.heading("How right it is")
    paper.table(("truth", "captures", "labelled", *GRADES, "loud", "who %", "cause %"),
                summary(sets))
    if sets["lab"] is None:
        paper.prose("lab: skipped, it has no truth.tsv")
    paper.prose(
        "right: ending, who and cause are true. fair: another honest answer from this vantage. shy: "
        "says unexplained where more can be told. wrong: all else, also what is not reported or has "
        f"no truth. loud: those of the wrong with a confidence of at least {LOUD:.2f}. who %, "
        "cause %: of the labelled connections, where it is right or honest.")


def print_causes(paper, outcomes):
    vantages = [v for v in VANTAGES if any(o.vantage == v for o in outcomes)] + ["all"]
    paper.heading("By true cause and vantage: right/fair/shy/wrong")
    paper.table(("cause", *vantages), by_cause(outcomes, vantages))
    paper.heading("What was taken for what")
    paper.table(("truth", "told", "connections", "right or fair"), confusion(outcomes))


def print_alarms(paper, outcomes):
    healthy = healthy_of(outcomes)
    alarms = false_alarms(healthy)
    paper.heading("False alarms")
    paper.prose(f"{len(alarms)} of {len(healthy)} healthy connections ({' or '.join(HEALTHY)}) were "
                f"called broken, {sum(o.loud for o in alarms)} loudly.")
    if alarms:
        paper.table(LINE_HEAD, map(line_of, alarms))


def print_calibration(paper, outcomes):
    scored, unexplained = scored_of(outcomes)
    paper.heading("Does a confidence mean what it says?")
    paper.table(("confidence", "verdicts", "right or fair %", "mean confidence"),
                calibration(scored, unexplained))
    paper.prose(
        f"Brier score {brier(scored)} over the {len(scored)} verdicts in bands: the mean of "
        "(confidence - outcome) squared, outcome 1 if right or fair, else 0. Where several answers are "
        "honest, the confidence is that of all of them. These are the labelled "
        "connections that are reported with a cause other than unexplained.")


def print_wrong(paper, outcomes, limit):
    wrong = sorted((o for o in outcomes if o.grade not in GOOD), key=lambda o: -o.confidence)
    paper.heading("Wrong and shy")
    if not wrong:
        paper.prose("none")
        return
    shown = wrong[:limit]
    paper.table(LINE_HEAD, map(line_of, shown))
    if len(shown) < len(wrong):
        paper.prose(f"and {len(wrong) - len(shown)} more (--all)")


def print_bars(paper, sets):
    """Of the truths that we made ourselves; whether all of them hold."""
    outcomes = [o for name in ("lab", "scenarios") for o in sets[name] or []]
    rows = bars(outcomes, false_alarms(healthy_of(outcomes)), scored_of(outcomes)[0],
                list(zip(BANDS, BANDS[1:])))
    paper.heading("Is it good enough? Lab and scenarios")
    paper.table(("bar", "measured", ""),
                [[bar.words, bar.measured, "holds" if bar.holds else "BROKEN"] for bar in rows])
    return all(bar.holds for bar in rows)


def measure(sets, options):
    paper = Paper(options.markdown)
    outcomes = [o for part in sets.values() if part for o in part]
    print_summary(paper, sets)
    print_causes(paper, outcomes)
    print_alarms(paper, outcomes)
    print_calibration(paper, outcomes)
    print_wrong(paper, outcomes, None if options.all else WRONG_SHOWN)
    good = print_bars(paper, sets)
    return 0 if good or not options.bars else 1


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--binary", default="build/rstscope")
    parser.add_argument("--lab", default="samples/lab", metavar="DIR")
    parser.add_argument("--markdown", action="store_true", help="tables for a README")
    parser.add_argument("--bars", action="store_true", help="fail when a bar does not hold")
    parser.add_argument("--all", action="store_true", help="every wrong connection")
    return parser.parse_args(arguments)


def main(arguments):
    options = options_of(arguments)
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    try:
        return measure(outcomes_of(options.binary, options.lab), options)
    except OSError as error:
        sys.exit(f"score: {error}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
