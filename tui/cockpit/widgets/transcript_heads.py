"""The lines at the head of an entry: who speaks, or in one line what was done.

Stays out of what was said. Knows no widget.
"""

from typing import Final

from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import (
    AnyEntry,
    ConsoleEntry,
    EndEntry,
    GuardrailEntry,
    HandoffEntry,
    MessageEntry,
    NoticeEntry,
    ReasoningEntry,
    RetryEntry,
    ToolEntry,
    UnknownEntry,
    UserEntry,
)
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.cast import Cast
from tui.cockpit.widgets.lines import Line, Run, clip_line
from tui.cockpit.widgets.markdown.wrap import wrap
from tui.cockpit.widgets.words import (
    AGAIN_MARK,
    EDITED,
    FINAL_OUTPUT,
    MARKS,
    TRIED_AGAIN,
    arguments_used,
    cancelled_words,
    duration_words,
    glance,
    glance_at_arguments,
    glance_at_payload,
    is_edited,
    printed,
    rule_words,
    running_s,
    speaker_of,
    waited_s,
    why,
)
from tui.plain import plain, plain_line

_WAITING_WORDS: Final = "⏸ waits for you"
_EXPLAINED_ON_THE_LINE: Final = frozenset({"withdrawn", "running"})
_MOST_CHARACTERS_BELOW: Final = 4_000
_MOST_OF_A_FAILURE: Final = 400
"""Characters: what to do about it must stay in sight, whatever a service answers."""
_INDENT: Final[Run] = ("  ", "")
_NOTE: Final[Run] = ("⚠ note  ", "notice-mark")
_ADVICE: Final[Run] = ("  → ", "advice")


def head_of(
    entry: AnyEntry,
    before: AnyEntry | None,
    cast: Cast,
    text: str | LongText,
    *,
    folded: bool,
    width: int,
) -> list[Line]:
    """Return the head of `entry` as lines of at most `width` cells.

    Args:
        entry: The entry.
        before: The one above it: its agent need not be named again.
        cast: Tones.
        text: What was said, for its length.
        folded: Whether the text is folded away.
        width: Cells.
    """
    match entry:
        case UserEntry():
            steering = [(" · while the run worked", "detail")] if entry.steering else []
            return [clip_line([("› ", "user"), ("You", "user"), *steering], width)]
        case MessageEntry():
            said = [(f" · {FINAL_OUTPUT}", "detail")] if entry.is_final_output else []
            cut = [(" · cut off", "failure")] if entry.cut else []
            name = _name(entry, cast)
            return [clip_line([("● ", cast.tone(entry.agent)), name, *said, *cut], width)]
        case ReasoningEntry():
            return [clip_line(_reasoning(entry, cast, text, folded=folded), width)]
        case ToolEntry():
            line = clip_line([*_who(entry, before, cast), *_call(entry)], width)
            return [line, *_below(trouble_of(entry), f"tool-{entry.state}", width)]
        case HandoffEntry():
            return [clip_line(_handoff(entry, cast), width)]
        case EndEntry():
            return _end(entry, width)
        case NoticeEntry() | RetryEntry():
            return _notice(entry, width)
        case GuardrailEntry() | UnknownEntry():
            return [clip_line([*_who(entry, before, cast), *_remark(entry)], width)]
        case ConsoleEntry():
            return []


def trouble_of(entry: ToolEntry) -> str:
    """Return why the call was rejected, not run or how it failed, whole; "" if it did not."""
    if entry.state == "denied":
        return rule_words(entry.denied_by) if entry.denied_by else ""
    if entry.state == "rejected" and entry.approval:
        rule = entry.approval.rule
        return entry.approval.reason or (rule_words(rule) if rule else "")
    if entry.state == "skipped":
        return entry.output or ""
    if entry.state == "failed":
        return f"{entry.error_type}: {entry.error}" if entry.error_type else entry.error
    return ""


def _name(entry: AnyEntry, cast: Cast) -> Run:
    return (shown_name(entry.agent), f"{cast.tone(entry.agent)} name".strip())


def _who(entry: AnyEntry, before: AnyEntry | None, cast: Cast) -> list[Run]:
    speaker = speaker_of(entry)
    if speaker is None or (before is not None and speaker_of(before) == entry.agent):
        return []
    return [_name(entry, cast), (" ", "")]


def _reasoning(
    entry: ReasoningEntry, cast: Cast, text: str | LongText, *, folded: bool
) -> list[Run]:
    if text == "":
        return [("✦ ", "reasoning"), _name(entry, cast), (" reasoned, unseen", "reasoning")]
    sign = "▸ " if folded else "▾ "
    runs = [(sign, "reasoning"), _name(entry, cast), (" · reasoning", "reasoning")]
    if isinstance(text, str):
        lines = text.strip().count("\n") + 1
        runs.append((f" · {lines} line{'s' if lines > 1 else ''}", "reasoning"))
    if entry.cut:
        runs.append((" · cut off", "failure"))
    return runs


def _call(entry: ToolEntry) -> list[Run]:
    look = f"tool-{entry.state}"
    runs = [("⚙ ", look), (plain_line(entry.tool), look)]
    runs.append((f" {_WAITING_WORDS if entry.state == 'waiting' else MARKS[entry.state]}", look))
    if entry.ended_at is not None and (lasted_s := running_s(entry, entry.ended_at)) is not None:
        runs.append((f" {duration_words(lasted_s)}", "detail"))
    if (waited := waited_s(entry.approval)) is not None:
        runs.append((f" ⏸ waited {duration_words(waited)} for you", "waited"))
    if is_edited(entry):
        runs.append((f" {EDITED}", "waited"))
    if entry.printed_lines:
        runs.append((f" · {printed(entry.printed_lines)}", "console"))
    if entry.state in _EXPLAINED_ON_THE_LINE and (reason := why(entry)):
        runs.append((f": {reason}", look))
    elif arguments := glance_at_arguments(arguments_used(entry)):
        runs.append((f"  {arguments}", "detail"))
    return runs


def _below(text: str, look: str, width: int, most: int = _MOST_CHARACTERS_BELOW) -> list[Line]:
    """Return `text` wrapped, at `most` characters of it, under the line it belongs to."""
    if not text.strip():
        return []
    if len(text) > most:
        text = f"{text[:most]}…\n(all of it is in the inspector)"
    body: list[Run] = [(plain(text.strip()), look)]
    return [(_INDENT, *line) for line in wrap(body, max(width - len(_INDENT[0]), 1))]


def _handoff(entry: HandoffEntry, cast: Cast) -> list[Run]:
    target = plain_line(entry.target or entry.tool)
    tone = f"{cast.tone(entry.target)} name".strip()
    runs = [("◆ handoff ", "handoff"), _name(entry, cast), (" → ", "handoff"), (target, tone)]
    if entry.output and not entry.target:
        runs.append((f" ✗ not done: {glance(entry.output)}", "failure"))
    elif payload := glance_at_payload(entry.arguments):
        runs.append((f"  {payload}", "detail"))
    return runs


def _remark(entry: GuardrailEntry | UnknownEntry) -> list[Run]:
    match entry:
        case GuardrailEntry():
            said = f"⚠ guardrail {plain_line(entry.guardrail)} stopped the run"
            return [(f"{said} ({plain_line(entry.stage)}): {glance(entry.message)}", "failure")]
        case UnknownEntry():
            return [("? unknown item ", "detail"), (plain_line(entry.kind), "detail")]


def _notice(entry: NoticeEntry | RetryEntry, width: int) -> list[Line]:
    if isinstance(entry, RetryEntry):
        return [clip_line([(f"{AGAIN_MARK} {TRIED_AGAIN}", "detail")], width)]
    return _hanging(_NOTE, (plain(entry.text), "notice"), width)


def _hanging(mark: Run, text: Run, width: int) -> list[Line]:
    """Return `text` wrapped behind `mark`, all of its lines beginning below the first."""
    cells = len(mark[0])
    first, *others = wrap([text], max(width - cells, 1)) or [()]
    indent: Run = (" " * cells, "")
    return [clip_line((mark, *first), width), *((indent, *line) for line in others)]


def _end(entry: EndEntry, width: int) -> list[Line]:
    if entry.how != "failed":
        return [clip_line([(f"■ {cancelled_words(entry.how)}", "cancelled")], width)]
    said = _below(entry.message or "The run failed.", "failure", width, _MOST_OF_A_FAILURE)
    kind = f"✗ failed: {plain_line(entry.error_type)}" if entry.error_type else "✗ failed"
    advice = _hanging(_ADVICE, (plain(entry.advice), "advice"), width) if entry.advice else []
    return [clip_line([(kind, "failure")], width), *said, *advice]
