"""One agent process from its start to its end, as the screen speaks with it.

Stays out of which process is wanted when, and of what a run looks like.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

from tui.cockpit.sources.base import Loss
from tui.cockpit.sources.host_process import HostProcess
from tui.cockpit.sources.hosted_run import TAKE_UP, HostedRun
from tui.errors import BatonError, WireError
from tui.wire.commands import AnyCommand, Attach, Cancel, Resume, StartRun
from tui.wire.endpoint import DownwardEnd
from tui.wire.events import RunEvent
from tui.wire.frames import Hello, NotResumed, Ready, Unready, check_version

_ASKED_S = 1.2
_KILLED_S = 0.6

Spawn: TypeAlias = Callable[[], Awaitable[HostProcess]]

_DIED = "Send another message: a new process begins anew, and tools that ran may run again."
_DIED_LOADING = (
    "Something in it, or in what it imports, ends the process: correct it, then send your message: "
    "it is loaded anew."
)


class Connection:
    """One agent process from its start to its end, and the runs in it.

    Attributes:
        started: Set when the process was started, or could not be.
        settled: Set when it takes runs, or never will.
        untold: Why it never will, if nobody was told.
        is_gone: Whether nothing can be run in it any more.
        outlives: Whether its runs go on when this screen is gone.
    """

    def __init__(self, spawn: Spawn, target: str) -> None:
        self.started = asyncio.Event()
        self.settled = asyncio.Event()
        self.untold: Loss | None = None
        self.is_gone = False
        self.outlives = False
        self._spawn = spawn
        self._target = target
        self._is_unwanted = False
        self._process: HostProcess | None = None
        self._runs: dict[str, HostedRun] = {}
        self._unsent: list[AnyCommand] = []
        self._is_ready = False
        self._life = asyncio.ensure_future(self._live())

    def open(self, run: HostedRun, command: StartRun | Attach | Resume) -> None:
        """Have a run started, or found, as soon as the process listens."""
        self._runs[run.run_id] = run
        self.send(command)

    def send(self, command: AnyCommand) -> None:
        """Send a command, now or as soon as the process listens; to a dead one, never."""
        if self.is_gone:
            return
        if isinstance(command, Cancel) and not self._is_ready:
            run = self._runs[command.run_id]
            if run.is_new:
                self._withdraw(run)
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

    def leave(self) -> None:
        """Let the process go on without this screen."""
        self.is_gone = self._is_unwanted = True
        # Whoever watches for its end would end what it left behind.
        self._life.cancel()
        if self._process is not None:
            self._process.leave()

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
        self.is_gone = True
        process.line.close()
        if loss is not None and self.outlives:
            # It goes on without this screen, and must not be ended.
            return loss
        how, last_words = await process.ended()
        return loss or self._death(how, last_words)

    def _death(self, how: str, last_words: str) -> Loss:
        if self._is_ready:
            message = f"The agent process ended with {how}."
            advice = TAKE_UP if self.outlives else _DIED
            return Loss("HostError", message, advice, last_words, is_interruption=self.outlives)
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
                    return replace(_loss(value), is_interruption=self.outlives)
                case NotResumed():
                    self._refuse(value)
                case Ready():
                    self._is_ready = True
                    self.outlives = value.outlives
                    self.settled.set()
                case Hello():
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

    def _refuse(self, answer: NotResumed) -> None:
        if (run := self._runs.pop(answer.run_id, None)) is not None:
            run.refuse(answer)


def _loss(unready: Unready) -> Loss:
    return Loss(
        unready.error_type, unready.message, unready.advice, unready.details, unready.printed
    )


def _sentence(error: BatonError) -> str:
    text = f"{error}."
    return text[:1].upper() + text[1:]
