"""Reads texts out of items and builds tool outputs. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.agents.kinds import RawItem, UserValue
from tui.agents.raw import read
from tui.agents.tool_output import to_function_output

if TYPE_CHECKING:
    from tui.agents.items import MessageOutputItem, RunItem, TResponseInputItem


class ItemHelpers:
    """Helpers with the Agents SDK's names."""

    @classmethod
    def extract_last_content(cls, message: RawItem) -> str:
        """Return the text or the refusal of a message's last part, "" if it has none."""
        part = _last_part(message)
        return read(part, "text") or read(part, "refusal") or ""

    @classmethod
    def extract_last_text(cls, message: RawItem) -> str | None:
        """Return the text of a message's last part, or None if that part is no text."""
        part = _last_part(message)
        return read(part, "text") if read(part, "type") == "output_text" else None

    @classmethod
    def extract_text(cls, message: RawItem) -> str | None:
        """Return all text of a message, or None if there is none."""
        return "".join(_parts(message, "output_text", "text")) or None

    @classmethod
    def extract_refusal(cls, message: RawItem) -> str | None:
        """Return all refusals in a message, or None if there is none."""
        return "".join(_parts(message, "refusal", "refusal")) or None

    @classmethod
    def input_to_new_input_list(
        cls, input: str | Iterable[TResponseInputItem]
    ) -> list[TResponseInputItem]:
        """Return input items; a string becomes one user message."""
        if isinstance(input, str):
            return [{"content": input, "role": "user"}]
        return [dict(item) for item in input]

    @classmethod
    def text_message_outputs(cls, items: Iterable[RunItem]) -> str:
        """Return the texts of all messages among `items`, joined."""
        return "".join(
            cls.text_message_output(item) for item in items if item.type == "message_output_item"
        )

    @classmethod
    def text_message_output(cls, message: MessageOutputItem) -> str:
        """Return the text of one message item."""
        return cls.extract_text(message.raw_item) or ""

    @classmethod
    def tool_call_output_item(cls, tool_call: RawItem, output: UserValue) -> TResponseInputItem:
        """Return the wire item that answers `tool_call` with `output`."""
        return {
            "call_id": read(tool_call, "call_id"),
            "output": to_function_output(output),
            "type": "function_call_output",
        }


def _last_part(message: RawItem) -> RawItem:
    content = read(message, "content")
    return content[-1] if content and read(message, "type") == "message" else None


def _parts(message: RawItem, kind: str, name: str) -> Iterable[str]:
    if read(message, "type") != "message":
        return
    for part in read(message, "content") or ():
        if read(part, "type") == kind:
            yield read(part, name) or ""
