"""Makes the items of a conversation the messages of Chat Completions. Sends nothing.

There, an assistant's text and its calls are one message, and each call's output is a message of
its own. Reasoning goes back only where its own model asks for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject
from tui.providers.chat_content import content_of, text_content_of

_log = logging.getLogger(__name__)

REASONING_FIELD_KEY = "_chat_completions_reasoning_field"
"""Where a reasoning item's `provider_data` keeps the field its server used."""

_NO_TEXT = "[tool output omitted]"


class ChatMessages:
    """Takes items, oldest first.

    Args:
        model: The model that is asked.
        is_replayed: Tells of a reasoning item whether it goes back as `reasoning_content`.
        is_strict: Whether what cannot be carried is an error.
    """

    def __init__(
        self, model: str, is_replayed: Callable[[JsonObject], bool], is_strict: bool
    ) -> None:
        self._model = model
        self._is_replayed = is_replayed
        self._is_strict = is_strict
        self._messages: list[JsonObject] = []
        # The message of the assistant that calls may still join, and the reasoning before it.
        self._open: JsonObject | None = None
        self._thought: JsonObject = {}

    def convert(self, items: Iterable[JsonObject]) -> list[JsonObject]:
        """Return the messages.

        Raises:
            UserError: If an item cannot be carried.
        """
        for item in items:
            self._take(item)
        self._close()
        return self._messages

    def _take(self, item: JsonObject) -> None:
        # By values: patterns of mappings cost four times as much, and histories are long.
        match item.get("type"):
            case "function_call":
                self._call(item)
            case "function_call_output":
                self._output(item)
            case "reasoning":
                self._thought = self._replayed(item)
            case "message" | None if item.get("content") is not None:
                self._message(item, item["content"])
            case _:
                raise UserError(f"Chat Completions cannot carry this item: {item}")

    def _message(self, item: JsonObject, content: Json) -> None:
        match item.get("role"):
            case "user":
                self._say({"role": "user", "content": content_of(content)})
            case "system" | "developer" as role:
                self._say({"role": role, "content": text_content_of(content)})
            case "assistant" if isinstance(content, str):
                self._say({"role": "assistant", "content": content})
            case "assistant":
                self._answer(content)
            case role:
                raise UserError(f"Chat Completions know no messages of the role {role!r}: {item}")

    def _say(self, message: JsonObject) -> None:
        self._close()
        self._thought = {}
        self._messages.append(message)

    def _answer(self, content: Iterable[JsonObject]) -> None:
        said = _said(content)
        message = self._open
        if message is None or "refusal" in message or message.get("content") is not None:
            self._close()
            message = self._open = {"role": "assistant"}
        message.update(said, **self._take_thought())

    def _call(self, item: JsonObject) -> None:
        if self._open is None:
            self._open = {"role": "assistant", "content": None}
        self._open.update(self._take_thought())
        function = {"name": item["name"], "arguments": item["arguments"] or "{}"}
        call: JsonObject = {"id": item["call_id"], "type": "function", "function": function}
        signature = (item.get("provider_data") or {}).get("thought_signature")
        if signature and "gemini" in self._model.lower():
            call["extra_content"] = {"google": {"thought_signature": signature}}
        self._open.setdefault("tool_calls", []).append(call)

    def _output(self, item: JsonObject) -> None:
        if item.get("call_id") is None:
            raise UserError("Chat Completions cannot carry an output that belongs to no call.")
        content = text_content_of(item["output"])
        if not content and not isinstance(content, str):
            content = self._no_text()
        self._say({"role": "tool", "tool_call_id": item["call_id"], "content": content})

    def _no_text(self) -> str:
        message = "Chat Completions carry only the text of a tool's output, and this one has none."
        if self._is_strict:
            raise UserError(message)
        _log.warning("%s The model is told %r.", message, _NO_TEXT)
        return _NO_TEXT

    def _replayed(self, item: JsonObject) -> JsonObject:
        origin = item.get("provider_data") or {}
        thought: JsonObject = {}
        if origin.get(REASONING_FIELD_KEY) == "reasoning" and origin.get("model") == self._model:
            thought["reasoning"] = _joined(item.get("content"))
        if self._is_replayed(item):
            thought["reasoning_content"] = _joined(item.get("summary"))
        return {name: text for name, text in thought.items() if text}

    def _take_thought(self) -> JsonObject:
        thought, self._thought = self._thought, {}
        return thought

    def _close(self) -> None:
        if self._open is not None:
            self._messages.append(self._open)
            self._open = None


def _said(content: Iterable[JsonObject]) -> JsonObject:
    texts: list[str] = []
    said: JsonObject = {}
    for part in content:
        match part.get("type"):
            case "output_text" | "input_text" | "text":
                texts.append(part["text"])
            case "refusal":
                said["refusal"] = part["refusal"]
            case _:
                raise UserError(f"Chat Completions cannot carry this answer: {part}")
    return said | {"content": "\n".join(texts)} if texts else said


def _joined(parts: Iterable[JsonObject] | None) -> str:
    return "\n".join(part["text"] for part in parts or () if part.get("text"))
