"""A run without a screen: its events as lines, or its answer alone, and an exit code that says how.

The same host, and the same stream of events, as the cockpit's. Stays out of the command line.
"""

import asyncio
import signal
import sys
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

import msgspec

from tui.cockpit.sources.base import AgentHost, Run
from tui.plain import plain_line
from tui.wire.events import (
    ApprovalRequested,
    BudgetReached,
    ConsoleOutput,
    RunCancelled,
    RunCompleted,
    RunEvent,
    RunFailed,
    RunPaused,
)

Form: TypeAlias = Literal["json", "text"]

DONE: Final = 0
WAITS: Final = 3
FAILED: Final = 4
LIMITED: Final = 5
INTERRUPTED: Final = 130

_LIMITS: Final = ("MaxTurnsExceeded",)
_NOBODY: Final = "run {run_id} waits for a person to decide {calls}, and here is none: "
_RESUME: Final = "`baton resume {run_id}` in a terminal decides it, a policy file may allow it"
_NOT_KEPT: Final = "it is cancelled; allow it in a policy file, or run it in the cockpit"
_IN_DOUBT: Final = " (in doubt: it may have run, and no rule says what became of it)"
_AFTER_TURN: Final = "the run ends after this turn; Ctrl+C again ends it at once"
_USED_UP: Final = "run {run_id} has used up its {what}: {used:g} of {limit:g}"


async def run_headless(
    host: AgentHost,
    text: str,
    form: Form,
    *,
    write: Callable[[str], object],
    say: Callable[[str], object] = lambda line: sys.stderr.write(f"{line}\n"),
) -> int:
    """Run an agent on one message and return the exit code.

    Args:
        host: Runs the agent; closed at the end.
        text: The message.
        form: "json" writes each event as a line, in the wire's form; "text" writes the answer.
        write: Takes what goes to standard output.
        say: Takes lines for a person, for standard error.

    Returns:
        0 done, 3 a call waits for a person, 4 failed, 5 a limit was reached, 130 interrupted.
    """
    run = host.open_run(text)
    follower = _Follower(run, form, write, say, is_kept=lambda: host.outlives)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, follower.interrupted)
    try:
        async for event in run.stream_events():
            follower.take(event)
            if follower.leaves:
                break
        return follower.code
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        await host.close(leaves=follower.leaves)


class _Follower:
    """Tells of one run as it goes, and ends or leaves it where it would wait for ever.

    Attributes:
        code: The exit code so far.
        leaves: Whether a person is to decide, elsewhere: the run stays as it is kept.
    """

    def __init__(
        self,
        run: Run,
        form: Form,
        write: Callable[[str], object],
        say: Callable[[str], object],
        *,
        is_kept: Callable[[], bool],
    ) -> None:
        self.code = FAILED
        self.leaves = False
        self._is_kept = is_kept
        self._run = run
        self._form = form
        self._write = write
        self._say = say
        self._encode = msgspec.json.Encoder().encode
        self._asked: dict[str, str] = {}
        self._stopped_by = 0

    def take(self, event: RunEvent) -> None:
        """Take the next event."""
        if self._form == "json":
            self._write(f"{self._encode(event).decode()}\n")
        match event:
            case ApprovalRequested():
                doubt = "" if event.in_doubt_since is None else _IN_DOUBT
                self._asked[event.call_id] = f"{event.tool}{doubt}"
            case RunPaused():
                self._wait(event)
            case BudgetReached():
                used_up = _USED_UP.format(
                    run_id=event.run_id, what=event.what, used=event.used, limit=event.limit
                )
                self._stop(LIMITED, used_up)
            case ConsoleOutput() if self._form == "text":
                for line in event.text.splitlines():
                    self._say(plain_line(line))
            case RunCompleted() | RunFailed() | RunCancelled():
                self._end(event)

    def interrupted(self) -> None:
        """End the run after its turn; the second time, at once."""
        is_first, self._stopped_by = self._stopped_by != INTERRUPTED, INTERRUPTED
        # First the wish, then the word: who reads it may rely on it.
        self._run.cancel("after_turn" if is_first else "immediate")
        if is_first:
            self._say(f"baton: {_AFTER_TURN}")

    def _wait(self, event: RunPaused) -> None:
        calls = ", ".join(self._asked.get(call_id, "") for call_id in event.waiting_for)
        is_kept = self._is_kept()
        advice = _RESUME if is_kept else _NOT_KEPT
        why = f"{_NOBODY}{advice}".format(run_id=event.run_id, calls=calls)
        if is_kept and not self._stopped_by:
            self._say(plain_line(f"baton: {why}"))
            self.leaves, self.code = True, WAITS
        else:
            self._stop(WAITS, why)

    def _stop(self, code: int, why: str) -> None:
        if not self._stopped_by:
            self._stopped_by = code
            self._say(plain_line(f"baton: {why}"))
            self._run.cancel("immediate")

    def _end(self, event: RunCompleted | RunFailed | RunCancelled) -> None:
        match event:
            case RunCompleted():
                self.code = DONE
                if self._form == "text":
                    self._write(f"{event.final_output}\n")
            case RunFailed():
                self.code = LIMITED if event.error_type in _LIMITS else FAILED
                advice = f" {event.advice}" if event.advice else ""
                self._say(plain_line(f"baton: {event.error_type}: {event.message}{advice}"))
            case RunCancelled():
                self.code = self._stopped_by or INTERRUPTED
