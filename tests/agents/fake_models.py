"""Models that never stop talking or never end, and runs that use them."""

from __future__ import annotations

import asyncio

from tui.agents import Agent, Runner
from tui.agents.models.interface import Model
from tui.agents.models.scripted import ScriptedModel, say


class FakeFloodingModel(Model):
    """Streams deltas of one item as fast as it is let, and counts those it was rid of."""

    def __init__(self, deltas: int) -> None:
        self.deltas = deltas
        self.sent = 0

    async def get_response(self, *_args, **_options):
        raise NotImplementedError("it only streams")

    async def stream_response(self, *args, **options):
        inner = ScriptedModel([[say("word")]])
        async for event in inner.stream_response(*args, **options):
            if event.type == "response.output_text.delta":
                for _ in range(self.deltas):
                    yield event
                    self.sent += 1
            else:
                yield event


class FakeStuckModel(Model):
    """Streams one delta, and then nothing for ever."""

    def __init__(self) -> None:
        self.was_closed = False

    async def get_response(self, *_args, **_options):
        raise NotImplementedError("it only streams")

    async def stream_response(self, *args, **options):
        try:
            async for event in ScriptedModel([[say("word")]]).stream_response(*args, **options):
                if event.type == "response.completed":
                    await asyncio.Event().wait()
                yield event
        finally:
            self.was_closed = True


def plain_run():
    return Runner.run_streamed(Agent(name="A", model=ScriptedModel([[say("hello")]])), "hi")


def stuck_run():
    model = FakeStuckModel()
    return Runner.run_streamed(Agent(name="A", model=model), "hi"), model


async def first_delta(result):
    """Read up to the first delta of text and return the open stream."""
    stream = result.stream_events()
    async for event in stream:
        if event.type == "raw_response_event" and event.data.type.endswith(".delta"):
            break
    return stream


async def ended(result):
    await asyncio.wait([result.run_loop_task])
