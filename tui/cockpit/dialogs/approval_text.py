"""What the panel says of one request, as lines. Knows no widget and no focus.

Head and foot always stand; between them the body scrolls, and it holds everything whole: what a
head line had to cut is in the body too.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.cockpit.dialogs.arguments import repeated_keys
from tui.cockpit.projection.view import PendingApproval
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.json_text import is_json, payload_in_short, readable_json
from tui.cockpit.widgets.lines import Line, clip_line, line_width
from tui.cockpit.widgets.words import age_words, glance
from tui.plain import Plain, plain, plain_line

_GUTTER: Final = "│ "
_WRAPPED: Final = "┆ "
_MARGIN: Final = " "


class RequestText(NamedTuple):
    """One request, laid out for a width.

    Attributes:
        head: Who asks for what, and the way that led there.
        body: All the arguments, then what a head line had no room for.
        argument_lines: How many lines of `body` are arguments.
    """

    head: tuple[Line, ...]
    body: tuple[Line, ...]
    argument_lines: int


def request_text(pending: PendingApproval, width: int) -> RequestText:
    """Lay `pending` out for `width` cells."""
    arguments = tuple(_arguments(pending.arguments, width))
    head, cut = _head(pending, width)
    return RequestText(head, (*arguments, *cut), len(arguments))


def title(pending: PendingApproval, place: int, count: int, now: float, width: int) -> Line:
    """Return the rule above a request: which of how many, what was decided before, its age."""
    left = f"━━ ⚠ Waiting for you · {place} of {count} "
    right = f" {_before(pending.asked_before)}asked {age_words(now - pending.requested_at)} ago ━━"
    rule = "━" * max(width - cell_len(left) - cell_len(right), 0)
    return clip_line(((left, "title"), (rule, "rule"), (right, "title")), width)


def position(first: int, rows: int, total: int) -> str:
    """Return "lines 1-12 of 240": which lines of the body, counted from 0, are on the screen."""
    last = min(first + rows, total)
    if last - first >= total:
        return f"all {total} lines" if total != 1 else "1 line"
    return f"lines {first + 1}-{last} of {total}"


def _before(decided: tuple[int, int]) -> str:
    approved, rejected = decided
    parts = [
        f"{word} {count}×"
        for word, count in (("approved", approved), ("rejected", rejected))
        if count
    ]
    return f"same call {', '.join(parts)} before · " if parts else ""


def _head(pending: PendingApproval, width: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines of the head, and the body's lines for what was cut from them."""
    whole = [
        (
            (_MARGIN, ""),
            (shown_name(pending.agent), "agent"),
            (" asks to call ", "label"),
            (plain_line(pending.tool), "tool"),
        ),
        _way(pending),
    ]
    if pending.description:
        whole.append(((_MARGIN, ""), (_first_line(pending.description), "label")))
    who, *others = whole
    head = (*_who(who, width), *(clip_line(line, width) for line in others))
    return head, tuple(_cut_from_head(pending, whole, width))


def _who(who: Line, width: int) -> Iterator[Line]:
    """Yield who asks for what: in one line, or else the tool below, never cut."""
    if line_width(who) <= width:
        yield who
        return
    *asks, (tool, look) = who
    yield clip_line(tuple(asks), width)
    for part in wrapped(tool, max(width - len(_MARGIN), 1)):
        yield ((_MARGIN, ""), (part, look))


def _way(pending: PendingApproval) -> Line:
    path = " → ".join(map(shown_name, pending.path or (pending.agent,)))
    payload = payload_in_short(pending.handoff_payload)
    because: Line = ((" · ", "quiet"), (payload, "label")) if payload else ()
    return ((_MARGIN, ""), (path, "label"), *because)


def _cut_from_head(pending: PendingApproval, head: Sequence[Line], width: int) -> Iterator[Line]:
    who, way, *_ = head
    if line_width(who) > width:
        asks = f"{shown_name(pending.agent)} asks to call {pending.tool}"
        yield from _section("asks", asks, width)
    if line_width(way) > width:
        yield from _section("path", " → ".join(map(shown_name, pending.path)), width)
        if pending.handoff_payload:
            payload = "\n".join(readable_json(pending.handoff_payload))
            yield from _section("what was handed over", payload, width)
    whole = plain(pending.description.strip())
    if "\n" in whole or cell_len(whole) + cell_len(_MARGIN) > width:
        yield from _section("about the tool", whole, width)


def _arguments(arguments: str, width: int) -> Iterator[Line]:
    if not is_json(arguments):
        yield ((_MARGIN, ""), ("the arguments are no JSON; they stand as they came", "warning"))
    for key in repeated_keys(arguments):
        warning = f"⚠ the key {glance(key)!r} stands twice: the tool gets only its last value"
        yield clip_line(((_MARGIN, ""), (warning, "warning")), width)
    yield from _block(readable_json(arguments), "code", width)


def _section(name: str, text: str, width: int) -> Iterator[Line]:
    yield clip_line(((_MARGIN, ""), (name, "quiet")), width)
    yield from _block(plain(text).split("\n"), "label", width)


def _block(lines: Sequence[str], look: str, width: int) -> Iterator[Line]:
    room = max(width - len(_MARGIN) - len(_GUTTER), 1)
    for text in lines:
        first, *others = wrapped(text.replace("\t", "    "), room)
        yield ((_MARGIN, ""), (_GUTTER, "quiet"), (first, look))
        for part in others:
            yield ((_MARGIN, ""), (_WRAPPED, "quiet"), (part, look))


def _first_line(text: str) -> Plain:
    return plain_line(plain(text.strip()).split("\n", 1)[0])


def wrapped(text: str, width: int) -> list[str]:
    """Return `text` cut into pieces of at most `width` cells, nothing left out."""
    if text.isascii():
        return [text[at : at + width] for at in range(0, len(text), width)] or [""]
    pieces: list[str] = []
    piece, used = "", 0
    for character in text:
        size = cell_len(character)
        if used + size > width and piece:
            pieces.append(piece)
            piece, used = "", 0
        piece += character
        used += size
    return [*pieces, piece]
