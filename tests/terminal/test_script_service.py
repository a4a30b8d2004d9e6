"""What `tui.run` makes of a program's model service, and says of it when the screen is left."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.terminal.pty_session import PtySession
from tui.rehearsal.script import reply, say

PROGRAM = Path(__file__).with_name("agents") / "named_library.py"
REPOSITORY = str(Path(__file__).parents[2])
QUIT = "\x11"

both = pytest.mark.parametrize("library", ["tui.agents", "agents"])


def opened(library, tmp_path, address):
    """Open the program without a key."""
    env = {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "", "PYTHONPATH": REPOSITORY}
    argv = [sys.executable, str(PROGRAM), library]
    return PtySession(argv, env=env, cwd=tmp_path, columns=200)


@both
def test_a_server_of_ones_own_needs_no_key(library, tmp_path):
    with (
        ResponsesServerThread([reply(say("It is sunny."))]) as service,
        opened(library, tmp_path, service.base_url) as session,
    ):
        session.wait_for("It is sunny")
        session.wait_until_done()
        session.type(QUIT)
        session.wait_for("came to 'It is sunny.' with key ''")
        assert session.wait_until_ended() == 0
        assert "baton:" not in session.text


@both
def test_without_a_service_a_program_is_told_what_it_can_set(library, tmp_path):
    with opened(library, tmp_path, "") as session:
        session.wait_for("There is no API key for the model service")
        session.wait_for("Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own")
        assert "--base-url" not in session.settle()
        session.type(QUIT)
        session.wait_for("came to None with key ''")
        assert session.wait_until_ended() == 0
        lines = session.text.splitlines()
        assert "baton: the last run failed: There is no API key for the model service." in map(
            str.strip, lines
        )


def test_a_wrong_call_is_not_told_as_the_consequence_of_another_error():
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "tui.agents"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": REPOSITORY},
        check=False,
    )
    assert "UsageError: standard input is no terminal" in done.stderr
    assert "another exception" not in done.stderr
