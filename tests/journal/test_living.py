"""Which host has a kept run, who may take it over, and how a run stands."""

from __future__ import annotations

import sqlite3

import pytest

from tui.journal import schema
from tui.journal.living import living
from tui.journal.opened import HowOpened, named_in, read, written
from tui.journal.sqlite_store import SqliteStore
from tui.journal.words import state_in_words
from tui.wire.events import RunCancelled, RunCompleted, RunFailed, RunPaused, RunStarted
from tui.wire.meeting import Door


@pytest.fixture
def store(tmp_path):
    store = SqliteStore(tmp_path / "journal.sqlite3")
    yield store
    store.close()


@pytest.fixture
def door(tmp_path):
    door = Door(tmp_path)
    yield door
    door.close()


def begin(store, run_id, *more, host=""):
    store.begin_as(host, written(HowOpened(model="small")))
    store.append([RunStarted(run_id=run_id, seq=0, at=1.0, target="desk.py:triage"), *more])


def test_a_run_belongs_to_the_host_that_began_it(store):
    begin(store, "r", host="/run/a.sock")
    run = store.run("r")
    assert (run.host, read(run.opened).model) == ("/run/a.sock", "small")
    assert store.host_of("r") == "/run/a.sock"
    assert store.host_of("nobody") == ""


def test_of_two_that_claim_a_run_one_gets_it(store):
    begin(store, "r", host="dead")
    assert store.claim("r", "one", "dead")
    assert not store.claim("r", "other", "dead")
    assert store.host_of("r") == "one"


def test_a_run_that_has_ended_is_claimed_by_nobody(store):
    begin(store, "r", RunCompleted(run_id="r", seq=1, at=2.0), host="dead")
    assert not store.claim("r", "one", "dead")


def test_the_runs_without_an_end_are_listed(store):
    begin(store, "over", RunCompleted(run_id="over", seq=1, at=2.0))
    begin(store, "open")
    assert [run.run_id for run in store.unended()] == ["open"]


def test_a_run_whose_host_is_gone_was_interrupted(store, door):
    begin(store, "lives", host=str(door.path))
    begin(store, "waits", RunPaused(run_id="waits", seq=1, waiting_for=("c",)), host=str(door.path))
    begin(store, "dead", host="/nowhere.sock")
    begin(store, "none")
    begin(store, "done", RunCompleted(run_id="done", seq=1, at=2.0))
    begin(store, "failed", RunFailed(run_id="failed", seq=1, at=2.0, error_type="E", message=""))
    begin(store, "cancelled", RunCancelled(run_id="cancelled", seq=1, at=2.0))
    alive = living(store)
    assert alive == {"lives", "waits"}
    states = {run.run_id: state_in_words(run, alive) for run in store.runs()}
    assert states == {
        "lives": "running",
        "waits": "waiting",
        "dead": "interrupted",
        "none": "interrupted",
        "done": "completed",
        "failed": "failed",
        "cancelled": "cancelled",
    }


def test_a_journal_of_before_is_brought_up_to_date(tmp_path):
    path = tmp_path / "journal.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(schema._FIRST)
    connection.execute(
        "INSERT INTO run VALUES ('r', 'r', 'desk.py', '', 'running', 1.0, NULL, 0, 9, 0)"
    )
    connection.execute("INSERT INTO conversation (root, newest, moved_at) VALUES ('r', 'r', 1.0)")
    connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    store = SqliteStore(path)
    run = store.run("r")
    store.close()
    assert (run.host, run.opened) == ("", "")


def test_what_may_hold_a_password_is_not_kept():
    environ = {
        "OPENAI_BASE_URL": "http://user:secret@localhost/v1",
        "OPENAI_DEFAULT_MODEL": "small",
        "OPENAI_API_KEY": "sk-secret",
    }
    assert named_in(environ) == {"OPENAI_DEFAULT_MODEL": "small"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"speed": "quick"}'])
def test_what_cannot_be_read_says_nothing(text):
    assert read(text) == HowOpened()
