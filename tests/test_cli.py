import os
import subprocess
import sys

import pytest

from tui import cli


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(cli, "_require_terminal", lambda: None)


@pytest.fixture
def opened(monkeypatch, terminal):
    calls = []

    def record(theme, **options):
        calls.append({"theme": theme, **options})
        return 0

    monkeypatch.setattr(cli, "_open", record)
    monkeypatch.delenv("BATON_THEME", raising=False)
    return calls


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"theme": "dark"}),
        (["--theme", "light"], {"theme": "light"}),
        (["demo"], {"theme": "dark", "target": "rehearsal", "prompt": None, "speed": 1.0}),
        (
            ["demo", "--speed", "5", "Hi"],
            {"theme": "dark", "target": "rehearsal", "prompt": "Hi", "speed": 5.0},
        ),
        (
            ["--theme", "light", "demo"],
            {"theme": "light", "target": "rehearsal", "prompt": None, "speed": 1.0},
        ),
        (
            ["demo", "--theme", "light"],
            {"theme": "light", "target": "rehearsal", "prompt": None, "speed": 1.0},
        ),
    ],
)
def test_arguments_say_what_opens(opened, arguments, expected):
    assert cli.main(arguments) == 0
    assert opened == [expected]


def test_run_opens_the_named_agent(opened, tmp_path):
    file = tmp_path / "desk.py"
    file.write_text("from tui.agents import Agent\nagent = Agent(name='A')\n")
    assert cli.main(["run", f"{file}:agent", "Hello"]) == 0
    assert opened == [{"theme": "dark", "target": f"{file}:agent", "prompt": "Hello"}]


def test_the_environment_names_a_theme_and_the_option_wins(opened, monkeypatch):
    monkeypatch.setenv("BATON_THEME", "light")
    cli.main([])
    cli.main(["--theme", "dark"])
    assert [call["theme"] for call in opened] == ["light", "dark"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fly"], "invalid choice: 'fly'"),
        (["run"], "required: FILE.py:NAME"),
        (["demo", "--speed", "0"], "'0' is not a number above 0"),
        (["demo", "--speed", "nan"], "'nan' is not a number above 0"),
        (["--theme", "neon"], "--theme: there is no theme 'neon'; choose dark or light"),
        (["run", "nowhere.py:agent"], "nowhere.py"),
        (["run", "a.py:b", "one", "two"], "unrecognized arguments: two"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_code_2(terminal, capsys, arguments, says):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("baton: ")
    assert says in captured.err


def test_a_wrong_theme_of_the_environment_names_the_variable(terminal, capsys, monkeypatch):
    monkeypatch.setenv("BATON_THEME", "neon")
    assert cli.main([]) == 2
    assert "BATON_THEME: there is no theme 'neon'" in capsys.readouterr().err


def test_without_a_terminal_the_command_says_so():
    done = subprocess.run(
        [sys.executable, "-m", "tui.cli", "demo"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"TERM": "xterm"},
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "baton: the cockpit needs a terminal for its input and its output\n"


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("tui", {"textual", "openai", "pydantic", "msgspec", "asyncio"}),
        ("tui.cli", {"textual", "openai", "pydantic", "msgspec", "asyncio"}),
        ("tui.agents", {"textual", "openai", "msgspec", "tui.host", "tui.cockpit"}),
        ("tui.host.process", {"textual", "openai", "pydantic", "tui.agents", "tui.cockpit.app"}),
        ("tui.rehearsal", {"textual"}),
        ("tui.cockpit.app", {"openai", "pydantic", "tui.agents", "tui.host", "agents"}),
        ("tui.cockpit.sources.hosted", {"openai", "pydantic", "textual", "tui.agents"}),
    ],
)
def test_importing_a_room_loads_nothing_it_may_not_see(module, never):
    code = f"import sys, {module}; print(*sorted(set({sorted(never)}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
