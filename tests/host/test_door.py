"""What a host opens for screens to come, what it keeps of itself, and which runs it may take up."""

from __future__ import annotations

import pytest

from tui.errors import JournalError
from tui.host.door import open_door, place_of
from tui.host.keeping import Keeping, Place
from tui.host.loading import Wanted
from tui.journal.opened import read
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import RunCompleted, RunStarted
from tui.wire.meeting import Door, lives


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def doors():
    opened = []
    yield opened
    for door in opened:
        door.close()


def test_where_nothing_is_kept_there_is_no_door():
    assert open_door(Wanted("desk.py:agent")) == (None, "")
    assert place_of(Wanted("desk.py:agent"), None) is None


def test_a_host_that_keeps_its_runs_can_be_met(path, runtime_folder, doors):
    door, notice = open_door(Wanted("desk.py:agent", journal=str(path)))
    doors.append(door)
    assert notice == ""
    assert door.path.parent == runtime_folder / "baton"
    assert door.socket is not None


def test_a_folder_that_is_not_only_ours_is_told_of_and_the_host_only_holds_its_lock(
    path, tmp_path, monkeypatch, doors
):
    foreign = tmp_path / "run" / "baton"
    foreign.mkdir(parents=True, mode=0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(foreign.parent))
    door, notice = open_door(Wanted("desk.py:agent", journal=str(path)))
    doors.append(door)
    assert door.socket is None
    assert lives(str(door.path))
    assert "is open to others: `chmod 700` it" in notice
    assert notice.startswith("What runs here cannot be found again and ends with this screen")


def test_how_a_host_was_opened_is_kept_but_no_key(path, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:8000/v1")
    wanted = Wanted("desk.py:agent", model="small", key_from="MY_KEY", journal=str(path))
    place = place_of(wanted, None)
    how = read(place.opened)
    assert (how.folder, how.model, how.key_from) == (str(tmp_path), "small", "MY_KEY")
    assert how.environment == {"OPENAI_BASE_URL": "http://localhost:8000/v1"}
    assert "secret" not in place.opened


@pytest.fixture
def begun(path):
    def begin(host, *more):
        store = SqliteStore(path)
        store.begin_as(host, "")
        store.append([RunStarted(run_id="r", seq=0, target="t"), *more])
        store.close()

    return begin


async def claimed(path):
    keeping = Keeping(Place(path, "mine"), lambda _: None)
    try:
        return keeping.claim("r")
    finally:
        await keeping.close()


async def test_a_run_whose_host_is_gone_is_taken_up_by_one(path, begun):
    begun("/nowhere.sock")
    assert await claimed(path)
    store = SqliteStore(path)
    assert store.host_of("r") == "mine"
    store.close()


async def test_a_run_whose_host_lives_stays_there(path, begun, tmp_path, doors):
    doors.append(Door(tmp_path))
    begun(str(doors[0].path))
    assert not await claimed(path)


async def test_a_run_that_is_over_is_taken_up_by_nobody(path, begun):
    begun("/nowhere.sock", RunCompleted(run_id="r", seq=1, at=1.0))
    assert not await claimed(path)


async def test_a_journal_that_cannot_be_read_says_so(path, begun):
    begun("/nowhere.sock")
    keeping = Keeping(Place(path, "mine"), lambda _: None)
    await keeping.kept()
    path.unlink()
    path.mkdir()
    with pytest.raises(JournalError, match="cannot be opened"):
        keeping.claim("r")
    await keeping.close()
