"""Imports a person's file or module so that its own imports work as they do elsewhere.

Stays out of what is in it. What goes wrong in it is a LoadError with its traceback.
"""

import ast
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from tui.errors import LoadError
from tui.host.load_errors import failed
from tui.host.places import no_module, working_folder
from tui.host.syntax import read_module


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file lies among packages.

    Attributes:
        root: The folder that its dotted name begins in.
        name: That name; without a dot it lies in no package.
        is_needed: Whether the file can only be imported under it.
    """

    root: Path
    name: str
    is_needed: bool


def import_file(text: str) -> ModuleType:
    """Import a file: as part of its package where it lies in one, else under its own name.

    Raises:
        LoadError: If it cannot be read, is not Python, or fails.
    """
    path = Path(text).resolve()
    if (known := _imported(path)) is not None:
        return known
    # Told before anything runs: no such file, not Python.
    tree = read_module(Path(text))
    place = _place(path, tree)
    _load_namesake(path.stem, path)
    if _is_imported_as_part(place):
        _search_in(working_folder(), path.parent, place.root)
        return _import(place.name, text)
    _search_in(working_folder(), path.parent)
    _search_above(path, tree)
    return _execute(path, text)


def import_module(name: str) -> ModuleType:
    """Import a module by its dotted name, the current folder searched first.

    Raises:
        LoadError: If there is none, or it fails.
    """
    _find(name)
    return _import(name, name)


def source_of(name: str) -> Path | None:
    """Return the file of a module; None if it is not written in Python.

    Its packages are imported on the way.

    Raises:
        LoadError: If there is no such module, or its packages fail.
    """
    origin = _find(name).origin or ""
    return Path(origin) if origin.endswith(".py") else None


def _find(name: str) -> ModuleSpec:
    _search_in(working_folder())
    spec = None
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if not f"{name}.".startswith(f"{error.name}."):
            raise failed(name, error) from error
    except BaseException as error:
        raise failed(name, error) from error
    if spec is None:
        raise no_module(name)
    return spec


def _import(name: str, told: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except BaseException as error:
        raise failed(told, error) from error


def _execute(path: Path, told: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(_free_name(path.stem), path)
    if spec is None or spec.loader is None:
        raise LoadError(f"{told} is not a Python file: its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses, pickles and type hints look for their module here.
    sys.modules[module.__name__] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[module.__name__]
        raise failed(told, error) from error
    return module


def _imported(path: Path) -> ModuleType | None:
    """Return the module a file was imported as: its classes must not be there twice."""
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == str(path):
            return module
    return None


def _place(path: Path, tree: ast.Module) -> _Place:
    levels = max(_relative_levels(tree), default=0)
    names, folder = [path.stem], path.parent
    while folder.name.isidentifier() and (
        (folder / "__init__.py").is_file() or len(names) <= levels
    ):
        names.insert(0, folder.name)
        folder = folder.parent
    is_module = path.stem.isidentifier() and len(names) > 1
    return _Place(folder, ".".join(names) if is_module else path.stem, is_needed=levels > 0)


def _is_imported_as_part(place: _Place) -> bool:
    top, dot, _ = place.name.partition(".")
    return bool(dot) and (place.is_needed or not _load_namesake(top, place.root / top))


def _relative_levels(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.level


def _load_namesake(name: str, own: Path) -> bool:
    """Load the installed library of a file's or package's name, before they can hide it.

    `agents.py` is what many call a file that begins with `from agents import Agent`.

    Returns:
        Whether there is one that is not `own` itself.
    """
    if name in sys.stdlib_module_names:
        return True
    if not name.isidentifier():
        return False
    with suppress(ImportError, ValueError):
        spec = importlib.util.find_spec(name)
        if spec is not None and str(own) not in (
            spec.origin,
            *(spec.submodule_search_locations or ()),
        ):
            importlib.import_module(name)
            return True
    return False


def _free_name(name: str) -> str:
    """Return a module name for a file that hides no module of the same name."""
    is_taken = name in sys.modules or name in sys.stdlib_module_names
    return f"{name}_agent_file" if is_taken or not name.isidentifier() else name


def _search_in(*folders: Path | None) -> None:
    for folder in folders:
        if folder is not None and str(folder) not in sys.path:
            sys.path.insert(0, str(folder))


def _search_above(path: Path, tree: ast.Module) -> None:
    """Search too where the file's imports are written from: a folder above it.

    A file of `examples/` that says `from examples.x import` is meant to be run from above.
    """
    for name in set(_imported_names(tree)):
        if name in sys.modules or importlib.util.find_spec(name) is not None:
            continue
        for folder in path.parent.parents:
            if (folder / name).is_dir() or (folder / f"{name}.py").is_file():
                sys.path.append(str(folder))
                break


def _imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name.partition(".")[0] for each in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
