"""`baton runs`, as a person types it: what it prints, what it asks, and what it says of slips."""

from __future__ import annotations

import io
import json
import re
import sys
import time

import pytest

from tests.journal.test_sqlite_store import DONE, a_run, message
from tui import cli
from tui.cli_runs import journal_path
from tui.journal.sqlite_store import SqliteStore


@pytest.fixture
def store(monkeypatch, tmp_path):
    monkeypatch.setenv("BATON_DATA_DIR", str(tmp_path))
    store = SqliteStore(tmp_path / "journal.sqlite3")
    now = time.time()
    store.append(a_run("7f3a11112222", message("A lamp \x1b[2J"), DONE, at=now - 90 * 86_400))
    store.append(a_run("8e00", message("Two lamps"), at=now, said="Another"))
    yield store
    store.close()


@pytest.fixture
def baton(capsys):
    """Run the command; return its exit code, output and errors."""

    def run(*arguments):
        code = cli.main(["runs", *arguments])
        return code, *capsys.readouterr()

    return run


def test_the_newest_conversation_stands_first(store, baton):
    code, out, err = baton()
    lines = out.splitlines()

    assert (code, err) == (0, "")
    assert [line[:8] for line in lines] == ["8e00    "[:4] + lines[0][4:8], "7f3a1111"]
    assert re.search(r"  interrupted +\d+ B  desk.py:triage  Another$", lines[0])
    assert re.search(r"  completed +\d+ B  desk.py:triage  Refund A-1$", lines[1])
    assert len(baton("list", "--limit", "1")[1].splitlines()) == 1


def test_a_row_is_as_wide_as_the_terminal(store, baton, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    rows = baton()[1].splitlines()
    assert [len(row) for row in rows] == [60, 60]
    assert rows[0].endswith("…")


def test_a_run_is_shown_by_the_beginning_of_its_id_and_acts_on_no_terminal(store, baton):
    _, out, _ = baton("show", "7f")
    assert "You: Refund A-1\nTriage: A lamp ␛[2J\n= done\n" in out


def test_words_are_found_and_stand_in_a_pipe_as_they_are(store, baton):
    assert "message output     A lamp ␛[2J\n" in baton("search", "lamp")[1]
    assert baton("search", "sofa") == (0, "", "No kept run has 'sofa' in it.\n")


@pytest.mark.parametrize(
    ("environ", "marked"),
    [({}, "A \x1b[1;4mlamp\x1b[22;24m ␛[2J"), ({"NO_COLOR": "1"}, "A »lamp«")],
)
def test_words_are_marked_on_a_terminal(store, baton, monkeypatch, environ, marked):
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert marked in baton("search", "lamp")[1]


def test_what_is_listed_and_found_can_be_read_by_programs(store, baton):
    listed = [json.loads(line) for line in baton("list", "--json")[1].splitlines()]
    assert [(run["run_id"], run["state"], run["title"]) for run in listed] == [
        ("8e00", "interrupted", "Another"),
        ("7f3a11112222", "completed", "Refund A-1"),
    ]
    assert "status" not in listed[0]
    (found,) = [json.loads(line) for line in baton("search", "A lamp", "--json")[1].splitlines()]
    assert found == {
        "run_id": "7f3a11112222",
        "seq": 2,
        "kind": "message_output",
        "excerpt": "A lamp \x1b[2J",
        "found": [[0, 1], [2, 6]],
    }


def test_json_acts_on_no_terminal_and_is_json_still(store, baton, monkeypatch):
    store.append(a_run("9a", at=time.time(), said="\x9b31m \u202e \U000e0041 Zoë"))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    line = baton("list", "--limit=1", "--json")[1]
    assert line.rstrip("\n").isprintable()
    assert json.loads(line)["title"] == "\x9b31m \u202e \U000e0041 Zoë"


def test_an_id_that_several_begin_with_is_told_with_them(store, baton):
    store.append(a_run("8e01"))
    code, _, err = baton("show", "8")
    assert (code, err) == (
        2,
        "baton: more than one run begins with '8': give more of it, as in 8e00, 8e01\n",
    )


def test_where_nothing_is_kept_an_id_names_nothing(baton, tmp_path):
    code, _, err = baton("show", "7f", "--data-dir", str(tmp_path / "none"))
    assert code == 2
    assert err.startswith(f"baton: nothing is kept in {tmp_path / 'none'} yet: ")


def test_events_go_out_a_line_each_without_what_a_person_wants_left_out(store, baton):
    _, out, _ = baton("export", "7f", "--redact", "A-1")
    lines = [json.loads(line) for line in out.splitlines()]

    assert [line["type"] for line in lines] == [
        "baton-events",
        "run_started",
        "user_message",
        "message_output",
        "run_completed",
    ]
    assert lines[0]["redacted"] == 1
    assert lines[2]["text"] == "Refund [redacted]"


def test_a_conversation_is_marked_and_named(store, baton):
    baton("star", "7f")
    baton("rename", "7f", "The lamp")
    assert (store.run("7f").is_starred, store.run("7f").title) == (True, "The lamp")
    baton("unstar", "7f")
    assert not store.run("7f").is_starred


@pytest.mark.parametrize(
    ("answer", "is_gone"),
    [("y\n", True), ("yes\n", True), ("\n", False), ("n\n", False), ("", False)],
)
def test_nothing_is_forgotten_unless_a_person_says_so(store, baton, monkeypatch, answer, is_gone):
    typed = io.StringIO(answer)
    typed.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", typed)
    _, _, err = baton("delete", "7f")

    assert err.startswith("Forget 'Refund A-1', all its runs? [y/N] ")
    assert (store.run("7f") is None) is is_gone


def test_without_a_terminal_nobody_can_be_asked(store, baton, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    code, _, err = baton("delete", "7f")
    assert (code, store.run("7f") is None) == (2, False)
    assert "delete asks before it forgets" in err
    assert baton("delete", "7f", "--yes")[0] == 0
    assert store.run("7f") is None


def test_old_conversations_are_forgotten(store, baton):
    store.star("7f3a11112222", True)
    assert baton("prune", "--older-than", "30d", "--keep-starred")[2].startswith("0 conversations")
    assert baton("prune", "--older-than", "4w")[2] == "1 conversation forgotten.\n"
    assert [run.run_id for run in store.runs()] == ["8e00"]


def test_where_nothing_is_kept_that_is_said_and_nothing_made(baton, tmp_path):
    code, out, err = baton("--data-dir", str(tmp_path / "none"))
    assert (code, out) == (0, "")
    assert err == f"Nothing is kept in {tmp_path / 'none'} yet.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["show"], "ID is missing: `baton runs show --help` says what to give"),
        (["show", "ff"], "no kept run begins with 'ff': `baton runs` lists them"),
        (["shwo"], "'shwo' is no action: `baton runs --help` lists them"),
        (["list", "--limit", "0"], "--limit: '0' is no number: give a whole one above 0"),
        (["prune"], "--older-than is missing: `baton runs prune --help` says what to give"),
        (["prune", "--older-than", "3"], "--older-than: '3' is no age: give 12h, 30d or 4w"),
        (["list", "x"], "'x' is one argument too many"),
        (["--data-dir", ""], "--data-dir: an empty name is no folder: give its path"),
        (["list", "--theme=dark"], "--theme belongs to `baton demo`: leave it out here"),
    ],
)
def test_a_slip_is_a_sentence(store, baton, arguments, sentence):
    code, out, err = baton(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"baton: {sentence}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("named", "environ", "path"),
    [
        ("/a", {"BATON_DATA_DIR": "/b"}, "/a/journal.sqlite3"),
        (None, {"BATON_DATA_DIR": "/b", "XDG_DATA_HOME": "/c"}, "/b/journal.sqlite3"),
        (None, {"XDG_DATA_HOME": "/c", "HOME": "/d"}, "/c/baton/journal.sqlite3"),
        (None, {"XDG_DATA_HOME": "c", "HOME": "/d"}, "/d/.local/share/baton/journal.sqlite3"),
        (None, {}, None),
    ],
)
def test_where_the_journal_lies(named, environ, path):
    found = journal_path(named, environ)
    assert (str(found) if found else None) == path
