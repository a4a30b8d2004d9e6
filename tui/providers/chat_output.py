"""The output of a Chat Completions response while it grows, and the events that tell of it.

Knows no chunks.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Protocol

from tui.agents.kinds import Json, JsonObject, RawEvent
from tui.agents.models.fake_id import FAKE_RESPONSES_ID
from tui.responses.events import make_event


class Growing(Protocol):
    """An output item that is not whole yet."""

    index: int

    def raw(self) -> JsonObject:
        """Return what there is of it, in the shape of the Responses API."""


class ChatOutput:
    """The items of one response, in the order in which they began.

    Attributes:
        origin: What the items' `provider_data` says: the model, and the server's response id.

    Args:
        model: The model that writes them.
    """

    def __init__(self, model: str) -> None:
        self.origin: JsonObject = {"model": model}
        self._numbers = count()
        self._items: list[Growing] = []

    def begin(self, item: Growing) -> RawEvent:
        """Tell that an item begins."""
        return self.event("output_item.added", output_index=item.index, item=item.raw())

    def end(self, item: Growing) -> RawEvent:
        """Tell that an item is whole."""
        return self.event("output_item.done", output_index=item.index, item=item.raw())

    def place(self, item: Growing) -> int:
        """Take the next place for an item and return it."""
        self._items.append(item)
        return len(self._items) - 1

    def event(self, kind: str, **fields: Json) -> RawEvent:
        """Return an event; `kind` is its type without `response.`."""
        number = next(self._numbers)
        return make_event({"type": f"response.{kind}", "sequence_number": number, **fields})

    def item_event(self, kind: str, item: Growing, **fields: Json) -> RawEvent:
        """Return an event about what is inside an item."""
        return self.event(kind, item_id=FAKE_RESPONSES_ID, output_index=item.index, **fields)

    def raw_item(self, kind: str, **fields: Json) -> JsonObject:
        """Return an item in the shape of the Responses API."""
        return {"id": FAKE_RESPONSES_ID, "type": kind, "provider_data": dict(self.origin), **fields}

    def raw(self) -> list[JsonObject]:
        """Return all items."""
        return [item.raw() for item in self._items]


def url_citations(annotations: Iterable[JsonObject]) -> list[JsonObject]:
    """Return those annotations that name a source, as a text carries them."""
    cited = [a.get("url_citation") for a in annotations if a.get("type") == "url_citation"]
    names = ("start_index", "end_index", "url", "title")
    return [
        {"type": "url_citation", **{name: source[name] for name in names}}
        for source in cited
        if source and all(source.get(name) is not None for name in names)
    ]


def token_logprobs(logprobs: JsonObject, *, with_bytes: bool) -> list[JsonObject]:
    """Return a choice's log probabilities, with the bytes of the tokens or without."""
    found = []
    for token in logprobs.get("content") or ():
        others = [_logprob(other, with_bytes) for other in token.get("top_logprobs") or ()]
        kept = others if with_bytes else others or None
        found.append(_logprob(token, with_bytes) | {"top_logprobs": kept})
    return found


def _logprob(token: JsonObject, with_bytes: bool) -> JsonObject:
    value = {"token": token["token"], "logprob": token["logprob"]}
    return value | {"bytes": token.get("bytes") or []} if with_bytes else value
