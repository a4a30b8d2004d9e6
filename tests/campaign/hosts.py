"""Host processes of the campaign: started as the cockpit does, or forked from one that is warm.

A forked one is a process of its own as well, with a session of its own; it only does not import
everything anew, which takes longer than the rest.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.host_process import HostProcess, spawn_host
from tui.wire.endpoint import DownwardEnd, StreamEndpoint
from tui.wire.frames import upward_reader

ROOT = Path(__file__).parents[2]
TARGET = f"{Path(__file__).with_name('agent_file.py')}:agent"
_WARM = ["agents", "openai", "tui.agents", "tui.host.process", "tests.campaign.programs"]

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(_WARM)


class ForkedHost:
    """A host process that was forked."""

    def __init__(self, process: BaseProcess, line: DownwardEnd) -> None:
        self._process = process
        self._line = line

    @property
    def line(self) -> DownwardEnd:
        return self._line

    async def ended(self) -> tuple[str, str]:
        self.kill()
        await asyncio.to_thread(self._process.join)
        return f"exit code {self._process.exitcode}", ""

    def ask_to_end(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._process.pid or 0, signal.SIGTERM)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid or 0, signal.SIGKILL)


async def forked_host(journal: Path, environment: Mapping[str, str]) -> HostProcess:
    """Fork a host."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = _forking.Process(target=_be_host, args=(theirs, str(journal), dict(environment)))
        await asyncio.to_thread(process.start)
    return ForkedHost(process, await StreamEndpoint.over(ours, upward_reader()))


async def spawned_host(journal: Path, environment: Mapping[str, str]) -> HostProcess:
    """Start a host as the cockpit does."""
    told = {"PYTHONPATH": str(ROOT), **environment}
    return await spawn_host(TARGET, HostOptions(journal=str(journal), environment=told))


def _be_host(line: socket.socket, journal: str, environment: dict[str, str]) -> None:
    from tui.host.loading import Wanted
    from tui.host.process import run_host

    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    os.environ.update(environment)
    run_host(line.detach(), Wanted(TARGET, journal=journal))
