"""The shipped command in a pty, as benchmarks watch it: nothing is drawn, bytes are looked for."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import processes
from tests.bench.service import END
from tests.terminal.pty_session import PtySession

AGENT = Path(__file__).with_name("agent_file.py")
REPOSITORY = str(Path(__file__).parents[2])
_READY = "Quit"
_QUIET_S = 0.5


class Screen(PtySession):
    """A session whose output is kept and not drawn, so that drawing takes no CPU from it."""

    def _draw(self, chunk: bytes) -> None:
        pass

    def until(self, text: str, since: int = 0, within_s: float = 120) -> None:
        """Read until `text` was written, after the output's byte `since`.

        Raises:
            AssertionError: If it was not within `within_s`.
        """
        wanted, deadline = text.encode(), time.monotonic() + within_s
        while self.output.find(wanted, since) < 0:
            if not self.read(deadline - time.monotonic()):
                tail = bytes(self.output[-500:])
                raise AssertionError(f"the screen never wrote {text!r}; it ends in {tail!r}")

    def rest(self, seconds: float) -> None:
        """Read for a while."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.read(left)

    def run_to_end(self, name: str) -> None:
        """Say `name` to the agent, and read until its answer stands there whole."""
        since = len(self.output)
        self.type(f"{name}\r")
        self.until(END, since)
        while self.read(_QUIET_S):
            pass

    @property
    def pids(self) -> tuple[int, ...]:
        """The screen's process and the agent's."""
        return (self.process.pid, *processes.children(self.process.pid))

    def cpu_s(self) -> list[float]:
        """Return the CPU seconds of both processes so far."""
        return [processes.cpu_s(pid) for pid in self.pids]


@contextmanager
def opened(*arguments: str, base_url: str = "") -> Iterator[Screen]:
    """Open the cockpit and wait for its first frame."""
    env = {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": "none", "PYTHONPATH": REPOSITORY}
    with Screen([sys.executable, "-m", "tui.cli", *arguments], env=env, cwd=os.sep) as screen:
        screen.until(_READY)
        yield screen


@contextmanager
def agent_opened(base_url: str) -> Iterator[Screen]:
    """Open the cockpit on the bench's agent, and have it answer once."""
    with opened("run", f"{AGENT}:agent", base_url=base_url) as screen:
        screen.run_to_end("deltas-100-whole")
        yield screen
