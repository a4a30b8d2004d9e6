"""What the kernel says of running processes (Linux): CPU, memory, children."""

import re
from collections.abc import Iterator
from pathlib import Path

Pid = int | str


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
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, task.joinpath("children").read_text().split())
