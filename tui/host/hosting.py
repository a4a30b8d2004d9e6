"""The life of a host: opens its agent, serves one screen, and leaves what was entered.

Stays out of the process it is in, and of how an agent is found and made.
"""

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Final

from msgspec import structs

from tui.errors import LoadError, PolicyError, WireError
from tui.host.audience import Audience
from tui.host.console import Console
from tui.host.keeping import Place
from tui.host.live.rulebook import APPROVE_ALL, Rulebook
from tui.host.load_errors import ended
from tui.host.loading import Imported, Wanted, import_wanted
from tui.host.opening import LoadedAgent, open_agent
from tui.host.policy_file import WrittenRules
from tui.host.runs import Runs
from tui.wire.endpoint import StreamEndpoint, UpwardEnd
from tui.wire.frames import Hello, Ready, Unready, check_version, downward_reader
from tui.wire.meeting import Door
from tui.wire.signals import END_SIGNAL

LAST_WORDS_S: Final = 0.6
_OUTSIDE_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

_CORRECT_IT = "Correct it, then send your message: the file is loaded anew."
_CORRECT_RULES = "Correct the policy file, then send your message: it is read anew."

Agent = LoadedAgent | Unready


def import_or_tell(wanted: Wanted) -> Imported | Unready:
    """Return what was imported, or what to tell the screen instead."""
    try:
        return import_wanted(wanted)
    except LoadError as error:
        return _unready(error)


def rules_or_tell(wanted: Wanted) -> Rulebook | Unready:
    """Return what calls must pass, or what to tell the screen instead."""
    granted = (APPROVE_ALL,) if wanted.approve_all else ()
    if not wanted.policy:
        return Rulebook(granted=granted)
    try:
        return Rulebook(WrittenRules(Path(wanted.policy)), granted)
    except PolicyError as error:
        return Unready(error_type="PolicyError", message=str(error), advice=_CORRECT_RULES)


class Hosting:
    """The life of a host: opens its agent, serves the screen, and leaves what was entered.

    All three in one task: an MCP server or a database connection is left where it was entered.

    Args:
        console: What the runs print.
        drain_console: Takes what still lies in the console's pipes.
        at_end: Called when it is told to end; sees to it that it does.
        journal: Where its runs are kept; None keeps nothing.
        door: Where other screens come in; with one that listens it outlives its first.

    Attributes:
        lives_on: Whether it goes on when its screen is gone.
    """

    def __init__(
        self,
        console: Console,
        drain_console: Callable[[], None],
        at_end: Callable[[], None],
        journal: Place | None = None,
        door: Door | None = None,
    ) -> None:
        self.lives_on = False
        self._door = door
        self._console = console
        self._drain_console = drain_console
        self._at_end = at_end
        self._journal = journal
        self._is_told_to_end = False
        self._why = ""
        self._is_opening = False
        # None when there is nothing to cancel: what was entered is left to its end.
        self._task: asyncio.Task[None] | None = None

    async def serve_socket(
        self, line: int, imported: Imported | Unready, rulebook: Rulebook | None = None
    ) -> None:
        """Serve the screen at the other end of a socket, until it closes it or a signal comes."""
        endpoint = await StreamEndpoint.over(socket.socket(fileno=line), downward_reader())
        serving = asyncio.ensure_future(self.serve(endpoint, imported, rulebook))
        loop = asyncio.get_running_loop()
        for number in (END_SIGNAL, *_OUTSIDE_SIGNALS):
            loop.add_signal_handler(number, self._end_soon, number)
        try:
            await serving
        except WireError:
            # Spoken to by something else than a screen: that is the end.
            return
        except (asyncio.CancelledError, Exception) as error:  # noqa: BLE001 - theirs, or a wish
            if not self._is_told_to_end:
                endpoint.write(_gave_up(error))
        finally:
            endpoint.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(endpoint.wait_closed(), LAST_WORDS_S)

    async def serve(
        self, line: UpwardEnd, imported: Imported | Unready, rulebook: Rulebook | None = None
    ) -> None:
        """Open the agent, serve, and leave what was entered; being told to end is an ordinary end.

        Raises:
            WireError: If the other side is no screen of this version.
        """
        async with AsyncExitStack() as kept:
            self._task, self._is_opening = asyncio.current_task(), True
            agent = await _open_or_tell(imported, kept)
            self._is_opening = False
            try:
                await serve(
                    line,
                    agent,
                    self._console,
                    self._drain_console,
                    rulebook=rulebook,
                    journal=self._journal,
                    door=self._door,
                    outlives=self._outlives,
                    is_told_to_end=self._is_told,
                    why_ended=self._why_ended,
                )
            except asyncio.CancelledError:
                if not self._is_told_to_end:
                    raise
                # Left in order: what stands behind a `yield` runs, and nothing is raised into it.
                _forget_cancel()
            finally:
                self._task = None
                if self.lives_on:
                    # No end of a line did it.
                    self._at_end()

    def _outlives(self, are_kept: bool) -> bool:
        """Say whether runs go on without their screen."""
        self.lives_on = are_kept and self._door is not None and self._door.socket is not None
        return self.lives_on

    def _is_told(self) -> bool:
        return self._is_told_to_end

    def _why_ended(self) -> str:
        return self._why

    def screen_is_gone(self) -> None:
        """Stop opening: there is nobody to serve. Safe from any thread."""
        if (task := self._task) is not None:
            task.get_loop().call_soon_threadsafe(self._stop_opening)

    def _stop_opening(self) -> None:
        if self._is_opening:
            self._stop()

    def _end_soon(self, number: signal.Signals) -> None:
        if number in _OUTSIDE_SIGNALS and not self._is_told_to_end:
            self._why = f"The agent process was told to end by {number.name}."
        self._stop()
        self._at_end()

    def _stop(self) -> None:
        if self._task is not None and not self._is_told_to_end:
            self._is_told_to_end = True
            self._task.cancel()


async def serve(
    line: UpwardEnd,
    agent: Agent,
    console: Console,
    drain_console: Callable[[], None] = lambda: None,
    *,
    rulebook: Rulebook | None = None,
    journal: Place | None = None,
    door: Door | None = None,
    outlives: Callable[[bool], bool] = lambda _: False,
    is_told_to_end: Callable[[], bool] = lambda: True,
    why_ended: Callable[[], str] = lambda: "",
) -> object:
    """Speak with the screen until it closes the line, then cancel the runs.

    Args:
        line: The host's end.
        agent: What to run, or why there is nothing to run.
        console: What the runs print.
        drain_console: Takes what still lies in the console's pipes.
        rulebook: What the calls of its runs must pass; None for one without rules.
        journal: Where they are kept; None keeps nothing.
        door: Where other screens come in; None for nowhere.
        outlives: Asked whether runs go on without their screen, told whether they are kept. Then
            it is served until every run has ended or waits for a person, and none comes.
        is_told_to_end: Whether a cancel of this task is a wish.
        why_ended: A sentence, if that wish was no person's at the screen.

    Returns:
        The final output of the run that completed last, or None.

    Raises:
        WireError: If the other side is no screen of this version.
    """
    line.write(Hello())
    check_version(await line.read() or Hello(version=-1))
    if isinstance(agent, Unready):
        line.write(_with_prints(agent, console, drain_console))
        await line.drain()
        return None
    runs = Runs(line, agent, console, drain_console, rulebook, journal)
    goes_on = outlives(runs.are_kept)
    ready = Ready(agent=agent.agent.name, outlives=goes_on)
    line.write(ready)
    audience = Audience(runs, ready, door, outlives=goes_on)
    as_wished, is_left = True, False
    try:
        await audience.attend(line)
        # Nobody wished it: what waits for a person is in the journal, and waits there.
        is_left = goes_on
    except asyncio.CancelledError:
        as_wished = is_told_to_end()
        is_left = goes_on and bool(why_ended())
        raise
    finally:
        if is_left:
            await runs.go_silent(LAST_WORDS_S)
        await runs.close(LAST_WORDS_S, as_wished=as_wished, why=why_ended())
        audience.close(line)
    return runs.final_output


async def _open_or_tell(imported: Imported | Unready, kept: AsyncExitStack) -> Agent:
    if isinstance(imported, Unready):
        return imported
    try:
        return await open_agent(imported, kept)
    except LoadError as error:
        return _unready(error)


def _unready(error: LoadError) -> Unready:
    return Unready(
        error_type=type(error.__cause__ or error).__name__,
        message=str(error),
        advice=error.advice or _CORRECT_IT,
        details=error.details,
    )


def _with_prints(unready: Unready, console: Console, drain_console: Callable[[], None]) -> Unready:
    """Return `unready` with what was printed: often that says why."""
    drain_console()
    printed = "".join(each.text for each in console.take("none"))
    return structs.replace(unready, printed=unready.printed + printed)


def _gave_up(error: BaseException) -> Unready:
    """Return what to say when something that was entered ended the host, or failed when left."""
    failure = ended("What the agent's file opened for it", error)
    return Unready(
        error_type=type(error).__name__,
        message=f"{failure}",
        advice="Send the message again: it is entered anew.",
        details=failure.details,
    )


def _forget_cancel() -> None:
    task = asyncio.current_task()
    assert task is not None
    while task.uncancel():
        pass
