"""The journal in a file: what goes in comes out, is listed, found, named and forgotten."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import msgspec
import pytest
from msgspec.structs import replace

from tui.errors import JournalError
from tui.journal import schema
from tui.journal.schema import VERSION
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import Checkpoint
from tui.wire.events import (
    AgentChanged,
    MessageOutput,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunResumed,
    RunStarted,
    TextDelta,
    ToolCalled,
    ToolOutput,
    UserMessage,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "journal.sqlite3"


@pytest.fixture
def store(path):
    store = SqliteStore(path)
    yield store
    store.close()


def a_run(run_id, *events, said="Refund A-1", at=100.0, **started):
    """Return a run's events, stamped in order."""
    whole = [
        RunStarted(run_id=run_id, target="desk.py:triage", agent="Triage", **started),
        UserMessage(run_id=run_id, item_id="u", text=said),
        *events,
    ]
    return [_stamped(event, run_id, seq, at + seq) for seq, event in enumerate(whole)]


def _stamped(event, run_id, seq, at):
    return replace(event, run_id=run_id, seq=seq, at=at)


def message(text, agent="Triage"):
    return MessageOutput(run_id="", item_id="m", agent=agent, text=text)


DONE = RunCompleted(run_id="", final_output="done")
FAILED = RunFailed(run_id="", error_type="TimeoutError", message="The service did not answer.")


def plain(events):
    return [msgspec.to_builtins(event) for event in events]


def test_events_come_out_as_they_went_in_and_those_behind_a_place_alone(store):
    events = a_run("r1", TextDelta(run_id="", item_id="m", agent="Triage", text="hé 📦"), DONE)
    store.append(events)

    assert plain(store.events("r1")) == plain(events)
    assert plain(store.events("r1", after=1)) == plain(events[2:])
    assert list(store.events("r2")) == []


def test_more_events_than_a_page_come_whole(store):
    events = a_run("r1", *(message(f"m{n}") for n in range(1_200)))
    store.append(events)

    assert [event.seq for event in store.events("r1")] == list(range(1_202))


def test_an_event_that_is_kept_is_left_as_it_is(store):
    events = a_run("r1", message("once"), DONE)
    store.append(events[:3])
    store.append(events[1:])

    assert plain(store.events("r1")) == plain(events)
    assert store.run("r1").events == 4
    assert len(store.search("once")) == 1


@pytest.mark.parametrize(
    ("more", "status", "ended_at", "agent"),
    [
        ([], "running", None, "Triage"),
        ([RunPaused(run_id="")], "waiting", None, "Triage"),
        ([RunPaused(run_id=""), RunResumed(run_id="")], "running", None, "Triage"),
        ([AgentChanged(run_id="", agent="Billing"), DONE], "completed", 103.0, "Billing"),
        ([AgentChanged(run_id="", agent="Inner", within="c1"), FAILED], "failed", 103.0, "Triage"),
    ],
)
def test_a_run_is_listed_with_how_far_it_came(store, more, status, ended_at, agent):
    store.append(a_run("r1", *more))
    run = store.run("r1")

    assert (run.status, run.ended_at, run.agent) == (status, ended_at, agent)
    assert (run.title, run.target, run.started_at) == ("Refund A-1", "desk.py:triage", 100.0)


def test_conversations_are_listed_by_their_newest_run(store):
    store.append(a_run("a", DONE, at=100.0))
    store.append(a_run("b", DONE, at=200.0, said="Another"))
    store.append(a_run("c", at=300.0, said="Go on", continues="a"))

    assert [(run.run_id, run.root, run.title) for run in store.runs()] == [
        ("c", "a", "Refund A-1"),
        ("b", "b", "Another"),
    ]
    assert [run.run_id for run in store.runs(before=300.0)] == ["b"]
    assert [run.run_id for run in store.runs(limit=1)] == ["c"]
    assert [run.run_id for run in store.conversation("a")] == ["a", "c"]


def test_a_run_that_tries_again_belongs_to_the_conversation_of_the_failed_one(store):
    store.append(a_run("a", FAILED))
    store.append(a_run("b", at=200.0, retries="a"))
    assert store.run("b").root == "a"


def test_a_run_is_found_by_the_beginning_of_its_id_if_no_other_begins_so(store):
    store.append(a_run("7f3a"))
    store.append(a_run("7f4b"))

    assert store.run("7f3").run_id == "7f3a"
    assert store.run("7f") is None
    assert store.run("") is None


def test_words_are_found_in_what_was_said_asked_and_answered_newest_first(store):
    call = ToolCalled(
        run_id="",
        item_id="t",
        agent="Triage",
        call_id="c",
        tool="lookup",
        arguments='{"order":"A-1042"}',
    )
    output = ToolOutput(run_id="", agent="Triage", call_id="c", output="Crème brûlée, found")
    store.append(a_run("r1", call, output, message("All is well with the order.")))

    assert [(hit.seq, hit.kind) for hit in store.search("order")] == [
        (4, "message_output"),
        (2, "tool_called"),
    ]
    assert store.search("creme")[0].excerpt == "\x02Crème\x03 brûlée, found"
    assert [hit.seq for hit in store.search("well ord")] == [4]
    assert store.search("nowhere") == []
    assert store.search("  ") == ()


@pytest.mark.parametrize("words", ['"', "a AND", "(", "NEAR", "*", "a:b", "-x", "\x00"])
def test_no_words_are_a_syntax_of_their_own(store, words):
    store.append(a_run("r1", message("plain")))
    assert list(store.search(words)) == []


def test_a_conversation_is_marked_and_named(store):
    store.append(a_run("r1"))
    store.star("r1", True)
    store.rename("r1", "  The  lamp\n")
    assert (store.run("r1").is_starred, store.run("r1").title) == (True, "The lamp")
    store.star("r1", False)
    store.rename("r1", "")
    assert (store.run("r1").is_starred, store.run("r1").title) == (False, "Refund A-1")


def test_what_is_forgotten_is_gone_from_every_list_and_what_is_not_stays(store, path):
    store.append(a_run("a", message("secret plan"), DONE))
    store.append(a_run("b", message("another plan"), DONE, at=200.0))
    store.delete("a")

    assert [run.run_id for run in store.runs()] == ["b"]
    assert list(store.events("a")) == []
    assert [hit.run.run_id for hit in store.search("plan")] == ["b"]


def test_old_conversations_are_forgotten_but_not_those_that_are_marked_or_have_no_end(store):
    for run_id, at, more in (("old", 1.0, [DONE]), ("kept", 2.0, [DONE]), ("open", 3.0, [])):
        store.append(a_run(run_id, *more, at=at))
    store.append(a_run("new", DONE, at=500.0))
    store.star("kept", True)

    assert store.prune(400.0, keep_starred=True) == 1
    assert {run.run_id for run in store.runs()} == {"kept", "open", "new"}
    assert store.prune(400.0, keep_starred=False) == 1


def test_the_file_is_its_owners_alone(store, path):
    store.append(a_run("r1"))
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_all_or_nothing_is_kept(store, monkeypatch):
    good = a_run("r1", message("one"))
    with pytest.raises(AttributeError):
        store.append([*good, None])
    assert list(store.events("r1")) == []
    store.append(good)
    assert store.run("r1").events == 3


def test_a_newer_file_is_refused_and_left_as_it_is(store, path):
    store.append(a_run("r1"))
    store.close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()

    with pytest.raises(JournalError, match="made by a newer Baton"):
        SqliteStore(path)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM event").fetchone() == (2,)
    connection.close()


def test_a_file_that_is_no_journal_is_a_sentence(path):
    path.parent.mkdir()
    path.write_text("no journal at all, and longer than the head of one would be" * 20)
    with pytest.raises(JournalError, match=r"journal\.sqlite3 cannot be opened: .*not a database"):
        SqliteStore(path)


def test_a_damaged_page_is_a_sentence_and_what_is_whole_can_be_read(store, path):
    store.append(a_run("r1", *(message("x" * 500) for _ in range(100))))
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + os.urandom(4096) + whole[len(whole) // 2 + 4096 :])
    damaged = SqliteStore(path)
    with pytest.raises(JournalError, match="malformed"):
        _use(damaged)
    damaged.close()


def _use(store):
    list(store.events("r1"))
    store.search("x")
    store.append(a_run("r2"))
    store.delete("r1")


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match=r"cannot be opened: "):
        SqliteStore(tmp_path / "file" / "journal.sqlite3")


_APPENDS = """
import sys
from contextlib import closing
from pathlib import Path
from tests.journal.test_sqlite_store import a_run, message
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import Checkpoint
store = SqliteStore(Path(sys.argv[1]))
for event in a_run(sys.argv[2], *(message(f"m{n}") for n in range(200))):
    store.append([event])
"""


def test_several_processes_keep_in_one_file(path):
    children = [
        subprocess.Popen([sys.executable, "-c", _APPENDS, str(path), run_id])
        for run_id in ("a", "b")
    ]
    assert [child.wait(60) for child in children] == [0, 0]
    store = SqliteStore(path)
    assert {run.run_id: run.events for run in store.runs()} == {"a": 202, "b": 202}
    store.close()


def test_checkpoints_come_out_in_their_order_and_go_with_their_conversation(store):
    first = Checkpoint("r1", 1, "start", '{"a":1}')
    second = Checkpoint("r1", 1, "state", "{}")
    store.append([*a_run("r1"), first, second])
    store.append([*a_run("r2"), Checkpoint("r2", 1, "start", "{}")])
    assert store.checkpoints("r1") == [first, second]

    store.delete("r1")
    assert store.checkpoints("r1") == []
    assert len(store.checkpoints("r2")) == 1


def test_a_file_of_the_first_form_is_brought_up_to_date(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(schema._FIRST)
        connection.execute("PRAGMA user_version = 1")
    with closing(SqliteStore(path)) as store:
        store.append([*a_run("r1"), Checkpoint("r1", 1, "start", "{}")])
        assert len(store.checkpoints("r1")) == 1


def test_what_comes_of_a_run_that_was_deleted_meanwhile_is_left_out_and_its_run_is_named(
    store, path
):
    gone, other = a_run("r1", message("one"), DONE), a_run("r2", message("two"))
    store.append([*gone[:2], *other[:2]])
    store.delete("r1")
    assert store.append([gone[2], other[2], Checkpoint("r1", 2, "state", "{}"), gone[3]]) == {"r1"}

    assert plain(store.events("r2")) == plain(other)
    with closing(sqlite3.connect(path)) as connection:
        for table in ("event", "checkpoint", "word"):
            rows = connection.execute(f"SELECT count(*) FROM {table} WHERE run = 'r1'")
            assert rows.fetchone() == (0,), table


@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_file_that_was_deleted_or_replaced_is_written_no_more(store, path, is_replaced):
    store.append(a_run("r1"))
    path.rename(path.with_name("elsewhere"))
    if is_replaced:
        path.write_bytes(b"another")
    with pytest.raises(JournalError, match="was deleted or replaced"):
        store.append(a_run("r2"))
    assert path.exists() == is_replaced


OPENS_AND_CLOSES = """
import sys
from pathlib import Path
from tui.journal.sqlite_store import SqliteStore
SqliteStore(Path(sys.argv[1])).close()
"""


def test_who_opens_it_beside_takes_no_locks_from_who_writes(path):
    """Another process that closed the file would take itself for the last, and drop what is new."""
    with closing(SqliteStore(path)) as writes:
        SqliteStore(path).close()
        writes.append(a_run("r1"))
        subprocess.run([sys.executable, "-c", OPENS_AND_CLOSES, path], check=True)
        assert path.with_name(f"{path.name}-wal").exists()
        writes.append(a_run("r2"))
        with closing(SqliteStore(path)) as reads:
            assert {run.run_id for run in reads.runs()} == {"r1", "r2"}
