"""What gives no agent, on the screen at once: what, where, what to do; nothing is lost."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.terminal.pty_session import PtySession
from tui.rehearsal.script import reply, say

REPOSITORY = str(Path(__file__).parents[2])
DESK = "from tui.agents import Agent\nagent = Agent(name='Desk')\n"
F4 = "\x1bOS"
CTRL_R, CTRL_Q = "\x12", "\x11"


class Broken(NamedTuple):
    """A program that gives no agent.

    Attributes:
        files: What is in the folder.
        said: What the screen says, as regular expressions.
        target: What is asked for.
        context: What is asked for as context.
        mended: The files that have to be other ones.
    """

    files: dict[str, str]
    said: tuple[str, ...]
    target: str = "desk.py:agent"
    context: str = ""
    mended: dict[str, str] = {"desk.py": DESK}  # noqa: RUF012 - nobody changes it


def of_the_sdk(text: str) -> dict[str, str]:
    return {"desk.py": f"from agents import Agent, function_tool\n{text}\n"}


BROKEN = {
    "a file that fails where it imports another": Broken(
        {
            "desk.py": f"{DESK}import desk_words\n",
            "desk_words.py": "def words():\n    raise ValueError('no words')\nwords()\n",
        },
        (
            r"desk.py could not be loaded: ValueError: no words \(at desk_words.py:2\)",
            "→ Correct it, then send your message: the file is loaded anew",
            "▸ Traceback, 8 lines: desk_words.py:2 in words",
        ),
    ),
    "a package that is missing": Broken(
        {"desk.py": f"{DESK}import no_such_package\n"},
        (
            r"needs the module 'no_such_package', which is not there \(at desk.py:3\)",
            "→ If it is a package: .* -m pip install no_such_package",
            "▸ Traceback, 4 lines: desk.py:3",
        ),
    ),
    "two agents of one name": Broken(
        {"desk.py": f"{DESK}agent.handoffs += [Agent(name='A'), Agent(name='A')]\n"},
        ("two agents of one name: Desk → A and Desk → A; .* so give each its own", "→ Correct it"),
    ),
    "an option that no run takes": Broken(
        of_the_sdk("agent = Agent(name='Desk'), {'sesion': 1}"),
        ("an option that Runner.run_streamed does not take: .* 'sesion'", "→ Correct it"),
    ),
    "a module that is nowhere": Broken(
        {"desk_app/__init__.py": ""},
        ("there is no module desk_app.front: run Baton in the folder", "→ Start Baton again with"),
        target="desk_app.front:agent",
        mended={"desk_app/front.py": DESK},
    ),
    "a module without that name": Broken(
        {"desk_front.py": DESK.replace("agent =", "front =")},
        ("desk_front has no 'agent': try desk_front:front", "→ Start Baton again with another"),
        target="desk_front:agent",
        mended={"desk_front.py": DESK},
    ),
    "a context that is nowhere": Broken(
        {"desk.py": DESK},
        ("there is no module desk_memory: run Baton in", "→ Start Baton again with another name"),
        context="desk_memory:make",
        mended={"desk_memory.py": "def make(): return {}\n"},
    ),
    "a context that fails": Broken(
        {"desk.py": DESK, "desk_memory.py": "def make():\n    raise OSError('no database')\n"},
        (
            r"desk_memory.py:make could not be loaded: OSError: no database \(at desk_memory.py:",
            "→ Correct it",
            "▸ Traceback, 4 lines: desk_memory.py:2 in make",
        ),
        context="desk_memory.py:make",
        mended={"desk_memory.py": "def make(): return {}\n"},
    ),
    "a name that stands for no agent": Broken(
        {"desk.py": f"{DESK}agent = object()\n"},
        ("desk.py:agent is not an agent but of type object", "→ Correct it"),
    ),
    "a factory that fails": Broken(
        {"desk.py": f"{DESK}def make():\n    return {{}}['agent']\n"},
        (
            r"desk.py:make could not be loaded: KeyError: 'agent' \(at desk.py:4\)",
            "▸ Traceback, 5 lines: desk.py:4 in make",
        ),
        target="desk.py:make",
        mended={"desk.py": f"{DESK}def make(): return agent\n"},
    ),
    "a factory that gives no agent": Broken(
        {"desk.py": f"{DESK}def make() -> Agent:\n    print('made')\n"},
        ("desk.py:make gives no agent but something of type NoneType: try desk.py:agent",),
        target="desk.py:make",
        mended={"desk.py": f"{DESK}def make(): return agent\n"},
    ),
    "a neighbour that is not Python": Broken(
        {"desk.py": f"{DESK}import desk_words\n", "desk_words.py": "def words(:\n"},
        ("desk.py could not be loaded: desk_words.py:1 is not Python: invalid syntax", "→ Correct"),
    ),
    "a neighbour that runs an agent": Broken(
        {
            "desk.py": f"{DESK}import desk_runs\n",
            "desk_runs.py": (
                "from agents import Agent, Runner\n"
                "Runner.run_sync(Agent(name='A'), 'hi', max_turns=0)\n"
            ),
        },
        (
            r"runs an agent while it is only loaded: MaxTurnsExceeded.*\(at desk_runs.py:2\)",
            '→ Put what runs it under `if __name__ == "__main__":`, then send your message',
        ),
    ),
    "a file that ends itself": Broken(
        {"desk.py": f"{DESK}import sys\nsys.exit('Set DESK_TOKEN first')\n"},
        (r"ends itself while it is loaded: Set DESK_TOKEN first \(at desk.py:4\)", "→ See to what"),
    ),
    "a file that prints why and ends itself": Broken(
        {"desk.py": f"{DESK}import sys\nprint('DESK_TOKEN is not set')\nsys.exit(1)\n"},
        (
            r"desk.py calls sys.exit\(1\) while it is only loaded \(at desk.py:5\)",
            "printed DESK_TOKEN is not set",
        ),
    ),
    "a file that ends the process": Broken(
        {"desk.py": f"{DESK}import os\nprint('last words', flush=True)\nos._exit(3)\n"},
        ("process ended with exit code 3 while it loaded desk.py:agent", "→ Something in it, or"),
    ),
    "a file that kills the process": Broken(
        {"desk.py": f"{DESK}import ctypes\nctypes.string_at(0)\n"},
        ("process ended with signal SIGSEGV while it loaded desk.py:agent", "▸ Details, "),
    ),
    "a function that no tool can be made of": Broken(
        of_the_sdk(
            "@function_tool\ndef search(values: dict[str, int]): ...\n"
            "agent = Agent(name='Desk', tools=[search])"
        ),
        (
            r"no tool can be made of search\(\): `values` may hold any key, .* \(at desk.py:2\)",
            "→ Give it a type with named fields",
        ),
    ),
    "a plain function among the tools": Broken(
        of_the_sdk("def search(): ...\nagent = Agent(name='Desk', tools=[search])"),
        ("search among the tools of Desk is a plain function: decorate it with @function_tool",),
    ),
}


@pytest.fixture
def service():
    with ResponsesServerThread([reply(say("All is well again."))]) as server:
        yield server


def flat(text):
    """Return the screen's words, however the panes break their lines."""
    return " ".join(text.replace("│", " ").split())


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)


def opened(baton, folder, broken, service, *message):
    """Open the cockpit on a program in `folder`."""
    context = ["--context", broken.context] if broken.context else []
    env = {"OPENAI_BASE_URL": service.base_url, "PYTHONPATH": REPOSITORY}
    argv = [*baton, "run", *context, broken.target, *message]
    return PtySession(argv, env=env, cwd=folder, columns=200, rows=60)


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_told_at_once_and_a_message_after_the_correction_is_answered(
    baton, service, tmp_path, name
):
    broken = BROKEN[name]
    write(tmp_path, broken.files)
    with opened(baton, tmp_path, broken, service) as pty:
        pty.wait_for("✗ failed")
        pty.wait_for("Write another message")
        shown = flat(pty.settle())
        for words in broken.said:
            assert re.search(words, shown), (words, pty.text)

        write(tmp_path, broken.mended)
        pty.type("Is all well?\r")
        pty.wait_for("All is well again")
        pty.wait_until_done()
        pty.type(CTRL_Q)
        assert pty.wait_until_ended() == 0
        assert pty.terminal_is_restored()


def test_a_message_that_was_sent_before_is_kept_and_tried_again_with_a_key(
    baton, service, tmp_path
):
    broken = BROKEN["a file that fails where it imports another"]
    write(tmp_path, broken.files)
    with opened(baton, tmp_path, broken, service, "Is all well?") as pty:
        pty.wait_for("✗ failed")
        pty.wait_for("Try again")
        assert flat(pty.settle()).count("could not be loaded: ValueError") == 2, "in two panes"
        assert "Is all well?" in pty.text

        write(tmp_path, broken.mended)
        pty.type(CTRL_R)
        pty.wait_for("All is well again")


def test_its_traceback_is_opened_by_a_key_and_holds_no_frame_of_batons(baton, service, tmp_path):
    broken = BROKEN["a file that fails where it imports another"]
    write(tmp_path, broken.files)
    with opened(baton, tmp_path, broken, service) as pty:
        pty.wait_for("▸ Traceback, 8 lines")
        pty.type(F4)
        pty.wait_for(r"o Fold")
        pty.type("o")
        pty.wait_for("▾ Traceback, 8 lines")
        shown = pty.settle()
        frames = re.findall(r'File "[^"]*/([^"/]+)", line (\d+), in (\S+)', flat(shown))
        assert frames == [
            ("desk.py", "3", "<module>"),
            ("desk_words.py", "3", "<module>"),
            ("desk_words.py", "2", "words"),
        ]
        pty.type("o")
        pty.wait_for("▸ Traceback, 8 lines")


def test_what_is_printed_while_a_file_is_loaded_is_drawn_over_nothing(baton, service, tmp_path):
    printing = "import os\nprint('loading', flush=True)\nos.write(2, b'the desk')\n"
    write(tmp_path, {"desk.py": f"{printing}{DESK}"})
    with opened(baton, tmp_path, Broken({}, ()), service) as pty:
        pty.wait_for("Say what you need")
        pty.type("Is all well?\r")
        pty.wait_for("All is well again")
        pty.settle()
        assert len(re.findall("loading", pty.text)) <= 2, "the console entry, in the panes"
        assert pty.text.split("\n")[0].startswith(" Baton · desk.py:agent")


def test_without_a_key_and_an_address_the_rehearsal_is_offered(baton, tmp_path):
    write(tmp_path, {"desk.py": DESK})
    env = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", "PYTHONPATH": REPOSITORY}
    argv = [*baton, "run", "desk.py", "Is all well?"]
    with PtySession(argv, env=env, cwd=tmp_path, columns=200, rows=60) as pty:
        pty.wait_for("There is no API key for the model service")
        pty.wait_for("Write another message")
        shown = flat(pty.settle())
        assert "Try again" not in shown
        assert "Set OPENAI_API_KEY" in shown
        assert "`baton demo` needs no key" in shown
