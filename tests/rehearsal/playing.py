"""Plays conversations with the rehearsal's desk, without waiting and without a screen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tui.agents import Runner
from tui.host.live.history import closed
from tui.rehearsal.pace import Pace
from tui.rehearsal.start import Rehearsal, rehearsal


class FakeSleep:
    """A clock that only counts: sleeping adds up seconds and lets others go on."""

    def __init__(self) -> None:
        self.slept_s: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Seen:
    """What came of one message.

    Attributes:
        agents: The agents in control, in order.
        texts: The messages, in order.
        thoughts: The reasoning summaries.
        calls: Names of tools called, in order.
        asked: The arguments of each call that a person was asked about.
        raw: Every raw event.
    """

    agents: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    raw: list[object] = field(default_factory=list)

    @property
    def answer(self) -> str:
        """The last message."""
        return self.texts[-1]

    def see(self, event) -> None:
        match getattr(event, "name", event.type):
            case "agent_updated_stream_event":
                self.agents.append(event.new_agent.name)
            case "raw_response_event":
                self.raw.append(event.data)
            case "message_output_created":
                self.texts.append(event.item.raw_item.content[0].text)
            case "reasoning_item_created":
                self.thoughts += [part.text for part in event.item.raw_item.summary]
            case "tool_called":
                self.calls.append(event.item.raw_item.name)


class Customer:
    """Somebody who writes to the desk, and decides what it asks for.

    Args:
        follows_agent: Whether a follow-up goes to the agent that answered last, or to Triage.
    """

    def __init__(self, follows_agent: bool = True) -> None:
        self.sleep = FakeSleep()
        self.desk: Rehearsal = rehearsal(pace=Pace(1.0, self.sleep))
        self._follows_agent = follows_agent
        self._agent = self.desk.agent
        self._history: list[object] = []

    async def says(self, text: str, *rejections: str | None) -> Seen:
        """Write a message; each pending call is rejected with a text, or approved for None."""
        seen = Seen()
        given: object = [*self._history, {"role": "user", "content": text}]
        while True:
            result = Runner.run_streamed(self._agent, given)
            async for event in result.stream_events():
                seen.see(event)
            if not result.interruptions:
                break
            given = self._decided(result, seen, rejections)
        self._history = result.to_input_list()
        self._agent = result.last_agent if self._follows_agent else self.desk.agent
        return seen

    async def withdraws(self, text: str, *, before: str = "") -> Seen:
        """Write a message, and cancel the run at its request, or when tool `before` is called."""
        seen = Seen()
        result = Runner.run_streamed(
            self._agent, [*self._history, {"role": "user", "content": text}]
        )
        async for event in result.stream_events():
            seen.see(event)
            if before in seen.calls:
                result.cancel()
        self._history = list(closed(result.to_input_list()))
        self._agent = result.last_agent if self._follows_agent else self.desk.agent
        return seen

    def _decided(self, result, seen, rejections):
        state = result.to_state()
        seen.asked += [item.arguments for item in result.interruptions]
        for item, text in zip(result.interruptions, [*rejections, None, None, None], strict=False):
            if text is None:
                state.approve(item)
            else:
                state.reject(item, rejection_message=text)
        return state
