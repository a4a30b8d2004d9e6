"""Tells of the message that comes in Chat Completions chunks: its text, its refusal."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from tui.agents.exceptions import AgentsException
from tui.agents.kinds import Json, JsonObject, RawEvent
from tui.providers.chat_output import ChatOutput, token_logprobs, url_citations


class _Part:
    """A text, or a refusal, in pieces."""

    def __init__(self, index: int, name: str, **extras: list[JsonObject]) -> None:
        self.index = index
        self.extras = extras
        self.pieces: list[str] = []
        self._name = name

    def raw(self) -> JsonObject:
        kind = "output_text" if self._name == "text" else self._name
        return {self._name: "".join(self.pieces), "type": kind, **self.extras}


class ChatMessage:
    """The one message of a response."""

    index = -1

    def __init__(self, output: ChatOutput) -> None:
        self._output = output
        self._text: _Part | None = None
        self._refusal: _Part | None = None
        self._status = "in_progress"

    @property
    def has_begun(self) -> bool:
        """Whether the model has said anything."""
        return self.index >= 0

    def take(self, delta: JsonObject, logprobs: Json) -> Iterator[RawEvent]:
        """Yield the events that `delta` tells.

        Raises:
            AgentsException: If the model speaks in sounds.
        """
        if delta.get("audio"):
            raise AgentsException("Audio is not currently supported")
        content = _text_of(delta.get("content"))
        # Many servers begin with an empty text, also where none follows.
        if content or (content is not None and self._text):
            yield from self._write(content, logprobs)
        if delta.get("annotations") and self._text:
            self._text.extras["annotations"] += url_citations(delta["annotations"])
        if delta.get("refusal"):
            yield from self.refuse(delta["refusal"])

    def refuse(self, text: str) -> Iterator[RawEvent]:
        """Yield the events of a piece of a refusal."""
        part = self._refusal
        if part is None:
            part = self._refusal = yield from self._begin_part("refusal")
        part.pieces.append(text)
        yield self._event("refusal.delta", part.index, delta=text)

    def end_parts(self) -> Iterator[RawEvent]:
        """Yield what ends the text and the refusal."""
        self._status = "completed"
        for part in (self._text, self._refusal):
            if part is not None:
                yield self._event("content_part.done", part.index, part=part.raw())

    def end(self) -> Iterator[RawEvent]:
        """Yield what ends the item, if it ever began."""
        if self.has_begun:
            yield self._output.end(self)

    def raw(self) -> JsonObject:
        """Return the item as far as it has come."""
        parts = [part for part in (self._text, self._refusal) if part is not None]
        content = [part.raw() for part in sorted(parts, key=lambda part: part.index)]
        fields = {"content": content, "role": "assistant", "status": self._status}
        return self._output.raw_item("message", **fields)

    def _write(self, text: str, logprobs: Json) -> Iterator[RawEvent]:
        part = self._text
        if part is None:
            part = self._text = yield from self._begin_part("text", annotations=[], logprobs=[])
        part.pieces.append(text)
        chances: list[JsonObject] = []
        if logprobs:
            part.extras["logprobs"] += token_logprobs(logprobs, with_bytes=True)
            chances = token_logprobs(logprobs, with_bytes=False)
        yield self._event("output_text.delta", part.index, delta=text, logprobs=chances)

    def _begin_part(
        self, name: str, **extras: list[JsonObject]
    ) -> Generator[RawEvent, None, _Part]:
        part = _Part(int(self.has_begun), name, **extras)
        if not self.has_begun:
            self.index = self._output.place(self)
            yield self._output.begin(self)
        yield self._event("content_part.added", part.index, part=part.raw())
        return part

    def _event(self, kind: str, index: int, **fields: Json) -> RawEvent:
        return self._output.item_event(kind, self, content_index=index, **fields)


def _text_of(content: Json) -> str | None:
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content)
    text: str | None = content
    return text
