"""Which kept runs have a host that lives. Asks locks, no host."""

from tui.journal.store import Store
from tui.wire.meeting import lives


def living(store: Store) -> frozenset[str]:
    """Return the ids of the runs without an end whose host lives.

    Raises:
        JournalError: If the journal cannot be read.
    """
    unended = store.unended()
    hosts = {path for path in {run.host for run in unended} if lives(path)}
    return frozenset(run.run_id for run in unended if run.host in hosts)
