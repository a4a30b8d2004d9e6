"""A settings file: what it says, and each fault with its line and what to do."""

import pytest
from textual.app import App

from tests.cockpit.desk import opened, text_of
from tests.fakes.fake_scripts import plain_answer, refund_desk
from tui.cockpit.app import BatonApp
from tui.cockpit.config import read_config
from tui.cockpit.kept_app import KeptApp
from tui.cockpit.keymap import ACTIONS, key_of
from tui.cockpit.ledger_app import LedgerApp
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.paned import PanedScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.settings import AttentionSettings, Settings
from tui.cockpit.watchful_app import WatchfulApp
from tui.cockpit.widgets.composer import Composer
from tui.errors import SettingsError

WHOLE = """\
theme = "light"

[attention]
bell = false
osc9 = false
osc777 = false
title = false
every_s = 60
command = ["notify-send", "Baton"]
command_within_s = 2.5

[keys]
hold = "f11"
retry = "t, ctrl+e"
"""


def test_everything_can_be_set():
    assert read_config(WHOLE, "config.toml") == Settings(
        "light",
        AttentionSettings(False, False, False, False, 60, ("notify-send", "Baton"), 2.5),
        {"hold": "f11", "retry": "t,ctrl+e"},
    )


def test_what_is_left_out_is_as_usual():
    assert read_config("", "config.toml") == Settings()
    assert read_config("[attention]\nbell = false", "c").attention == AttentionSettings(bell=False)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("theme = light", 1, "not TOML"),
        ("\ntheme = 1", 2, '"theme" is a whole number; it must be text in quotes'),
        ('theme = "ligth"', 1, 'there is no theme "ligth"; did you mean "light"?'),
        ('theme = "neon"', 1, "choose dark or light"),
        ("\n\n[atention]", 3, 'unknown key "atention"; did you mean "attention"?'),
        ("[attention]\nbel = true", 2, 'did you mean "bell"?'),
        ("[attention]\nbell = 1", 2, "true or false"),
        ("[attention]\nevery_s = -1", 2, "it cannot be less than 0"),
        ("[attention]\ncommand_within_s = 0", 2, "give it more"),
        ('[attention]\ncommand = "beep"', 2, "it must be a list"),
        ("[attention]\ncommand = []", 2, "names no program"),
        ('[attention]\ncommand = [""]', 2, "names no program"),
        ('[attention]\ncommand = [\n  "a",\n  1]', 4, "it must be texts"),
        ('[attention]\ncommand = ["a\\u0000"]', 1, "NUL"),
        ('[keys]\nhodl = "f7"', 2, 'did you mean "hold"?'),
        ("[keys]\nhold = 7", 2, "text in quotes"),
        ('[keys]\nhold = "h"', 2, "types a letter"),
        ('[keys]\ntranscript = "1"', 2, "types a letter"),
        ('[keys]\nhold = "ctrl+m"', 2, "it is Enter"),
        ('[keys]\nhold = "ctrl+c"', 2, "it copies"),
        ('[keys]\nhold = "enter"', 2, "no key that can be given"),
        ('[keys]\nretry = "space"', 2, "no key that can be given"),
        ('[keys]\nretry = ""', 2, "no key that can be given"),
        ('[keys]\nretry = "up"', 2, "moves the cursor"),
        ('[keys]\nretry = "y"', 2, "decides calls on a request"),
        ('[keys]\nretry = "N"', 2, "decides calls on a request"),
        ('[keys]\nhold = "f12"', 2, "is the key of extend_budget too"),
        ('[keys]\nhold = "f5"\nhelp = "f5"', 2, "is the key of help too"),
        ('[keys]\napprove = "f5"', 2, 'unknown key "approve"'),
    ],
)
def test_a_fault_names_its_line_and_what_to_do(text, line, words):
    with pytest.raises(SettingsError) as caught:
        read_config(text, "config.toml")
    assert str(caught.value).startswith(f"config.toml:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "keys",
    [
        {"hold": "f12", "extend_budget": "f9"},
        {"retry": "t", "look_again": "t"},
        {"hold": "CTRL+Y"},
        {"retry": "r"},
    ],
)
def test_keys_can_be_exchanged_and_shared_by_screens(keys):
    text = "[keys]\n" + "\n".join(f'{action} = "{key}"' for action, key in keys.items())
    assert set(read_config(text, "c").keys) == set(keys)


def test_the_table_of_actions_is_what_the_bindings_say():
    bound: dict[str, set[str]] = {}
    types: dict[str, bool] = {}
    apps = (BatonApp, KeptApp, LedgerApp, WatchfulApp)
    for owner in (*apps, PanedScreen, RunScreen, HomeScreen, Composer):
        for binding in owner.BINDINGS:
            if binding.id:
                bound.setdefault(binding.id, set()).update(binding.key.split(","))
                types[binding.id] = binding.priority or owner is Composer
    assert bound == {action: set(each.keys.split(",")) for action, each in ACTIONS.items()}
    assert types == {action: each.while_writing for action, each in ACTIONS.items()}


async def test_a_given_key_works_is_shown_and_leaves_the_old_one_free():
    settings = Settings(keys={"hold": "f11", "home": "ctrl+y"})
    async with opened(refund_desk, hold=True, settings=settings) as desk:
        await desk.press("f9")
        assert desk.host.wishes == []
        await desk.press("f11")
        assert desk.host.wishes == ["hold"]
        shown = text_of(desk.app.screen)
        assert "F11 releases" in shown
        assert "Ctrl+Y Home" in shown.splitlines()[-1]
        await desk.press("ctrl+y")
        assert isinstance(desk.app.screen, HomeScreen)


async def test_panes_and_the_way_to_a_request_are_named_by_the_given_keys():
    settings = Settings(keys={"timeline": "f11", "go_to_request": "ctrl+e"})
    async with opened(refund_desk, settings=settings) as desk:
        await desk.until_asked()
        assert "F11 Timeline" in text_of(desk.app.screen)
        assert "Ctrl+E decide" in text_of(desk.app.screen)
        assert desk.composer.placeholder == "A call waits for you: Ctrl+E goes to it"
        await desk.press("ctrl+e", "y")
        await desk.until_ended()
        assert len(desk.run.decisions) == 1


async def test_the_theme_of_the_app_is_the_one_given():
    async with opened(plain_answer, prompt=None, theme="light") as desk:
        assert desk.app.theme == "baton-light"


def test_without_a_keymap_a_key_is_the_usual_one():
    assert key_of(App(), "hold") == "F9"


def test_texts_that_go_into_no_file_are_read():
    assert read_config('[export]\nredact = ["Ada", "a+b"]', "c.toml").export.redact == (
        "Ada",
        "a+b",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[export]\nredact = ["a", " "]', 'c.toml:2: "redact" has a text of nothing'),
        ('[export]\nredact = "a"', 'c.toml:2: "redact" is text in quotes; it must be a list'),
        ('[export]\nhide = ["a"]', 'c.toml:2: unknown key "hide"'),
    ],
)
def test_texts_that_cannot_be_left_out_are_a_sentence(text, sentence):
    with pytest.raises(SettingsError) as raised:
        read_config(text, "c.toml")
    assert str(raised.value).startswith(sentence)
