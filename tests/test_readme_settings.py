"""The files that the README shows are taken as they stand, and say what it says."""

import re
from pathlib import Path

from tui.cockpit.config import read_config
from tui.cockpit.keymap import ACTIONS
from tui.cockpit.settings import AttentionSettings
from tui.policy.file import read_policy
from tui.policy.settings import Sentinel

README = (Path(__file__).parents[1] / "README.md").read_text()
BLOCKS = dict(re.findall(r"```toml\n# (\w+\.toml)\n(.*?)```", README, re.DOTALL))


def test_its_settings_file_is_taken_and_shows_what_is_usual():
    settings = read_config(BLOCKS["config.toml"], "config.toml")
    usual = AttentionSettings(command=("notify-send", "Baton waits"))
    assert settings.attention == usual
    assert settings.theme == "light"


def test_its_policy_file_is_taken_and_shows_the_usual_sentinel():
    policy = read_policy(BLOCKS["policy.toml"], "policy.toml")
    assert policy.sentinel == Sentinel()
    assert [budget.agent for budget in policy.budgets] == ["", "Refunds"]


def test_it_names_every_action_that_can_be_given_a_key():
    assert [action for action in ACTIONS if f"`{action}`" not in README] == []
