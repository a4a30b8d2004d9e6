import subprocess
import sys

import pytest

from tui import cli
from tui.cockpit.sources.host_options import HostOptions


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(cli, "require_terminal", lambda: None)


@pytest.fixture
def watches():
    return []


@pytest.fixture
def opened(monkeypatch, terminal, watches):
    calls = []

    def record(settings, options, target=None, prompt=None, read_only=False, **_):
        watches.append(read_only)
        calls.append((settings.theme, target, prompt, options))
        return 0

    monkeypatch.setattr(cli, "_open", record)
    for name in (
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "BATON_DATA_DIR",
        "BATON_THEME",
        "OPENAI_BASE_URL",
        "OPENAI_API_KEY",
    ):
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


@pytest.mark.parametrize("place", range(2, 6))
def test_the_first_message_may_stand_anywhere_behind_the_agent(opened, file, place):
    arguments = ["run", f"{file}:agent", "--model", "m", "--api", "chat"]
    arguments.insert(place + place % 2, "Hello")
    assert cli.main(arguments) == 0
    assert opened[0][2] == "Hello"


def test_a_policy_file_is_given_to_the_agent_process_by_its_whole_path(
    opened, tmp_path, monkeypatch
):
    (tmp_path / "rules.toml").write_text('[[rule]]\neffect = "deny"\ntool = "rm"\n')
    monkeypatch.chdir(tmp_path)
    assert cli.main(["--policy", "rules.toml"]) == 0
    assert cli.main(["demo", "--policy=rules.toml", "Hi"]) == 0
    assert [options.policy for *_, options in opened] == [str(tmp_path / "rules.toml")] * 2
    assert f"--policy={tmp_path}/rules.toml" in opened[0][3].arguments


def test_the_policy_file_of_the_settings_folder_is_taken_there_or_not(
    opened, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "baton" / "policy.toml"
    assert cli.main([]) == 0
    file.parent.mkdir(parents=True)
    file.write_text("")
    assert cli.main([]) == 0
    file.write_text("[[rule]]")
    assert cli.main([]) == 2
    assert "policy.toml:1: an empty rule" in capsys.readouterr().err
    assert [options.policy for *_, options in opened] == [str(file), str(file)]


def test_a_fault_in_the_policy_file_is_one_sentence_with_its_line(opened, tmp_path, capsys):
    (tmp_path / "rules.toml").write_text('[[rule]]\ntool = "rm"\n\nefect = "deny"\n')
    assert cli.main(["--policy", str(tmp_path / "rules.toml")]) == 2
    assert capsys.readouterr().err.startswith(f"baton: {tmp_path}/rules.toml:4: ")


@pytest.mark.parametrize("place", [0, 1])
def test_approve_all_goes_to_the_agent_process_and_read_only_to_the_screen(opened, watches, place):
    arguments = ["demo"]
    arguments[place:place] = ["--approve-all", "--read-only"]
    assert cli.main(arguments) == 0
    assert opened[0][3].approve_all
    assert "--approve-all=yes" in opened[0][3].arguments
    assert watches == [True]


def test_neither_is_so_unless_it_is_said(opened, watches):
    assert cli.main(["demo"]) == 0
    assert not opened[0][3].approve_all
    assert not [word for word in opened[0][3].arguments if "approve" in word]
    assert watches == [False]


def test_a_run_is_given_a_context(opened, file):
    assert cli.main(["run", f"{file}:agent", "--context", f"{file}:Ctx"]) == 0
    assert opened == [("dark", f"{file}:agent", None, HostOptions(context=f"{file}:Ctx"))]


MODELS = [
    (
        ["--model", "Qwen/Qwen3"],
        HostOptions(model="Qwen/Qwen3", environment={"OPENAI_DEFAULT_MODEL": "Qwen/Qwen3"}),
    ),
    (
        ["--base-url", "http://localhost:1/v1"],
        HostOptions(
            address_from="--base-url",
            environment={"OPENAI_BASE_URL": "http://localhost:1/v1", "OPENAI_API_KEY": "none"},
        ),
    ),
    (
        ["--base-url", "https://api.openai.com/v1"],
        HostOptions(
            address_from="--base-url", environment={"OPENAI_BASE_URL": "https://api.openai.com/v1"}
        ),
    ),
    (
        ["--api-key-env", "MY_KEY"],
        HostOptions(key_from="MY_KEY", environment={"OPENAI_API_KEY": "sk-mine"}),
    ),
    (
        ["--api-key-env", "MY_KEY", "--base-url", "https://x"],
        HostOptions(
            address_from="--base-url",
            key_from="MY_KEY",
            environment={"OPENAI_BASE_URL": "https://x", "OPENAI_API_KEY": "sk-mine"},
        ),
    ),
]


@pytest.mark.parametrize(("options", "told"), MODELS)
def test_what_is_said_of_models_reaches_the_agents(opened, file, monkeypatch, options, told):
    monkeypatch.setenv("MY_KEY", "sk-mine")
    for arguments in (["run", f"{file}:agent", *options], [*options, "run", f"{file}:agent"]):
        assert cli.main(arguments) == 0
    assert cli.main(options) == 0
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


def test_the_official_service_is_not_asked_without_a_key(opened, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.openai.com/v1")
    cli.main([])
    assert opened[0][-1].environment == {}


def test_the_environment_names_a_theme_and_the_option_wins(opened, monkeypatch):
    monkeypatch.setenv("BATON_THEME", "light")
    cli.main([])
    cli.main(["--theme", "dark"])
    assert [call[0] for call in opened] == ["light", "dark"]


def test_who_interrupts_a_command_reads_no_traceback(monkeypatch, capsys):
    def interrupted(given):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.cli_runs, "run", interrupted)
    assert (cli.main(["runs"]), capsys.readouterr()) == (130, ("", ""))


def test_a_key_given_for_its_variable_is_not_repeated(terminal, capsys):
    assert cli.main(["--api-key-env", "sk-proj-secret"]) == 2
    assert "secret" not in capsys.readouterr().err


def test_a_key_is_in_no_text_about_the_options():
    options = HostOptions(environment={"OPENAI_API_KEY": "sk-secret"})
    assert "secret" not in repr(options)
    assert "secret" not in " ".join(options.arguments)


@pytest.mark.parametrize(
    "command", ["", "run", "demo", "runs", "audit", "runs export", "runs import", "runs search"]
)
def test_help_fits_a_terminal_of_80_columns(capsys, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit):
        cli.main([*command.split(), "--help"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("tui", {"textual", "openai", "pydantic", "msgspec", "asyncio"}),
        ("tui.cli", {"textual", "openai", "pydantic", "msgspec", "asyncio"}),
        ("tui.agents", {"textual", "openai", "msgspec", "tui.host", "tui.cockpit"}),
        ("tui.host.process", {"textual", "openai", "pydantic", "tui.agents", "tui.cockpit.app"}),
        ("tui.rehearsal", {"textual"}),
        ("tui.report.page", {"textual", "openai", "pydantic", "tui.agents", "tui.host"}),
        ("tui.cli_runs_actions", {"textual", "openai", "pydantic", "tui.report", "tui.host"}),
        ("tui.cli_audit", {"textual", "openai", "pydantic", "tui.host"}),
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
