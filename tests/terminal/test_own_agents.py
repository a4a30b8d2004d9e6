"""`baton run FILE.py:NAME` against a loopback service, in a real pty, with a hostile world."""

from tests.terminal.agents.operations import ATTACKS
from tests.terminal.pty_session import PtySession


def test_an_own_agent_runs_whole_and_its_tools_cannot_touch_the_screen(session, restarts, service):
    session.type("What is wrong with db-1?\r")
    session.wait_for("reasoning")
    session.wait_for("probe .*running")
    session.wait_for("Ctrl.G decide")
    assert restarts.read_text() == ""
    session.type("y yes n")
    session.wait_for("y yes n")
    assert restarts.read_text() == ""
    session.go_to_request()
    session.type("y")
    session.wait_for("db-1 was restarted")
    assert restarts.read_text() == "db-1\n"
    session.wait_until_done()

    output = bytes(session.output)
    for attack in ATTACKS[:5]:
        assert attack.encode() not in output
    assert b"child on tty" not in output.replace(b"echo child on tty", b"")
    assert "Operator" in session.text

    session.type("\x11")
    assert session.wait_until_ended() == 0
    assert session.terminal_is_restored()
    assert len(service.requests) >= 4


def test_a_tool_that_ends_the_agent_process_ends_only_the_run(session):
    session.type("please crash\r")
    session.wait_for("agent process ended")
    session.type("still typing")
    session.wait_for("still typing")
    # What was said is kept: who had the control has it in the process that begins anew.
    session.type("\x15" + "again\r")
    session.wait_for("Ctrl.G decide")
    assert "Operator asks to call restart" in session.text


def test_the_agent_file_is_not_imported_by_the_screen(baton, tmp_path):
    file = tmp_path / "shouting.py"
    file.write_text("print('IMPORTED HERE')\nraise SystemExit('gone')\nagent = object()\n")
    with PtySession([*baton, "run", f"{file}:agent", "Hi"], cwd=tmp_path) as pty:
        pty.wait_for("SystemExit|gone")
        assert pty.process.poll() is None
        pty.type("\x11\x11")
        pty.wait_until_ended()
        assert pty.terminal_is_restored()


def test_a_file_that_never_finishes_its_import_can_be_cancelled(baton, tmp_path):
    file = tmp_path / "stuck.py"
    file.write_text("import threading\nthreading.Event().wait()\nagent = object()\n")
    with PtySession([*baton, "run", f"{file}:agent", "Hello there"], cwd=tmp_path) as pty:
        pty.wait_for("starting  Hello there")
        pty.type("\x1b")
        pty.wait_for("Esc again cancels")
        pty.type("\x1b")
        pty.wait_for("■ cancelled")
        assert "Hello there" in pty.text
        pty.type("\x11")
        assert pty.wait_until_ended() == 0
        assert pty.terminal_is_restored()
