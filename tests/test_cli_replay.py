"""`baton replay`: what an argument names, and what is said of one that names nothing."""

from __future__ import annotations

import pytest

from tests.journal.test_sqlite_store import DONE, a_run, message
from tui.cli_parser import CommandLine
from tui.cli_replay import recording_of
from tui.errors import BatonError
from tui.journal.exchange import lines_of
from tui.journal.sqlite_store import SqliteStore

RUN = a_run("7f3a11112222", message("A lamp\u2028or two"), DONE)


@pytest.fixture
def journal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "data" / "journal.sqlite3"
    store = SqliteStore(path)
    store.append(RUN)
    store.append(a_run("7f3b", DONE))
    store.close()
    return path


def export(path, *, cut=0):
    text = "".join(f"{line}\n" for line in lines_of(RUN))
    path.write_text(text[: len(text) - cut])
    return str(path)


def test_a_run_is_named_by_the_beginning_of_its_id(journal):
    recording = recording_of("7f3a", journal)
    assert [event.seq for event in recording.events] == [0, 1, 2, 3]
    assert (recording.name, recording.kept.run_id) == ("Refund A-1", "7f3a11112222")


def test_a_file_comes_before_an_id_and_is_no_kept_run(journal, tmp_path):
    export(tmp_path / "7f3a")
    recording = recording_of("7f3a", journal)
    assert len(recording.events) == 4
    assert recording.events[2].text == "A lamp\u2028or two"
    assert (recording.name, recording.kept) == ("7f3a", None)
    assert len(recording_of("7f3a", None).events) == 4


@pytest.mark.parametrize(
    ("which", "told"),
    [
        ("7f3", "more than one run begins with '7f3': give more of it, as in 7f3a1111, 7f3b"),
        ("99", "no kept run begins with '99': `baton runs` lists them"),
        ("9" * 300, "no kept run begins with '999"),
        ("run.jsonl", "there is no file run.jsonl: check its path"),
        ("data/none", "there is no file data/none: check its path"),
        ("data", "data is a folder: give a file"),
        ("cut", "cut:5: no event: "),
        ("foreign", "foreign:1: no event: "),
        ("empty", "empty has no event: give a file that `baton runs export` wrote"),
        ("bytes", "bytes is not text in UTF-8: save it as that"),
    ],
)
def test_what_names_nothing_to_play_is_said_in_one_line(journal, tmp_path, which, told):
    export(tmp_path / "cut", cut=20)
    (tmp_path / "foreign").write_text("# Notes\n")
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BatonError) as caught:
        recording_of(which, journal)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("has_place", [True, False])
def test_where_nothing_was_ever_kept_that_is_said(tmp_path, has_place):
    journal = tmp_path / "journal.sqlite3" if has_place else None
    with pytest.raises(BatonError, match="no run is kept yet: give the path of a file"):
        recording_of("7f3a", journal)
    assert list(tmp_path.iterdir()) == []


def test_it_needs_one_argument():
    assert CommandLine().read(["replay", "7f3a", "--theme", "light"]).which == "7f3a"
    with pytest.raises(BatonError, match=r"ID\|FILE is missing: `baton replay --help` says"):
        CommandLine().read(["replay"])
