"""A person's conversation with a program, through a chain and the fold.

To the program it looks like a run's result, and what the person answers like a state: what is done
to them becomes a command. Knows no scenario.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from tests.conformance.tapped import TappedRuntime
from tests.fakes.milestone import DEADLINE_S
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.select import is_running
from tui.cockpit.projection.view import PendingApproval, RunView
from tui.host.live.beginning import Beginning
from tui.host.live.chain import Chain
from tui.host.live.gate import Gate
from tui.host.live.history import Conversation
from tui.host.live.rulebook import Rulebook
from tui.host.live.runtime import Runtime
from tui.wire.commands import Decide
from tui.wire.events import ENDINGS, RunEvent

# Every event is of this instant: a time is compared by whether it has come.
AT = 1.0
GO_ON = "Go on."


class Talk:
    """One conversation and its picture; to a program it looks like a run's result.

    Attributes:
        view: What the person sees.
        until: Asked after each event of the runtime.
        results: What the runtime returned, one a segment.
    """

    def __init__(self, runtime: Runtime, gate: Gate) -> None:
        self.view = RunView()
        self.until: Callable[[Any], None] | None = None
        self.results: list[Any] = []
        self._runtime = TappedRuntime(runtime.library, self.results, self._heard)
        self._gate = gate
        self._told = asyncio.Event()
        self._runs = 0
        self._is_cancelled = self._has_ended = False

    def __getattr__(self, name: str) -> Any:
        """Return what the runtime's own newest result has under this name."""
        return getattr(self.results[-1], name)

    @property
    def last_agent(self) -> Any:
        """Who goes on."""
        return self.chain.conversation.agent

    def start(self, text: str, conversation: Conversation) -> None:
        """Send a message that begins a run."""
        continues = self.view.run_id or None
        self._runs += 1
        self._is_cancelled = self._has_ended = False
        self._seq = -1
        self.chain = Chain(
            Beginning(f"run{self._runs}", "file.py:agent", text, conversation, continues),
            self._runtime,
            self._gate,
            Rulebook(),
            self._take,
        )
        self._task = asyncio.ensure_future(self.chain.follow())

    def go_on(self, text: str) -> None:
        """Send a message after an end; what waits instead is cancelled by it."""
        if not is_running(self.view):
            self.start(text, self.chain.conversation)
            return
        self.cancel()
        self._task = asyncio.ensure_future(self._go_on_after(self._task, text))

    def cancel(self, mode: str = "immediate") -> None:
        """Press the key that cancels."""
        self._is_cancelled = True
        self.chain.cancel(mode)

    def say(self, text: str) -> None:
        """Send a message while the run works."""
        self.chain.say(text)

    def decide(self, call_id: str, *, arguments_hash: str, approve: bool, reason: str = "") -> None:
        """Answer a request."""
        self.chain.decide(
            Decide(
                run_id=self.view.run_id,
                call_id=call_id,
                arguments_hash=arguments_hash,
                approve=approve,
                reason=reason,
                by="ada",
            )
        )

    def to_state(self) -> Answers:
        """Return what the person's answers are given to."""
        return Answers(self)

    def to_input_list(self) -> list[Any]:
        """Return what a follow-up goes on from."""
        return list(self.chain.conversation.items)

    async def at_rest(self) -> None:
        """Wait until the run has ended, or waits for the person alone."""
        async with asyncio.timeout(DEADLINE_S):
            while not self._waits_for_the_person():
                self._told.clear()
                if not self._has_ended:
                    await self._told.wait()
                    continue
                task = self._task
                await task
                if task is self._task:
                    return

    async def close(self) -> None:
        """End a run that still waits."""
        if is_running(self.view):
            self.chain.cancel("immediate")
        await self._task

    async def _go_on_after(self, ending: asyncio.Task[None], text: str) -> None:
        await ending
        self.start(text, self.chain.conversation)

    def _waits_for_the_person(self) -> bool:
        is_waiting = self.view.status == "waiting" and bool(self.view.pending)
        return is_waiting and not self._is_cancelled

    def _heard(self, event: Any) -> None:
        if self.until is not None:
            self.until(event)

    def _take(self, event: RunEvent) -> None:
        self._seq += 1
        self.view = reduce(self.view, replace(event, seq=self._seq, at=AT))
        self._has_ended = isinstance(event, ENDINGS)
        self._told.set()


@dataclass(eq=False)
class Answers:
    """What a person answers; to a program it looks like the state of a stopped run."""

    talk: Talk
    said: list[str] = field(default_factory=list)

    def get_interruptions(self) -> tuple[PendingApproval, ...]:
        """Return the requests on the screen."""
        return self.talk.view.pending

    def approve(self, item: PendingApproval) -> None:
        """Approve a request."""
        self._decide(item, approve=True)

    def reject(self, item: PendingApproval, *, rejection_message: str = "") -> None:
        """Reject a request, with a reason or without."""
        self._decide(item, approve=False, reason=rejection_message)

    def add_input(self, text: str) -> None:
        """Say something: at once to a run that waits, as the next message to one that ended."""
        if is_running(self.talk.view):
            self.talk.say(text)
        else:
            self.said.append(text)

    def resumed(self) -> Talk:
        """Return the talk: it went on by the answers, or after an end by what is said next."""
        if not is_running(self.talk.view):
            self.talk.go_on("\n".join(self.said) or GO_ON)
        return self.talk

    def _decide(self, item: PendingApproval, *, approve: bool, reason: str = "") -> None:
        self.talk.decide(
            item.call_id, arguments_hash=item.arguments_hash, approve=approve, reason=reason
        )
