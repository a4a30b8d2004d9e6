"""`baton runs export` and `import`, as a person types them: files, forms, secrets and slips."""

from __future__ import annotations

import io
import json
import stat
import sys

import pytest

from tests.journal.test_sqlite_store import DONE, a_run, message
from tui import cli
from tui.journal.sqlite_store import SqliteStore


@pytest.fixture
def store(monkeypatch, tmp_path):
    monkeypatch.setenv("BATON_DATA_DIR", str(tmp_path / "here"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    store = SqliteStore(tmp_path / "here" / "journal.sqlite3")
    store.append(a_run("7f3a", message("For Ada and Bob"), DONE))
    store.append(a_run("8e00", message("Again"), DONE, at=200.0, continues="7f3a"))
    yield store
    store.close()


@pytest.fixture
def baton(capsys):
    """Run the command; return its exit code, output and errors."""

    def run(*arguments):
        code = cli.main(["runs", *arguments])
        return code, *capsys.readouterr()

    return run


def test_a_conversation_goes_from_one_journal_into_another(store, baton, tmp_path):
    assert baton("export", "8e", "--conversation", "--output", "a.jsonl") == (0, "", "")
    there = ("--data-dir", str(tmp_path / "there"))
    said = "Brought in run 7f3a.\nBrought in run 8e00.\n"
    assert baton("import", "a.jsonl", *there) == (0, "", said)
    shown = baton("show", "7f", *there)[1]
    assert "completed" in shown
    assert "(imported)" in shown
    assert shown.replace(" (imported)", "") == baton("show", "7f")[1]
    said = "2 runs are kept already, with the same events: left as they are.\n"
    assert baton("import", "a.jsonl", *there) == (0, "", said)


def test_a_run_comes_in_from_standard_input(store, baton, monkeypatch, tmp_path):
    _, out, _ = baton("export", "7f")
    typed = io.TextIOWrapper(io.BytesIO(out.encode()))
    monkeypatch.setattr(sys, "stdin", typed)
    assert baton("import", "-", "--data-dir", str(tmp_path / "there"))[0] == 0


def test_a_cut_file_brings_nothing_in_and_says_where_it_ends(store, baton, tmp_path):
    _, out, _ = baton("export", "7f")
    (tmp_path / "a.jsonl").write_text(out[: len(out) // 2])
    code, _, err = baton("import", "a.jsonl", "--data-dir", str(tmp_path / "there"))
    assert code == 2
    assert err.startswith("baton: a.jsonl:3: no event: ")
    assert baton("list", "--data-dir", str(tmp_path / "there"))[2] == "Nothing is kept yet.\n"


def test_a_run_that_is_kept_otherwise_is_a_sentence(store, baton, tmp_path):
    (tmp_path / "a.jsonl").write_text(baton("export", "7f", "--redact", "Ada")[1])
    code, _, err = baton("import", "a.jsonl")
    assert code == 2
    assert err.startswith("baton: run 7f3a is kept already, with other events (4 here, 4 there): ")


def test_the_settings_file_names_what_is_left_out_of_every_file(store, baton, tmp_path):
    (tmp_path / "config" / "baton").mkdir(parents=True)
    (tmp_path / "config" / "baton" / "config.toml").write_text('[export]\nredact = ["Ada"]\n')
    for form in ("jsonl", "markdown", "html"):
        _, out, _ = baton("export", "7f", "--format", form, "--redact", "Bob")
        assert "For [redacted] and [redacted]" in out
    assert json.loads(baton("export", "7f")[1].splitlines()[0])["redacted"] == 1


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.jsonl", '{"type":"baton-events"'),
        ("a.md", "# Refund A-1"),
        ("a.HTML", "<!doctype html>"),
        ("a.txt", '{"type":"baton-events"'),
    ],
)
def test_a_file_has_the_form_that_its_name_ends_in(store, baton, tmp_path, name, begins):
    assert baton("export", "7f", "--output", name) == (0, "", "")
    assert (tmp_path / name).read_text().startswith(begins)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_file_that_is_there_stays_unless_a_person_says_so(store, baton, tmp_path):
    (tmp_path / "a.md").write_text("mine")
    code, _, err = baton("export", "7f", "--output", "a.md")
    assert (code, (tmp_path / "a.md").read_text()) == (2, "mine")
    assert "a.md is there already: name another, or add --force" in err
    assert baton("export", "7f", "--output", "a.md", "--force")[0] == 0
    assert (tmp_path / "a.md").read_text().startswith("# ")
    assert {path.name for path in tmp_path.iterdir()} == {"here", "a.md"}


def test_a_run_that_cannot_be_read_to_its_end_leaves_no_file(store, baton, tmp_path):
    store._connection.execute("UPDATE event SET body = '{' WHERE run = '7f3a' AND seq = 3")
    (tmp_path / "a.md").write_text("mine")
    code, _, err = baton("export", "7f", "--output", "a.md", "--force")
    assert (code, (tmp_path / "a.md").read_text()) == (2, "mine")
    assert "event 3 of run 7f3a is not of our wire form" in err
    assert {path.name for path in tmp_path.iterdir()} == {"here", "a.md"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["import"], "FILE is missing: `baton runs import --help` says what to give"),
        (["import", "no.jsonl"], "there is no file no.jsonl: check its path"),
        (["import", "here"], "here is a folder: give a file"),
        (["import", "\0"], "␀ cannot be read: "),
        (["export", "7f", "--format", "pdf"], "--format: there is no form 'pdf': choose jsonl or"),
        (["export", "7f", "--output", "no/a.md"], "--output: there is no folder for no/a.md"),
        (["export", "7f", "--output", "here", "--force"], "--output: here cannot be written: "),
        (["export", "7f", "--config", "no.toml"], "--config: there is no file no.toml"),
    ],
)
def test_a_slip_is_a_sentence(store, baton, arguments, sentence):
    code, out, err = baton(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"baton: {sentence}")
    assert err.count("\n") == 1
