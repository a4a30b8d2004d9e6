"""What a program's environment is lent while a screen shows its runs."""

import os

import pytest

from tui.script.environment import lent_environment

NAMES = ("OPENAI_AGENTS_DISABLE_TRACING", "OPENAI_API_KEY", "OPENAI_BASE_URL")
OWN = "http://127.0.0.1:8900/v1"


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in NAMES:
        # Set first: what a test leaves behind is taken away too.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def said():
    return tuple(os.environ.get(name) for name in NAMES)


@pytest.mark.parametrize(
    ("key", "address", "lent_key"),
    [
        (None, OWN, "none"),
        ("", OWN, "none"),
        ("sk-mine", OWN, "sk-mine"),
        (None, "", None),
        (None, "https://api.openai.com/v1", None),
        ("", "https://api.openai.com/v1", ""),
        (None, "http://[::1/v1", "none"),
    ],
)
def test_only_a_server_of_ones_own_needs_no_key(monkeypatch, key, address, lent_key):
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    before = said()
    with lent_environment():
        assert said() == ("1", lent_key, address)
    assert said() == before


def test_what_was_said_of_traces_stays(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "0")
    with lent_environment():
        assert said() == ("0", None, None)
    assert said() == ("0", None, None)


def test_what_the_program_says_meanwhile_stays(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", OWN)
    with lent_environment():
        os.environ["OPENAI_API_KEY"] = "sk-found"
        del os.environ["OPENAI_AGENTS_DISABLE_TRACING"]
    assert said() == (None, "sk-found", OWN)


def test_it_is_given_back_when_the_runs_break_off(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", OWN)
    with pytest.raises(RuntimeError), lent_environment():
        raise RuntimeError
    assert said() == (None, None, OWN)
