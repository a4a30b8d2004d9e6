"""What the texts and facts of an entry are made of. Knows no widget, and no kind of entry."""

from typing import Final, Literal, NamedTuple, TypeAlias

from tui.cockpit.projection.pages import LongText
from tui.cockpit.widgets.json_text import may_be_json
from tui.cockpit.widgets.words import duration_words

Fact: TypeAlias = tuple[str, str]

_NOTABLE_S: Final = 0.05
"""Shorter times would be told as 0.0 s."""


class Part(NamedTuple):
    """A text of the body.

    Attributes:
        look: How it looks; what stands below a "heading" up to the next one is its section.
        text: As it came; a `LongText` may still grow.
        form: What is made of it before it is shown; "raw json" keeps escapes.
        folds: Whether a heading's section is folded away until a person opens it.
    """

    look: str
    text: str | LongText
    form: Literal["text", "json", "raw json"] = "text"
    folds: bool = False


def json_section(name: str, text: str) -> tuple[Part, ...]:
    """Return `text` under a heading, laid out if it is JSON; nothing for no text."""
    return (Part("heading", name), json_part(text)) if text else ()


def json_part(text: str) -> Part:
    """Return `text`, laid out if it is JSON."""
    return Part("code", text, "json" if may_be_json(text) else "text")


def section(name: str, look: str, text: str) -> tuple[Part, ...]:
    """Return `text` under a heading; nothing for no text."""
    return (Part("heading", name), Part(look, text)) if text else ()


def span(start: float, end: float | None, before: str = "") -> str:
    """Return how long something took, "" if it has not ended or took no time worth telling."""
    if end is None or end - start < _NOTABLE_S:
        return ""
    return f"{before}{duration_words(end - start)}"
