"""An agent file that gives no agent, on the screen: what, where, what to do; nothing is lost."""

import re
from pathlib import Path

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.terminal.pty_session import PtySession
from tui.rehearsal.script import reply, say

REPOSITORY = str(Path(__file__).parents[2])
DESK = "from tui.agents import Agent\nagent = Agent(name='Desk')\n"
BROKEN = {
    "fails": (
        f"{DESK}import desk_words\n",
        ["ValueError: no words \\(at", "desk_words.py:2", "loaded anew", "Traceback"],
    ),
    "needs a package": (
        f"{DESK}import no_such_package\n",
        ["needs the module 'no_such_package'", "desk.py:3", "pip install", "no_such_package"],
    ),
    "has two agents of one name": (
        f"{DESK}agent.handoffs += [Agent(name='A'), Agent(name='A')]\n",
        ["two agents of one name", "Desk → A and Desk → A", "give each its own"],
    ),
    "takes an option its runner does not": (
        "from agents import Agent\nagent = Agent(name='Desk'), {'sesion': 1}\n",
        ["Runner.run_streamed does not take", "'sesion'"],
    ),
}


@pytest.fixture
def service():
    with ResponsesServerThread([reply(say("All is well again."))]) as server:
        yield server


def flat(text):
    """Return the screen's words, however the panes break their lines."""
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_gives_no_agent_can_be_corrected_and_tried_again(
    baton, service, tmp_path, name
):
    text, said = BROKEN[name]
    file = tmp_path / "desk.py"
    file.write_text(text)
    (tmp_path / "desk_words.py").write_text(
        "def words():\n    raise ValueError('no words')\nwords()\n"
    )
    env = {"OPENAI_BASE_URL": service.base_url, "PYTHONPATH": REPOSITORY}
    argv = [*baton, "run", "desk.py:agent", "Is all well?"]
    with PtySession(argv, env=env, cwd=tmp_path, columns=200, rows=60) as pty:
        pty.wait_for("failed", within_s=40)
        pty.wait_for("Try again")
        shown = flat(pty.settle())
        for words in said:
            assert re.search(words, shown), (words, pty.text)
        assert "Is all well?" in shown

        file.write_text(DESK)
        pty.type("\x12")
        pty.wait_for("All is well again", within_s=40)
        pty.type("\x11")
        assert pty.wait_until_ended() == 0
        assert pty.terminal_is_restored()


def test_without_a_key_and_an_address_the_rehearsal_is_offered(baton, tmp_path):
    (tmp_path / "desk.py").write_text(DESK)
    env = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "PYTHONPATH": REPOSITORY}
    argv = [*baton, "run", "desk.py", "Is all well?"]
    with PtySession(argv, env=env, cwd=tmp_path, columns=200, rows=60) as pty:
        pty.wait_for("There is no API key for the model service", within_s=40)
        pty.wait_for("Write another message")
        shown = flat(pty.settle())
        assert "Try again" not in shown
        assert "Set OPENAI_API_KEY" in shown
        assert "`baton demo` needs no key" in shown
