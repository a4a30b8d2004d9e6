"""Markdown lists: which level a line is on and what its marker shows.

One rule, used twice: where texts are cut into blocks and where blocks are laid out, so that
numbering goes on from one block to the next.
"""

import re
from typing import Final, NamedTuple

ITEM: Final = re.compile(
    r"(?P<indent>[ \t]*)(?P<marker>[-*+]|(?P<number>\d{1,9})[.)])(?:[ \t]+(?P<text>.*)|$)"
)
_TASK: Final = re.compile(r"\[(?P<done>[ xX])\](?:\s+|$)")
_BULLETS: Final = "•◦▪"
_MAX_LEVELS: Final = 12


class Level(NamedTuple):
    """An open list.

    Attributes:
        indent: Source column of its markers.
        number: The newest item's number, None in a bulleted list.
        text_column: Shown column of its items' text.
    """

    indent: int
    number: int | None
    text_column: int


Levels = tuple[Level, ...]


class Item(NamedTuple):
    """An item line: the lists open from it on, what its marker shows and where, and its text."""

    levels: Levels
    marker: str
    column: int
    text: str


def item_of(line: str, levels: Levels) -> Item | None:
    """Return the item that `line` begins after lines that left `levels` open, or None."""
    if not (found := ITEM.match(line)):
        return None
    indent = len(found["indent"].expandtabs(4))
    number = int(found["number"]) if found["number"] else None
    while levels and (indent < levels[-1].indent or len(levels) > _MAX_LEVELS):
        levels = levels[:-1]
    sibling = levels[-1] if levels and indent < levels[-1].indent + 2 else None
    outer = levels[:-1] if sibling else levels
    if sibling and sibling.number is not None and number is not None:
        number = sibling.number + 1
    column = outer[-1].text_column if outer else 0
    text = found["text"] or ""
    marker = _BULLETS[len(outer) % len(_BULLETS)] if number is None else f"{number}."
    if task := _TASK.match(text):
        marker = "☐" if task["done"] == " " else "☑"
        text = text[task.end() :]
    level = Level(sibling.indent if sibling else indent, number, column + len(marker) + 1)
    return Item((*outer, level), marker, column, text)


def levels_after_blank(line: str, levels: Levels) -> Levels:
    """Return the lists that a paragraph, coming after a blank line, still belongs to."""
    indent = len(line) - len(line.lstrip())
    while levels and indent < levels[-1].indent + 2:
        levels = levels[:-1]
    return levels
