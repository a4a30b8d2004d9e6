"""What tests of documents share: a journal, and reports of what is put into it."""

import pytest

from tui.journal.sqlite_store import SqliteStore
from tui.report.report import report_of


@pytest.fixture
def report(tmp_path):
    """Return the report of the conversation that events are; words are left out."""
    store = SqliteStore(tmp_path / "journal.sqlite3")

    def told(*events, words=()):
        store.append(events)
        ids = dict.fromkeys(event.run_id for event in events)
        return report_of(store, [store.run(run_id) for run_id in ids], words)

    yield told
    store.close()
