"""Tells of reasoning that comes in Chat Completions chunks.

What a server sends as `reasoning_content` becomes a reasoning summary, `reasoning` bare reasoning.
Where both come in one chunk they say the same, and the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.agents.kinds import JsonObject, RawEvent
from tui.providers.chat_messages import REASONING_FIELD_KEY
from tui.providers.chat_output import ChatOutput

_PART = "reasoning_summary_part"


class ChatReasoning:
    """The one reasoning item of a response."""

    index = -1

    def __init__(self, output: ChatOutput) -> None:
        self._output = output
        self._summary: list[list[str]] = []
        self._is_part_open = False
        # None where there is no bare reasoning.
        self._text: list[str] | None = None

    def take(self, delta: JsonObject) -> Iterator[RawEvent]:
        """Yield the events that `delta` tells."""
        summary, text = delta.get("reasoning_content"), delta.get("reasoning")
        if summary:
            yield from self._summarize(summary)
        elif text and isinstance(text, str):
            yield from self._reason(text)
        if self._is_part_open and not summary and _goes_on(delta):
            yield self._end_part()

    def end(self) -> Iterator[RawEvent]:
        """Yield what ends the item, if it ever began."""
        if self.index < 0:
            return
        if self._is_part_open:
            yield self._end_part()
        if not self._summary and self._text is not None:
            text = "".join(self._text)
            kind = "reasoning_text.done"
            yield self._output.item_event(kind, self, content_index=0, text=text)
        yield self._output.end(self)

    def raw(self) -> JsonObject:
        """Return the item as far as it has come."""
        summary = [_summary_text("".join(part)) for part in self._summary]
        item = self._output.raw_item("reasoning", summary=summary)
        if self._text is None:
            return item
        if not self._summary:
            item["provider_data"][REASONING_FIELD_KEY] = "reasoning"
        return item | {"content": [{"text": "".join(self._text), "type": "reasoning_text"}]}

    def _summarize(self, text: str) -> Iterator[RawEvent]:
        yield from self._begin()
        if not self._is_part_open:
            self._summary.append([])
            self._is_part_open = True
            yield self._part_event(f"{_PART}.added", part=_summary_text(""))
        self._summary[-1].append(text)
        yield self._part_event("reasoning_summary_text.delta", delta=text)

    def _reason(self, text: str) -> Iterator[RawEvent]:
        if self._text is None:
            self._text = []
        yield from self._begin()
        self._text.append(text)
        kind = "reasoning_text.delta"
        yield self._output.item_event(kind, self, content_index=0, delta=text)

    def _begin(self) -> Iterator[RawEvent]:
        if self.index < 0:
            self.index = self._output.place(self)
            yield self._output.begin(self)

    def _end_part(self) -> RawEvent:
        self._is_part_open = False
        return self._part_event(f"{_PART}.done", part=_summary_text("".join(self._summary[-1])))

    def _part_event(self, kind: str, **fields: JsonObject | str) -> RawEvent:
        last = len(self._summary) - 1
        return self._output.item_event(kind, self, summary_index=last, **fields)


def _goes_on(delta: JsonObject) -> bool:
    has_more = delta.get("refusal") or delta.get("tool_calls")
    return bool(has_more) or delta.get("content") is not None


def _summary_text(text: str) -> JsonObject:
    return {"text": text, "type": "summary_text"}
