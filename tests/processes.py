"""What the kernel says of running processes (Linux): CPU, memory, children, work, end."""

import re
from collections.abc import Iterator
from pathlib import Path

Pid = int | str

_AT_WORK = frozenset("RD")
_ENDED = frozenset("ZX")


def cpu_s(pid: Pid) -> float:
    """Return the CPU seconds of all threads that live in a process."""
    return sum(
        int(task.joinpath("schedstat").read_text().split()[0]) / 1e9
        for task in Path(f"/proc/{pid}/task").iterdir()
    )


def resident_mb(pid: Pid) -> float:
    """Return the memory a process has in RAM."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def children(pid: Pid) -> Iterator[int]:
    """Yield the processes that a process started and that still live."""
    for task in Path(f"/proc/{pid}/task").glob("*"):
        yield from map(int, _told(task / "children").split())


def state_of(pid: Pid) -> str:
    """Return the letter that `ps` shows for a process, "X" for one that is gone."""
    return _state(Path(f"/proc/{pid}"))


def is_gone(pid: Pid) -> bool:
    """Whether a process has ended, be it that nobody has waited for it yet."""
    return state_of(pid) in _ENDED


def is_at_work(pid: Pid) -> bool:
    """Whether a thread of a process or of those it started runs, or would if a core were free."""
    threads = Path(f"/proc/{pid}/task").glob("*")
    return any(_state(each) in _AT_WORK for each in threads) or any(map(is_at_work, children(pid)))


def _state(folder: Path) -> str:
    words = _told(folder / "stat").rpartition(")")[2].split()
    return words[0] if words else "X"


def _told(file: Path) -> str:
    """Return what a file of `/proc` says; nothing of a process that is gone."""
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
