"""Every state of a call has a mark, and a colour in both panes that show it."""

from typing import get_args

import pytest

from tui.cockpit.projection.view import CallState
from tui.cockpit.widgets.timeline import Timeline
from tui.cockpit.widgets.transcript import Transcript
from tui.cockpit.widgets.words import MARKS


@pytest.mark.parametrize("state", get_args(CallState))
def test_a_state_is_drawn_wherever_calls_are(state):
    assert MARKS[state]
    assert f"timeline--tool-{state}" in Timeline.COMPONENT_CLASSES
    assert f"transcript--tool-{state}" in Transcript.COMPONENT_CLASSES
