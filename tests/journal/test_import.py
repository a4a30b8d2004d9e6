"""Runs come in from a file whole or not at all, under their own ids, and fold to what they were."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest

from tests.cockpit.projection.folding import folded
from tests.cockpit.projection.test_reduce_stories import events_of
from tests.fakes.fake_scripts import failing, nested_agent, plain_answer, policy_desk, refund_desk
from tests.journal.test_sqlite_store import DONE, a_run, message, plain
from tui.cockpit.projection.view import as_plain
from tui.errors import JournalError
from tui.journal import schema
from tui.journal.exchange import lines_of
from tui.journal.incoming import runs_in
from tui.journal.sqlite_store import SqliteStore
from tui.journal.words import size_in_words, state_in_words
from tui.wire.events import RunPaused


@pytest.fixture
def stores(tmp_path):
    """Two journals: of who hands on, and of who is given."""
    both = [SqliteStore(tmp_path / name / "journal.sqlite3") for name in ("here", "there")]
    yield both
    for store in both:
        store.close()


def lines(*events):
    return [msgspec.json.encode(event).decode() for event in events]


@pytest.mark.parametrize("script", [refund_desk, plain_answer, failing, nested_agent, policy_desk])
async def test_a_run_folds_elsewhere_to_the_same_view(stores, script):
    here, there = stores
    live = await events_of(script)
    run_id = live[0].run_id
    here.append(live)
    there.bring_in(runs_in(lines_of(here.events(run_id)), "a.jsonl"))

    assert as_plain(folded(there.events(run_id))) == as_plain(folded(live))
    assert there.run(run_id).status == here.run(run_id).status


def test_a_conversation_comes_in_together_and_is_found(stores):
    store = stores[0]
    first, second = a_run("a", message("a lamp"), DONE), a_run("b", DONE, at=200.0, continues="a")
    assert store.bring_in(runs_in(lines(*first, *second), "a.jsonl")) == ["a", "b"]

    assert [run.run_id for run in store.conversation("a")] == ["a", "b"]
    assert [run.run_id for run in store.runs()] == ["b"]
    assert store.search("lamp")[0].run.run_id == "a"


def test_runs_that_came_in_before_those_they_go_on_with_join_their_conversation(stores):
    store = stores[0]
    first, second = a_run("a", DONE, at=100.0), a_run("b", DONE, at=200.0, continues="a")
    third = a_run("c", DONE, at=300.0, continues="b", said="The third")
    store.bring_in([third])
    store.star("b", True)
    store.bring_in([first, second, third])

    assert [run.run_id for run in store.conversation("a")] == ["a", "b", "c"]
    assert [(run.run_id, run.is_starred) for run in store.runs()] == [("c", True)]
    store.delete("a")
    assert store.runs() == []


def test_runs_may_alternate_line_by_line(stores):
    one, two = a_run("a", DONE), a_run("b", DONE)
    mixed = [event for pair in zip(one, two, strict=True) for event in pair]
    assert stores[0].bring_in(runs_in(lines(*mixed), "a.jsonl")) == ["a", "b"]


def test_what_is_kept_with_the_same_events_is_left_as_it_is(stores):
    store = stores[0]
    mine, other = a_run("a", DONE), a_run("b", DONE)
    store.append(mine)
    assert store.bring_in([mine, other]) == ["b"]
    assert (store.run("a").is_imported, store.run("b").is_imported) == (False, True)
    assert store.bring_in([mine, other]) == []


@pytest.mark.parametrize("theirs", [a_run("a", message("else"), DONE), a_run("a")])
def test_a_run_that_is_kept_otherwise_is_refused_and_with_it_all(stores, theirs):
    store = stores[0]
    store.append(a_run("a", DONE))
    with pytest.raises(JournalError, match="run a is kept already, with other events"):
        store.bring_in([a_run("b", DONE), theirs])
    assert store.run("b") is None
    assert plain(store.events("a")) == plain(a_run("a", DONE))


@pytest.mark.parametrize("more", [[], [RunPaused(run_id="")]])
def test_a_run_without_an_end_is_not_told_as_one_of_ours(stores, more):
    here, there = stores
    here.append(a_run("a", *more))
    there.bring_in([a_run("a", *more)])
    assert state_in_words(here.run("a"), frozenset()) == "interrupted"
    assert state_in_words(here.run("a"), {"a"}) in ("running", "waiting")
    assert state_in_words(there.run("a"), frozenset()) == "unfinished"
    assert there.prune(1_000.0, keep_starred=True) == 1


HEAD = '{"type":"baton-events","version":1,"redacted":0}'
START = '{"type":"run_started","run_id":"a","seq":0,"at":1.0,"target":"t"}'
SAID = '{"type":"user_message","run_id":"a","seq":1,"at":1.0,"item_id":"u","text":"Hi"}'


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "a.jsonl: no run is in it"),
        ([HEAD], "a.jsonl: no run is in it"),
        ([HEAD, SAID], "a.jsonl:2: event 1 of run a where 0 should stand"),
        ([START, SAID.replace('"seq":1', '"seq":2')], "a.jsonl:2: event 2 of run a where 1"),
        ([START, SAID, SAID], "a.jsonl:3: event 1 of run a where 2 should stand"),
        ([SAID.replace('"seq":1', '"seq":0')], "a.jsonl:1: run a begins with UserMessage"),
        ([START, START.replace('"seq":0', '"seq":1')], "a.jsonl:2: run a begins a second time"),
        ([START.replace('"a"', '""')], "a.jsonl:1: '' is no id of a run"),
        ([START.replace('"a"', '"a\\u001b[2J"')], "a.jsonl:1: 'a\\x1b[2J' is no id of a run"),
        ([START.replace("1.0", "1e300")], "a.jsonl:1: 1e+300 is no time of ours"),
        ([START, SAID.replace('"at":1.0', '"at":-5')], "a.jsonl:2: -5.0 is no time of ours"),
        ([START, SAID[:40]], "a.jsonl:2: no event: "),
        ([START, "[" * 100_000], "a.jsonl:2: no event: "),
        (['{"type":"baton-events","version":9}'], "a.jsonl:1: made by a newer Baton"),
        (
            [
                START.replace('"target"', '"continues":"b","target"'),
                START.replace('"a"', '"b"'),
            ],
            "a.jsonl:2: run a goes on with run b; put that one first",
        ),
    ],
)
def test_a_file_that_is_not_whole_is_refused_with_its_line(given, sentence):
    with pytest.raises(JournalError) as raised:
        runs_in(given, "a.jsonl")
    assert str(raised.value).startswith(sentence)


def test_a_journal_from_before_learns_which_runs_came_from_a_file(tmp_path):
    path = tmp_path / "journal.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(schema._STEPS[0])
    connection.execute("PRAGMA user_version = 1")
    connection.execute("INSERT INTO run VALUES ('a','a','t','A','completed',1.0,2.0,1,9,0)")
    connection.execute("INSERT INTO conversation (root, newest, moved_at) VALUES ('a','a',1.0)")
    connection.commit()
    connection.close()
    store = SqliteStore(path)
    assert (store.run("a").is_imported, store.run("a").ended_at) == (False, 2.0)
    store.close()


def test_sizes_are_told_as_people_read_them():
    assert [size_in_words(size) for size in (0, 512, 4_200, 1_400_000)] == [
        "0 B",
        "512 B",
        "4 KB",
        "1.3 MB",
    ]
