"""Runs a chain on the scripted runtime and lets a test act at what it tells."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.fake_runtime import Agent
from tui.host.live.approvals import arguments_hash
from tui.host.live.beginning import Beginning
from tui.host.live.chain import Chain
from tui.host.live.gate import Gate
from tui.host.live.history import Conversation
from tui.host.live.rulebook import Rulebook
from tui.host.live.runtime import runtime_of
from tui.wire.commands import Decide
from tui.wire.events import RunEvent

DEADLINE_S = 60.0


class RunningChain:
    """A chain in a task, its events kept, with waits for what a test needs.

    Attributes:
        events: Everything told so far.
        book: What its calls must pass.
    """

    def __init__(
        self, agent: Any, text: str = "hello", book: Rulebook | None = None, **beginning: Any
    ) -> None:
        self.events: list[RunEvent] = []
        self.book = book or Rulebook()
        self._told = asyncio.Condition()
        start = beginning.pop("conversation", Conversation((), agent))
        runtime = runtime_of(agent)
        assert runtime is not None
        gate = Gate()
        self.chain = Chain(
            Beginning("run", "file.py:agent", text, start, **beginning),
            runtime,
            gate,
            self.book,
            self._take,
        )
        self.task = asyncio.ensure_future(self.chain.follow())
        # Two gates in one tool would tell of its calls twice.
        self.task.add_done_callback(lambda _: gate.close())

    async def until(self, kind: type, count: int = 1) -> Any:
        """Wait for the `count`th event of a kind and return it."""
        async with asyncio.timeout(DEADLINE_S), self._told:
            await self._told.wait_for(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    async def ended(self) -> list[RunEvent]:
        """Wait for the run's end and return all events."""
        # Awaited in a timeout, one that hangs would be cancelled, and end as if it had not.
        done, _ = await asyncio.wait({self.task}, timeout=DEADLINE_S)
        assert done, "the run does not end"
        self.task.result()
        return self.events

    def of(self, kind: type) -> list[Any]:
        """Return the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def decide(
        self,
        call_id: str,
        approve: bool,
        reason: str = "",
        arguments: str = "{}",
        edited: str | None = None,
        **more: Any,
    ) -> None:
        """Decide a call whose arguments were shown as `arguments`; `more` goes into `Decide`."""
        self.chain.decide(
            Decide(
                run_id="run",
                call_id=call_id,
                arguments_hash=arguments_hash(arguments),
                approve=approve,
                reason=reason,
                by="ada",
                arguments=edited,
                **more,
            )
        )

    def _take(self, event: RunEvent) -> None:
        self.events.append(event)
        asyncio.ensure_future(self._tell())  # noqa: RUF006 - it ends in the next turn of the loop

    async def _tell(self) -> None:
        async with self._told:
            self._told.notify_all()


def an_agent(*segments: Any, **fields: Any) -> Agent:
    """Return an agent with this script."""
    return Agent("Triage", list(segments), **fields)
