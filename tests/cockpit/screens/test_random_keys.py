"""Two thousand keys of every kind on a screen with a request: without going to it, none decides."""

import random
import string

import pytest
from textual import events

from tests.cockpit.desk import Desk, opened
from tests.fakes.fake_scripts import refund_desk

KEYS = 2_000
BATCH = 40
# Without `a` and Ctrl+G, which go to the request, `i`, which goes to the inbox, and what leaves
# the screen or ends the run.
PRINTING = [key for key in string.printable.strip() if key not in "ai"]
OTHERS = [
    *("enter", "space", "tab", "shift+tab", "backspace", "delete", "home", "end", "ctrl+s"),
    *("up", "down", "left", "right", "pageup", "pagedown", "ctrl+j", "ctrl+u", "ctrl+w"),
    *("ctrl+y", "ctrl+z", "ctrl+a", "ctrl+e", "f2", "f3", "f4", "f5", "f9", "shift+enter"),
]
PASTES = ["y\n", "Y\nY\n", "ctrl+g\ny", "e\n"]


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_key_decides_before_a_person_has_gone_to_the_request(seed):
    chance = random.Random(seed)
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        run = desk.run
        for _ in range(KEYS // BATCH):
            press_some(desk, chance)
            await desk.pilot.pause()
            assert not desk.screen.is_at_request
        assert run.answers == []
        assert len(desk.conversation.view.pending) == 1
        # What was sent meanwhile waits for the run to end, and begins another then.
        await desk.press("ctrl+g", "y")
        assert len(run.answers) == 1


def press_some(desk: Desk, chance: random.Random) -> None:
    """Press a batch in one go, as after a stall, with a paste at its end."""
    for _ in range(BATCH):
        key = chance.choice(PRINTING if chance.random() < 0.7 else OTHERS)
        desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
    desk.app.post_message(events.Paste(chance.choice(PASTES)))
