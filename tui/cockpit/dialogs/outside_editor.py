"""The person's own editor for a while: `$VISUAL` or `$EDITOR`, on a file that only they can read.

Stays out of what the text means.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from tui.terminal_state import lent_terminal

_ENDS_US: Final = (signal.SIGINT, signal.SIGQUIT)


class NotEditedError(Exception):
    """Nothing was changed; the message says why, in one sentence."""


def edited_outside(
    text: str,
    suspend: Callable[[], AbstractContextManager[None]],
    environment: Mapping[str, str] = os.environ,
) -> str:
    """Return what a person made of `text` in their editor. Waits until they have left it.

    Args:
        text: What the file holds first.
        suspend: Gives the terminal back while the editor has it.
        environment: Where the editor is named.

    Raises:
        NotEditedError: If there is no editor, or it failed, or the terminal can't be given back.
    """
    command = _command(environment)
    number, name = tempfile.mkstemp(prefix="baton-", suffix=".json")
    try:
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        told = _run([*command, name], suspend)
        if told:
            raise NotEditedError(f"{command[0]} {told}; nothing was changed")
        # Read by its name: editors put another file in place of the first.
        return Path(name).read_text(encoding="utf-8", errors="replace").rstrip("\n")
    except FileNotFoundError as error:
        raise NotEditedError(f"{command[0]} left no file; nothing was changed") from error
    except OSError as error:
        raise NotEditedError(f"{command[0]}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            Path(name).unlink()


def _command(environment: Mapping[str, str]) -> list[str]:
    named = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        command = shlex.split(named)
    except ValueError:
        command = []
    if not command:
        raise NotEditedError("No editor is named: set $VISUAL or $EDITOR before Baton starts")
    return command


def _run(command: list[str], suspend: Callable[[], AbstractContextManager[None]]) -> str:
    """Return how the editor failed, "" if it did not."""
    from textual.app import SuspendNotSupported

    try:
        with suspend(), lent_terminal(), _signals_left_to_the_editor():
            return _failure_of(command)
    except SuspendNotSupported as error:
        raise NotEditedError("This terminal cannot be given to an editor") from error


def _failure_of(command: list[str]) -> str:
    # Textual takes the terminal back only where nothing is raised.
    try:
        code = subprocess.run(command, check=False).returncode  # noqa: S603 - named by the person
    except (OSError, ValueError) as error:
        return f"cannot be started ({getattr(error, 'strerror', None) or error})"
    return f"ended with {code}" if code else ""


@contextlib.contextmanager
def _signals_left_to_the_editor() -> Iterator[None]:
    """Let Ctrl+C in the editor not end Baton, which is of the same process group.

    Handlers that do nothing, as a child would inherit that a signal is ignored.
    """
    before = {number: signal.signal(number, lambda *_: None) for number in _ENDS_US}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
