"""Plays a scenario as a person in the cockpit: the same program, through a chain and the fold.

What the program asks of a result or a state becomes a command; what it writes down is what the
person sees each time that nothing moves until they act. Knows no scenario.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from msgspec.structs import replace

from tests.conformance.pictures import picture
from tests.conformance.recording import Mode, plain
from tests.fakes.milestone import DEADLINE_S
from tests.fakes.milestone import Gate as TestGate
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.select import is_running
from tui.cockpit.projection.view import PendingApproval, RunView
from tui.host.live.chain import Beginning, Chain
from tui.host.live.gate import Gate
from tui.host.live.history import Conversation
from tui.host.live.runtime import Runtime
from tui.wire.commands import Decide
from tui.wire.events import RunEvent

# Every event is of this instant: a time is compared by whether it has come.
AT = 1.0
GO_ON = "Go on."


class CockpitStage:
    """Where a scenario plays: one runtime under a chain; has what `Stage` has.

    Attributes:
        sdk: The runtime's module.
        mode: Runs are always streamed here.
        gate: Closed; whoever wants the service or a tool to wait for the test uses it.
        log: What a person saw, and what the program noted.
    """

    mode: Mode = "streamed"

    def __init__(self, sdk: ModuleType) -> None:
        self.sdk = sdk
        self.gate = TestGate()
        self.log: list[object] = []
        self._talks: list[Talk] = []
        self._gate_of_tools = Gate()

    def note(self, **facts: object) -> None:
        """Write down something else that must be the same."""
        self.log.append(plain(facts))

    async def go(self, agent, given, **options):
        """Do what a person does to get this run, and wait until it asks for them or ends."""
        result = self.begin(agent, given, **options)
        await self.read(result)
        return result

    def begin(self, agent, given, **options):
        """Start a conversation, go on with one, or take up one that waits."""
        if isinstance(given, Answers):
            return given.resumed()
        if isinstance(given, str):
            self._talks.append(Talk(Runtime(self.sdk), self._gate_of_tools))
            self._talks[-1].start(given, Conversation((), agent, options))
            return self._talks[-1]
        *said, question = given
        assert said == self._talks[-1].to_input_list(), "a person goes on from what was said"
        self._talks[-1].go_on(question["content"])
        return self._talks[-1]

    async def read(self, result, *, until: Callable[[Any], None] | None = None) -> None:
        """Wait until nothing moves; `until(event)` is asked after each event of the runtime."""
        result.until = until
        await result.at_rest()
        self.log.append(picture(result.view))

    async def end_of(self, result, *, without: object = ()):
        """Wait until nothing moves."""
        await self.read(result)
        return result

    async def close(self) -> None:
        """End what still waits for a person."""
        for talk in self._talks:
            await talk.close()
        self._gate_of_tools.close()


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
        self._runtime = TappedRuntime(runtime.library, self)
        self._gate = gate
        self._told = asyncio.Event()
        self._runs = 0
        self._is_cancelled = False

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
        self._is_cancelled = False
        self._seq = -1
        self.chain = Chain(
            Beginning(f"run{self._runs}", "file.py:agent", text, conversation, continues),
            self._runtime,
            self._gate,
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
            while not self._is_at_rest():
                self._told.clear()
                await self._told.wait()
            if not is_running(self.view):
                await self._task

    async def close(self) -> None:
        """End a run that still waits."""
        if is_running(self.view):
            self.chain.cancel("immediate")
        await self._task

    async def _go_on_after(self, ending: asyncio.Task[None], text: str) -> None:
        await ending
        self.start(text, self.chain.conversation)

    def _is_at_rest(self) -> bool:
        is_waiting = self.view.status == "waiting" and bool(self.view.pending)
        return (is_waiting and not self._is_cancelled) or (
            self._task.done() and not is_running(self.view)
        )

    def _take(self, event: RunEvent) -> None:
        self._seq += 1
        self.view = reduce(self.view, replace(event, seq=self._seq, at=AT))
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


@dataclass(frozen=True)
class TappedRuntime(Runtime):
    """A runtime whose streams tell a talk of each event once it was read."""

    talk: Talk

    def run_streamed(self, *args: Any) -> Any:
        """Start or resume a run."""
        result = TappedResult(super().run_streamed(*args), self.talk)
        self.talk.results.append(result)
        return result


class TappedResult:
    """A runtime's result, its stream listened to."""

    def __init__(self, result: Any, talk: Talk) -> None:
        self._result = result

        # Whether a stream shows nested events is read from its signature.
        @functools.wraps(result.stream_events)
        async def stream_events(**options: Any) -> AsyncIterator[Any]:
            async with aclosing(result.stream_events(**options)) as events:
                async for event in events:
                    yield event
                    if talk.until is not None:
                        talk.until(event)

        self.stream_events = stream_events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._result, name)
