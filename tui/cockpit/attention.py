"""When a person is told that they are needed: causes and a clock in, notices out.

Pure. Stays out of how a notice reaches them.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.cockpit.projection.stuck import Finding
from tui.cockpit.projection.view import EndEntry, PendingApproval, RunView
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.banner_text import used_up_words
from tui.cockpit.widgets.stuck_words import stuck_words
from tui.plain import Plain, plain_line

Event: TypeAlias = Literal["request", "budget", "stuck", "failed", "completed"]

_PASSING: Final = frozenset({"failed", "completed"})
"""What is news only to who does not look."""


class Cause(NamedTuple):
    """Why the person is needed; `key` tells it from all others."""

    key: str
    event: Event
    words: str
    agent: str = ""
    tool: str = ""


class Notice(NamedTuple):
    """What the person is told at once, the oldest cause first."""

    causes: tuple[Cause, ...]

    @property
    def words(self) -> Plain:
        """The sentence, safe to show: "Refunds asks to call issue_refund, and 2 more"."""
        more = f", and {len(self.causes) - 1} more" if len(self.causes) > 1 else ""
        return plain_line(f"{self.causes[0].words}{more}")


class Attention(NamedTuple):
    """What was told, and what is to be told when the last notice is long enough ago.

    Attributes:
        known: The keys of the causes that stood at the last look.
        untold: Those of them that were not told yet, oldest first.
        told_at: When the last notice went out, None before the first.
    """

    known: frozenset[str] = frozenset()
    untold: tuple[str, ...] = ()
    told_at: float | None = None


class Attended(NamedTuple):
    """What comes of a look.

    Attributes:
        attention: For the next look.
        notice: What goes out now, None for nothing.
        next_at: When to look again though nothing new stands; infinity for never.
    """

    attention: Attention
    notice: Notice | None
    next_at: float


def attend(
    attention: Attention, causes: Sequence[Cause], now: float, *, has_focus: bool, every_s: float
) -> Attended:
    """Return what is to be told at `now`: the first at once, then one notice in `every_s`.

    What no longer stands when its time comes is not told.
    """
    standing = {cause.key: cause for cause in causes}
    known = frozenset(standing)
    new = [key for key in standing if key not in attention.known]
    waiting = [key for key in (*attention.untold, *new) if key in standing]
    untold = tuple(key for key in waiting if not (has_focus and _is_passing(standing[key])))
    told_at = attention.told_at
    if not untold:
        return Attended(Attention(known, (), told_at), None, math.inf)
    # A clock that was set back must not silence it.
    if told_at is not None and told_at <= now < told_at + every_s:
        return Attended(Attention(known, untold, told_at), None, told_at + every_s)
    notice = Notice(tuple(standing[key] for key in untold))
    return Attended(Attention(known, (), now), notice, math.inf)


def causes_of(name: str, view: RunView, stuck: Sequence[Finding]) -> Iterator[Cause]:
    """Yield why the conversation called `name` needs a person, the oldest first."""
    run = f"{name} {view.run_id}"
    for call in view.pending:
        yield Cause(_key_of(run, call), "request", _asks(call), call.agent, call.tool)
    for budget in view.used_up:
        key = f"budget {run} {budget.of} {budget.what} {budget.limit}"
        yield Cause(key, "budget", used_up_words(budget), budget.of)
    for finding in stuck:
        key = f"stuck {run} {finding.key}"
        yield Cause(key, "stuck", stuck_words(finding), finding.agent, finding.what)
    yield from _of_the_end(run, view)


def _key_of(run: str, call: PendingApproval) -> str:
    # A call that comes again in doubt is news, though its item was told before.
    doubt = "" if call.in_doubt_since is None else f" in doubt {call.in_doubt_since}"
    return f"request {run} {call.item_id}{doubt}"


def _asks(call: PendingApproval) -> str:
    agent, tool = shown_name(call.agent), plain_line(call.tool)
    if call.in_doubt_since is None:
        return f"{agent} asks to call {tool}"
    return f"{tool} of {agent} is in doubt: its process was lost"


def _of_the_end(run: str, view: RunView) -> Iterator[Cause]:
    agent = view.path[-1] if view.path else ""
    if view.status == "completed":
        yield Cause(f"completed {run}", "completed", f"{shown_name(agent)} is done", agent)
    if view.status == "failed":
        end = view.entries[-1] if view.entries else None
        kind = f": {end.error_type}" if isinstance(end, EndEntry) else ""
        yield Cause(f"failed {run}", "failed", f"{shown_name(agent)} failed{kind}", agent)


def _is_passing(cause: Cause) -> bool:
    return cause.event in _PASSING
