"""A host without a process: it plays scripted runs, and remembers what it was asked to do.

A script is an async generator of events. Between them it may wait for a gate that the test opens,
or ask a person through `FakeRun.ask`, which behaves as the real host does: answers with a wrong
hash are refused, the run pauses while everything waits and resumes when the set is decided.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from tui.cockpit.sources.base import Answer, Loss
from tui.wire.events import (
    ENDINGS,
    ApprovalDecided,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalWithdrawn,
    Event,
    RunCancelled,
    RunEvent,
    RunPaused,
    RunResumed,
    RunStarted,
    UserMessage,
)

FIRST_AT = 1_700_000_000.0
STEP_S = 0.25

Script = Callable[["FakeRun"], AsyncIterator[RunEvent]]


def hash_of(arguments: str) -> str:
    """The hash a decision must bring back."""
    return hashlib.sha256(arguments.encode()).hexdigest()


def approval(agent: str, call_id: str, tool: str, arguments: str, **more: object) -> RunEvent:
    """An `ApprovalRequested` with the right hash, without run and number."""
    return ApprovalRequested(
        run_id="",
        agent=agent,
        call_id=call_id,
        tool=tool,
        arguments=arguments,
        arguments_hash=hash_of(arguments),
        **more,
    )


def play(*steps: RunEvent | str) -> Script:
    """A script that yields `steps` in order; a text among them is the name of a gate."""

    async def script(run: "FakeRun") -> AsyncIterator[RunEvent]:
        for step in steps:
            if isinstance(step, str):
                await run.gate(step)
            else:
                yield step

    return script


class Decision(NamedTuple):
    """What a control was told about one call."""

    call_id: str
    arguments_hash: str
    approve: bool
    reason: str


class _Stopped(Exception):
    """Raised inside a script when the run was cancelled."""


@dataclass
class FakeRun:
    """One scripted run: a source and a control.

    Attributes:
        text: What the person typed.
        hold: Whether gates stop the script until `open` is called for them.
        begins: What `has_begun` says.
        decisions: What `decide` was called with, in order; `said` and `cancelled` likewise.
    """

    run_id: str
    text: str
    script: Script
    continues: str | None = None
    hold: bool = False
    retries: str | None = None
    unheard: Sequence[str] = ()
    begins: bool = True
    is_interrupted: bool = False
    changes: tuple[str, ...] = ()
    decisions: list[Decision] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    extended: int = 0
    said: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    streams: int = 0
    first_seq: int = 0

    def __post_init__(self) -> None:
        self._opened: set[str] = set()
        self._reached: set[str] = set()
        self._changed = asyncio.Event()
        self._pending: dict[str, ApprovalRequested] = {}
        self._verdicts: dict[str, Decision] = {}
        self._taken = 0
        self._heard = 0

    # What the screen calls.

    @property
    def has_begun(self) -> bool:
        return self.begins

    async def stream_events(self) -> AsyncIterator[RunEvent]:
        """The script's events, numbered and dated, to the one terminal event."""
        self.streams += 1
        seq = self.first_seq
        async for event in self._whole_run():
            if isinstance(event, RunStarted):
                event = msgspec.structs.replace(event, retries=self.retries)
            yield msgspec.structs.replace(
                event, run_id=self.run_id, seq=seq, at=event.at or FIRST_AT + seq * STEP_S
            )
            seq += 1
            if isinstance(event, ENDINGS):
                return

    def decide(self, answer: Answer) -> None:
        self.answers.append(answer)
        self.decisions.append(
            Decision(answer.call_id, answer.arguments_hash, answer.approve, answer.reason)
        )
        self._changed.set()

    def extend_budget(self) -> None:
        self.extended += 1
        self._changed.set()

    def say(self, text: str) -> None:
        self.said.append(text)
        self._changed.set()

    def cancel(self, mode: str = "immediate") -> None:
        self.cancelled.append(mode)
        self._changed.set()

    # What a script calls.

    async def gate(self, name: str) -> None:
        """Stop here until the test opens `name`; pass at once unless the run holds."""
        self._reached.add(name)
        await self._until(lambda: not self.hold or name in self._opened)

    async def ask(self, *requests: ApprovalRequested) -> AsyncIterator[RunEvent]:
        """Ask for decisions and yield what becomes of them, until all are decided."""
        for request in requests:
            self._pending[request.call_id] = request
            yield request
        yield RunPaused(run_id="", waiting_for=tuple(self._pending))
        while self._pending:
            await self._until(lambda: self._taken < len(self.decisions))
            yield self._answer(self.decisions[self._taken])
            self._taken += 1
        yield RunResumed(run_id="")

    def verdict(self, call_id: str) -> Decision:
        """What a person decided of a call that was asked for."""
        return self._verdicts[call_id]

    # What a test calls.

    def open(self, name: str) -> None:
        """Let the script pass the gate `name`, now or when it comes there."""
        self._opened.add(name)
        self._changed.set()

    def stands_at(self, name: str) -> bool:
        """Whether the script has come to the gate `name`."""
        return name in self._reached

    async def _whole_run(self) -> AsyncIterator[RunEvent]:
        try:
            async for event in self.script(self):
                yield event
                for said in self._newly_said():
                    yield said
                self._stop_if_cancelled()
        except _Stopped:
            for call_id in self._pending:
                yield ApprovalWithdrawn(run_id="", call_id=call_id, why="the run was cancelled")
            yield RunCancelled(run_id="", mode=self.cancelled[-1])

    def _answer(self, decision: Decision) -> Event:
        request = self._pending.get(decision.call_id)
        if request is None or request.arguments_hash != decision.arguments_hash:
            why = "it no longer waits" if request is None else "the arguments have changed"
            return ApprovalRefused(run_id="", call_id=decision.call_id, why=why)
        del self._pending[decision.call_id]
        self._verdicts[decision.call_id] = decision
        answer = self.answers[self._taken]
        return ApprovalDecided(
            run_id="",
            call_id=decision.call_id,
            approved=decision.approve,
            reason=decision.reason,
            by="tester",
            arguments=answer.arguments,
            arguments_hash=decision.arguments_hash,
            result=answer.result,
        )

    def _newly_said(self) -> Sequence[RunEvent]:
        new, self._heard = self.said[self._heard :], len(self.said)
        ids = range(self._heard - len(new), self._heard)
        return [
            UserMessage(run_id="", item_id=f"{self.run_id}-said-{i}", text=t, steering=True)
            for i, t in zip(ids, new, strict=True)
        ]

    async def _until(self, holds: Callable[[], bool]) -> None:
        # A script that never suspends would starve the loop it shares with the screen.
        await asyncio.sleep(0)
        self._stop_if_cancelled()
        while not holds():
            await self._changed.wait()
            self._changed.clear()
            self._stop_if_cancelled()

    def _stop_if_cancelled(self) -> None:
        if self.cancelled:
            raise _Stopped


@dataclass
class FakeAgentHost:
    """A host that plays `script` for every run, or the scripts of a list, the last one again.

    Attributes:
        hold: Whether gates stop the runs; see `FakeRun`.
        runs: Every run that was opened, in order.
    """

    script: Script | Sequence[Script]
    target: str = "support.py:triage"
    rehearsal: bool = False
    hold: bool = False
    runs: list[FakeRun] = field(default_factory=list)
    starts: int = 0
    wishes: list[str] = field(default_factory=list)
    closed: bool = False
    open_error: Exception | None = None
    loss: Loss | None = None
    outlives: bool = False
    left: bool = False
    found: list[tuple[str, str, int, str]] = field(default_factory=list)

    async def start(self) -> Loss | None:
        self.starts += 1
        return self.loss

    def hold_calls(self, by: str = "") -> None:
        self.wishes.append(f"hold by {by}" if by else "hold")

    def release_calls(self) -> None:
        self.wishes.append("release")

    def revoke(self, rule_id: str) -> None:
        self.wishes.append(f"revoke {rule_id}")

    def open_run(
        self,
        text: str,
        continues: str | None = None,
        *,
        retries: str | None = None,
        unheard: Sequence[str] = (),
    ) -> FakeRun:
        if self.open_error is not None:
            raise self.open_error
        name = f"{len(self.runs):04x}f3a7"
        run = FakeRun(name, text, self._next_script, continues, self.hold, retries, tuple(unheard))
        self.runs.append(run)
        return run

    def attach(self, run_id: str, after: int, met_at: str) -> FakeRun:
        return self._find("attach", run_id, after, met_at)

    def resume(self, run_id: str, after: int, *, accepts_changes: bool = False) -> FakeRun:
        how = "resume changed" if accepts_changes else "resume"
        return self._find(how, run_id, after, "")

    async def close(self, *, leaves: bool = False) -> None:
        self.closed, self.left = True, leaves and self.outlives

    def _find(self, how: str, run_id: str, after: int, met_at: str) -> FakeRun:
        self.found.append((how, run_id, after, met_at))
        run = FakeRun(run_id, "", self._next_script, hold=self.hold, first_seq=after + 1)
        self.runs.append(run)
        return run

    @property
    def _next_script(self) -> Script:
        scripts = self.script if isinstance(self.script, Sequence) else [self.script]
        return scripts[min(len(self.runs), len(scripts) - 1)]

    @property
    def run(self) -> FakeRun:
        """The newest run."""
        return self.runs[-1]
