"""A fork: a conversation up to an event, in new runs, and the old one as it was."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest

from tests.journal.test_sqlite_store import DONE, a_run, message, path, plain, store
from tui.errors import JournalError
from tui.journal.forking import fork_title
from tui.wire.events import RunCancelled, RunStarted, ToolCalled, ToolOutput

__all__ = ["path", "store"]

CALL = ToolCalled(
    run_id="", item_id="i", agent="Triage", call_id="c", tool="look", arguments='{"order": "A-7"}'
)
ANSWER = ToolOutput(run_id="", agent="Triage", call_id="c", output="camera found")
FIRST = a_run("r1", CALL, ANSWER, message("Found."), DONE)
SECOND = a_run("r2", message("Not yet."), DONE, said="And now?", at=200.0, continues="r1")


@pytest.fixture
def kept(store):
    store.append([*FIRST, *SECOND])
    return store


def bodies(store, run_id):
    """Events without what a copy changes."""
    events = [msgspec.to_builtins(event) for event in store.events(run_id)]
    for event in events:
        for name in ("run_id", "continues", "retries", "forks"):
            event.pop(name, None)
    return events


def test_a_fork_has_the_earlier_runs_whole_and_the_last_one_up_to_there(kept):
    before = plain([*kept.events("r1"), *kept.events("r2")])
    copy = kept.fork("r2", 3)
    first, last = kept.conversation(copy.root)

    assert bodies(kept, first.run_id) == bodies(kept, "r1")
    assert bodies(kept, last.run_id)[:-1] == bodies(kept, "r2")[:3]
    end = list(kept.events(last.run_id))[-1]
    assert isinstance(end, RunCancelled)
    assert (end.mode, end.seq, end.at) == ("forked", 3, 202.0)
    assert (copy.run_id, copy.status, copy.events) == (last.run_id, "cancelled", 4)
    assert plain([*kept.events("r1"), *kept.events("r2")]) == before


def test_copies_name_what_they_are_copies_of_and_continue_each_other(kept):
    copy = kept.fork("r2", 3)
    ids = [each.run_id for each in kept.conversation(copy.root)]
    begun = [next(kept.events(run_id)) for run_id in ids]
    assert [each.forks for each in begun] == ["r1", "r2"]
    assert [each.continues for each in begun] == [None, ids[0]]
    assert copy.root == ids[0]
    assert not {"r1", "r2"} & set(ids)


def test_a_fork_is_found_by_its_words_named_and_listed_first(path, store):
    store._wall = lambda: 900.0
    store.append([*FIRST, *SECOND, *a_run("r9", DONE, at=800.0, said="Other")])
    copy = store.fork("r1", 4)
    assert (copy.title, copy.moved_at) == ("Refund A-1 (fork)", 900.0)
    assert [run.run_id for run in store.runs()] == [copy.run_id, "r9", "r2"]
    assert [run.run_id for run in store.runs(before=900.0)] == ["r9", "r2"]
    found = {hit.run.run_id for hit in store.search("camera found")}
    assert found == {"r1", copy.run_id}
    assert [hit.seq for hit in store.search("camera")] == [3, 3]
    sized = sum(len(msgspec.json.encode(event)) for event in store.events(copy.run_id))
    assert copy.size == sized


def test_deleting_one_leaves_the_other(kept):
    copy = kept.fork("r2", 4)
    kept.delete("r1")
    assert len(kept.conversation(copy.root)) == 2
    assert [hit.run.root for hit in kept.search("camera")] == [copy.root]
    kept.delete(copy.root)
    assert kept.search("camera") == []


def test_before_the_first_message_of_a_follow_up_there_are_the_runs_before_it(kept):
    copy = kept.fork("r2", 1)
    (only,) = kept.conversation(copy.root)
    assert only.run_id == copy.run_id
    assert copy.status == "completed"
    assert bodies(kept, copy.run_id) == bodies(kept, "r1")


def test_behind_the_end_of_a_run_the_copy_ends_as_it_did(kept):
    copy = kept.fork("r2", 99)
    assert copy.status == "completed"
    assert bodies(kept, copy.run_id) == bodies(kept, "r2")


@pytest.mark.parametrize(
    ("run_id", "before_seq", "told"),
    [
        ("r1", 1, "nothing was said or done before that"),
        ("r7", 3, "no run r7 to fork"),
    ],
)
def test_where_there_is_nothing_to_copy_nothing_changes(kept, path, run_id, before_seq, told):
    with pytest.raises(JournalError, match=told):
        kept.fork(run_id, before_seq)
    with sqlite3.connect(path) as connection:
        (runs,) = connection.execute("SELECT count(*) FROM run").fetchone()
    connection.close()
    assert runs == 2


def test_what_the_first_run_continued_elsewhere_is_not_continued_by_a_copy(store):
    store.append(a_run("r5", message("Well."), DONE, continues="gone"))
    copy = store.fork("r5", 3)
    assert copy.root == copy.run_id
    begun = next(store.events(copy.run_id))
    assert isinstance(begun, RunStarted)
    assert (begun.continues, begun.forks) == (None, "r5")


def test_a_fork_of_a_fork_is_called_a_fork_once():
    assert fork_title("Refund (fork)") == "Refund (fork)"
    assert fork_title("") == "(fork)"
