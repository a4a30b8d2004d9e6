"""One run of the agent process, as the screen has it: events out, wishes in.

Stays out of the process and of the line to it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Final

import msgspec

from tui.cockpit.sources.base import Answer, Loss
from tui.cockpit.sources.operator import operator
from tui.wire.commands import (
    AnyCommand,
    Attach,
    Cancel,
    Decide,
    ExtendBudget,
    Resume,
    Say,
    StartRun,
)
from tui.wire.events import (
    ENDINGS,
    ApprovalDecided,
    ApprovalRequested,
    ApprovalWithdrawn,
    RunCancelled,
    RunEvent,
    RunStarted,
    UserMessage,
)
from tui.wire.frames import NotResumed

TAKE_UP: Final = "The run was interrupted, and what it did is kept: Ctrl+R takes it up again."

_LOOK_AGAIN: Final = "What it did is kept: Ctrl+R looks again how far it came."
_TAKE_UP_CHANGED: Final = "Ctrl+R shows that, and takes it up with the program as it is now."


class HostedRun:
    """A run whose events come over the line.

    Args:
        opened: The command that it was started, found again or taken up with.
        target: What the person asked to run.
        rehearsal: Whether nothing of it is real.
        send: Takes commands; it never blocks and never raises.
        now: The clock, UTC seconds, for what is told without the agent process.
        after: The `seq` of the last event that is known here.

    Attributes:
        is_over: Whether its end was told.
        is_new: Whether it is started here.
        is_interrupted: Whether its end was told from here, and in the journal it has none.
        changes: What changed in its program meanwhile, if it was not taken up because of that.
    """

    def __init__(
        self,
        opened: StartRun | Attach | Resume,
        target: str,
        *,
        rehearsal: bool,
        send: Callable[[AnyCommand], None],
        now: Callable[[], float] = time.time,
        after: int = -1,
    ) -> None:
        self._run_id = opened.run_id
        self._opened = opened
        self._target = target
        self._rehearsal = rehearsal
        self._send = send
        self._now = now
        self._events: asyncio.Queue[RunEvent] = asyncio.Queue()
        self._next_seq = after + 1
        self._pending: dict[str, None] = {}
        self.is_new = isinstance(opened, StartRun)
        self._has_begun = not self.is_new
        self.is_over = False
        self.is_interrupted = False
        self.changes: tuple[str, ...] = ()
        self._is_read = False

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self._run_id

    async def stream_events(self) -> AsyncIterator[RunEvent]:
        """Yield the run's events in `seq` order, none missing; 0 upward if it is started here.

        It ends after the one terminal event; the agent process's death is a `RunFailed`. There
        is one reader a run: a second iteration yields nothing.
        """
        while not self._is_read:
            event = await self._events.get()
            self._is_read = isinstance(event, ENDINGS)
            yield event

    def decide(self, answer: Answer) -> None:
        """Approve or reject a pending call."""
        self._wish(
            Decide(
                run_id=self._run_id,
                call_id=answer.call_id,
                arguments_hash=answer.arguments_hash,
                approve=answer.approve,
                reason=answer.reason,
                by=operator(),
                arguments=answer.arguments,
                grant=answer.grant,
                keeps=answer.keeps,
                result=answer.result,
            )
        )

    def extend_budget(self) -> None:
        """Give as much again to a budget that is used up."""
        self._wish(ExtendBudget(run_id=self._run_id, by=operator()))

    def say(self, text: str) -> None:
        """Give the working run a message for its next model call."""
        self._wish(Say(run_id=self._run_id, text=text))

    def cancel(self, mode: str = "immediate") -> None:
        """End the run, "after_turn" or "immediate"."""
        self._wish(Cancel(run_id=self._run_id, mode=mode))

    @property
    def has_begun(self) -> bool:
        """Whether the agent process has told anything of it."""
        return self._has_begun

    def withdraw(self) -> None:
        """End the run from here, as a person wished before it began."""
        self._tell_beginning()
        self._tell(RunCancelled(run_id=self._run_id))

    def take(self, event: RunEvent) -> None:
        """Take the next event from the line; a gap ends the run, for it cannot be shown whole."""
        if self.is_over or event.seq < self._next_seq:
            return
        if event.seq != self._next_seq:
            self.lose(_gap(self._next_seq, event.seq))
            self._send(Cancel(run_id=self._run_id))
            return
        self._has_begun = True
        self._keep(event)

    def lose(self, loss: Loss) -> None:
        """End the run from here: nothing will come over the line any more."""
        if self.is_over:
            return
        if not self.has_begun:
            self._tell_beginning()
            loss = loss.of_unbegun
        elif not (self.is_new or loss.is_interruption):
            loss = replace(loss, advice=TAKE_UP, is_interruption=True)
        self.is_interrupted = loss.is_interruption
        for call_id in list(self._pending):
            why = "the run ended before a decision"
            self._tell(ApprovalWithdrawn(run_id=self._run_id, call_id=call_id, why=why))
        for event in loss.events(self._run_id):
            self._tell(event)

    def refuse(self, answer: NotResumed) -> None:
        """End the run from here: the agent process does not go on with it."""
        self.changes = answer.changes
        why = "; ".join(filter(None, (answer.why, ", ".join(answer.changes))))
        advice = _TAKE_UP_CHANGED if answer.changes else _LOOK_AGAIN
        message = f"{why[:1].upper()}{why[1:]}."
        self.lose(Loss("ResumeError", message, advice, is_interruption=True))

    def _tell_beginning(self) -> None:
        """Begin a run that the agent process never began: what was typed must not vanish."""
        assert isinstance(self._opened, StartRun), "the others have begun"
        self._tell(
            RunStarted(
                run_id=self._run_id,
                target=self._target,
                retries=self._opened.retries,
                rehearsal=self._rehearsal,
            )
        )
        item_id = f"{self._run_id}.user0"
        self._tell(UserMessage(run_id=self._run_id, item_id=item_id, text=self._opened.text))

    def _tell(self, event: RunEvent) -> None:
        self._keep(msgspec.structs.replace(event, seq=self._next_seq, at=self._now()))

    def _keep(self, event: RunEvent) -> None:
        match event:
            case ApprovalRequested(call_id=call_id):
                self._pending[call_id] = None
            case ApprovalDecided(call_id=call_id) | ApprovalWithdrawn(call_id=call_id):
                self._pending.pop(call_id, None)
        self._next_seq += 1
        self.is_over = isinstance(event, ENDINGS)
        self._events.put_nowait(event)

    def _wish(self, command: AnyCommand) -> None:
        if not self.is_over:
            self._send(command)


def _gap(expected: int, seq: int) -> Loss:
    return Loss(
        error_type="WireError",
        message=f"Event {expected} of the run is missing (event {seq} came instead).",
        advice="Send the message again. This is a fault of Baton: please report it.",
    )
