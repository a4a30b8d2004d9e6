"""Which agents a file holds, read from its syntax tree: the file is not run.

Stays out of loading: light enough for the command line and the home screen.
"""

import ast
import importlib.util
import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

from tui.errors import LoadError, UsageError
from tui.host.agent_syntax import FoundAgent, FoundFunction, agents_at_top, functions_at_top
from tui.host.literals import literals_at_top
from tui.host.places import START_AGAIN, no_module, working_folder
from tui.host.program_start import ProgramStart, unguarded_start
from tui.host.syntax import names_bound_at_top, read_module, too_deep
from tui.nearest import nearest

REHEARSAL = "rehearsal"
MOST_OFFERED = 5
"""Names in a sentence; a line of fifty is read by nobody."""


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


@dataclass(frozen=True, slots=True)
class Findings:
    """What a look at a file shows.

    Attributes:
        agents: The agents at its top, in its order; a name bound twice counts once.
        functions: The functions at its top.
        names: Every name bound at its top; "*" where code may bind any.
        start: Where it runs its program when it is imported, None if it does not.
        literals: The names that only stand for plain values, each with what it is.
    """

    agents: tuple[FoundAgent, ...]
    functions: tuple[FoundFunction, ...]
    names: frozenset[str]
    start: ProgramStart | None
    literals: Mapping[str, str] = field(default_factory=dict)

    @property
    def makers(self) -> tuple[FoundFunction, ...]:
        """The functions that give an agent when they are called without arguments."""
        return tuple(each for each in self.functions if each.gives and each.is_free)


def parse_target(text: str) -> Target:
    """Read a target; a Windows drive or a colon inside the path is no separator."""
    place, colon, variable = text.rpartition(":")
    if not colon or "/" in variable or variable.endswith(".py"):
        return Target(text, "")
    return Target(place, variable)


def look_at(path: Path) -> Findings:
    """Return what a file holds, without running it.

    Raises:
        LoadError: If the file cannot be read or is not Python.
    """
    module = read_module(path)
    try:
        return _findings(module)
    except RecursionError as error:
        raise too_deep(path) from error


def _findings(module: ast.Module) -> Findings:
    return Findings(
        tuple({agent.variable: agent for agent in agents_at_top(module)}.values()),
        tuple({each.name: each for each in functions_at_top(module)}.values()),
        frozenset(names_bound_at_top(module)),
        unguarded_start(module),
        literals_at_top(module),
    )


def complete_target(text: str) -> str:
    """Return the target with its name, which may be left out where a file holds one agent.

    Of a module only its package is looked for: finding the rest runs what it lies in.

    Raises:
        UsageError: If a look, without running anything, shows that it gives no agent. What only
            loading can tell (a module, a name that code makes) passes.
    """
    if text == REHEARSAL:
        return text
    target = parse_target(text)
    if not target.is_file:
        _check_module(target, text)
        return text
    try:
        found = look_at(Path(target.place))
        variable = target.variable or only_agent(target.place, found)
        check_name(target.place, variable, found)
        _check_value(target.place, variable, found)
    except LoadError as error:
        raise UsageError(str(error), error.details) from error
    return f"{target.place}:{variable}"


def check_context(text: str) -> None:
    """Raise UsageError if a look shows that `text` names nothing to make a context with."""
    target = parse_target(text)
    if not target.variable:
        raise UsageError(f"--context: '{text}' has no name: give FILE.py:NAME or MODULE:NAME")
    if not target.is_file:
        return
    try:
        found = look_at(Path(target.place))
    except LoadError as error:
        raise UsageError(f"--context: {error}", error.details) from error
    if not {target.variable, "*"} & found.names:
        near = nearest(target.variable, found.names)
        told = f"did you mean {target.place}:{near}?" if near else "give a name it defines"
        raise UsageError(f"--context: {target.place} has no '{target.variable}': {told}")


def only_agent(place: str, found: Findings) -> str:
    """Return the name of the one agent of a file or module.

    Raises:
        LoadError: If there is none, or several; it says what there is.
    """
    match found.agents:
        case [agent]:
            return agent.variable
        case []:
            raise LoadError(f"{place}: {suggestion(place, found)}", advice=START_AGAIN)
    raise LoadError(
        f"{place} holds {len(found.agents)} agents; say which to run: {suggestion(place, found)}",
        advice="Start Baton again with one of them.",
    )


def check_name(place: str, variable: str, found: Findings) -> None:
    """Raise LoadError if the file or module has no such name, or if importing it runs a program."""
    if not {variable, "*"} & found.names:
        near = nearest(variable, _offered(found))
        told = f"did you mean {place}:{near}?" if near else suggestion(place, found)
        raise LoadError(f"{place} has no '{variable}': {told}", advice=START_AGAIN)
    if found.start is not None:
        raise LoadError(
            f"{place}:{found.start.line} runs the program while the file is only loaded: put "
            f'{found.start.text} under `if __name__ == "__main__":`'
        )
    for function in found.functions:
        if function.name == variable and not (function.returns or function.gives):
            raise LoadError(f"{place}:{variable} returns no agent: {suggestion(place, found)}")


def _check_value(place: str, variable: str, found: Findings) -> None:
    if "*" not in found.names and (kind := found.literals.get(variable)):
        raise LoadError(f"{place}:{variable} is {kind}, no agent: {suggestion(place, found)}")


def suggestion(place: str, found: Findings) -> str:
    """Return what a file or module offers, or why it offers nothing."""
    if found.agents:
        return _try(place, *(agent.variable for agent in found.agents))
    if found.makers:
        tried = _try(place, *(function.name for function in found.makers))
        return f"no agent stands there, but functions give one: {tried}"
    built = [each for each in found.functions if each.builds]
    if not built:
        return "no agent was found at the top of the file; `baton` lists those of a folder"
    if built[0].gives:
        return f"{built[0].name}() gives an agent, but takes arguments: give them defaults"
    return (
        f"no agent stands at its top; {built[0].name}() in line {built[0].line} makes one and "
        f"keeps it: let a function return it, and give {place}:FUNCTION"
    )


def _offered(found: Findings) -> list[str]:
    """Return the names that give an agent, in the file's order of each kind."""
    return [agent.variable for agent in found.agents] + [maker.name for maker in found.makers]


def _try(place: str, *names: str) -> str:
    shown = " or ".join(f"{place}:{name}" for name in names[:MOST_OFFERED])
    more = len(names) - MOST_OFFERED
    return f"try {shown}, or one of {more} more" if more > 0 else f"try {shown}"


def _check_module(target: Target, text: str) -> None:
    if Path(target.place).is_file():
        raise UsageError(f"{target.place} is not a Python file: its name must end in .py")
    names = target.place.split(".")
    if not all(name.isidentifier() and not keyword.iskeyword(name) for name in names):
        raise UsageError(f"'{text}' names no agent: give FILE.py:NAME or MODULE:NAME")
    try:
        spec = _spec_of(names[0])
    except ValueError:
        return  # It is imported already, and says nothing of where from.
    if spec is None:
        raise UsageError(str(no_module(target.place)))
    if len(names) == 1 and spec.origin is None and spec.submodule_search_locations:
        raise UsageError(f"{target.place} is a folder: give a file, as FILE.py:NAME")


def _spec_of(package: str) -> ModuleSpec | None:
    """Return where a package or module at the top of the search path is; it is not imported."""
    folder = working_folder()
    here = None if folder is None else PathFinder.find_spec(package, [str(folder)])
    return here or importlib.util.find_spec(package)


__all__ = [
    "REHEARSAL",
    "Findings",
    "FoundAgent",
    "FoundFunction",
    "Target",
    "check_context",
    "check_name",
    "complete_target",
    "look_at",
    "only_agent",
    "parse_target",
    "suggestion",
]
