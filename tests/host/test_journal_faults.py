"""What befalls a journal ends no run: it goes on in memory, and the person is told once."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing, contextmanager

import msgspec
import pytest

from tests.host.kept_desk import kept, played
from tests.journal.harm import flip_bytes, limited, locked, read_only, small_disk
from tui.agents import function_tool
from tui.journal import sqlite_store
from tui.journal.schema import VERSION
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import ConsoleOutput, RunCompleted

SOON_S = 0.05
NOT_KEPT = "This run and those to come are not kept: "


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def path(folder):
    return folder / "journal.sqlite3"


def plain(events):
    return [msgspec.to_builtins(event) for event in events]


def notices(told):
    return [
        event.text.strip()
        for events in told
        for event in events
        if isinstance(event, ConsoleOutput)
    ]


def tool_that(harms, path, at):
    """Return a tool that has something befall the journal when it is called for the `at`th time."""
    calls = []

    @function_tool
    async def pay() -> str:
        calls.append(None)
        if len(calls) == at:
            harms(path)
        return "paid"

    return pay


async def harmed(harms, path):
    """Return what three runs told; the harm comes in the second, after the first was kept."""
    told = await played(path, tool_that(harms, path, at=3), runs=3, calls=2)
    assert [type(events[-1]) for events in told] == [RunCompleted] * 3
    assert all([event.seq for event in events] == list(range(len(events))) for events in told)
    return told


@contextmanager
def _deleted(folder):
    yield lambda path: path.unlink()


@contextmanager
def _folder_deleted(folder):
    yield lambda path: shutil.rmtree(folder)


@contextmanager
def _flipped(folder):
    yield flip_bytes


@contextmanager
def _full(folder):
    with limited() as fill:
        yield fill


@contextmanager
def _locked(folder):
    with closing(Lock()) as lock:
        yield lock.take


class Lock:
    """Another process's lock, from when it is taken to the end."""

    def take(self, path):
        self._held = locked(path)
        self.let_go = self._held.__enter__()

    def close(self):
        self._held.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (_full, "disk I/O error"),
        (small_disk, "full|disk I/O error"),
        (_locked, "locked"),
        (_flipped, "malformed"),
        (_deleted, "deleted or replaced"),
        (_folder_deleted, "deleted or replaced"),
    ],
)
async def test_a_journal_that_fails_under_a_run_is_told_of_once(
    harm, why, folder, path, monkeypatch
):
    monkeypatch.setattr(sqlite_store, "_BUSY_S", SOON_S)
    with harm(folder) as harms:
        told = await harmed(harms, path)
        (notice,) = notices(told)
        assert notice.startswith(NOT_KEPT)
        assert re.search(why, notice)
        assert "\n" not in notice
        if harm in (_full, small_disk, _locked):
            kept_later = kept(path, "r2")
            assert plain(kept(path, "r1")) == plain(told[0])
            assert plain(kept_later) == plain(told[1][: len(kept_later)])
            assert kept(path, "r3") == []


async def test_what_was_damaged_from_outside_is_left_as_it_is(path):
    found = []

    def harms(path):
        flip_bytes(path)
        found.append(path.read_bytes())

    await harmed(harms, path)
    assert path.read_bytes() == found[0]


async def test_a_lock_that_is_let_go_in_time_is_waited_for(path, monkeypatch):
    lock, append = Lock(), SqliteStore.append

    def lets_go(store, records):
        if hasattr(lock, "let_go"):
            lock.let_go()
        return append(store, records)

    monkeypatch.setattr(SqliteStore, "append", lets_go)
    with closing(lock):
        told = await harmed(lock.take, path)
    assert notices(told) == []
    assert [plain(kept(path, f"r{number}")) for number in (1, 2, 3)] == [plain(e) for e in told]


async def test_a_run_whose_conversation_is_deleted_says_so_once_and_leaves_nothing(path):
    def harms(path):
        with closing(SqliteStore(path)) as store:
            store.delete("r2")

    told = await harmed(harms, path)
    assert notices(told) == ["This run was deleted from the journal: what follows is not kept."]
    assert kept(path, "r2") == []
    assert [plain(kept(path, f"r{number}")) for number in (1, 3)] == [
        plain(told[0]),
        plain(told[2]),
    ]
    with closing(sqlite3.connect(path)) as connection:
        for table in ("event", "checkpoint", "word"):
            rows = connection.execute(f"SELECT count(*) FROM {table} WHERE run = 'r2'")
            assert rows.fetchone() == (0,), table


async def test_pruning_takes_what_has_ended_and_no_run_that_goes_on(path):
    def harms(path):
        with closing(SqliteStore(path)) as store:
            store.prune(float("inf"), keep_starred=False)

    told = await harmed(harms, path)
    assert notices(told) == []
    assert kept(path, "r1") == []
    assert [plain(kept(path, f"r{number}")) for number in (2, 3)] == [plain(e) for e in told[1:]]


@contextmanager
def _no_sqlite(path):
    path.write_text("a letter to a friend, and no database at all\n" * 200)
    yield path


@contextmanager
def _newer(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    yield path


@contextmanager
def _damaged(path):
    path.write_bytes(path.read_bytes()[:100] + bytes(8192))
    yield path


@contextmanager
def _locked_for_ever(path):
    path.unlink()
    with locked(path):
        yield path


@contextmanager
def _in_a_read_only_folder(path):
    with read_only(path.parent) as folder:
        yield folder / path.name


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (_no_sqlite, "not a database"),
        (_newer, "made by a newer Baton"),
        (_damaged, "malformed"),
        (_locked_for_ever, "locked"),
        (_in_a_read_only_folder, "cannot be opened"),
    ],
)
async def test_a_journal_that_cannot_be_opened_is_told_of_once_and_left_as_it_is(
    harm, why, path, monkeypatch
):
    monkeypatch.setattr(sqlite_store, "_BUSY_S", SOON_S)
    with closing(SqliteStore(path)):
        pass
    with harm(path) as place:
        before = path.read_bytes()
        told = await played(place, tool_that(lambda _: None, place, at=0), runs=2)
        assert path.read_bytes() == before
    assert [type(events[-1]) for events in told] == [RunCompleted] * 2
    (notice,) = notices(told)
    assert notice.startswith(NOT_KEPT)
    assert why in notice
