"""Bare `baton`, in a real pty: started from home, left for home, gone back to; and odd folders."""

import pytest

from tests.terminal.pty_session import PtySession

NO_SERVICE = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}
GO_TO_REQUEST, HOME, QUIT = "\x07", "\x0f", "\x11"
IN_A_FOLDER_THAT_IS_GONE = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'


def quit_twice(session):
    session.type(QUIT)
    session.wait_for("Esc +Stay")
    session.type(QUIT)
    assert session.wait_until_ended() == 0
    assert session.terminal_is_restored()


def test_a_run_left_for_home_goes_on_and_is_gone_back_to_when_it_asks(baton, tmp_path):
    (tmp_path / "desk.py").write_text("from tui.agents import Agent\ndesk = Agent(name='Front')\n")
    with PtySession(baton, env=NO_SERVICE, cwd=tmp_path, columns=80, rows=24) as session:
        session.wait_for("Front +desk.py:desk")
        assert "Neither OPENAI_API_KEY nor OPENAI_BASE_URL is set" in session.text
        session.wait_for("▸ The rehearsal")
        session.type("\r")
        session.wait_for("REHEARSAL")
        session.wait_for("Ctrl.O Home")
        session.settle()
        session.type("I want a refund for my order, it arrived broken\r")
        session.wait_for("Triage")
        session.type(HOME)
        session.wait_for("Runs of this session")
        session.wait_for("▸ ⏸ waits for you +Refunds +I want a refund")
        session.type(GO_TO_REQUEST)
        session.wait_for("issue_refund")
        session.wait_for("Ctrl.G decide")
        session.type(HOME)
        session.wait_for("Go back to it")
        quit_twice(session)


def test_an_empty_folder_says_how_to_begin_and_looks_again(baton, tmp_path):
    env = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": ""}
    with PtySession(baton, env=env, cwd=tmp_path, columns=80, rows=24) as session:
        session.wait_for("Save this in one, such as desk.py")
        lines = session.settle().splitlines()
        code = [line.split("│")[1].strip() for line in lines if "│" in line]
        (tmp_path / "desk.py").write_text("\n".join(code))
        session.type("r")
        session.wait_for("Desk +desk.py:desk")
        assert "Save this" not in session.text
        session.type(QUIT)
        assert session.wait_until_ended() == 0


def test_in_a_folder_that_is_gone_the_rehearsal_can_be_played(baton, tmp_path):
    argv = ["sh", "-c", IN_A_FOLDER_THAT_IS_GONE, "sh", *baton]
    with PtySession(argv, env=NO_SERVICE, cwd=tmp_path) as session:
        session.wait_for("The folder you are in is gone")
        session.wait_for("▸ The rehearsal")
        session.type("\r")
        session.wait_for("REHEARSAL")
        session.settle()
        session.type("hello\r")
        session.wait_for("Triage")
        # The short talk may be over by then, or not: the second key is for a run that is not.
        session.type(QUIT * 2)
        assert session.wait_until_ended() == 0
        assert session.terminal_is_restored()


@pytest.mark.parametrize("target", ["desk.py", "desk.py:a", "--context desk.py:x json:a"])
def test_in_a_folder_that_is_gone_no_file_of_it_is_run(baton, tmp_path, target):
    argv = ["sh", "-c", IN_A_FOLDER_THAT_IS_GONE, "sh", *baton, "run", *target.split()]
    with PtySession(argv, cwd=tmp_path) as session:
        assert session.wait_until_ended() == 2
        assert "there is no file desk.py: the folder you are in is gone" in session.text
        assert "Traceback" not in session.text
