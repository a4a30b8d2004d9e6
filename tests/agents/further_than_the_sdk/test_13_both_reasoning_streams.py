"""Part 2, point 13: summaries of reasoning stream, and so does that of open models."""

from __future__ import annotations

import pytest
from openai.types.responses import (
    ResponseReasoningSummaryTextDeltaEvent,
    ResponseReasoningTextDeltaEvent,
)

from tui.agents import Agent, RawResponsesStreamEvent, Runner
from tui.agents.event_queue import EventQueue, EventStream
from tui.agents.models.interface import Model
from tui.agents.models.scripted import ScriptedModel, reason, say
from tui.responses.events import decode_event

KINDS = {
    "response.reasoning_summary_text.delta": ResponseReasoningSummaryTextDeltaEvent,
    "response.reasoning_text.delta": ResponseReasoningTextDeltaEvent,
}


class FakeReasoningModel(Model):
    """Streams reasoning before its answer, as a service of one kind does."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    async def get_response(self, *_args, **_options):
        raise NotImplementedError("it only streams")

    async def stream_response(self, *args, **options):
        inner = ScriptedModel([[reason("so"), say("yes")]])
        async for event in inner.stream_response(*args, **options):
            if event.type == "response.output_item.done" and event.item.type == "reasoning":
                for word in ("s", "o"):
                    yield decode_event("", self._delta(word, event.item.id))
            yield event

    def _delta(self, word: str, item_id: str) -> bytes:
        return f'{{"type":"{self.kind}","delta":"{word}","item_id":"{item_id}"}}'.encode()


@pytest.mark.parametrize("kind", KINDS)
async def test_reasoning_is_streamed_as_its_openai_class(kind):
    result = Runner.run_streamed(Agent(name="A", model=FakeReasoningModel(kind)), "go")
    data = [event.data async for event in result if event.type == "raw_response_event"]
    deltas = [each for each in data if isinstance(each, KINDS[kind])]
    assert "".join(each.delta for each in deltas) == "so"
    assert [item.type for item in result.new_items] == ["reasoning_item", "message_output_item"]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_unread_run_joins_reasoning_too_and_loses_none(kind):
    queue = EventQueue()
    model = FakeReasoningModel(kind)
    for _ in range(3_000):
        queue.put_nowait(RawResponsesStreamEvent(decode_event("", model._delta("x", "i"))))
    queue.close()
    waiting = [event.data.delta async for event in EventStream(queue, cancel=lambda: None)]
    assert len(waiting) <= 1_000
    assert len("".join(waiting)) == 3_000
