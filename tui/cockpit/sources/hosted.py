"""Runs in an agent process of their own: starts it, speaks with it, and outlives it.

Stays out of what a run looks like. When the process dies its runs say so, and the next run starts
another process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeAlias
from uuid import uuid4

from tui.cockpit.sources.base import Loss
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.host_process import HostProcess, spawn_host
from tui.cockpit.sources.hosted_run import HostedRun
from tui.cockpit.sources.operator import operator
from tui.errors import BatonError, WireError
from tui.wire.commands import AnyCommand, Cancel, Hold, Release, Revoke, StartRun
from tui.wire.endpoint import DownwardEnd
from tui.wire.events import RunEvent
from tui.wire.frames import Hello, NotResumed, Ready, Unready, check_version

REHEARSAL = "rehearsal"

_ASKED_S = 1.2
_KILLED_S = 0.6

Spawn: TypeAlias = Callable[[], Awaitable[HostProcess]]

_DIED = "Send another message: a new process begins anew, and tools that ran may run again."
_DIED_LOADING = (
    "Something in it, or in what it imports, ends the process: correct it, then send your message: "
    "it is loaded anew."
)


class HostedAgents:
    """Runs of one agent, in one process at a time.

    Args:
        target: What the person asked to run: "support.py:triage", or "rehearsal".
        options: What else its process is told.
        spawn: Starts an agent process; by default one of the operating system.
    """

    def __init__(
        self, target: str, options: HostOptions | None = None, *, spawn: Spawn | None = None
    ) -> None:
        self._target = target
        self._spawn = spawn or partial(spawn_host, target, options or HostOptions())
        self._connection: Connection | None = None
        self._is_held = False
        self._held_by = ""

    @property
    def target(self) -> str:
        """What the person asked to run."""
        return self._target

    @property
    def rehearsal(self) -> bool:
        """Whether nothing of it is real."""
        return self._target == REHEARSAL

    async def start(self) -> Loss | None:
        """Start the agent process unless one lives, and wait until it takes runs.

        Returns:
            Why it takes none, if no run has told it. The next run starts another one.
        """
        connection = self._living()
        await connection.settled.wait()
        return connection.untold

    def open_run(
        self,
        text: str,
        continues: str | None = None,
        *,
        retries: str | None = None,
        unheard: Sequence[str] = (),
    ) -> HostedRun:
        """Start a run.

        Args:
            text: What the person typed.
            continues: The run it goes on with.
            retries: The failed run that it takes up again, which was asked `text`.
            unheard: What the person said before in runs that never began, oldest first.
        """
        connection = self._living()
        command = StartRun(
            run_id=uuid4().hex,
            text=text,
            continues=continues,
            retries=retries,
            unheard=tuple(unheard),
        )
        run = HostedRun(command, self._target, rehearsal=self.rehearsal, send=connection.send)
        connection.open(run, command)
        return run

    def hold_calls(self, by: str = "") -> None:
        """Let no new tool call of any run begin, in a new process too, until `release_calls`.

        Args:
            by: Who holds them, "" for the person at this screen.
        """
        self._is_held = True
        self._held_by = by or operator()
        self._tell(Hold(run_id="", by=self._held_by))

    def release_calls(self) -> None:
        """Let calls begin again."""
        self._is_held = False
        self._tell(Release(run_id="", by=operator()))

    def revoke(self, rule_id: str) -> None:
        """Take a grant back."""
        self._tell(Revoke(run_id="", rule_id=rule_id, by=operator()))

    async def close(self) -> None:
        """End the agent process, its runs and its children, within 2 s."""
        if self._connection is not None:
            await self._connection.close()

    def _living(self) -> "Connection":
        if self._connection is None or self._connection.is_gone:
            self._connection = Connection(self._spawn, self._target)
            if self._is_held:
                self._tell(Hold(run_id="", by=self._held_by))
        return self._connection

    def _tell(self, command: AnyCommand) -> None:
        if self._connection is not None:
            self._connection.send(command)


class Connection:
    """One agent process from its start to its end, and the runs in it.

    Attributes:
        started: Set when the process was started, or could not be.
        settled: Set when it takes runs, or never will.
        untold: Why it never will, if nobody was told.
        is_gone: Whether nothing can be run in it any more.
    """

    def __init__(self, spawn: Spawn, target: str) -> None:
        self.started = asyncio.Event()
        self.settled = asyncio.Event()
        self.untold: Loss | None = None
        self.is_gone = False
        self._spawn = spawn
        self._target = target
        self._is_unwanted = False
        self._process: HostProcess | None = None
        self._runs: dict[str, HostedRun] = {}
        self._unsent: list[AnyCommand] = []
        self._is_ready = False
        self._life = asyncio.ensure_future(self._live())

    def open(self, run: HostedRun, command: StartRun) -> None:
        """Have a run started as soon as the process listens."""
        self._runs[run.run_id] = run
        self.send(command)

    def send(self, command: AnyCommand) -> None:
        """Send a command, now or as soon as the process listens; to a dead one, never."""
        if self.is_gone:
            return
        if isinstance(command, Cancel) and not self._is_ready:
            self._withdraw(self._runs[command.run_id])
            return
        if self._process is None:
            self._unsent.append(command)
            return
        self._process.line.write(command)

    def _withdraw(self, run: HostedRun) -> None:
        """End a run that cannot have begun: a process that still imports hears no wish."""
        del self._runs[run.run_id]
        run.withdraw()
        self.is_gone = self._is_unwanted = True
        if self._process is not None:
            self._process.kill()

    async def close(self) -> None:
        """Ask the process to end, and end it if it does not."""
        self._is_unwanted = True
        with suppress(TimeoutError):
            async with asyncio.timeout(_ASKED_S):
                await self.started.wait()
                if self._process is not None:
                    self._process.ask_to_end()
                await asyncio.wait({self._life})
                return
        if self._process is not None:
            self._process.kill()
        await asyncio.wait({self._life}, timeout=_KILLED_S)
        self._life.cancel()

    async def _live(self) -> None:
        try:
            loss = await self._start_and_talk()
        except BatonError as error:
            loss = Loss(type(error).__name__, _sentence(error), _DIED, error.details)
        self.is_gone = True
        if not (self._is_ready or self._is_unwanted or self._runs):
            self.untold = loss
        self.started.set()
        self.settled.set()
        for run in self._runs.values():
            run.lose(loss)

    async def _start_and_talk(self) -> Loss:
        """Return why nothing comes any more."""
        process = self._process = await self._spawn()
        if self.is_gone:
            process.kill()
        try:
            process.line.write(Hello())
            for command in self._unsent:
                process.line.write(command)
            self.started.set()
            loss = await self._talk(process.line)
        except WireError as error:
            loss = Loss("WireError", _sentence(error), _DIED)
        finally:
            process.line.close()
        self.is_gone = True
        how, last_words = await process.ended()
        return loss or self._death(how, last_words)

    def _death(self, how: str, last_words: str) -> Loss:
        if self._is_ready:
            return Loss("HostError", f"The agent process ended with {how}.", _DIED, last_words)
        message = f"The agent process ended with {how} while it loaded {self._target}."
        return Loss("HostError", message, _DIED_LOADING, last_words)

    async def _talk(self, line: DownwardEnd) -> Loss | None:
        hello = await line.read()
        if hello is None:
            return None
        check_version(hello)
        while (value := await line.read()) is not None:
            match value:
                case Unready():
                    return _loss(value)
                case Ready():
                    self._is_ready = True
                    self.settled.set()
                case Hello() | NotResumed():
                    continue
                case event:
                    self._hand_over(event)
        return None

    def _hand_over(self, event: RunEvent) -> None:
        run = self._runs.get(event.run_id)
        if run is None:
            return
        run.take(event)
        if run.is_over:
            del self._runs[event.run_id]


def _loss(unready: Unready) -> Loss:
    return Loss(
        unready.error_type, unready.message, unready.advice, unready.details, unready.printed
    )


def _sentence(error: BatonError) -> str:
    text = f"{error}."
    return text[:1].upper() + text[1:]
