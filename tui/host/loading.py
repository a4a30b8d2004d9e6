"""Loads the agent a person named: of a file, of a module, or the rehearsal's.

Stays out of runs. User code runs here for the first time, and may do anything.
"""

import importlib
import importlib.util
import os
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tui.errors import LoadError
from tui.host.finding import (
    REHEARSAL,
    Target,
    agents_in,
    no_such_name,
    parse_target,
    suggestion,
)
from tui.host.live.runtime import Runtime, runtime_of
from tui.host.live.shapes import ForeignAgent


@dataclass(frozen=True, slots=True)
class LoadedAgent:
    """An agent that can be run.

    Attributes:
        target: What the person asked for.
    """

    target: str
    agent: ForeignAgent
    runtime: Runtime
    rehearsal: bool = False


def load(text: str, speed: float = 1.0) -> LoadedAgent:
    """Load the agent of a target, running the code of its file or module.

    Args:
        text: `FILE.py:NAME`, `package.module:NAME` or `rehearsal`.
        speed: The rehearsal's pace.

    Raises:
        LoadError: In a sentence, with a traceback where user code failed.
    """
    if text == REHEARSAL:
        return _rehearsal(speed)
    target = parse_target(text)
    if not target.variable:
        raise LoadError(f"'{text}' does not say which agent: {_offer(target)}")
    module = _run_file(target) if target.is_file else _run_module(target)
    if not hasattr(module, target.variable):
        raise LoadError(_no_such_name(target, module))
    value: object = getattr(module, target.variable)
    runtime = runtime_of(value)
    if runtime is None:
        kind = type(value).__name__
        raise LoadError(f"{text} is not an agent but of type {kind}: {_offer(target)}")
    return LoadedAgent(text, value, runtime)  # type: ignore[arg-type]


def _rehearsal(speed: float) -> LoadedAgent:
    from tui.rehearsal.start import rehearsal

    agent = rehearsal(speed).agent
    runtime = runtime_of(agent)
    assert runtime is not None
    return LoadedAgent(REHEARSAL, agent, runtime, rehearsal=True)


def _run_file(target: Target) -> ModuleType:
    path = Path(target.place)
    # Told before anything runs: no such file, not Python.
    agents_in(path)
    path = path.resolve()
    _load_namesake(path.stem)
    _search_in(Path.cwd(), path.parent)
    sys.argv[:] = [str(path)]
    spec = importlib.util.spec_from_file_location(_free_name(path.stem), path)
    if spec is None or spec.loader is None:
        raise LoadError(f"{target.place} is not a Python file: its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses, pickles and type hints look for their module here.
    sys.modules[module.__name__] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[module.__name__]
        raise _failed(target, error) from error
    return module


def _run_module(target: Target) -> ModuleType:
    _search_in(Path.cwd())
    sys.argv[:] = [target.place]
    try:
        return importlib.import_module(target.place)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{target.place}.".startswith(f"{error.name}."):
            raise LoadError(
                f"there is no module {target.place}: run Baton in the folder it can be imported "
                "from, or give its file, as FILE.py:NAME"
            ) from error
        raise _failed(target, error) from error
    except BaseException as error:
        raise _failed(target, error) from error


def _load_namesake(name: str) -> None:
    """Load the installed library of a file's name, before the file's folder can hide it.

    `agents.py` is what many call a file that begins with `from agents import Agent`.
    """
    if name in sys.stdlib_module_names or not name.isidentifier():
        return
    with suppress(ImportError, ValueError):
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


def _free_name(name: str) -> str:
    """Return a module name for a file that hides no module of the same name."""
    is_taken = name in sys.modules or name in sys.stdlib_module_names
    return f"{name}_agent_file" if is_taken or not name.isidentifier() else name


def _search_in(*folders: Path) -> None:
    for folder in folders:
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))


def _failed(target: Target, error: BaseException) -> LoadError:
    """Return what to say of user code that failed; also of `sys.exit()` at its top."""
    if isinstance(error, KeyboardInterrupt):
        raise error
    text = str(error).strip().partition("\n")[0]
    reason = f"{type(error).__name__}: {text}" if text else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    place = target.place
    if frames and os.path.exists(frames[-1].filename):  # noqa: PTH110 - a frame's file is a string
        place = f"{frames[-1].filename}:{frames[-1].lineno}"
    return LoadError(
        f"{target.place} could not be loaded: {reason} (at {place})",
        "".join(traceback.format_exception(error)),
    )


def _no_such_name(target: Target, module: ModuleType) -> str:
    if target.is_file:
        path = Path(target.place)
        return no_such_name(path, target.variable, agents_in(path))
    return f"{module.__name__} has no '{target.variable}'{_offer_of(module, target)}"


def _offer(target: Target) -> str:
    if target.is_file:
        path = Path(target.place)
        return suggestion(path, agents_in(path))
    return f"give {target.place}:NAME of a module-level agent"


def _offer_of(module: ModuleType, target: Target) -> str:
    names = [name for name, value in vars(module).items() if runtime_of(value) is not None]
    offered = " or ".join(f"{target.place}:{name}" for name in names)
    return f": try {offered}" if offered else ": no agent was found at its top"
