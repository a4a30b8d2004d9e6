"""`tui.run` from a program, under a shell with line editing and one without, however it ends."""

import os
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.processes import children, is_gone, state_of
from tests.terminal.pty_session import DEFAULT_MODES, PtySession
from tui.rehearsal.script import call, reply, say

PROGRAM = Path(__file__).with_name("agents") / "program.py"
REPOSITORY = str(Path(__file__).parents[2])
PROMPT = "ready> "
SHELLS = {"bash": ["bash", "--norc", "--noprofile", "-i"], "dash": ["dash", "-i"]}
QUIT = "\x11"
BRACKETED_PASTE = 2004  # bash's own, while it reads a line


class Shell(PtySession):
    """A shell that waits for a line, and what it starts."""

    def __init__(self, argv, env, cwd):
        super().__init__(argv, env={**env, "PS1": PROMPT, "ENV": ""}, cwd=cwd)
        self.read_from = 0
        self.prompted()
        self.at_the_prompt = termios.tcgetattr(self._slave)

    def prompted(self):
        """Read until the shell waits for the next line; return what came since the last time."""
        self.wait_for(lambda _: PROMPT.encode() in self.since)
        self.settle()
        came = self.since.decode(errors="replace")
        self.read_from = len(self.output)
        return came

    @property
    def since(self):
        return bytes(self.output[self.read_from :])

    def start(self, *arguments):
        """Start the program and wait for its screen."""
        words = [sys.executable, str(PROGRAM), *arguments]
        self.type(" ".join(f"'{word}'" for word in words) + "\r")
        self.wait_for("Enter Send")
        self.settle()
        return self

    @property
    def program(self):
        """The process that the shell waits for."""
        return next(children(self.process.pid))

    @property
    def screen_process(self):
        return next(children(self.program))

    def line_is_whole(self):
        """Whether the terminal is as it was when the shell first waited for a line."""
        on = {mode for mode, is_on in self.modes().items() if is_on}
        return (
            on - {BRACKETED_PASTE} == set(DEFAULT_MODES)
            and self.kitty_depth() == 0
            and termios.tcgetattr(self._slave) == self.at_the_prompt
        )

    def obeys(self):
        """Whether what is typed now reaches the shell, and only once."""
        self.type("echo $((20+3))\r")
        return "\n23\r\n" in self.prompted().replace("\x1b[?2004l", "").replace("\r23", "\n23")


@pytest.fixture
def service():
    script = [reply(call("look", "c1", city="Rome")), reply(say("It is **sunny**."))]
    with ResponsesServerThread(script) as server:
        yield server


@pytest.fixture(params=SHELLS)
def shell(request, service, tmp_path):
    env = {
        "OPENAI_BASE_URL": service.base_url,
        "OPENAI_API_KEY": "sk-test",
        "PYTHONPATH": REPOSITORY,
    }
    with Shell(SHELLS[request.param], env, tmp_path) as session:
        yield session


def goes_on(shell):
    """Let the program read a line and end; return what it printed since the screen was there."""
    shell.wait_for("printed by a child")
    shell.type("Ada\r")
    return shell.prompted()


def test_a_program_goes_on_with_its_terminal_and_what_the_run_came_to(shell):
    shell.start("Hello")
    shell.wait_for("printed 1 line")
    shell.wait_for("It is sunny")
    assert b"owned title\x07" not in shell.since
    shell.wait_until_done()
    shell.type(QUIT)
    printed = goes_on(shell)

    assert "came to 'It is **sunny**.'" in printed
    assert "child:" in printed
    assert "You are Ada" in printed
    assert shell.line_is_whole()
    assert shell.obeys()


def test_a_program_that_is_killed_leaves_the_terminal_whole(shell):
    shell.start()
    screen = shell.screen_process
    os.kill(shell.program, signal.SIGKILL)
    shell.wait_for("the program that ran the agents is gone")
    printed = shell.prompted()

    assert "Killed" in printed
    shell.wait_for(lambda _: is_gone(screen))
    assert shell.line_is_whole()
    assert shell.obeys()


@pytest.mark.parametrize("how", ["key", "signal"])
def test_a_program_is_stopped_as_one_and_comes_back(shell, how):
    shell.start()
    if how == "key":
        shell.type("\x1a")
    else:
        os.kill(shell.screen_process, signal.SIGTSTP)
    assert "Stopped" in shell.prompted()
    assert shell.line_is_whole()
    assert shell.obeys()
    stopped = (shell.program, shell.screen_process)
    shell.wait_for(lambda _: {state_of(each) for each in stopped} == {"T"})

    shell.screen.reset()
    shell.type("fg\r")
    shell.wait_for("Enter Send")
    shell.type("Hello\r")
    shell.wait_for("It is sunny")
    shell.wait_until_done()
    shell.type(QUIT)
    assert "You are Ada" in goes_on(shell)
    assert shell.line_is_whole()


def test_a_program_that_is_killed_while_it_is_stopped_draws_no_more(shell):
    shell.start()
    screen = shell.screen_process
    shell.type("\x1a")
    shell.prompted()
    shell.type("kill -9 %1\r")
    shell.prompted()
    assert shell.obeys()

    shell.wait_for(lambda _: is_gone(screen))
    assert shell.line_is_whole()
    assert b"1049" not in bytes(shell.output).rpartition(b"kill -9 %1")[2]


# One shell is enough for what the shell has no part in.
in_bash = pytest.mark.parametrize("shell", ["bash"], indirect=True)
in_dash = pytest.mark.parametrize("shell", ["dash"], indirect=True)


@in_bash
def test_a_program_in_the_background_does_not_draw(shell):
    shell.start()
    shell.type("\x1a")
    shell.prompted()
    shell.type("bg\r")
    shell.prompted()
    assert shell.obeys()
    assert shell.line_is_whole()

    shell.screen.reset()
    shell.type("fg\r")
    shell.wait_for("Enter Send")
    shell.settle()
    shell.type(QUIT)
    assert "You are Ada" in goes_on(shell)


@in_dash
def test_inside_a_loop_the_other_form_is_offered_and_works(shell):
    shell.start("loop")
    shell.wait_for("It is sunny")
    assert b"UsageError tui.run cannot wait inside a running event loop" in shell.since
    shell.wait_until_done()
    shell.type(QUIT)

    assert "came to It is **sunny**." in goes_on(shell)
    assert shell.line_is_whole()


@in_dash
def test_an_interrupted_program_has_its_terminal_back(shell):
    shell.start("interrupt")
    os.kill(shell.program, signal.SIGINT)
    printed = goes_on(shell)

    assert "interrupted" in printed
    assert shell.line_is_whole()


@in_dash
def test_a_screen_that_dies_leaves_the_terminal_whole_and_the_program_alive(shell):
    shell.start("screen dies")
    os.kill(shell.screen_process, signal.SIGKILL)
    printed = goes_on(shell)

    assert "ScreenError the screen was ended by signal 9" in printed
    assert "You are Ada" in printed
    assert shell.line_is_whole()


def test_a_program_without_a_shell_keeps_its_terminal(service, tmp_path):
    env = {"OPENAI_BASE_URL": service.base_url, "OPENAI_API_KEY": "k", "PYTHONPATH": REPOSITORY}
    with PtySession([sys.executable, str(PROGRAM), "Hello"], env=env, cwd=tmp_path) as session:
        session.wait_for("It is sunny")
        session.wait_until_done()
        session.type(QUIT)
        session.wait_for("printed by a child")
        session.type("Ada\r")
        session.wait_for("You are Ada")
        assert session.wait_until_ended() == 0
        assert session.terminal_is_restored()


def test_where_no_shell_could_continue_it_a_screen_is_not_stopped(baton, tmp_path):
    with PtySession([*baton, "demo", "--speed", "20"], cwd=tmp_path) as session:
        session.wait_for("Enter Send")
        session.settle()
        session.screen.reset()
        session.type("\x1a")
        session.wait_for("Enter Send")
        session.type("Hello\x1a")
        session.settle()
        assert "Hello" not in session.text, "with something to undo, the key undoes"
        session.type(QUIT)
        assert session.wait_until_ended() == 0
        assert session.terminal_is_restored()


def test_without_a_terminal_the_program_is_told():
    done = subprocess.run(
        [sys.executable, str(PROGRAM), "screen dies"],
        input="Ada\n",
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": REPOSITORY},
        check=True,
    )
    assert "UsageError standard input is no terminal: start it in one" in done.stdout
