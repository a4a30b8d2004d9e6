"""`tui.run` among a program's other runs: neither spoils the other's loop, clients or traces."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.terminal.pty_session import PtySession
from tui.rehearsal.script import reply, say

PROGRAM = Path(__file__).with_name("agents") / "by_turns.py"
REPOSITORY = str(Path(__file__).parents[2])
QUIT = "\x11"
LEFT = b"\x1b[?1049l"  # the terminal's own screen is back

both = pytest.mark.parametrize("library", ["tui.agents", "agents"])


def played(library, turns, cwd, tracing="1"):
    """Run the program, leave each screen after its answer; return what the program printed."""
    with ResponsesServerThread(lambda _: reply(say("It is sunny."))) as service:
        env = {
            "OPENAI_BASE_URL": service.base_url,
            "OPENAI_API_KEY": "key",
            "OPENAI_AGENTS_DISABLE_TRACING": tracing,
            "PYTHONPATH": REPOSITORY,
        }
        argv = [sys.executable, str(PROGRAM), library, *turns]
        with PtySession(argv, env=env, cwd=cwd, columns=160) as session:
            for number in range(1, turns.count("screen") + 1):
                session.wait_for(r"\A.*(✓ done|✗ failed)")
                session.settle()
                session.type(QUIT)
                session.wait_for(lambda _, left=number: session.output.count(LEFT) == left)
                session.screen.reset()
            assert session.wait_until_ended() == 0
            assert session.terminal_is_restored()
            return bytes(session.output).decode()


@both
@pytest.mark.parametrize(
    "turns",
    [("run_sync", "screen", "screen", "run_sync"), ("screen", "loop", "screen")],
    ids=" ".join,
)
def test_every_run_of_a_program_comes_to_an_answer(library, turns, tmp_path):
    printed = played(library, turns, tmp_path)
    answers = turns.count("screen") + turns.count("run_sync")
    assert printed.count("came to It is sunny.") == answers
    assert "Traceback" not in printed
    assert "Warning" not in printed


@pytest.mark.parametrize("before", [(), ("switch",)], ids=["at first", "later"])
def test_only_the_programs_own_traces_are_made(before, tmp_path, monkeypatch):
    printed = played("agents", (*before, "screen", "trace"), tmp_path, tracing="false")
    assert "traced ['Agent workflow', 'own']" in printed


def test_a_closed_standard_input_is_no_terminal():
    code = "import sys, tui, tui.agents; sys.stdin.close(); tui.run(tui.agents.Agent(name='A'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": REPOSITORY},
        check=False,
    )
    assert "UsageError: standard input is no terminal" in done.stderr
