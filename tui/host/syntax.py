"""Reads a Python file's syntax tree for the agents and names at its top. Runs nothing of it."""

import ast
import importlib.util
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.errors import LoadError

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


def read_module(path: Path) -> ast.Module:
    """Return the syntax tree of a file.

    Raises:
        LoadError: If the file cannot be read or is not Python.
    """
    try:
        # Python's own rules for the encoding: its cookie, its byte order mark.
        source = importlib.util.decode_source(path.read_bytes())
        return ast.parse(source, filename=str(path))
    except FileNotFoundError:
        raise LoadError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise LoadError(f"{path} is a folder: give a file, as FILE.py:NAME") from None
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from error
    except SyntaxError as error:
        raise LoadError(f"{path}:{error.lineno or 1}: not Python: {error.msg}") from error
    except ValueError as error:
        raise LoadError(f"{path} is not Python: {error}") from error


class _Names:
    """What the names of a file stand for, as far as agents go."""

    def __init__(self) -> None:
        self.classes: set[str] = set()
        self.libraries: set[str] = set()
        self.agents: set[str] = set()

    def learn_import(self, node: ast.stmt) -> None:
        """Note the names by which a file reaches the agent classes."""
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

    def is_class(self, node: ast.expr) -> bool:
        """Whether an expression is an agent class."""
        match node:
            case ast.Name(id=name):
                return name in self.classes
            case ast.Subscript(value=value):
                return self.is_class(value)
            case ast.Attribute(value=value, attr=attribute):
                return attribute == _AGENT_CLASS and ast.unparse(value) in self.libraries
        return False

    def is_agent(self, node: ast.expr | None) -> bool:
        """Whether an expression gives an agent."""
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="clone")):
                return name in self.agents
            case ast.Call(func=function):
                return self.is_class(function)
            case ast.Name(id=name):
                return name in self.agents
        return False


def _is_library(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in _LIBRARIES)


def agents_at_top(module: ast.Module) -> Iterator[FoundAgent]:
    """Yield what is bound to an agent when the file is imported, in its order."""
    names = _Names()
    for node in _statements(module.body):
        names.learn_import(node)
        if isinstance(node, ast.ClassDef) and any(map(names.is_class, node.bases)):
            names.classes.add(node.name)
        for variable, value in _bindings(node):
            if names.is_agent(value):
                names.agents.add(variable)
                yield FoundAgent(variable, _title(value), node.lineno)
            else:
                names.agents.discard(variable)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when the file is imported, blocks opened."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With) and not _is_main_guard(node):
            for block in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(node, block, ()):
                    handled = inner.body if isinstance(inner, ast.ExceptHandler) else [inner]
                    yield from _statements(handled)


def _is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def _bindings(node: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, value
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            yield name, value


def _title(value: ast.expr | None) -> str:
    if not isinstance(value, ast.Call):
        return ""
    named = [keyword.value for keyword in value.keywords if keyword.arg == "name"]
    is_clone = isinstance(value.func, ast.Attribute) and value.func.attr == "clone"
    candidates = named or ([] if is_clone else value.args[:1])
    match candidates:
        case [ast.Constant(value=str(title))]:
            return title
    return ""


def names_bound_at_top(module: ast.Module) -> set[str]:
    """Return every name that may be bound at the top; "*" where code may bind any."""
    names: set[str] = set()
    for node in _statements(module.body):
        match node:
            case ast.Import(names=imported) | ast.ImportFrom(names=imported):
                names |= {each.asname or each.name.partition(".")[0] for each in imported}
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                names.add(name)
            case _:
                names |= set(_stored(node))
    if "__getattr__" in names or any(map(_binds_freely, module.body)):
        names.add("*")
    return names


def _stored(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _binds_freely(node: ast.stmt) -> bool:
    called = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(
        isinstance(each, ast.Name) and each.id in ("globals", "exec", "setattr") for each in called
    )
