"""What a transcript shows before the first message."""

from tests.cockpit.widgets.pane_app import lines, shown
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.transcript import Transcript
from tui.cockpit.widgets.transcript_empty import OPENINGS
from tui.rehearsal.plays.small_talk import SUGGESTIONS
from tui.rehearsal.words import Language


async def test_a_rehearsal_says_what_it_understands() -> None:
    async with shown(pane := Transcript(), size=(50, 12)):
        pane.view = RunView(rehearsal=True)
        seen = lines(pane)
        assert seen[:3] == [
            "Nothing has been said yet.",
            "Write a message below, such as one of these:",
            "",
        ]
        assert [line.strip() for line in seen[3:8]] == list(OPENINGS)


async def test_what_agents_of_your_own_understand_is_not_guessed() -> None:
    async with shown(pane := Transcript()):
        pane.view = RunView()
        assert lines(pane)[1:3] == ["Write a message below.", ""]


def test_the_screen_offers_what_the_rehearsal_suggests() -> None:
    assert SUGGESTIONS[Language.ENGLISH] == OPENINGS
