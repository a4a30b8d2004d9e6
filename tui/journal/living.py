"""Which kept runs have a host that lives, and how a run stands, in a word. Asks locks, no host."""

from collections.abc import Set as AbstractSet
from typing import Final, Literal, TypeAlias

from tui.journal.store import KeptRun, Status, Store
from tui.wire.meeting import lives

State: TypeAlias = Literal["running", "waits", "interrupted", "done", "failed", "cancelled"]

_WORDS: Final[dict[Status, State]] = {
    "running": "running",
    "waiting": "waits",
    "completed": "done",
    "failed": "failed",
    "cancelled": "cancelled",
}


def living(store: Store) -> frozenset[str]:
    """Return the ids of the runs without an end whose host lives.

    Raises:
        JournalError: If the journal cannot be read.
    """
    unended = store.unended()
    hosts = {path for path in {run.host for run in unended} if lives(path)}
    return frozenset(run.run_id for run in unended if run.host in hosts)


def state_of(run: KeptRun, alive: AbstractSet[str]) -> State:
    """Return how a run stands.

    Args:
        run: The run.
        alive: What `living` gave. A run without an end that is not in it was interrupted.
    """
    if run.ended_at is None and run.run_id not in alive:
        return "interrupted"
    return _WORDS[run.status]
