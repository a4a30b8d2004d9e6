"""A replay on the screen: its keys, its line, what the panes show, and that it decides nothing."""

from __future__ import annotations

import random

import pytest

from tests.cockpit.desk import opened, text_of
from tests.cockpit.kept import a_recording, keep, kept_in, run_id_of
from tests.cockpit.projection.folding import folded
from tests.fakes.fake_clock import FakeClock
from tests.fakes.fake_scripts import failing, long_run, nested_agent, plain_answer, refund_desk
from tui.cockpit.dialogs.replayed_request import ReplayedRequest
from tui.cockpit.projection.view import RunView, as_plain
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.panes import Panes
from tui.cockpit.screens.replay import ReplayScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.widgets.composer import Composer
from tui.cockpit.widgets.key_bar import working_keys
from tui.cockpit.widgets.replay_line import Playhead, ReplayLine, replay_line
from tui.cockpit.widgets.timeline import Timeline
from tui.cockpit.widgets.transcript import Transcript


def playing(recording, **more):
    return opened(plain_answer, target=None, replay=recording, **more)


def head(desk) -> Playhead:
    return desk.app.screen.query_one(ReplayLine).playhead


def shown_view(desk):
    return desk.app.screen.query_one(Panes).view


async def stand(desk):
    """Stand still at the beginning."""
    await desk.press("space", "0")
    assert not head(desk).is_playing


async def test_it_plays_from_its_beginning_and_stands_at_its_end():
    recording, clock = await a_recording(), FakeClock(0.0)
    async with playing(recording) as desk:
        screen = desk.app.screen
        assert isinstance(screen, ReplayScreen)
        screen._clock = clock
        await stand(desk)
        await desk.press("space")
        clock.now += 1.1
        screen.tick()
        assert head(desk).position == 5
        clock.now += 100.0
        screen.tick()
        assert (head(desk).position, head(desk).is_playing) == (len(recording.events), False)
        assert as_plain(shown_view(desk)) == as_plain(folded(recording.events))
        assert await desk.comes_to_show(lambda words: "■ at the end" in words)


async def test_every_key_goes_where_it_says():
    recording = await a_recording()
    async with playing(recording) as desk:
        await stand(desk)
        marks = recording.landmarks
        for key, kind in (("m", "message"), ("h", "handoff"), ("a", "approval")):
            await desk.press(key)
            assert head(desk).position == marks[kind][0]
        await desk.press("H")
        assert head(desk).position == marks["handoff"][0]
        await desk.press("right")
        assert head(desk).at_s == pytest.approx(recording.played_s[marks["handoff"][0] - 1] + 5)
        await desk.press("left", "shift+left")
        assert head(desk).at_s == 0.0
        await desk.press("shift+right", "shift+right")
        assert head(desk).position == len(recording.events)
        await desk.press("0", "$")
        assert head(desk).position == len(recording.events)
        await desk.press("h")
        assert desk.notice == "No handoff behind this"


async def test_speeds_are_shown_and_at_once_is_the_end():
    recording, clock = await a_recording(), FakeClock(0.0)
    async with playing(recording) as desk:
        desk.app.screen._clock = clock
        await stand(desk)
        await desk.press("minus")
        assert await desk.comes_to_show(lambda words: "⏸ paused ½×" in words)
        await desk.press(*["+"] * 9)
        assert await desk.comes_to_show(lambda words: "⏸ paused at once" in words)
        await desk.press("space")
        assert await desk.comes_to_show(lambda words: "■ at the end at once" in words)


async def test_a_long_silence_is_shortened_and_said():
    recording = await a_recording()
    assert recording.length_s < 30
    async with playing(recording) as desk:
        await stand(desk)
        desk.app.screen._go_to(desk.app.screen._player.at_position(recording, 14))
        assert await desk.comes_to_show(lambda words: "… 12 m 00 s passed" in words)


async def test_what_waited_is_shown_and_no_key_decides_or_sends():
    recording = await a_recording()
    async with playing(recording) as desk:
        await stand(desk)
        await desk.press("a")
        request = desk.app.screen.query_one(ReplayedRequest)
        assert request.has_class("-asking")
        assert await desk.comes_to_show(lambda words: "issue_refund" in words)
        assert "what was decided comes with its event" in text_of(desk.app.screen)
        before = head(desk)
        await desk.press_later("ctrl+g", "y", "n", "r", "Y", "N")
        assert head(desk) == before
        assert desk.host.runs == []
        assert not desk.app.screen.query(Composer)
        told = {hint.does for hint in working_keys(desk.app.screen, hidden=True)}
        assert not told & {"Approve", "Reject", "Send", "Go to the request", "Try again"}
        await desk.press("$")
        assert not request.has_class("-asking")


async def test_ages_are_those_of_the_run_not_of_the_day():
    recording = await a_recording()
    async with playing(recording, wall=lambda: 9e9) as desk:
        await stand(desk)
        await desk.press("a")
        assert await desk.comes_to_show(lambda words: "asked 0 s ago" in words)
        timeline = desk.app.screen.query_one(Timeline)
        assert timeline.now == recording.events[head(desk).position - 1].at


@pytest.mark.parametrize("script", [refund_desk, nested_agent, failing, long_run(6, 3000)])
async def test_wherever_one_comes_from_a_place_looks_the_same(script):
    recording = await a_recording(script)
    total, walk = len(recording.events), random.Random(6)
    places = [walk.randrange(total + 1) for _ in range(24)]
    async with playing(recording) as desk:
        await stand(desk)
        screen = desk.app.screen
        for place in places:
            screen._go_to(screen._player.at_position(recording, place))
            await desk.pilot.pause()
            jumped = text_of(screen)
            view = shown_view(desk)
            assert as_plain(view) == as_plain(folded(recording.events[:place]))
            # The same, drawn from nothing.
            screen._panes.view = RunView()
            screen._panes.view = view
            await desk.pilot.pause()
            assert text_of(screen) == jumped, place


async def test_panes_are_read_as_in_a_run():
    recording = await a_recording(long_run(20, 2000))
    async with playing(recording) as desk:
        await desk.press("space", "$", "f3", "g")
        timeline, transcript = (
            desk.app.screen.query_one(Timeline),
            desk.app.screen.query_one(Transcript),
        )
        await desk.press("j", "enter")
        assert desk.app.screen.query_one("#inspector").item_id == timeline.selected
        await desk.press("f2", "g")
        assert not transcript.follows_end


async def test_another_screen_makes_it_stand():
    recording = await a_recording()
    async with playing(recording) as desk:
        screen = desk.app.screen
        assert screen._player.is_playing
        await desk.press("f6")
        assert not screen._player.is_playing
        await desk.press("escape")
        assert desk.app.screen is screen


async def test_escape_leads_home_where_nothing_else_asked_for_it():
    recording = await a_recording()
    async with playing(recording) as desk:
        await desk.press("escape")
        assert isinstance(desk.app.screen, HomeScreen)
        assert desk.app._replay is None


async def test_a_file_is_no_conversation_to_fork():
    async with playing(await a_recording()) as desk:
        await stand(desk)
        assert "Fork here" not in text_of(desk.app.screen).splitlines()[-1]
        await desk.press("f")
        assert isinstance(desk.app.screen, ReplayScreen)


async def replayed(desk):
    """Open the history, and from it a replay of the conversation the cursor is on."""
    await desk.press("f10")
    await desk.comes_to_show(lambda words: "Kept conversations · 4" in words)
    await desk.press("j", "p")
    await desk.comes_to_show(lambda words: " Replay " in words and "event" in words)
    await stand(desk)


async def test_f_forks_where_the_replay_is_and_says_where(tmp_path):
    journal = tmp_path / "journal.sqlite3"
    await keep(journal, 4)
    async with opened(plain_answer, target=None, journal=journal) as desk:
        await replayed(desk)
        await desk.press("$", "f")
        assert await desk.comes_to_show(lambda words: "Forked" in words)
        assert isinstance(desk.app.screen, RunScreen)
        assert kept_in(journal)[0].title.endswith("(fork)")
        assert desk.notice == "Forked after the end of the run: what you send goes on from there"


async def test_before_the_first_message_a_new_conversation_has_it_in_its_composer(tmp_path):
    journal = tmp_path / "journal.sqlite3"
    await keep(journal, 4)
    async with opened(plain_answer, target=None, journal=journal) as desk:
        await replayed(desk)
        await desk.press("m", "f")
        assert await desk.comes_to_show(lambda words: "a new conversation begins with it" in words)
        assert desk.composer.text.startswith("顧客へのお知らせ")
        assert len(kept_in(journal)) == 4


async def test_a_fork_of_nothing_is_said(tmp_path):
    journal = tmp_path / "journal.sqlite3"
    await keep(journal, 4)
    async with opened(plain_answer, target=None, journal=journal) as desk:
        await replayed(desk)
        await desk.press("f")
        assert await desk.comes_to_show(lambda words: "Nothing was said yet" in words)
        assert isinstance(desk.app.screen, ReplayScreen)
        assert len(kept_in(journal)) == 4


async def test_a_replay_that_was_left_is_let_go(tmp_path):
    journal = tmp_path / "journal.sqlite3"
    await keep(journal, 4)
    async with opened(plain_answer, target=None, journal=journal) as desk:
        await replayed(desk)
        first = desk.app.screen
        assert first.recording.kept.run_id == run_id_of(2)
        await desk.press("f10")
        assert not first.is_attached
        await desk.press("escape")
        assert isinstance(desk.app.screen, HomeScreen)


@pytest.mark.parametrize(
    ("playhead", "width", "words"),
    [
        (
            Playhead(30, 44, 10.0, 13.0, 1.0, False, 0.0),
            200,
            "Replay ⏸ paused 0:10 / 0:13 event 30 of 44 1970-01-01 00:00:00 UTC",
        ),
        (Playhead(1, 2, 1.0, 4000.0, 2.0, True), 30, "Replay ▶ playing 2×"),
        (Playhead(2, 2, 4.0, 4000.0, 0.5), 52, "Replay ■ at the end ½× 0:04 / 1:06:40"),
        (Playhead(1, 2, 1.0, 9.0, silence_s=90.0), 56, "0:01 / 0:09 … 1 m 30 s passed"),
    ],
)
def test_the_line_says_what_there_is_room_for(playhead, width, words):
    line = replay_line(playhead, width)
    shown = " ".join("".join(text for text, _ in line).split())
    assert words in shown
    assert sum(len(text) for text, _ in line) <= width
