"""Reads a Python file's syntax tree: what runs at its top, and which names that binds.

Runs nothing of it, and stays out of what an agent is.
"""

import ast
import importlib.util
import stat
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from tui.errors import LoadError
from tui.host.places import no_file

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

# What a person writes by hand is far below; the parser takes seconds for more.
LARGEST_BYTES = 2_000_000

_BLOCKS = ("body", "handlers", "orelse", "finalbody")


def read_module(path: Path) -> ast.Module:
    """Return the syntax tree of a file.

    Raises:
        LoadError: If the file cannot be read or is not Python.
    """
    try:
        # Python's own rules for the encoding: its cookie, its byte order mark.
        source = importlib.util.decode_source(_content(path))
        with warnings.catch_warnings():
            # What Python has to say of its strings, it says when the file is run.
            warnings.simplefilter("ignore")
            return ast.parse(source, filename=str(path))
    except FileNotFoundError:
        raise no_file(path) from None
    except IsADirectoryError:
        raise LoadError(f"{path} is a folder: give a file, as FILE.py:NAME") from None
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from error
    except SyntaxError as error:
        raise LoadError(f"{path}:{error.lineno or 1} is not Python: {error.msg}") from error
    except ValueError as error:
        raise LoadError(f"{path} is not Python: {error}") from error
    except (MemoryError, RecursionError) as error:
        # The parser runs out of its own stack long before the machine is out of memory.
        raise too_deep(path) from error


def too_deep(path: Path) -> LoadError:
    """Return the error for a file that parsing or a look at its tree cannot get to the end of."""
    return LoadError(
        f"{path} is too deeply nested to read: import what it holds from a simpler file"
    )


def _content(path: Path) -> bytes:
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError
    # A pipe or a device may never come to an end.
    if not stat.S_ISREG(found.st_mode):
        raise LoadError(f"{path} is no regular file: give one, as FILE.py:NAME")
    if found.st_size > LARGEST_BYTES:
        raise LoadError(
            f"{path} has more than {LARGEST_BYTES // 1_000_000} MB: import what it holds from a "
            "smaller file, and run that"
        )
    return path.read_bytes()


def statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when the file is imported, blocks opened."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With) and not is_main_guard(node):
            for block in _BLOCKS:
                for inner in getattr(node, block, ()):
                    handled = inner.body if isinstance(inner, ast.ExceptHandler) else [inner]
                    yield from statements(handled)


def is_main_guard(node: ast.AST) -> bool:
    """Whether `node` begins what runs only where the file is the program."""
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def inside(function: FunctionNode) -> Iterator[ast.AST]:
    """Yield what is written in a function, without the functions and classes inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting[:0] = ast.iter_child_nodes(node)


def bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the plain names that a statement binds, each with its value."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, value
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            yield name, value


def names_bound_at_top(module: ast.Module) -> set[str]:
    """Return every name that may be bound at the top; "*" where code may bind any."""
    names: set[str] = set()
    for node in statements(module.body):
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
