"""The terminal is given back as it was found, however the cockpit ends.

Textual restores it on an ordinary exit; on SIGTERM and SIGHUP, and when its own shutdown hangs,
nobody does. Stays out of what is drawn.
"""

import asyncio
import functools
import itertools
import os
import selectors
import signal
import sys
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable
from types import FrameType, TracebackType
from typing import Any, Final, Self

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.cockpit.alerts import KEEP_TITLE, RESTORE_TITLE, title
from tui.cockpit.paste import PasteSafeParser
from tui.terminal_state import Attributes, attributes_of, give_back, is_in_front

GRACE_S: Final = 1.5
_LOOK_S: Final = 0.1
_CHUNK_BYTES: Final = 65536
_ENDING_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class GuardedDriver(LinuxDriver):
    """Textual's driver, which also knows whether the terminal is the cockpit's right now.

    Attributes:
        owns_terminal: Whether modes are on that somebody must take back.
        raw: The terminal's attributes while they are.
    """

    owns_terminal = False
    raw: Attributes | None = None
    _has_started = False
    _title = ""

    def start_application_mode(self) -> None:
        """Take the terminal; in the background, stop until it is there to be taken."""
        self.owns_terminal = is_in_front(self.fileno)
        # Continued in the foreground, a start inside this one does the work.
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual has no types here
        self.raw = attributes_of(self.fileno)
        self._has_started = self.owns_terminal
        if self._has_started and self._title:
            self.write(f"{KEEP_TITLE}{self._title}")

    def send(self, sequence: str) -> None:
        """Write a sequence that draws nothing, while the terminal is the cockpit's."""
        if self._has_started:
            self.write(sequence)

    def show_count(self, waiting: int) -> None:
        """Give the terminal a title that says how many things wait, until it is given back."""
        begins = "" if self._title else KEEP_TITLE
        self._title = title(waiting)
        self.send(f"{begins}{self._title}")

    @property
    def restores_title(self) -> str:
        """What gives the terminal its title back, "" where that was not changed."""
        return RESTORE_TITLE if self._title and self._has_started else ""

    def stop_application_mode(self) -> None:
        """Give the terminal back, the mouse's pixel mode included, which Textual leaves on."""
        self.write(f"\x1b[?1016l{self.restores_title}")
        super().stop_application_mode()
        self.owns_terminal = self._has_started = False

    def run_input_thread(self) -> None:
        """Read keys until told to stop; what is pasted presses none."""
        parser = PasteSafeParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                messages: Iterable[Message] = ()
                if selector.select(_LOOK_S):
                    chunk = os.read(self.fileno, _CHUNK_BYTES)
                    if not chunk:
                        return  # The terminal is gone; its SIGHUP ends the rest.
                    # Empty where a character is cut: to the parser that would be the end.
                    text = decode(chunk)
                    messages = parser.feed(text) if text else ()
                for message in itertools.chain(messages, parser.tick()):
                    self.process_message(message)

    def _sigtstp_application(self, *_: object) -> None:
        """Give the terminal back and stop with the whole process group.

        What opened the screen is of the group: a shell waits for that process to stop.
        """
        if self._auto_restart and self._has_started:
            self.suspend_application_mode()
            self._must_signal_resume = True
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.killpg(0, signal.SIGTSTP)
        # Here again: continued, or never stopped, where no shell could continue the group.
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        self._sigcont_application()

    def _sigcont_application(self, *_: object) -> None:
        """Take the terminal again, once."""
        if self._auto_restart and not self._has_started:
            self.resume_application_mode()


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
        self._attributes = attributes_of(self._fd)
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
        more = driver.restores_title
        give_back(driver.fileno, self._fd, self._attributes, driver.raw, more=more)

    def leave(self, code: int, words: str) -> None:
        """Restore the terminal, say `words` on it and end the process, at once; in any thread."""
        self.restore()
        os.write(2, f"{words}\n".encode())
        self._end_process(code)

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
