"""Tells of the calls that come in pieces in Chat Completions chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject, RawEvent
from tui.providers.chat_output import ChatOutput


class _Call:
    def __init__(self, output: ChatOutput) -> None:
        self.index = output.place(self)
        self.name = ""
        self.given_id = ""
        self.signature: str | None = None
        self.pieces: list[str] = []
        self.has_begun = False
        self._output = output
        # For servers that give none: a call and its output must find each other.
        self._own_id = f"call_{uuid4().hex}"

    @property
    def arguments(self) -> str:
        return "".join(self.pieces)

    def raw(self) -> JsonObject:
        item = self._output.raw_item(
            "function_call",
            call_id=self.given_id or self._own_id,
            arguments=self.arguments if self.has_begun else "",
            name=self.name,
        )
        if self.signature:
            item["provider_data"]["thought_signature"] = self.signature
        return item


class ChatCalls:
    """The calls of a response.

    A call begins as soon as its name is known; the name and the id it begins with stay its own.

    Args:
        output: Where they belong.
        is_strict: Whether calls that are no function calls are an error.
        is_held: Whether calls are told only when all are whole.
    """

    def __init__(self, output: ChatOutput, *, is_strict: bool, is_held: bool) -> None:
        self._output = output
        self._is_strict = is_strict
        self._is_held = is_held
        self._calls: list[_Call] = []
        self._at: dict[int, _Call] = {}

    def __bool__(self) -> bool:
        return bool(self._calls)

    def take(self, pieces: list[JsonObject]) -> Iterator[RawEvent]:
        """Yield the events that these pieces tell.

        Raises:
            UserError: If one is of no function call, and that is an error.
        """
        for piece in pieces:
            if piece.get("type") != "custom":
                yield from self._take(piece)
            elif self._is_strict:
                raise UserError("Chat Completions cannot carry custom tool calls.")

    def begin_rest(self) -> Iterator[RawEvent]:
        """Yield the begin of every call that has not begun."""
        for call in self._calls:
            if not call.has_begun:
                yield from self._begin(call)

    def end(self) -> Iterator[RawEvent]:
        """Yield the end of every call."""
        yield from map(self._output.end, self._calls)

    def _take(self, piece: JsonObject) -> Iterator[RawEvent]:
        function = piece.get("function") or {}
        call = self._call_of(piece, function.get("name") or "")
        arguments = _text_of(function.get("arguments"))
        call.pieces.append(arguments)
        call.signature = _thought_signature(piece) or call.signature
        if not call.has_begun and call.name and not self._is_held:
            yield from self._begin(call)
        elif call.has_begun and arguments:
            yield self._arguments(call, arguments)

    def _call_of(self, piece: JsonObject, name: str) -> _Call:
        index, given_id = piece.get("index"), piece.get("id") or ""
        call = self._known(index)
        if call is None or _is_another(call, index, given_id, name):
            call = _Call(self._output)
            self._calls.append(call)
        if index is not None:
            self._at[index] = call
        if not call.has_begun:
            call.name, call.given_id = name or call.name, given_id or call.given_id
        return call

    def _known(self, index: int | None) -> _Call | None:
        if index is not None:
            return self._at.get(index)
        return self._calls[-1] if self._calls else None

    def _begin(self, call: _Call) -> Iterator[RawEvent]:
        yield self._output.begin(call)
        call.has_begun = True
        if call.arguments:
            yield self._arguments(call, call.arguments)

    def _arguments(self, call: _Call, text: str) -> RawEvent:
        return self._output.item_event("function_call_arguments.delta", call, delta=text)


def _is_another(call: _Call, index: int | None, given_id: str, name: str) -> bool:
    """Tell a new call from a piece of the last: not every server counts its calls."""
    if not (name and call.name):
        return False
    if given_id and call.given_id:
        return given_id != call.given_id
    return index is None


def _text_of(arguments: Json) -> str:
    if arguments is None or isinstance(arguments, str):
        return arguments or ""
    return json.dumps(arguments)


def _thought_signature(piece: JsonObject) -> str | None:
    """Return what Gemini's models want to see again with their calls."""
    of_google = (piece.get("extra_content") or {}).get("google") or {}
    signature: str | None = of_google.get("thought_signature")
    return signature
