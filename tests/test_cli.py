import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui import cli
from tui.cockpit.sources.host_options import HostOptions


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(cli, "require_terminal", lambda: None)


@pytest.fixture
def opened(monkeypatch, terminal):
    calls = []

    def record(theme, options, target=None, prompt=None):
        calls.append((theme, target, prompt, options))
        return 0

    monkeypatch.setattr(cli, "_open", record)
    for name in ("BATON_THEME", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return calls


OPTIONS = HostOptions()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("dark", None, None, OPTIONS)),
        (["--theme", "light"], ("light", None, None, OPTIONS)),
        (["demo"], ("dark", "rehearsal", None, OPTIONS)),
        (["demo", "--speed", "5", "Hi"], ("dark", "rehearsal", "Hi", HostOptions(speed=5.0))),
        (["--theme", "light", "demo"], ("light", "rehearsal", None, OPTIONS)),
        (["demo", "--theme", "light"], ("light", "rehearsal", None, OPTIONS)),
    ],
)
def test_arguments_say_what_opens(opened, arguments, expected):
    assert cli.main(arguments) == 0
    assert opened == [expected]


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "desk.py"
    file.write_text("from tui.agents import Agent\nagent = Agent(name='A')\nclass Ctx: ...\n")
    return file


def test_run_opens_the_named_agent(opened, file):
    assert cli.main(["run", f"{file}:agent", "Hello"]) == 0
    assert opened == [("dark", f"{file}:agent", "Hello", OPTIONS)]


def test_run_opens_the_only_agent_of_a_file(opened, file):
    assert cli.main(["run", str(file)]) == 0
    assert opened == [("dark", f"{file}:agent", None, OPTIONS)]


def test_a_run_is_given_a_context(opened, file):
    assert cli.main(["run", f"{file}:agent", "--context", f"{file}:Ctx"]) == 0
    assert opened == [("dark", f"{file}:agent", None, HostOptions(context=f"{file}:Ctx"))]


MODELS = [
    (["--model", "Qwen/Qwen3"], {"OPENAI_DEFAULT_MODEL": "Qwen/Qwen3"}),
    (
        ["--base-url", "http://localhost:1/v1"],
        {"OPENAI_BASE_URL": "http://localhost:1/v1", "OPENAI_API_KEY": "none"},
    ),
    (["--api-key-env", "MY_KEY"], {"OPENAI_API_KEY": "sk-mine"}),
    (
        ["--api-key-env", "MY_KEY", "--base-url", "https://x"],
        {"OPENAI_BASE_URL": "https://x", "OPENAI_API_KEY": "sk-mine"},
    ),
]


@pytest.mark.parametrize(("options", "environment"), MODELS)
def test_what_is_said_of_models_reaches_the_agents_by_their_environment(
    opened, file, monkeypatch, options, environment
):
    monkeypatch.setenv("MY_KEY", "sk-mine")
    for arguments in (["run", f"{file}:agent", *options], [*options, "run", f"{file}:agent"]):
        assert cli.main(arguments) == 0
    assert cli.main(options) == 0
    model = options[1] if options[0] == "--model" else ""
    told = HostOptions(model=model, environment=environment)
    assert [call[-1] for call in opened] == [told] * 3


def test_how_a_model_is_spoken_to_is_told(opened):
    cli.main(["--api", "chat"])
    assert opened[0][-1] == HostOptions(api="chat")


def test_a_server_of_ones_own_needs_no_key(opened, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    cli.main([])
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
    cli.main([])
    assert [call[-1].environment for call in opened] == [{"OPENAI_API_KEY": "none"}, {}]


def test_the_environment_names_a_theme_and_the_option_wins(opened, monkeypatch):
    monkeypatch.setenv("BATON_THEME", "light")
    cli.main([])
    cli.main(["--theme", "dark"])
    assert [call[0] for call in opened] == ["light", "dark"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["fly"], "'fly' is no command; there are demo, run (see 'baton --help')"),
        (["run"], "required: FILE.py:NAME"),
        (["demo", "--speed", "0"], "'0' is not a number above 0"),
        (["demo", "--speed", "nan"], "'nan' is not a number above 0"),
        (["--theme", "neon"], "--theme: there is no theme 'neon'; choose dark or light"),
        (["run", "nowhere.py:agent"], "nowhere.py"),
        (["run", "a.py:b", "one", "two"], "unrecognized arguments: two"),
        (["run", "nowhere.py"], "there is no file nowhere.py: give its path from "),
        (["run", "pyproject.toml:a"], "pyproject.toml is not a Python file"),
        (["run", "a b"], "'a b' names no agent: give FILE.py:NAME or MODULE:NAME"),
        (["run", "a.b:c", "--context", "a.b"], "--context: 'a.b' has no name"),
        (["run", "a.b:c", "--base-url", "localhost"], "--base-url: 'localhost' is no address"),
        (["--api", "soap"], "baton: --api: 'soap' is none of responses, chat (see"),
        (["--base-url", "ftp://x"], "--base-url: 'ftp://x' is no address"),
        (["--base-url", "http://"], "--base-url: 'http://' is no address"),
        (["--base-url", "http://[x"], "--base-url: 'http://[x' is no address"),
        (["--base-url", "http://x", "demo"], "--base-url: the rehearsal asks no model"),
        (["--api-key-env", "", "demo"], "--api-key-env: the rehearsal asks no model"),
        (["--api", "chat", "demo"], "--api: the rehearsal asks no model"),
        (["--model", "x", "demo"], "--model: the rehearsal asks no model"),
        (["demo", "--model", "x"], "unrecognized arguments: --model (see"),
        (["--theme", ""], "--theme: there is no theme ''"),
        (["run", "nosuch.mod:a"], "there is no module nosuch.mod"),
        (["run", "x"], "there is no module x"),
        (["run", "tests/test_cli.py:MODELS"], "tests/test_cli.py:MODELS is a list, no agent"),
        (["run", "a\x1b[2J\n.py"], "there is no file a␛[2J⏎.py"),
        (["run", "a.b:c", "one", "\x1b]0;x\x07"], "unrecognized arguments: ␛]0;x␇"),
        (["--model", ""], "--model: an empty name is no model"),
        (["--api-key-env", "NO_SUCH_KEY"], "--api-key-env: NO_SUCH_KEY is not set: export it"),
        (["desk.py"], "'desk.py' is no command; did you mean: baton run desk.py"),
        (["a.b:c", "Hi"], "'a.b:c' is no command; did you mean: baton run a.b:c"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_code_2(
    terminal, capsys, monkeypatch, arguments, says
):
    monkeypatch.chdir(Path(__file__).parents[1])
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith("baton: ")
    assert says in captured.err


def test_a_key_given_for_its_variable_is_not_repeated(terminal, capsys):
    assert cli.main(["--api-key-env", "sk-proj-secret"]) == 2
    assert "secret" not in capsys.readouterr().err


def test_a_key_is_in_no_text_about_the_options():
    options = HostOptions(environment={"OPENAI_API_KEY": "sk-secret"})
    assert "secret" not in repr(options)
    assert "secret" not in " ".join(options.arguments)


def test_home_offers_agents_and_what_makes_them(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
    (tmp_path / "a.py").write_text(
        "from tui.agents import Agent\n"
        "desk = Agent(name='Front')\n"
        "def make(): return Agent(name='Made')\n"
        "def helper(): return 1\n"
    )
    (tmp_path / "broken.py").write_text("def (:\n")
    listing = cli._list_home(tmp_path, {})
    chosen = [(choice.target, choice.label) for choice in listing.choices]
    assert chosen[:2] == [("a.py:desk", "Front"), ("a.py:make", "make()")]
    assert [target for target, _ in chosen[2:]] == ["rehearsal"]
    assert listing.notice == ""


def test_what_cannot_be_read_takes_nothing_from_home(tmp_path):
    (tmp_path / "a.py").write_text("from tui.agents import Agent\ndesk = Agent(name='Front')\n")
    (tmp_path / "deep.py").write_text("x = " + "-" * 200_000 + "1\n")
    (tmp_path / "dots.py").write_text("x = a" + ".a" * 3_000 + "()\n")
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "gone.py").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.py")
    with (tmp_path / "vast.py").open("wb") as file:
        file.truncate(1 << 40)
    targets = {choice.target for choice in cli._list_home(tmp_path, {}).choices}
    assert targets == {"a.py:desk", "rehearsal"}
    gone = tmp_path / "gone"
    assert [choice.target for choice in cli._list_home(gone, {}).choices] == ["rehearsal"]


def test_home_begins_with_the_rehearsal_where_no_model_can_be_asked(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    (tmp_path / "a.py").write_text("from tui.agents import Agent\ndesk = Agent(name='Front')\n")
    listing = cli._list_home(tmp_path, {})
    assert listing.choices[0].target == "rehearsal"
    assert "OPENAI_API_KEY" in listing.notice
    assert cli._list_home(tmp_path, {"OPENAI_BASE_URL": "http://x"}).notice == ""


@pytest.mark.parametrize("command", [[], ["run"], ["demo"]])
def test_help_fits_a_terminal_of_80_columns(capsys, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        cli.main([*command, "--help"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


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
    assert done.stderr.startswith("baton: the cockpit needs a terminal for its input")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("tui", {"textual", "openai", "pydantic", "msgspec", "asyncio"}),
        ("tui.cli", {"textual", "openai", "pydantic", "msgspec", "asyncio"}),
        ("tui.agents", {"textual", "openai", "msgspec", "tui.host", "tui.cockpit"}),
        ("tui.host.process", {"textual", "openai", "pydantic", "tui.agents", "tui.cockpit.app"}),
        ("tui.rehearsal", {"textual"}),
        ("tui.cockpit.app", {"openai", "pydantic", "tui.agents", "tui.host", "agents"}),
        ("tui.script.run", {"textual", "openai", "pydantic", "tui.agents", "tui.cockpit.app"}),
        ("tui.script.screen", {"openai", "pydantic", "tui.agents", "tui.host", "agents"}),
        ("tui.cockpit.sources.hosted", {"openai", "pydantic", "textual", "tui.agents"}),
    ],
)
def test_importing_a_room_loads_nothing_it_may_not_see(module, never):
    code = f"import sys, {module}; print(*sorted(set({sorted(never)}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
