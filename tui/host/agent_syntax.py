"""Finds agents in a syntax tree: those at the top of a file, and the functions that make some.

Stays out of files. An agent is known by the class it is made with, or by what it is said to be.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tui.host.syntax import FunctionNode, bindings, inside, statements

# Where `Agent` comes from in the two libraries whose agents run here.
_LIBRARIES = ("agents", "tui.agents")
_AGENT_CLASS = "Agent"


@dataclass(frozen=True, slots=True)
class FoundAgent:
    """An agent at the top of a file.

    Attributes:
        variable: The name it is bound to.
        title: The agent's own name where the file spells it out, else "".
        line: Where it is, 1 upward.
    """

    variable: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class FoundFunction:
    """A function at the top of a file.

    Attributes:
        name: Its name.
        line: Where it is, 1 upward.
        gives: Whether it returns or yields an agent.
        builds: Whether it makes one, given back or not.
        returns: Whether it returns or yields anything at all.
        is_free: Whether it can be called without arguments.
    """

    name: str
    line: int
    gives: bool
    builds: bool
    returns: bool
    is_free: bool


class _Names:
    """What the names of a file stand for, as far as agents go."""

    def __init__(self, outer: "_Names | None" = None) -> None:
        self.classes: set[str] = set(outer.classes) if outer else set()
        self.libraries: set[str] = set(outer.libraries) if outer else set()
        self.agents: set[str] = set(outer.agents) if outer else set()

    def learn(self, node: ast.AST) -> None:
        """Note what a statement makes of names."""
        self._learn_import(node)
        if isinstance(node, ast.ClassDef) and any(map(self.is_class, node.bases)):
            self.classes.add(node.name)
        for variable, value in bindings(node):
            known = self.agents.add if self.is_agent(value) else self.agents.discard
            known(variable)

    def _learn_import(self, node: ast.AST) -> None:
        match node:
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for name in names:
                    if name.name == _AGENT_CLASS and _is_library(module):
                        self.classes.add(name.asname or name.name)
                    if _is_library(f"{module}.{name.name}"):
                        self.libraries.add(name.asname or name.name)
            case ast.Import(names=names):
                for name in names:
                    if _is_library(name.name):
                        self.libraries.add(name.asname or name.name)

    def is_class(self, node: ast.AST) -> bool:
        """Whether an expression is an agent class."""
        match node:
            case ast.Name(id=name):
                return name in self.classes
            case ast.Subscript(value=value):
                return self.is_class(value)
            case ast.Attribute(value=value, attr=attribute):
                return attribute == _AGENT_CLASS and ast.unparse(value) in self.libraries
        return False

    def is_agent(self, node: ast.AST | None) -> bool:
        """Whether an expression gives an agent, alone or first of a pair."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="clone")):
                return name in self.agents
            case ast.Call(func=function):
                return self.is_class(function)
            case ast.Name(id=name):
                return name in self.agents
        return False

    def is_said_to_give(self, annotation: ast.expr | None) -> bool:
        """Whether a function's annotation says that it gives an agent."""
        match annotation:
            case None:
                return False
            case ast.Constant(value=str(text)):
                return self.is_said_to_give(_parsed(text))
        return any(map(self.is_class, ast.walk(annotation)))


def agents_at_top(module: ast.Module) -> Iterator[FoundAgent]:
    """Yield what is bound to an agent when the file is imported, in its order."""
    names = _Names()
    for node in statements(module.body):
        names.learn(node)
        for variable, value in bindings(node):
            if names.is_agent(value):
                yield FoundAgent(variable, _title(value), node.lineno)


def functions_at_top(module: ast.Module) -> Iterator[FoundFunction]:
    """Yield the functions that are there when the file was imported, in its order."""
    names, top = _Names(), list(statements(module.body))
    for node in top:
        names.learn(node)
    for node in top:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield _function(node, _Names(names))


def _function(node: FunctionNode, names: _Names) -> FoundFunction:
    given, builds = [], False
    for each in inside(node):
        names.learn(each)
        builds = builds or (isinstance(each, ast.Call) and names.is_class(each.func))
        if isinstance(each, ast.Return | ast.Yield) and each.value is not None:
            given.append(each.value)
    return FoundFunction(
        node.name,
        node.lineno,
        gives=names.is_said_to_give(node.returns) or any(map(names.is_agent, _firsts(given))),
        builds=builds,
        returns=bool(given),
        is_free=_is_free(node.args),
    )


def _firsts(values: list[ast.expr]) -> Iterator[ast.expr]:
    """Yield each value; of a pair of an agent and a run's options, the agent."""
    for value in values:
        yield value.elts[0] if isinstance(value, ast.Tuple) and value.elts else value


def _is_free(arguments: ast.arguments) -> bool:
    placed = [*arguments.posonlyargs, *arguments.args]
    return len(placed) == len(arguments.defaults) and None not in arguments.kw_defaults


def _is_library(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in _LIBRARIES)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None


def _title(value: ast.expr) -> str:
    if not isinstance(value, ast.Call):
        return ""
    named = [keyword.value for keyword in value.keywords if keyword.arg == "name"]
    is_clone = isinstance(value.func, ast.Attribute) and value.func.attr == "clone"
    candidates = named or ([] if is_clone else value.args[:1])
    match candidates:
        case [ast.Constant(value=str(title))]:
            return title
    return ""
