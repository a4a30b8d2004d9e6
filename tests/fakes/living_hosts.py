"""The hosts that live beyond a test: found at their sockets, and ended."""

from __future__ import annotations

import os
import signal
import socket
import struct
from contextlib import suppress
from pathlib import Path


def pid_at(path: Path) -> int | None:
    """The process that listens there, None if none does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
        try:
            peer.connect(str(path))
        except OSError:
            return None
        size = struct.calcsize("3i")
        return struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))[0]


def living_hosts(runtime: Path) -> list[int]:
    """The hosts that can be met under this runtime folder."""
    pids = map(pid_at, (runtime / "baton").glob("*.sock"))
    return [pid for pid in pids if pid is not None and pid != os.getpid()]


def end_living_hosts(runtime: Path) -> None:
    for pid in living_hosts(runtime):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
