"""How keys are named to a person."""

import pytest

from tui.cockpit.keys import key_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("enter", "Enter"),
        ("ctrl+g", "Ctrl+G"),
        ("shift+tab", "Shift+Tab"),
        ("shift+enter", "Shift+Enter"),
        ("f1", "F1"),
        ("y", "y"),
        ("question_mark", "?"),
        ("G", "G"),
        ("alt+backspace", "Alt+Backspace"),
    ],
)
def test_a_key_is_named_as_it_is_printed(key, name):
    assert key_name(key) == name
