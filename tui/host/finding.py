"""Which agents a file holds, read from its syntax tree: the file is not run.

Stays out of loading: light enough for the command line and the home screen.
"""

import keyword
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.errors import LoadError, UsageError
from tui.host.syntax import FoundAgent, agents_at_top, names_bound_at_top, read_module

REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Target:
    """What `FILE.py:NAME` or `package.module:NAME` says.

    Attributes:
        place: The file or the module.
        variable: The name in it, "" where none was given.
    """

    place: str
    variable: str

    @property
    def is_file(self) -> bool:
        """Whether the place is a file and not a module."""
        return self.place.endswith(".py") or "/" in self.place


def parse_target(text: str) -> Target:
    """Read a target; a Windows drive or a colon inside the path is no separator."""
    place, colon, variable = text.rpartition(":")
    if not colon or "/" in variable or variable.endswith(".py"):
        return Target(text, "")
    return Target(place, variable)


def agents_in(path: Path) -> tuple[FoundAgent, ...]:
    """Return the agents at the top of a file, in its order. A name bound twice counts once.

    Raises:
        LoadError: If the file cannot be read or is not Python.
    """
    found = {agent.variable: agent for agent in agents_at_top(read_module(path))}
    return tuple(found.values())


def check_target(text: str) -> None:
    """Raise UsageError if a look at the target, without running it, shows that it gives no agent.

    What only loading can tell (a module, a name that code makes) passes.
    """
    if text == REHEARSAL:
        return
    target = parse_target(text)
    if not target.is_file:
        _check_module(target, text)
        return
    path = Path(target.place)
    try:
        found, names = agents_in(path), names_bound_at_top(read_module(path))
    except LoadError as error:
        raise UsageError(str(error), error.details) from error
    if not target.variable:
        raise UsageError(f"{text}: say which agent of it to run: {suggestion(path, found)}")
    if target.variable not in names and "*" not in names:
        raise UsageError(no_such_name(path, target.variable, found))


def no_such_name(path: Path, variable: str, found: Sequence[FoundAgent]) -> str:
    """Return the sentence for a name that a file does not bind."""
    return f"{path} has no '{variable}': {suggestion(path, found)}"


def suggestion(path: Path, found: Sequence[FoundAgent]) -> str:
    """Return which targets a file offers."""
    if not found:
        return "no agent was found at the top of the file"
    return "try " + " or ".join(f"{path}:{agent.variable}" for agent in found)


def _check_module(target: Target, text: str) -> None:
    names = target.place.split(".")
    if not all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        raise UsageError(f"'{text}' is neither FILE.py:NAME nor MODULE:NAME")
    if not target.variable:
        raise UsageError(f"'{text}' does not say which agent: give {text}:NAME")


__all__ = [
    "REHEARSAL",
    "FoundAgent",
    "Target",
    "agents_in",
    "check_target",
    "no_such_name",
    "parse_target",
    "suggestion",
]
