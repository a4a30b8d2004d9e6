"""The settings file on the command line: where it lies, and faults before anything starts."""

import pytest

from tui import cli
from tui.cli_config import read_settings
from tui.cockpit.settings import Settings
from tui.errors import UsageError


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "config" / "baton" / "config.toml"
    file.parent.mkdir(parents=True)
    return file


@pytest.fixture
def themes(monkeypatch, tmp_path):
    """The theme of each cockpit that was opened."""
    opened = []
    monkeypatch.setattr(cli, "require_terminal", lambda: None)
    monkeypatch.setattr(cli, "_open", lambda settings, *_, **__: opened.append(settings.theme) or 0)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return opened


def test_it_lies_in_the_folder_for_settings(config, tmp_path):
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert read_settings(None, environ) == Settings()
    config.write_text('theme = "light"')
    assert read_settings(None, environ).theme == "light"


def test_a_named_file_is_read_instead(config, tmp_path):
    config.write_text('theme = "light"')
    other = tmp_path / "mine.toml"
    other.write_text('theme = "dark"')
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    assert read_settings(str(other), environ).theme == "dark"


def test_where_the_environment_names_no_home_there_is_none():
    assert read_settings(None, {}) == Settings()


@pytest.mark.parametrize(
    ("given", "environment", "theme"),
    [([], "", "light"), ([], "dark", "dark"), (["--theme", "dark"], "light", "dark")],
)
def test_option_before_environment_before_file(
    themes, config, monkeypatch, given, environment, theme
):
    config.write_text('theme = "light"')
    monkeypatch.setenv("BATON_THEME", environment)
    assert cli.main([*given]) == 0
    assert themes == [theme]


def test_a_fault_is_one_line_before_anything_starts(themes, config, capsys):
    config.write_text('\n[keys]\nhodl = "f7"\n')
    assert cli.main(["demo"]) == 2
    told = capsys.readouterr().err
    assert told == 'baton: config.toml:3: unknown key "hodl"; did you mean "hold"?\n'
    assert themes == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "--config: an empty name is no file"),
        ("no-such-file", "--config: there is no file no-such-file: check its path"),
        (".", "--config: . is a folder: give a file"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_the_option(name, words):
    with pytest.raises(UsageError, match=words):
        read_settings(name, {})
