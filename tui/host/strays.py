"""Ends what this process has started in other process groups: servers of tools, say.

Stays out of its own group, which ends as one.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# What a stray has to put things in order.
_ORDER_S = 0.2


def end_strays() -> None:
    """Ask every process below this one that is in another group to end, and see to it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in _strays():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        if number == signal.SIGTERM:
            threading.Event().wait(_ORDER_S)


def _strays() -> list[int]:
    table = {pid: (parent, group) for pid, parent, group in _processes()}
    mine, own = os.getpgrp(), os.getpid()

    def is_below(pid: int) -> bool:
        seen = set()
        while pid in table and pid not in seen:
            seen.add(pid)
            pid = table[pid][0]
            if pid == own:
                return True
        return False

    return [pid for pid, (_, group) in table.items() if group != mine and is_below(pid)]


def _processes() -> Iterator[tuple[int, int, int]]:
    """Yield the id, the parent and the group of every process."""
    return from_proc() if Path("/proc/self/stat").exists() else from_ps()


def from_proc() -> Iterator[tuple[int, int, int]]:
    """Yield what the kernel lists, where it does."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name in the middle may hold blanks and brackets.
            _, parent, group = file.read_text().rpartition(")")[2].split()[:3]
            yield int(file.parent.name), int(parent), int(group)


def from_ps() -> Iterator[tuple[int, int, int]]:
    """Yield what the command lists."""
    columns = ["ps", "-A", "-o", "pid=", "-o", "ppid=", "-o", "pgid="]
    listed = subprocess.run(columns, capture_output=True, text=True, check=False)  # noqa: S603
    for line in listed.stdout.splitlines():
        pid, parent, group = map(int, line.split())
        yield pid, parent, group
