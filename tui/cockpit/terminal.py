"""The terminal is given back as it was found, however the cockpit ends.

Textual restores it on an ordinary exit; on SIGTERM and SIGHUP, and when its own shutdown hangs,
nobody does. Stays out of what is drawn.
"""

import asyncio
import functools
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final, Self

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

GRACE_S: Final = 1.5
WRITABLE_WITHIN_S: Final = 0.2
_ENDING_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

_MODES_OFF: Final = "".join(
    f"\x1b[?{mode}l" for mode in (1000, 1002, 1003, 1006, 1015, 1016, 2004, 2048, 1004)
)
# The kitty keyboard is popped inside the alternate screen: each screen has a stack of its own.
RESTORE: Final = f"\x1b[?2026l{_MODES_OFF}\x1b[?7h\x1b[<u\x1b[0m\x1b[?1049l\x1b[?25h"


class GuardedDriver(LinuxDriver):
    """Textual's driver, which also knows whether the terminal is the cockpit's right now.

    Attributes:
        owns_terminal: Whether modes are on that somebody must take back.
    """

    owns_terminal = False

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self.owns_terminal = True
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual has no types here

    def stop_application_mode(self) -> None:
        """Give the terminal back, the mouse's pixel mode included, which Textual leaves on."""
        self.write("\x1b[?1016l")
        super().stop_application_mode()
        self.owns_terminal = False


class TerminalGuard:
    """Holds the terminal's state around `app.run()`; a context manager.

    A signal asks the app to exit. When it has not left after 1.5 s (a gone terminal blocks its
    writer), or at the second signal, the terminal is restored from here and the process ends.

    Attributes:
        exit_signal: The signal that ended the app, or None.
    """

    def __init__(self, app: App[Any], end_process: Callable[[int], None] = os._exit) -> None:
        self._app = app
        self._end_process = end_process
        self._fd = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
        self._attributes = _attributes(self._fd)
        self._handlers: dict[int, Any] = {}
        self.exit_signal: int | None = None

    def __enter__(self) -> Self:
        for number in _ENDING_SIGNALS:
            self._handlers[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.restore()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def restore(self) -> None:
        """Give the terminal back unless Textual already did; safe at any time, in any thread."""
        driver = self._app._driver
        if not isinstance(driver, GuardedDriver) or not driver.owns_terminal:
            return
        driver.owns_terminal = False
        if threading.current_thread() is threading.main_thread():
            # A background process that touches its terminal is stopped by default.
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        _write_if_writable(driver.fileno, RESTORE.encode())
        if self._attributes is not None:
            try:
                termios.tcsetattr(self._fd, termios.TCSANOW, self._attributes)
            except termios.error:
                return  # The terminal is gone; there is nothing left to restore.

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        loop = asyncio._get_running_loop()
        if self.exit_signal is not None or loop is None:
            self._end(number)
            return
        self.exit_signal = number
        watchdog = threading.Timer(GRACE_S, self._end, (number,))
        watchdog.daemon = True
        watchdog.start()
        # From a signal handler only the thread-safe call wakes the loop out of its select.
        loop.call_soon_threadsafe(functools.partial(self._app.exit, return_code=128 + number))

    def _end(self, number: int) -> None:
        self.restore()
        self._end_process(128 + number)


def _attributes(fd: int) -> list[Any] | None:
    try:
        return termios.tcgetattr(fd)
    except termios.error:
        return None


def _write_if_writable(fd: int, data: bytes) -> None:
    """Write to a terminal that may be gone or stopped, without waiting for it."""
    try:
        _, writable, _ = select.select([], [fd], [], WRITABLE_WITHIN_S)
        if writable:
            os.write(fd, data)
    except (OSError, ValueError):
        return
