"""What the list of rules says of one: in a row, and below it all. Knows no widget and no clock."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.cockpit.dialogs.facts import fact
from tui.cockpit.projection.standing import StandingRule
from tui.cockpit.widgets.lines import Line, cell, clip_line
from tui.plain import plain_line
from tui.policy.wording import rule_in_words, time_in_words
from tui.wire.rules import Effect

_MARKS: Final[dict[Effect, tuple[str, str]]] = {
    "allow": ("✓ ", "good"),
    "ask": ("⏸ ", "waiting"),
    "deny": ("✗ ", "bad"),
}
_TAKEN_BACK: Final = "⊘ taken back"
_TAKEN_OUT: Final = "⊘ asked to be taken out"
_GAP: Final = "  "


class Provenance(NamedTuple):
    """What the list knows of a rule beside the rule.

    Attributes:
        host: What the agents are called for which it was granted.
        conversation: What a person said first in the only conversation it is for, "" for all.
        is_asked_back: Whether it was asked to be taken back here.
    """

    host: str = ""
    conversation: str = ""
    is_asked_back: bool = False


def rule_row(standing: StandingRule, provenance: Provenance, now: float, width: int) -> Line:
    """Return the row of a rule at `now`, UTC seconds."""
    rule = standing.rule
    mark, look = _MARKS[rule.effect]
    right = _state(standing, provenance, now)
    room = max(width - len(mark) - len(_GAP) - cell_len(right), 0)
    words = plain_line(rule_in_words(rule))
    return clip_line(((mark, look), cell(words, room, ""), (_GAP, ""), (right, "quiet")), width)


def rule_lines(
    standing: StandingRule, provenance: Provenance, now: float, width: int
) -> Iterator[Line]:
    """Yield all that is known of a rule."""
    rule = standing.rule
    yield from fact("rule", rule_in_words(rule), width, "label")
    yield from fact("from", _origin(standing), width)
    yield from fact("holds", _scope(standing, provenance), width)
    if rule.until:
        ended = " (over)" if rule.until <= now else ""
        yield from fact("until", f"{time_in_words(rule.until)}{ended}", width)
    yield from fact("reason", rule.reason, width)
    yield from fact("answered", _calls(standing.answered), width)


def _state(standing: StandingRule, provenance: Provenance, now: float) -> str:
    if provenance.is_asked_back:
        return _TAKEN_BACK if standing.host else _TAKEN_OUT
    if standing.rule.until and standing.rule.until <= now:
        return "over"
    if standing.rule.effect == "ask":
        return "asks you"
    return f"answered {_calls(standing.answered)}"


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"


def _origin(standing: StandingRule) -> str:
    rule = standing.rule
    if standing.host:
        return rule.origin
    return f"{rule.origin}, {'granted by a person' if rule.granted else 'written by hand'}"


def _scope(standing: StandingRule, provenance: Provenance) -> str:
    if not standing.host:
        return "for all agents, in every session: it stands in the policy file"
    of = f"for the agents of {provenance.host}"
    if standing.rule.run:
        said = provenance.conversation
        return f"{of}, in the conversation that began with “{said}”" if said else f"{of}, in one"
    return f"{of}, until Baton ends"
