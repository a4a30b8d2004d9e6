"""A model that answers from a script: for tests of agents, with no service and no network."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from itertools import count

from tui.agents.exceptions import UserError
from tui.agents.items import ModelResponse, TResponseStreamEvent
from tui.agents.kinds import Json, JsonObject, RawItem, UserValue
from tui.agents.models.interface import Model, ModelRequest
from tui.agents.usage import usage_of

# Of the whole process: the agents of one run must not use an id twice.
_ids = count(1)


def say(text: str) -> JsonObject:
    """Return a message as the model would write it."""
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "role": "assistant", "status": "completed", "content": [part]}


def call(name: str, arguments: Mapping[str, Json] | str = "{}", call_id: str = "") -> JsonObject:
    """Return a call of a tool or a handoff; without a `call_id` it gets one of its own."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return {
        "type": "function_call",
        "name": name,
        "arguments": text,
        "call_id": call_id,
        "status": "completed",
    }


def reason(text: str) -> JsonObject:
    """Return reasoning as the service would sum it up."""
    return {"type": "reasoning", "summary": [{"type": "summary_text", "text": text}]}


class ScriptedModel(Model):
    """Gives one turn of its script a call.

    Attributes:
        requests: What it was asked so far, oldest first.

    Args:
        turns: The answers: what `say`, `call` and `reason` return, several a turn, or an
            exception to raise.
    """

    def __init__(self, turns: Iterable[Sequence[JsonObject] | Exception]) -> None:
        self._turns = iter(turns)
        self.requests: list[ModelRequest] = []

    async def get_response(self, *given: UserValue, **options: UserValue) -> ModelResponse:
        """Return the next turn of the script.

        Raises:
            UserError: If the script is over.
        """
        output = self._next_output(ModelRequest(*given, **options))
        return ModelResponse(output, usage_of(None), response_id=f"resp_{next(_ids)}")

    async def stream_response(
        self, *given: UserValue, **options: UserValue
    ) -> AsyncIterator[TResponseStreamEvent]:
        """Yield the next turn of the script: text word by word, and each item when done.

        Raises:
            UserError: If the script is over.
        """
        output = self._next_output(ModelRequest(*given, **options))
        for event in _events(output, f"resp_{next(_ids)}"):
            yield event

    def _next_output(self, request: ModelRequest) -> list[RawItem]:
        from tui.responses.events import decode_item

        self.requests.append(request)
        turn = next(self._turns, None)
        if turn is None:
            raise UserError(f"The script is over: {len(self.requests)} calls, and no more turns.")
        if isinstance(turn, Exception):
            raise turn
        return [decode_item(self._with_ids(item)) for item in turn]

    def _with_ids(self, item: JsonObject) -> JsonObject:
        number = next(_ids)
        named = {"id": f"item_{number}", **item}
        if named.get("call_id") == "":
            named["call_id"] = f"call_{number}"
        return named


def _events(output: Sequence[RawItem], response_id: str) -> Iterable[TResponseStreamEvent]:
    from tui.responses.events import decode_event

    def event(kind: str, **fields: Json) -> TResponseStreamEvent:
        body = {"type": kind, "sequence_number": next(numbers), **fields}
        return decode_event(kind, json.dumps(body).encode())

    numbers = count()
    items = [item.model_dump(exclude_unset=True) for item in output]
    response = {
        "id": response_id,
        "created_at": 0,
        "model": "scripted",
        "object": "response",
        "output": items,
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    yield event("response.created", response={**response, "output": []})
    for at, item in enumerate(items):
        yield event("response.output_item.added", item=item, output_index=at)
        for word in _words(item):
            yield event(
                "response.output_text.delta",
                delta=word,
                item_id=item["id"],
                output_index=at,
                content_index=0,
                logprobs=[],
            )
        yield event("response.output_item.done", item=item, output_index=at)
    yield event("response.completed", response=response)


def _words(item: JsonObject) -> list[str]:
    texts = [part["text"] for part in item.get("content") or () if part["type"] == "output_text"]
    return [word for text in texts for word in text.replace(" ", " \0").split("\0") if word]
