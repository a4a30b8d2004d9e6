"""What is different between two JSON texts, line by line as people read them. Knows no widget."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.cockpit.widgets.json_text import readable_json

Sign: TypeAlias = Literal["-", "+", " ", "⋯"]

_CONTEXT: Final = 1
_MOST_COMPARED: Final = 2_000
"""Lines; beyond that what was there is told first, whole, and then what is there now."""


class Change(NamedTuple):
    """A line that went, came, or stands beside one that did; "⋯" for lines left out."""

    sign: Sign
    text: str


def changes(before: str, after: str) -> tuple[Change, ...]:
    """Return the lines that differ, with one line around them; () if none do."""
    old, new = readable_json(before), readable_json(after)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    if start + end == len(old) == len(new):
        return ()
    between = _between(old[start : len(old) - end], new[start : len(new) - end])
    above, below = old[max(start - _CONTEXT, 0) : start], old[len(old) - end :][:_CONTEXT]
    return (
        *([Change("⋯", "")] if start > _CONTEXT else []),
        *(Change(" ", line) for line in above),
        *between,
        *(Change(" ", line) for line in below),
        *([Change("⋯", "")] if end > _CONTEXT else []),
    )


def change_text(change: Change) -> str:
    """Return a change as a line of text: `+ "cents": 5`."""
    return f"{change.sign} {change.text}".rstrip()


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many lines at the start are the same."""
    count = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        count += 1
    return count


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    if len(old) + len(new) > _MOST_COMPARED:
        yield from (Change("-", line) for line in old)
        yield from (Change("+", line) for line in new)
        return
    # Late: nobody waits for it who changes nothing.
    from difflib import SequenceMatcher

    groups = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for kind, old_start, old_end, new_start, new_end in groups:
        if kind == "equal":
            yield from _unchanged(old[old_start:old_end])
            continue
        yield from (Change("-", line) for line in old[old_start:old_end])
        yield from (Change("+", line) for line in new[new_start:new_end])


def _unchanged(lines: Sequence[str]) -> Iterator[Change]:
    if len(lines) <= 2 * _CONTEXT + 1:
        yield from (Change(" ", line) for line in lines)
        return
    yield from (Change(" ", line) for line in lines[:_CONTEXT])
    yield Change("⋯", "")
    yield from (Change(" ", line) for line in lines[-_CONTEXT:])
