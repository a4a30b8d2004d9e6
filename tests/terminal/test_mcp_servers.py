"""A server of tools that is a process: it ends with the cockpit, and draws nothing over it."""

import json
import os
import select
import signal
import sys
from pathlib import Path

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.terminal.pty_session import PtySession
from tui.rehearsal.script import call, reply, say

FILE = Path(__file__).with_name("agents") / "with_server.py"
REPOSITORY = str(Path(__file__).parents[2])
# What the tool `say` prints to its standard error, which is the terminal's if nothing is done.
PRINTED = b"\x1b[31mlook"


@pytest.fixture
def service():
    script = [reply(call("say", "c1", word="look")), reply(call("pid", "c2")), reply(say("Ready."))]
    with ResponsesServerThread(script) as server:
        yield server


@pytest.fixture
def env(service):
    address = {"OPENAI_BASE_URL": service.base_url, "OPENAI_API_KEY": "none"}
    return {**address, "PYTHONPATH": REPOSITORY}


def server_process(service):
    """Return a descriptor that tells the end of the process whose id the tool told."""
    told = service.requests[2].body["input"][-1]["output"]
    return os.pidfd_open(int(told[0]["text"]))


def ends(process):
    ended = bool(select.select([process], [], [], 20)[0])
    os.close(process)
    return ended


def quit_it(session):
    session.wait_until_done()
    session.type("\x11")
    assert session.wait_until_ended() == 0


def kill_it(session):
    session.process.send_signal(signal.SIGKILL)


@pytest.mark.parametrize("words", ["", "stubborn"])
@pytest.mark.parametrize("end", [quit_it, kill_it])
def test_the_server_ends_with_the_cockpit(baton, service, env, tmp_path, end, words):
    env["SERVER_WORDS"] = words
    with PtySession([*baton, "run", f"{FILE}:desk", "Hello"], env=env, cwd=tmp_path) as session:
        session.wait_for("Ready")
        process = server_process(service)
        end(session)

        assert ends(process)
        assert PRINTED not in session.output


def test_a_server_that_a_program_entered_first_draws_nothing_over_the_screen(
    service, env, tmp_path
):
    with PtySession([sys.executable, str(FILE)], env=env, cwd=tmp_path) as session:
        session.wait_for("Ready")
        assert "look 日本" in session.wait_for("printed|look 日本")
        process = server_process(service)
        quit_it(session)

        assert ends(process)
        assert PRINTED not in session.output
        assert "came to Ready." in session.text
        assert json.dumps(service.requests[0].body["tools"]).count('"name"') == 4
