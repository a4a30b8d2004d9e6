"""A command in a real pseudo-terminal, with a screen that can be read and waited for."""

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
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})},
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

    def wait_for(self, what: str | Callable[[str], bool], *, within_s: float = 20) -> str:
        """Read until the screen shows `what` (a regular expression, or a test of its text).

        Raises:
            AssertionError: If it did not within `within_s`; carries the screen.
        """
        shown = what if callable(what) else re.compile(what).search
        deadline = time.monotonic() + within_s
        while not shown(self.text):
            ended = self.process.poll() is not None
            if not self.read(0.05 if ended else deadline - time.monotonic()):
                raise AssertionError(f"the screen never showed {what!r}; it shows:\n{self.text}")
        return self.text

    def go_to_request(self, *, within_s: float = 40) -> None:
        """Press Ctrl+G until the request that waits has the keys.

        A press before all of it is with the terminal is refused, as it should be; who watches the
        bytes can be that quick, and a person presses again.
        """
        deadline = time.monotonic() + within_s
        self.wait_for("Ctrl.G decide", within_s=within_s)
        while not re.search("y +Approve", self.settle()):
            if time.monotonic() > deadline:
                raise AssertionError(f"the keys never went to the request:\n{self.text}")
            self.type("\x07")

    def wait_until_ended(self, *, within_s: float = 10) -> int:
        """Read until the process has ended; return its exit code."""
        deadline = time.monotonic() + within_s
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise AssertionError(f"the process did not end; the screen shows:\n{self.text}")
            self.read(0.05)
        while self.read(0.05):
            pass
        return self.process.returncode

    def settle(self, *, quiet_s: float = 0.3) -> str:
        """Read until nothing has arrived for `quiet_s`; return the screen's text."""
        while self.read(quiet_s):
            pass
        return self.text

    @property
    def text(self) -> str:
        """The screen's lines, without the blanks at their ends."""
        return "\n".join(line.rstrip() for line in self.screen.display)

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
