"""What one scripted model response contains, said in a few frozen values.

Knows nothing of events, bytes or agents: `stream` turns a `Reply` into what the service sends.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

# A word with the blanks behind it, or at most two ideographs, or a run of blanks: about what a
# tokenizer yields. Joiners and modifiers are cut where they fall, as real deltas cut them.
_TOKEN = re.compile(
    r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]{1,2}|[^\s\u2e80-\uffef]{1,12}\s*|\s+|.", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Think:
    """A reasoning item.

    Attributes:
        summary: One text a summary part, as hosted reasoning models stream it.
        text: The bare reasoning text, as open models stream it; empty for none.
    """

    summary: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """A message of the assistant; its text is the deltas joined, and empty deltas are sent too."""

    deltas: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole message."""
        return "".join(self.deltas)


@dataclass(frozen=True, slots=True)
class Refuse:
    """A message whose only part is a refusal."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function call.

    Attributes:
        name: The tool's name, which need not exist.
        arguments: The JSON text exactly as the model writes it, which need not be valid.
        call_id: What joins the call to its output; None derives one from the response's id.
        delta_chars: Length of one arguments delta, in characters.
    """

    name: str
    arguments: str
    call_id: str | None = None
    delta_chars: int = 12


Part: TypeAlias = Think | Say | Refuse | Call


@dataclass(frozen=True, slots=True)
class Completed:
    """The response ends well."""


@dataclass(frozen=True, slots=True)
class Incomplete:
    """The response ends early, with `response.incomplete`."""

    reason: Literal["max_output_tokens", "content_filter"] = "max_output_tokens"


@dataclass(frozen=True, slots=True)
class Failed:
    """The response ends with `response.failed`."""

    message: str
    code: str = "server_error"


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    """An `error` event ends the stream.

    Attributes:
        message: What the service says.
        code: The service's error code.
        after: How many events come before it; by default all but the terminal one.
    """

    message: str
    code: str = "server_error"
    after: int = -1


@dataclass(frozen=True, slots=True)
class NoEnd:
    """The stream stops without a terminal event.

    Attributes:
        after: How many events come; by default all but the terminal one.
    """

    after: int = -1


Ending: TypeAlias = Completed | Incomplete | Failed | ErrorEvent | NoEnd


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one response."""

    input_tokens: int
    output_tokens: int
    reasoning_tokens: int = 0
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """One response of the model: its output items in order, and how it ends.

    Attributes:
        parts: The output items.
        ending: The terminal event, or the lack of it.
        usage: Token counts; None derives plausible ones from the lengths of the texts.
    """

    parts: tuple[Part, ...]
    ending: Ending = Completed()
    usage: Usage | None = None


def reply(*parts: Part) -> Reply:
    """Return a response with these output items that ends well."""
    return Reply(parts)


def say(text: str) -> Say:
    """Return a message whose deltas are about as long as a tokenizer's tokens."""
    return Say(tokens(text))


def think(*summary: str) -> Think:
    """Return a reasoning item with these summary parts."""
    return Think(summary)


def call(name: str, call_id: str | None = None, /, **arguments: object) -> Call:
    """Return a function call whose arguments are valid JSON, in the order given."""
    return Call(name, json.dumps(arguments, ensure_ascii=False, separators=(",", ":")), call_id)


def tokens(text: str) -> tuple[str, ...]:
    """Cut a text into pieces about as long as a tokenizer's tokens; joined they are the text."""
    return tuple(_TOKEN.findall(text))
