# SPDX-License-Identifier: BSD-3-Clause
"""What must hold of a release: each bar in words, the number measured, and whether it holds.

score.py measures; this says what is good enough. The reasons: people act on what is told loudly, so
a wrong verdict must not be certain; and a confidence is a promise that can be counted.
"""

from typing import NamedTuple

from outcomes import GOOD

RIGHT_LEAST = 97        # % of the labelled connections that are right or fair
BRIER_MOST = 0.05
CERTAIN = 0.98          # from here on the report says "certain"
BAND_ROWS = 20          # fewer than these say nothing about a band
BAND_OFF_MOST = 0.05    # how far a band's mean confidence may be from its share


class Bar(NamedTuple):
    words: str
    measured: str
    holds: bool


def is_good(outcome):
    return outcome.grade in GOOD


def right_bar(outcomes):
    labelled = [o for o in outcomes if o.row]
    share = 100 * sum(map(is_good, labelled)) / len(labelled) if labelled else 0
    return Bar(f"at least {RIGHT_LEAST} % right or fair", f"{share:.1f} % of {len(labelled)}",
               share >= RIGHT_LEAST)


def alarm_bar(alarms):
    return Bar("no healthy connection called broken", str(len(alarms)), not alarms)


def certain_bar(outcomes):
    wrong = sum(o.grade == "wrong" and o.confidence >= CERTAIN for o in outcomes)
    return Bar(f"none wrong at {CERTAIN} or more", str(wrong), wrong == 0)


def brier_bar(scored):
    score = sum((o.promised - is_good(o)) ** 2 for o in scored) / len(scored) if scored else 1
    return Bar(f"Brier score below {BRIER_MOST}", f"{score:.3f}", score < BRIER_MOST)


def band_bars(bands, scored):
    """One for each band with enough verdicts to tell."""
    for low, high in bands:
        band = [o for o in scored if low <= o.promised < high or o.promised >= high == 1]
        if len(band) < BAND_ROWS:
            continue
        share = sum(map(is_good, band)) / len(band)
        told = sum(o.promised for o in band) / len(band)
        yield Bar(f"of verdicts from {low:g} to {high:g} as many right as told, within "
                  f"{BAND_OFF_MOST}", f"{share:.3f}, told {told:.3f}",
                  abs(share - told) <= BAND_OFF_MOST)


def bars(outcomes, alarms, scored, bands):
    """All bars, of the connections whose truth we made: the lab's and the scenarios'."""
    return [right_bar(outcomes), alarm_bar(alarms), certain_bar(outcomes), brier_bar(scored),
            *band_bars(bands, scored)]
