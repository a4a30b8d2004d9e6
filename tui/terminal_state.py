"""What must be taken back from a terminal, and how, also by a process it no longer belongs to.

Stays out of what is drawn, and of when: light enough for the program that a screen was opened for.
"""

import os
import select
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# Terminal attributes are a list of numbers with one of bytes in it.
from typing import Any, Final, TypeAlias

Attributes: TypeAlias = list[Any]

WRITABLE_WITHIN_S: Final = 0.2

_MODES_OFF: Final = "".join(
    f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1006, 1015, 1016, 2004, 2048, 1004)
)
# The kitty keyboard is popped inside the alternate screen: each screen has a stack of its own.
RESTORE: Final = f"\x1b[?2026l{_MODES_OFF}\x1b[?7h\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h"


def attributes_of(fd: int) -> Attributes | None:
    """Return the terminal's attributes; None where there is no terminal (any more)."""
    try:
        return termios.tcgetattr(fd)
    except termios.error:
        return None


def give_back(
    output: int,
    terminal: int,
    before: Attributes | None,
    raw: Attributes | None = None,
    *,
    more: str = "",
) -> None:
    """Take all modes back and restore the attributes, without waiting for a terminal that is gone.

    Args:
        output: The descriptor that was drawn on.
        terminal: The descriptor whose attributes were changed.
        before: They, as they were.
        raw: They, as they were changed to. A shell that has taken its terminal back may have set
            its own since: those are left alone.
        more: What else takes something back.
    """
    with _from_the_background():
        _write_if_writable(output, f"{more}{RESTORE}".encode())
        if before is None or _is_of_another(terminal, raw):
            return
        try:
            termios.tcsetattr(terminal, termios.TCSANOW, before)
        except termios.error:
            return  # The terminal is gone; there is nothing left to restore.


@contextmanager
def lent_terminal(terminal: int = 0) -> Iterator[None]:
    """Lend the terminal to another program; afterwards it is in front of this one, as it was."""
    before = attributes_of(terminal)
    try:
        yield
    finally:
        if before is not None:
            _take_back(terminal, before)


def _take_back(terminal: int, before: Attributes) -> None:
    with _from_the_background(), suppress(OSError, termios.error):
        os.tcsetpgrp(terminal, os.getpgrp())
        termios.tcsetattr(terminal, termios.TCSANOW, before)


@contextmanager
def _from_the_background() -> Iterator[None]:
    """Let this thread change a terminal that is another process group's now.

    By default the group would be stopped for it; without line editing, a shell would be left raw.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def is_in_front(terminal: int) -> bool:
    """Whether no other process group has the terminal, as far as can be told."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        # Not our controlling terminal: whose foreground it is cannot be told.
        return True


def _write_if_writable(fd: int, data: bytes) -> None:
    """Write to a terminal that may be gone or stopped, without waiting for it."""
    try:
        _, writable, _ = select.select([], [fd], [], WRITABLE_WITHIN_S)
        if writable:
            os.write(fd, data)
    except (OSError, ValueError):
        return


def _is_of_another(terminal: int, raw: Attributes | None) -> bool:
    return raw is not None and not is_in_front(terminal) and attributes_of(terminal) != raw
