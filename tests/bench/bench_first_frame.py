"""First frame of `baton demo` against a bare Textual app with the same kinds of widgets.

Both are started in a pty in turn; a key is typed every 5 ms from the moment the terminal is taken
(before that the line discipline would echo it, and Textual drops what comes before a widget has
the focus), and the clock stops when the screen shows the first of them.
Run it with `python -m tests.bench.bench_first_frame`.
"""

import re
import statistics
import sys
import time
from pathlib import Path

from tests.terminal.pty_session import PtySession

ROUNDS = 7
TYPED = "ж"  # in no text of either screen
BARE = [sys.executable, str(Path(__file__).with_name("bare_app.py"))]
BATON = [sys.executable, "-m", "tui.cli", "demo"]


def measure(argv: list[str]) -> tuple[float, float, float]:
    """Return milliseconds to the echo, CPU milliseconds by then, and RSS in MB."""
    began = time.perf_counter()
    with PtySession(argv) as session:
        session.wait_for(lambda _: b"\x1b[?2004h" in session.output)
        while TYPED not in session.text:
            session.type(TYPED)
            session.read(0.005)
        elapsed = time.perf_counter() - began
        pid = session.process.pid
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        cpu = (int(fields[11]) + int(fields[12])) * 10.0
        status = Path(f"/proc/{pid}/status").read_text()
        resident = re.search(r"VmRSS:\s+(\d+)", status)
        assert resident is not None
        session.type("\x11\x11")
    return elapsed * 1000, cpu, int(resident[1]) / 1024


def main() -> None:
    """Print both sides and their ratio, interleaved, medians."""
    rounds = [(measure(BARE), measure(BATON)) for _ in range(ROUNDS)]
    bare = [statistics.median(side[0][n] for side in rounds) for n in range(3)]
    baton = [statistics.median(side[1][n] for side in rounds) for n in range(3)]
    ratio = statistics.median(ours[0] / theirs[0] for theirs, ours in rounds)
    cpu_ratio = statistics.median(ours[1] / theirs[1] for theirs, ours in rounds)
    print("| first frame, a key echoed | bare Textual | baton demo | ratio |")
    print("| --- | --- | --- | --- |")
    print(f"| wall ms | {bare[0]:.0f} | {baton[0]:.0f} | {ratio:.2f} |")
    print(f"| CPU ms | {bare[1]:.0f} | {baton[1]:.0f} | {cpu_ratio:.2f} |")
    print(f"| RSS MB | {bare[2]:.1f} | {baton[2]:.1f} | {baton[2] / bare[2]:.2f} |")


if __name__ == "__main__":
    main()
