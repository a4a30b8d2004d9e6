"""Makes the chunks of a Chat Completions stream the events of a Responses stream, as they come.

Chunks have no items: an item begins with its first piece, and all end with the stream. Choices
behind the first, and thinking blocks, are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

import openai

from tui.agents.exceptions import ModelBehaviorError, UserError
from tui.agents.kinds import JsonObject, RawEvent, UserValue
from tui.providers.chat_calls import ChatCalls
from tui.providers.chat_message import ChatMessage
from tui.providers.chat_output import ChatOutput
from tui.providers.chat_reasoning import ChatReasoning
from tui.responses.events import json_object

# What a Responses stream says of an answer that was cut, by what Chat Completions say.
_CUT_BY = {"length": "max_output_tokens", "content_filter": "content_filter"}
_WITHHELD = "Response withheld by the provider's content filter."


class ChatStream:
    """The stream of one response.

    Args:
        response: The response as it begins: an object of the Responses API without output.
        is_strict: Whether what cannot be carried is an error.
        says_why: Whether the server always says why it finished. Others say that or `[DONE]`.
        holds_calls: Whether calls are told only when all are whole.
    """

    def __init__(
        self,
        response: JsonObject,
        *,
        is_strict: bool = False,
        says_why: bool = False,
        holds_calls: bool = False,
    ) -> None:
        self._response = response
        self._is_strict = is_strict
        self._says_why = says_why
        self._output = output = ChatOutput(response["model"])
        self._reasoning = ChatReasoning(output)
        self._message = ChatMessage(output)
        self._calls = ChatCalls(output, is_strict=is_strict, is_held=holds_calls)
        self._usage: JsonObject | None = None
        self._finish_reason: str | None = None
        self._has_begun = False
        self._is_done = False

    def read(self, data: bytes, request: UserValue) -> Iterator[RawEvent]:
        """Yield the events that the chunk in `data` tells.

        Raises:
            openai.APIError: If the server tells of an error in it; `request` is the HTTP request.
            AgentsException: If it says what cannot be carried.
            ValueError: If it is no chunk.
        """
        return self._take(_chunk(data, request))

    def take_done(self) -> None:
        """Take that the server said its end."""
        self._is_done = True

    def whole(self, data: bytes) -> RawEvent:
        """Return the event that ends the response, of a completion that came at once.

        Raises:
            AgentsException: If it is no answer, or says what cannot be carried.
            ValueError: If it is no completion.
        """
        self.take_done()
        *_, last = (*self._take(_as_chunk(data)), *self.end("response"))
        return last

    def end(self, what: str = "stream") -> Iterator[RawEvent]:
        """Yield the events that end the items, and the response.

        Args:
            what: What ends, for errors.

        Raises:
            ModelBehaviorError: If that was no whole answer.
        """
        yield from self._calls.begin_rest()
        if self._finish_reason == "content_filter" and self._is_empty:
            yield from self._message.refuse(_WITHHELD)
        self._check(what)
        yield from self._reasoning.end()
        yield from self._message.end_parts()
        yield from self._calls.end()
        yield from self._message.end()
        reason = _CUT_BY.get(self._finish_reason or "")
        whole = {
            "output": self._output.raw(),
            "usage": _response_usage(self._usage),
            "incomplete_details": {"reason": reason} if reason else None,
        }
        yield self._output.event("completed", response=self._response | whole)

    def _take(self, chunk: JsonObject) -> Iterator[RawEvent]:
        if not self._has_begun:
            self._has_begun = True
            yield self._output.event("created", response=self._response)
        self._usage = chunk.get("usage") or self._usage
        choice = self._choice(chunk.get("choices") or [])
        if choice is None:
            return
        self._finish_reason = choice.get("finish_reason") or self._finish_reason
        delta = choice.get("delta")
        if not delta:
            return
        if chunk.get("id"):
            self._output.origin["response_id"] = chunk["id"]
        yield from self._reasoning.take(delta)
        yield from self._message.take(delta, choice.get("logprobs"))
        if delta.get("tool_calls"):
            yield from self._calls.take(delta["tool_calls"])

    @property
    def _is_empty(self) -> bool:
        return not (self._message.has_begun or self._calls)

    def _choice(self, choices: list[JsonObject]) -> JsonObject | None:
        first = next((choice for choice in choices if not choice.get("index")), None)
        if self._is_strict and len(choices) > int(first is not None):
            raise UserError("Of a Chat Completions stream only the first choice can be carried.")
        return first

    def _check(self, what: str) -> None:
        if not self._has_begun:
            raise ModelBehaviorError("The server's answer holds no Chat Completions.")
        if self._finish_reason is None and (self._says_why or not self._is_done):
            raise ModelBehaviorError(
                f"Chat Completions {what} ended before receiving a finish_reason for choice 0."
            )
        if self._finish_reason == "length" and self._is_empty:
            raise ModelBehaviorError(
                f"Chat Completions {what} terminated with finish_reason='length' "
                "but produced no assistant text, tool call, or refusal."
            )


def _chunk(data: bytes, request: UserValue) -> JsonObject:
    chunk = json_object(data)
    error = chunk.get("error")
    if not error:
        return chunk
    said = error.get("message") if isinstance(error, dict) else None
    message = said if said and isinstance(said, str) else "An error occurred during streaming"
    raise openai.APIError(message=message, request=request, body=error)


def _as_chunk(data: bytes) -> JsonObject:
    """Return a whole completion as the one chunk of a stream would say it."""
    answer = json_object(data)
    choices = answer.get("choices")
    if not choices:
        error = f": {answer['error']}" if answer.get("error") else ""
        raise ModelBehaviorError(
            f"ChatCompletion response has no choices (possible provider error payload){error}"
        )
    return answer | {"choices": [{**choices[0], "index": 0, "delta": choices[0].get("message")}]}


def _response_usage(usage: JsonObject | None) -> JsonObject | None:
    if usage is None:
        return None
    given, made = (usage.get(f"{side}_tokens_details") or {} for side in ("prompt", "completion"))
    return {
        "input_tokens": usage.get("prompt_tokens") or 0,
        "output_tokens": usage.get("completion_tokens") or 0,
        "total_tokens": usage.get("total_tokens") or 0,
        "output_tokens_details": {"reasoning_tokens": made.get("reasoning_tokens") or 0},
        "input_tokens_details": {
            "cached_tokens": given.get("cached_tokens") or 0,
            "cache_write_tokens": given.get("cache_write_tokens") or 0,
        },
    }
