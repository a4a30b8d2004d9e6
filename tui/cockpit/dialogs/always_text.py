"""What the page says on which a rule is made, as lines. Knows no widget and no focus."""

from collections.abc import Iterator, Sequence
from typing import Final

from tui.cockpit.dialogs.always import AlwaysPage
from tui.cockpit.dialogs.approval_text import RequestText, block, title_line
from tui.cockpit.projection.view import PendingApproval
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.lines import Line, Run, clip_line, line_width
from tui.cockpit.widgets.words import glance_at_arguments
from tui.plain import Plain, plain_line
from tui.policy.wording import rule_in_words

_DOES: Final = {"allow": "approve", "deny": "reject"}
_MARGIN: Final[Run] = (" ", "")


def always_title(page: AlwaysPage, width: int) -> Line:
    """Return the rule above the page."""
    does = _DOES[page.effect]
    left = f"━━ ⚠ {does.capitalize()} this call, and calls like it from now on? "
    return title_line(left, "━━", width)


def always_text(page: AlwaysPage, width: int) -> RequestText:
    """Lay the page out for `width` cells: what is chosen of what, and what that would cover."""
    head = (
        *(_proposal(page, place, width) for place in range(len(page.proposals))),
        _spans(page, width),
        clip_line((_MARGIN, *_before(page)), width),
        clip_line((_MARGIN, *_now(page)), width),
    )
    rule = tuple(block(rule_words(page), "code", width))
    return RequestText(head, (*rule, *_others(page, width)), len(rule))


def rule_words(page: AlwaysPage) -> Plain:
    """Return the rule in one sentence."""
    kept = ", kept in the policy file" if page.keeps else ""
    return plain_line(rule_in_words(page.rule) + kept)


def _proposal(page: AlwaysPage, place: int, width: int) -> Line:
    is_chosen = place == page.wide
    mark = "▸" if is_chosen else " "
    look = "chosen" if is_chosen else "label"
    words = plain_line(page.proposals[place].label)
    return clip_line((_MARGIN, (f"{mark} {place + 1} {words}", look)), width)


def _spans(page: AlwaysPage, width: int) -> Line:
    """Return all spans with the chosen one in brackets, or it alone where there is no room."""
    runs: list[Run] = [_MARGIN, ("  ", "")]
    for place, span in enumerate(page.spans):
        is_chosen = place == page.long
        words = plain_line(span.label)
        runs += [(f"‹{words}›", "chosen") if is_chosen else (f" {words} ", "label")]
    if line_width(runs) <= width:
        return tuple(runs)
    chosen = plain_line(page.spans[page.long].label)
    which = f" {page.long + 1} of {len(page.spans)}"
    return clip_line((_MARGIN, ("  ", ""), (f"‹{chosen}›", "chosen"), (which, "label")), width)


def _before(page: AlwaysPage) -> Sequence[Run]:
    before = page.before
    looked_at = "" if before.is_all else f" among the last {before.looked_at} decisions"
    covered = before.approved + before.rejected
    if not covered:
        return (("before: no decided call was like it" + looked_at, "label"),)
    calls = f"{covered} call{'s' if covered > 1 else ''} like it{looked_at}"
    how = ((before.approved, "approved"), (before.rejected, "rejected"))
    told = ", ".join(f"{count} {word}" for count, word in how if count)
    is_against = before.rejected if page.effect == "allow" else before.approved
    look = "warning" if is_against else "label"
    return (("before: ", "label"), (f"{'⚠ ' if is_against else ''}{calls}: {told}", look))


def _now(page: AlwaysPage) -> Sequence[Run]:
    others = page.also_now
    if not others:
        return (("now: this call, and no other that waits", "label"),)
    names = " · ".join(_call(pending) for pending in others)
    return (("now: this call, and ", "label"), (f"{len(others)} more: {names}", "warning"))


def _others(page: AlwaysPage, width: int) -> Iterator[Line]:
    """Yield every other call that the rule decides at once."""
    if page.also_now:
        yield clip_line((_MARGIN, (f"it would {_DOES[page.effect]} at once, too", "quiet")), width)
    for pending in page.also_now:
        yield from block(_call(pending), "label", width)


def _call(pending: PendingApproval) -> str:
    arguments = glance_at_arguments(pending.arguments)
    name = f"{plain_line(pending.tool)} for {shown_name(pending.agent)}"
    return f"{name} ({arguments})" if arguments else name
