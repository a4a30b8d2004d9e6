"""Finds what a person named: in a file, in a module, or the rehearsal's agent.

Their code runs here for the first time, and may do anything. Stays out of making an agent of it.
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from tui.errors import LoadError
from tui.host.finding import (
    REHEARSAL,
    Findings,
    Target,
    check_name,
    look_at,
    only_agent,
    parse_target,
    suggestion,
)
from tui.host.importing import import_file, import_module, source_of
from tui.host.live.runtime import runtime_of
from tui.host.places import START_AGAIN

_UNKNOWN = Findings((), (), frozenset("*"), None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a host is asked to run.

    Attributes:
        target: `FILE.py:NAME`, `package.module:NAME` or `rehearsal`; NAME may be left out where
            there is one agent.
        context: What makes the `context` of every run, as FILE.py:NAME or MODULE:NAME; "" for
            none.
        model: The model of all agents, "" for their own.
        api: How models that are only named are spoken to, "chat" or "responses"; "" for what the
            code says.
        address_from: The option that named the model service, "" for none.
        key_from: The variable that was named for the key, "" for none.
        speed: The rehearsal's pace.
        policy: Path of the policy file, "" for none.
        approve_all: Whether nobody is asked.
        journal: Path of the file that its runs are kept in, "" for none.
    """

    target: str
    context: str = ""
    model: str = ""
    api: str = ""
    address_from: str = ""
    key_from: str = ""
    speed: float = 1.0
    policy: str = ""
    approve_all: bool = False
    journal: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for, as it was found: not called, not entered.

    Attributes:
        target: Where it was found, the name included.
        others: What else that place offers, for who finds that this is of no use.
    """

    target: str
    value: object
    others: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """All that a host was asked for, imported.

    Attributes:
        context: None where no context was asked for.
    """

    wanted: Wanted
    agent: Named
    context: Named | None


def import_wanted(wanted: Wanted) -> Imported:
    """Run the code that holds what is wanted.

    Raises:
        LoadError: In a sentence, with a traceback where their code failed.
    """
    if wanted.target == REHEARSAL:
        from tui.rehearsal.start import rehearsal

        return Imported(wanted, Named(REHEARSAL, rehearsal(wanted.speed).agent), None)
    agent = _import_agent(parse_target(wanted.target))
    return Imported(wanted, agent, _import_context(wanted.context) if wanted.context else None)


def _import_agent(target: Target) -> Named:
    path = Path(target.place)
    sys.argv[:] = [str(path.resolve()) if target.is_file else target.place]
    found = _look(target)
    variable = target.variable or only_agent(target.place, found)
    check_name(target.place, variable, found)
    return _named(Target(target.place, variable), found)


def _import_context(text: str) -> Named:
    target = parse_target(text)
    if not target.variable:
        raise LoadError(f"the context '{text}' is neither FILE.py:NAME nor MODULE:NAME")
    return _named(target, _look(target))


def _named(target: Target, found: Findings) -> Named:
    module = import_file(target.place) if target.is_file else import_module(target.place)
    others = _offer(target.place, module) or suggestion(target.place, found)
    if not hasattr(module, target.variable):
        what = f"{target.place} has no '{target.variable}': {others}"
        raise LoadError(what, advice=START_AGAIN)
    return Named(f"{target.place}:{target.variable}", getattr(module, target.variable), others)


def _look(target: Target) -> Findings:
    """Look at the source before it is run; which names it binds is seen when it was."""
    source = Path(target.place) if target.is_file else source_of(target.place)
    found = _UNKNOWN if source is None else look_at(source)
    return replace(found, names=_UNKNOWN.names)


def _offer(place: str, module: ModuleType) -> str:
    names = [name for name, value in vars(module).items() if runtime_of(value) is not None]
    return "try " + " or ".join(f"{place}:{name}" for name in names) if names else ""
