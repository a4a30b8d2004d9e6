"""What "always" may mean for one call: how wide, and for how long. Offers; decides nothing."""

import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from tui.policy.commands import RUNNERS, hides, names_command, plain_words, program
from tui.policy.facts import Call
from tui.policy.matching import covers
from tui.policy.reading import Json, Members, is_portable
from tui.policy.strict import is_number
from tui.policy.wording import condition_in_words
from tui.wire.rules import Condition, Effect, Rule

LONGEST_TEXT: Final = 80
MINUTE_S: Final = 60.0
HOUR_S: Final = 3600.0

# Of these, the first words tell nothing of what will run.
_INTERPRETERS: Final = RUNNERS | {
    "python", "pypy", "node", "deno", "bun", "perl", "ruby", "php", "lua", "awk", "gawk", "git",
    "docker", "podman", "kubectl", "make", "tar", "vim", "ex",
}  # fmt: skip
_VERSION: Final = re.compile(r"[\d.]+$")
_GLOB: Final = re.compile(r"[*?[]")


class Proposal(NamedTuple):
    """How wide a rule may be, without how long it holds."""

    label: str
    rule: Rule


class Span(NamedTuple):
    """How long a rule may hold.

    Attributes:
        run: The only conversation, "" for all.
        until: UTC seconds, 0 for no end.
        is_kept: Whether it goes into the policy file, or ends with the host.
    """

    label: str
    run: str = ""
    until: float = 0.0
    is_kept: bool = False


def proposals(call: Call, effect: Effect = "allow") -> tuple[Proposal, ...]:
    """Return rules that cover `call`, the narrowest first; the last is for the whole tool.

    Arguments that cannot be read, or in which a name stands twice, leave the whole tool alone.
    """
    base = Rule(effect=effect, agent=escaped(call.agent), tool=escaped(call.tool))
    whole = Proposal(f"{call.tool} for {call.agent}, whatever its arguments", base)
    if call.reading is None or call.reading.twice is not None:
        return (whole,)
    pattern = _pattern(base, call, call.reading.members)
    return (_exact(base, call), *((pattern,) if pattern else ()), whole)


def spans(call: Call, now: float) -> tuple[Span, ...]:
    """Return how long a rule may hold from `now` on, UTC seconds.

    Without a run there is no conversation to hold for: that span would have no end.
    """
    conversation = (Span("in this conversation", run=call.run),) if call.run else ()
    return (
        *conversation,
        Span("for 15 minutes", until=now + 15 * MINUTE_S),
        Span("for an hour", until=now + HOUR_S),
        Span("kept in the policy file", is_kept=True),
    )


def until_day_ends(day_end: float) -> Span:
    """Return the span to `day_end`, UTC seconds; only who sees a clock knows when that is."""
    return Span("until the day ends", until=day_end)


def scoped(rule: Rule, span: Span) -> Rule:
    """Return `rule` for as long as `span` says."""
    return msgspec.structs.replace(rule, run=span.run, until=span.until)


def matching(rule: Rule, calls: Iterable[Call]) -> int:
    """Return how many earlier calls a rule would have covered, had it been there."""
    return sum(covers(rule, call, 0.0) for call in calls)


def escaped(name: str) -> str:
    """Return the glob that is this name and no other."""
    return _GLOB.sub(r"[\g<0>]", name)


def _exact(base: Rule, call: Call) -> Proposal:
    rule = msgspec.structs.replace(base, exactly=call.arguments or "{}")
    return Proposal(f"{call.tool} for {call.agent}, with exactly these arguments", rule)


def _pattern(base: Rule, call: Call, members: Members) -> Proposal | None:
    conditions = tuple(_conditions(members))
    if not conditions:
        return None
    words = " and ".join(map(condition_in_words, conditions))
    held = {condition.name for condition in conditions}
    words += "".join(f", whatever {name} is" for name, _ in members if name not in held)
    rule = msgspec.structs.replace(base, arguments=conditions)
    return Proposal(f"{call.tool} for {call.agent}, when {words}", rule)


def _conditions(members: Members) -> Iterator[Condition]:
    """Yield one condition for each argument that has a pattern; others are left open."""
    for name, value in members:
        # A dot in a name would be read as a way into an object.
        if "." not in name and is_portable(name):
            yield from _condition(name, value)


def _condition(name: str, value: Json) -> Iterator[Condition]:
    if isinstance(value, list | Members) or not is_portable(value):
        return
    if is_number(value):
        yield Condition(name=name, test="max", value=value)
    elif not isinstance(value, str):
        yield Condition(name=name, test="is", value=value)
    elif names_command(name):
        yield _command(name, value)
    elif len(value) <= LONGEST_TEXT and not hides(value):
        yield Condition(name=name, test="is", value=value)


def _command(name: str, text: str) -> Condition:
    """Return the first two words where they tell what runs, else the command as it is."""
    words = plain_words(text)
    tells = words is not None and not (
        _VERSION.sub("", program(words[0])) in _INTERPRETERS
        and (len(words) == 1 or words[1].startswith("-"))
    )
    if words is None or not tells:
        return Condition(name=name, test="is", value=text)
    return Condition(name=name, test="prefix", value=shlex.join(words[:2]))
