"""`$EDITOR` on the arguments of a call, in a real pty: the terminal comes back whatever it does."""

import stat

import pytest

from tests.terminal.pty_session import PtySession

F5 = "\x1b[15~"
CTRL_S = "\x13"
CTRL_Q = "\x11"


@pytest.fixture
def editor(tmp_path):
    """Makes an editor of shell lines, in which $1 is the file, and returns its command."""

    def make(lines: str) -> str:
        script = tmp_path / "editor"
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(stat.S_IRWXU)
        return str(script)

    return make


def edit(pty: PtySession) -> None:
    """Have the call asked for, and open the editor pane."""
    pty.wait_for("Enter Send")
    pty.type("What is wrong with db-1?\r")
    pty.go_to_request()
    pty.type("e")
    pty.wait_for("What restart gets from Operator")
    pty.settle()


def approve_as_edited(pty: PtySession) -> None:
    pty.type(CTRL_S)
    pty.wait_for("approve as edited")
    pty.settle()
    pty.type("y")


def leave(pty: PtySession) -> None:
    pty.settle()
    pty.type(CTRL_Q)
    assert pty.wait_until_ended() == 0
    assert pty.terminal_is_restored()


def test_what_an_editor_made_of_the_arguments_is_what_runs(open_operations, editor, restarts):
    changes = editor("""echo EDITING; sed -i s/db-1/db-2/ "$1" """)
    with open_operations(EDITOR=changes) as pty:
        edit(pty)
        pty.type(F5)
        pty.wait_for("db-2")
        pty.wait_for("it fits the tool")
        assert restarts.read_text() == ""
        approve_as_edited(pty)
        pty.wait_for("was restarted")
        pty.wait_until_done()
        assert restarts.read_text() == "db-2\n"
        leave(pty)


def test_an_editor_that_wrecks_the_terminal_and_dies_loses_nothing(
    open_operations, editor, restarts
):
    wrecks = editor(r"stty raw -echo; printf '\033[?1000h\033[?1049h\033[31m'; kill -9 $$")
    with open_operations(EDITOR=wrecks) as pty:
        edit(pty)
        pty.type("\x1b[H" + "\x1b[B" * 1 + "\x1b[F" + "\x7f" * 2 + '3"')
        pty.wait_for("db-3")
        pty.type(F5)
        pty.wait_for("ended with -9; nothing was changed")
        approve_as_edited(pty)
        pty.wait_for("was restarted")
        pty.wait_until_done()
        assert restarts.read_text() == "db-3\n"
        leave(pty)


def test_without_an_editor_it_is_said_and_the_field_is_still_there(open_operations):
    with open_operations(EDITOR="", VISUAL="/no/such/editor") as pty:
        edit(pty)
        pty.type(F5)
        pty.wait_for("/no/such/editor cannot be started")
        assert "What restart gets from Operator" in pty.text
