#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""sinks.py [FEED [BINARY]]: is an event ever lost without a word, and does one sink ever stop another?

FEED (tests/sinks/feed.c) gives the verdicts of captures to the sinks and turns their clock. The tests
are the functions of tests/sinks/to_*.py that take a directory, which is theirs alone.
"""

import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "sinks"))
import to_all  # noqa: E402 (the lines above must come first)
import to_files  # noqa: E402
import to_journal  # noqa: E402
import to_metrics  # noqa: E402
import to_syslog  # noqa: E402
from feed import Skipped  # noqa: E402


def tests():
    for module in (to_files, to_journal, to_syslog, to_metrics, to_all):
        for value in vars(module).values():
            if getattr(value, "__module__", None) == module.__name__ and \
                    getattr(value, "__code__", None) and value.__code__.co_varnames[:1] == ("directory",):
                yield value


def main():
    passed = failed = skipped = 0
    for test in tests():
        with tempfile.TemporaryDirectory() as directory:
            try:
                test(directory)
                passed += 1
            except Skipped as why:
                print(f"skipped: {test.__name__}: {why}")
                skipped += 1
            except Exception as why:
                print(f"{test.__name__}: line {why.__traceback__.tb_next.tb_lineno}: "
                      f"{type(why).__name__} {str(why)[:600]}")
                failed += 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
