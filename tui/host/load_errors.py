"""Says in a sentence why a person's code gave no agent, with the traceback of that code alone.

Stays out of running it.
"""

import contextlib
import importlib
import sysconfig
import traceback
from pathlib import Path
from types import TracebackType
from typing import Final

from tui.errors import LoadError
from tui.host.packages import how_to_get, missing_module
from tui.host.places import shown_path
from tui.host.tool_errors import tool_trouble

_NOT_THEIRS: Final = (
    str(Path(__file__).parent),
    "<frozen importlib",
    str(Path(importlib.__file__).parent),
    contextlib.__file__,
)
_LIBRARY_FOLDERS: Final = (
    str(Path(__file__).parents[1]),
    *(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
)

_GUARD: Final = 'Put what {} under `if __name__ == "__main__":`, then send your message.'
_SEE_TO_IT: Final = (
    "See to what it says, then send your message; a variable that is set now is known once Baton "
    "is started again."
)
_RUNNERS: Final = ("Runner.run", "AgentRunner.run")
_RUNTIMES: Final = ("agents.", "tui.agents.")


def ended(place: str, error: BaseException) -> LoadError:
    """Return what to say of a person's code that was entered, and failed while it was held."""
    return LoadError(f"{place} ended early: {_reason(error)}{_at(error)}", _traceback(error))


def failed(place: str, error: BaseException) -> LoadError:
    """Return what to say of a person's code that failed; also of `sys.exit()` in it.

    Args:
        place: The file, module or function as the person named it.
        error: What it raised.
    """
    what, advice = _told(place, error)
    return LoadError(what, _traceback(error), advice)


def _told(place: str, error: BaseException) -> tuple[str, str]:
    """Return a sentence that says what went wrong, and what to do where it is known."""
    at = _at(error)
    if name := missing_module(error):
        what = f"{place} needs the module '{name}', which is not there{at}"
        return what, f"{how_to_get(name)} Then send your message."
    if isinstance(error, EOFError):
        return f"{place} asks for input while it is only loaded{at}", _GUARD.format("asks")
    if isinstance(error, SystemExit):
        return _exit(place, error, at)
    if isinstance(error, SyntaxError) and error.filename:
        where = f"{shown_path(error.filename)}:{error.lineno or 1}"
        return f"{place} could not be loaded: {where} is not Python: {error.msg}", ""
    if _is_in_a_run(error):
        what = f"{place} runs an agent while it is only loaded: {_reason(error)}{at}"
        return what, _GUARD.format("runs it")
    if (trouble := tool_trouble(error)) is not None:
        at = f" (at {shown_path(trouble.file)}:{trouble.line})"
        reason = trouble.reason or _reason(error)
        advice = f"{trouble.advice}, then send your message." if trouble.advice else ""
        return f"{place}: no tool can be made of {trouble.name}(): {reason}{at}", advice
    return f"{place} could not be loaded: {_reason(error)}{at}", ""


def _exit(place: str, error: SystemExit, at: str) -> tuple[str, str]:
    if isinstance(error.code, str):
        # A program's way to say what it lacks: a variable, a file.
        said = error.code.strip().partition("\n")[0]
        return f"{place} ends itself while it is loaded: {said}{at}", _SEE_TO_IT
    told = "" if error.code is None else repr(error.code)
    what = f"{place} calls sys.exit({told}) while it is only loaded{at}"
    return what, _GUARD.format("calls it")


def _is_in_a_run(error: BaseException) -> bool:
    """Whether it came out of a `Runner` that the person's code called while it was imported."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(
        frame.f_code.co_qualname.startswith(_RUNNERS)
        and str(frame.f_globals.get("__name__")).startswith(_RUNTIMES)
        for frame, _ in frames
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        # Task groups of servers and clients wrap, often twice, the one thing that went wrong.
        return _reason(error.exceptions[0])
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _at(error: BaseException) -> str:
    """Return where in the person's code it happened: the last line of it, not of a library."""
    frames = [
        frame
        for frame in traceback.extract_tb(_from_theirs(error))
        if not frame.filename.startswith((*_LIBRARY_FOLDERS, "<"))
    ]
    return f" (at {shown_path(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(type(error), error, _from_theirs(error)))


def _from_theirs(error: BaseException) -> TracebackType | None:
    """Return the traceback from the first frame that is not the host's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_NOT_THEIRS):
        trace = trace.tb_next
    return trace
