"""What the panel says of one request, as lines. Knows no widget and no focus.

Head and foot always stand; between them the body scrolls, and it holds everything whole: what a
head line had to cut is in the body too.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.cockpit.dialogs.arguments import repeated_keys
from tui.cockpit.dialogs.editing import Edit
from tui.cockpit.projection.view import PendingApproval
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.doubt_words import may_have_run
from tui.cockpit.widgets.json_diff import change_text, changes
from tui.cockpit.widgets.json_text import is_json, payload_in_short, readable_json
from tui.cockpit.widgets.lines import Line, clip_line, line_width
from tui.cockpit.widgets.markdown.wrap import wrap
from tui.cockpit.widgets.words import age_words, glance
from tui.plain import Plain, plain, plain_line
from tui.wire.rules import Rule

_GUTTER: Final = "│ "
_WRAPPED: Final = "┆ "
_MARGIN: Final = " "
_ROOM_FOR_WORDS: Final = 30
"""Cells; more than what stands before a rule or a refusal in the head."""


class RequestText(NamedTuple):
    """One request, laid out for a width.

    Attributes:
        head: Who asks for what, and the way that led there.
        body: All the arguments, then what a head line had no room for.
        argument_lines: How many lines of `body` are arguments, or what was changed in them.
    """

    head: tuple[Line, ...]
    body: tuple[Line, ...]
    argument_lines: int


def request_text(
    pending: PendingApproval, width: int, edit: Edit | None = None, refused: str = ""
) -> RequestText:
    """Lay `pending` out for `width` cells.

    Args:
        pending: The request.
        width: Cells.
        edit: What a person made of the arguments: it stands before those that were asked for.
        refused: Why an answer to it was not taken, "" if none was refused.
    """
    if edit is None:
        arguments = tuple(_arguments(pending.arguments, width))
        first = len(arguments)
    else:
        changed = tuple(_changed(pending.arguments, edit, width))
        gets = _section("what the tool gets then", _readable(edit.text), width, "code")
        arguments, first = (*changed, *gets), len(changed)
    head, cut = _head(pending, width, refused)
    return RequestText(head, (*arguments, *cut), first)


def schema_text(pending: PendingApproval, width: int) -> tuple[Line, ...]:
    """Return the schema of the tool's arguments, whole."""
    return tuple(_section("the tool's schema", _readable(pending.schema), width))


def title(
    pending: PendingApproval,
    place: int,
    count: int,
    now: float,
    width: int,
    *,
    edited: bool = False,
) -> Line:
    """Return the rule above a request: which of how many, what was decided before, its age."""
    asks = "Waiting for you" if pending.in_doubt_since is None else "In doubt"
    left = f"━━ ⚠ {asks} · {place} of {count} {'· edited ' if edited else ''}"
    right = f" {_before(pending.asked_before)}asked {age_words(now - pending.requested_at)} ago ━━"
    return title_line(left, right, width)


def title_line(left: str, right: str, width: int) -> Line:
    """Return a rule with words at both ends."""
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


def _head(
    pending: PendingApproval, width: int, refused: str
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines of the head, and the body's lines for what was cut from them."""
    whole = [
        (
            (_MARGIN, ""),
            (shown_name(pending.agent), "agent"),
            (f" {_asks_or_called(pending)} ", "label"),
            (plain_line(pending.tool), "tool"),
        ),
        _way(pending),
    ]
    if pending.description:
        whole.append(((_MARGIN, ""), (_first_line(pending.description), "label")))
    if pending.rule is not None:
        whole.append(((_MARGIN, ""), ("because of a rule: ", "label"), (_asks(pending.rule), "")))
    if refused:
        said = f"⚠ an answer was not taken: {plain_line(refused)}"
        whole.append(((_MARGIN, ""), (said, "warning")))
    who, *others = whole
    doubt = _doubt(pending, width)
    head = (*_who(who, width), *doubt, *(clip_line(line, width) for line in others))
    cut = (*_cut_from_head(pending, whole, width), *_cut_reasons(pending, refused, width))
    return head, cut


def _asks_or_called(pending: PendingApproval) -> str:
    return "asks to call" if pending.in_doubt_since is None else "called"


def _doubt(pending: PendingApproval, width: int) -> Iterator[Line]:
    """Yield what a person is asked of a call that may have run, never cut."""
    if pending.in_doubt_since is None:
        return
    asked = f"⚠ {may_have_run(pending.in_doubt_since, pending.requested_at)}"
    for line in wrap([(asked, "warning")], max(width - len(_MARGIN), 1)):
        yield ((_MARGIN, ""), *line)


def _asks(rule: Rule) -> Plain:
    # Late: most requests come without a rule.
    from tui.policy.wording import named

    return plain_line(named(rule))


def _cut_reasons(pending: PendingApproval, refused: str, width: int) -> Iterator[Line]:
    """Yield the rule that asks, with its reason, and why an answer was refused, where cut."""
    if (rule := pending.rule) is not None:
        words = _asks(rule)
        if rule.reason or cell_len(words) > width - _ROOM_FOR_WORDS:
            reason = f"\n{rule.reason}" if rule.reason else ""
            yield from _section("the rule that asks", f"{words}{reason}", width)
    if cell_len(refused) > width - _ROOM_FOR_WORDS:
        yield from _section("an answer was not taken", refused, width)


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
        asks = f"{shown_name(pending.agent)} {_asks_or_called(pending)} {pending.tool}"
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


def _changed(arguments: str, edit: Edit, width: int) -> Iterator[Line]:
    if edit.fault:
        fault = f"⚠ it does not fit the tool: {plain_line(edit.fault)}"
        for part in wrapped(fault, max(width - len(_MARGIN), 1)):
            yield ((_MARGIN, ""), (part, "warning"))
    told = changes(arguments, edit.text)
    # The first lines are those that must be read: no word stands before what was changed.
    for change in told[1:] if told and told[0].sign == "⋯" else told:
        look = {"-": "removed", "+": "added"}.get(change.sign, "quiet")
        yield from _block([change_text(change)], look, width)
    if not told:
        yield from _block(["only how it is written"], "quiet", width)


def _readable(arguments: str) -> str:
    return "\n".join(readable_json(arguments))


def _section(name: str, text: str, width: int, look: str = "label") -> Iterator[Line]:
    yield clip_line(((_MARGIN, ""), (name, "quiet")), width)
    yield from _block(plain(text).split("\n"), look, width)


def _block(lines: Sequence[str], look: str, width: int) -> Iterator[Line]:
    room = max(width - len(_MARGIN) - len(_GUTTER), 1)
    for text in lines:
        first, *others = wrapped(text.replace("\t", "    "), room)
        yield ((_MARGIN, ""), (_GUTTER, "quiet"), (first, look))
        for part in others:
            yield ((_MARGIN, ""), (_WRAPPED, "quiet"), (part, look))


def block(text: str, look: str, width: int) -> Iterator[Line]:
    """Yield `text` line by line behind a gutter, nothing left out."""
    yield from _block(plain(text).split("\n"), look, width)


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
