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


def ended(place: str, error: BaseException) -> LoadError:
    """Return what to say of a person's code that was entered, and failed while it was held."""
    return LoadError(f"{place} ended early: {_reason(error)}{_at(error)}", _traceback(error))


def failed(place: str, error: BaseException) -> LoadError:
    """Return what to say of a person's code that failed; also of `sys.exit()` in it.

    Args:
        place: The file, module or function as the person named it.
        error: What it raised.

    Raises:
        KeyboardInterrupt: If that is what `error` is.
    """
    if isinstance(error, KeyboardInterrupt):
        raise error
    details = _traceback(error)
    if name := missing_module(error):
        return LoadError(
            f"{place} needs the module '{name}', which is not there{_at(error)}",
            details,
            f"{how_to_get(name)} Then send your message.",
        )
    if isinstance(error, EOFError):
        return LoadError(
            f"{place} asks for input while it is only loaded{_at(error)}",
            details,
            'Put what asks under `if __name__ == "__main__":`, then send your message.',
        )
    return LoadError(f"{place} could not be loaded: {_reason(error)}{_at(error)}", details)


def _reason(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        # Task groups of servers and clients wrap, often twice, the one thing that went wrong.
        return _reason(error.exceptions[0])
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _at(error: BaseException) -> str:
    """Return where in the person's code it happened: the last line of it, not of a library."""
    if isinstance(error, SyntaxError) and error.filename:
        return f" (at {error.filename}:{error.lineno or 1})"
    frames = [
        frame
        for frame in traceback.extract_tb(_from_theirs(error))
        if not frame.filename.startswith((*_LIBRARY_FOLDERS, "<"))
    ]
    return f" (at {frames[-1].filename}:{frames[-1].lineno})" if frames else ""


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(type(error), error, _from_theirs(error)))


def _from_theirs(error: BaseException) -> TracebackType | None:
    """Return the traceback from the first frame that is not the host's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_NOT_THEIRS):
        trace = trace.tb_next
    return trace
