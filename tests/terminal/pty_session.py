"""A command in a real pseudo-terminal, with a screen that can be read and waited for."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import pyte

from tests.processes import is_at_work

WITHIN_S = 60.0
"""Longer than a step takes on a machine that is busy with others: only a failing test meets it."""

_LOOK_S = 0.02
# Makes the pty the child's controlling terminal without a preexec function.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios;"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
# Private sequences that pyte would print as text.
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]* q")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[([<>])[0-9]*u")

DEFAULT_MODES = {7: True, 25: True}


def _inherited() -> dict[str, str]:
    """Return this process's environment without the size of another terminal: it would count."""
    return {k: value for k, value in os.environ.items() if k not in ("LINES", "COLUMNS")}


class PtySession:
    """Runs `argv` in a pty; everything it writes is kept in `output` and drawn on `screen`."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
    ) -> None:
        self.output = bytearray()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._held = b""
        self._lines: dict[int, str] = {}
        self._master, self._slave = os.openpty()
        termios.tcsetwinsize(self._slave, (rows, columns))
        self.attributes_before = termios.tcgetattr(self._slave)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *argv],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            cwd=cwd,
            env={**_inherited(), "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    def type(self, text: str) -> None:
        """Send keys as a terminal would."""
        os.write(self._master, text.encode())

    def paste(self, text: str) -> None:
        """Send a bracketed paste."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size; the kernel tells the process."""
        termios.tcsetwinsize(self._master, struct.unpack("HH", struct.pack("HH", rows, columns)))
        self.screen.resize(rows, columns)

    def wait_for(self, what: str | Callable[[str], bool]) -> str:
        """Read until the screen shows `what` (a regular expression, or a test of its text).

        A test is asked again when nothing was drawn too: it may look at something else.

        Raises:
            AssertionError: If it did not; carries the screen.
        """
        shown = what if callable(what) else re.compile(what).search
        deadline = time.monotonic() + WITHIN_S
        while not shown(self.text):
            has_ended = self.process.poll() is not None
            if time.monotonic() > deadline or (not self.read(_LOOK_S) and has_ended):
                raise AssertionError(f"the screen never showed {what!r}; it shows:\n{self.text}")
        return self.text

    def go_to_request(self) -> None:
        """Press Ctrl+G until the request that waits has the keys.

        A press before all of it is with the terminal is refused, as it should be; who watches the
        bytes can be that quick, and a person presses again.
        """
        self.wait_for("Ctrl.G decide")
        deadline = time.monotonic() + WITHIN_S
        while not re.search("y +Approve", self.settle()):
            if time.monotonic() > deadline:
                raise AssertionError(f"the keys never went to the request:\n{self.text}")
            self.type("\x07")

    def wait_until_done(self) -> None:
        """Read until the run that is shown has completed, when one Ctrl+Q is enough to leave.

        Its last words are drawn before, and the key would then ask whether to lose a run.
        """
        self.wait_for(r"\A.*✓ done")
        self.settle()

    def wait_until_ended(self) -> int:
        """Read until the process has ended; return its exit code."""
        deadline = time.monotonic() + WITHIN_S
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"the process did not end; the screen shows:\n{self.text}")
            self.read(0.05)
        while self.read(0.05):
            pass
        return self.process.returncode

    def settle(self, *, quiet_s: float = 0.3) -> str:
        """Read until what was typed is taken and nobody has worked for `quiet_s`; return the text.

        Silence alone would prove nothing: who waits for a core that another has is silent too.

        Raises:
            AssertionError: If that never came.
        """
        began = quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < quiet_s:
            if self.read(_LOOK_S) or self._is_at_work():
                quiet_since = time.monotonic()
            if time.monotonic() - began > WITHIN_S:
                raise AssertionError(f"it never came to rest; the screen shows:\n{self.text}")
        return self.text

    def _is_at_work(self) -> bool:
        """Whether keys lie there that nobody has read, or a process of this terminal works."""
        unread = fcntl.ioctl(self._slave, termios.FIONREAD, bytes(4))
        return any(unread) or is_at_work(self.process.pid)

    @property
    def text(self) -> str:
        """The screen's lines, without the blanks at their ends."""
        # It is asked for after each piece of output: only what was drawn since is made anew.
        for row in self.screen.dirty:
            cells = self.screen.buffer[row]
            line = "".join(cells[column].data for column in range(self.screen.columns))
            self._lines[row] = line.rstrip()
        self.screen.dirty.clear()
        return "\n".join(self._lines[row] for row in range(self.screen.lines))

    def modes(self) -> dict[int, bool]:
        """The private modes as they stand after all output so far, by number."""
        modes = dict(DEFAULT_MODES)
        for numbers, flag in _MODE.findall(bytes(self.output)):
            modes |= {int(number): flag == b"h" for number in numbers.split(b";")}
        return modes

    def kitty_depth(self) -> int:
        """How often the kitty keyboard was pushed and not popped."""
        return sum(1 if kind == b">" else -1 for kind in _KITTY.findall(bytes(self.output)))

    def terminal_is_restored(self) -> bool:
        """Whether settings and modes are as before the process began."""
        # 2026 is a query's answer, not a state that outlives the process.
        left_on = {mode for mode, on in self.modes().items() if on}
        return (
            left_on == set(DEFAULT_MODES)
            and self.kitty_depth() == 0
            and termios.tcgetattr(self._slave) == self.attributes_before
        )

    def read(self, timeout_s: float) -> bool:
        """Take and draw one chunk of output; tell whether one came within `timeout_s`."""
        if timeout_s <= 0 or not select.select([self._master], [], [], timeout_s)[0]:
            return False
        chunk = os.read(self._master, 65536)
        self.output += chunk
        self._draw(chunk)
        return True

    def _draw(self, chunk: bytes) -> None:
        """Draw what is whole: an escape sequence cut by the read waits for its rest."""
        data = self._held + chunk
        cut = data.rfind(b"\x1b", len(data) - 16 if len(data) > 16 else 0)
        whole, self._held = (data, b"") if cut < 0 else (data[:cut], data[cut:])
        if self._held and re.match(rb"\x1b(\[[<-?]?[0-9;]*[ $]?[@-~]|[^\[])", self._held):
            whole, self._held = data, b""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", whole))
