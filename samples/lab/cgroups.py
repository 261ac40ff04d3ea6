# SPDX-License-Identifier: BSD-3-Clause
"""Limits for some processes of a run: a control group of its own, in version 1 or 2.

Namespaces do not hide control groups, so a group has a name that no other run has, and "with"
removes it; the processes in it go back to where all groups begin.
"""

import os
import tempfile

from network import until

TREE = "/sys/fs/cgroup"


def home(controller):
    """Where groups with this controller can be made; "" when this machine lets nobody."""
    own = os.path.join(TREE, controller)
    if os.access(os.path.join(own, "cgroup.procs"), os.W_OK):
        return own
    shared = os.path.join(TREE, "cgroup.subtree_control")
    if os.access(shared, os.W_OK) and controller in _read(shared).split():
        return TREE
    return ""


class Group:
    """Group("pids", {"pids.max": 5}): of limits, those that this version has a file for are set."""

    def __init__(self, controller, limits):
        self.home, self.limits, self.path = home(controller), limits, ""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="rstscope-lab-", dir=self.home)
        for name, value in self.limits.items():
            if os.path.exists(os.path.join(self.path, name)):
                _write(os.path.join(self.path, name), value)
        return self

    def add(self, pid):
        _write(os.path.join(self.path, "cgroup.procs"), pid)

    def count(self, name):
        """The number behind a word, in whichever file of the group has it."""
        for file in ("memory.events", "memory.oom_control", "pids.events"):
            if os.path.exists(os.path.join(self.path, file)):
                words = _read(os.path.join(self.path, file)).split()
                if name in words:
                    return int(words[words.index(name) + 1])
        raise KeyError(name)

    def __exit__(self, *_):
        until("the control group is empty", self._is_gone)

    def _is_gone(self):
        """False as long as a process in it is still on its way out."""
        try:
            for pid in _read(os.path.join(self.path, "cgroup.procs")).split():
                _write(os.path.join(self.home, "cgroup.procs"), pid)
            os.rmdir(self.path)
        except OSError:
            return False
        return True


def _read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


def _write(path, value):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(value))
