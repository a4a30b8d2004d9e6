"""The person's own editor: whatever it does, the text is as they left it or as it was."""

import contextlib
import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.app import SuspendNotSupported

from tui.cockpit.dialogs.outside_editor import NotEditedError, edited_outside

TEXT = '{"cents": 5}'


class Terminal:
    """Counts how often it was given away and taken back."""

    def __init__(self) -> None:
        self.given = 0
        self.taken = 0

    @contextlib.contextmanager
    def suspend(self) -> Iterator[None]:
        # As Textual does it: taken back only where nothing was raised.
        self.given += 1
        yield
        self.taken += 1


@pytest.fixture
def terminal():
    """A terminal that must be back at the end of each test."""
    terminal = Terminal()
    yield terminal
    assert terminal.given == terminal.taken


@pytest.fixture
def editor(tmp_path):
    """Makes an editor of shell lines, in which $1 is the file, and names it."""

    def make(lines: str) -> dict[str, str]:
        script = tmp_path / "my editor"
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(stat.S_IRWXU)
        return {"EDITOR": f"'{script}'"}

    return make


def test_what_the_editor_saved_is_the_text(terminal, editor):
    changes = editor("""sed 's/5/6/' "$1" > "$1.new" && mv "$1.new" "$1" """)
    assert edited_outside(TEXT, terminal.suspend, changes) == '{"cents": 6}'


def test_visual_comes_before_editor_and_may_have_options(terminal, editor, tmp_path):
    environment = {**editor("exit 1"), "VISUAL": f"cp {tmp_path / 'other.json'}"}
    (tmp_path / "other.json").write_text("{}\n")
    assert edited_outside(TEXT, terminal.suspend, environment) == "{}"


def test_only_the_person_can_read_the_file_and_it_is_gone_afterwards(terminal, editor, tmp_path):
    seen = tmp_path / "seen"
    looks = editor(f"""stat -c '%a %n' "$1" > '{seen}'""")
    edited_outside(TEXT, terminal.suspend, looks)
    mode, name = seen.read_text().split(maxsplit=1)
    assert mode == "600"
    assert name.strip().endswith(".json")
    assert not Path(name.strip()).exists()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('echo gone > "$1"; exit 3', "ended with 3; nothing was changed"),
        ("kill -9 $$", "ended with -9; nothing was changed"),
        ('rm "$1"', "left no file; nothing was changed"),
    ],
)
def test_an_editor_that_fails_is_told_in_a_sentence(terminal, editor, lines, said):
    with pytest.raises(NotEditedError, match=said):
        edited_outside(TEXT, terminal.suspend, editor(lines))


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "set \\$VISUAL or \\$EDITOR"),
        ({"EDITOR": "  "}, "set \\$VISUAL or \\$EDITOR"),
        ({"EDITOR": "vi 'open quote"}, "set \\$VISUAL or \\$EDITOR"),
        ({"EDITOR": "/no/such/editor -w"}, "/no/such/editor cannot be started"),
        ({"EDITOR": "/"}, "/ cannot be started"),
    ],
)
def test_an_editor_that_cannot_be_started_is_told_in_a_sentence(terminal, environment, said):
    with pytest.raises(NotEditedError, match=said):
        edited_outside(TEXT, terminal.suspend, environment)


def test_a_terminal_that_cannot_be_given_away_is_told(editor):
    @contextlib.contextmanager
    def refuses() -> Iterator[None]:
        raise SuspendNotSupported
        yield

    with pytest.raises(NotEditedError, match="cannot be given"):
        edited_outside(TEXT, refuses, editor("exit 0"))


def test_text_that_no_file_could_hold_goes_out_escaped_and_what_is_no_text_comes_back(
    terminal, editor
):
    changes = editor(r"""printf '\377' >> "$1" """)
    assert edited_outside("a\ud800", terminal.suspend, changes) == "a\\ud800�"


def test_an_interrupt_meant_for_the_editor_does_not_end_the_cockpit(terminal, editor):
    before = signal.getsignal(signal.SIGINT)
    interrupts = editor(f"kill -INT {os.getpid()}")
    assert edited_outside(TEXT, terminal.suspend, interrupts) == TEXT
    assert signal.getsignal(signal.SIGINT) is before
