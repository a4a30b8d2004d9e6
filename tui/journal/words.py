"""What a person is told of a kept run: its state and its size, in words. Knows no clock."""

from collections.abc import Set as AbstractSet
from typing import Final

from tui.journal.store import KeptRun

UNFINISHED: Final = "unfinished"
INTERRUPTED: Final = "interrupted"

_KB: Final = 1024
_MB: Final = 1024 * 1024


def state_in_words(run: KeptRun, alive: AbstractSet[str]) -> str:
    """Return how far a run came, in one word.

    A run from a file that has no end there is "unfinished": no host here ever had it, so it is
    neither running nor waiting for anybody.

    Args:
        run: The run.
        alive: The runs whose host lives, as `living` gives them. Another one without an end was
            interrupted.
    """
    if run.ended_at is not None or run.run_id in alive:
        return run.status
    return UNFINISHED if run.is_imported else INTERRUPTED


def size_in_words(size: int) -> str:
    """Return bytes as people read them: `512 B`, `4 KB`, `1.3 MB`."""
    if size < _KB:
        return f"{size} B"
    return f"{size / _KB:.0f} KB" if size < _MB else f"{size / _MB:.1f} MB"
