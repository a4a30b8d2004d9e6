"""The player as a function of where it is, what is wished and how much time went by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tui.cockpit.sources.player import AT_ONCE, SPEEDS, Player, now_of, silence_told
from tui.cockpit.sources.replay import Recording
from tui.wire.events import HandoffOccurred, TextDelta

# Played at 0, 1, 1, 4, then a silence of 100 s in 3, then 1 s.
TIMES = (1000.0, 1001.0, 1001.0, 1004.0, 1104.0, 1105.0)


def event(seq, at):
    if seq in (1, 4):
        return HandoffOccurred(run_id="r", seq=seq, at=at, agent="A", call_id="c", target="B")
    return TextDelta(run_id="r", seq=seq, at=at, item_id="m", agent="A", text="x")


RECORDING = Recording([event(seq, at) for seq, at in enumerate(TIMES)], "x")
EMPTY = Recording([], "nothing")
PLAYING = Player(is_playing=True)


@pytest.mark.parametrize(
    ("player", "passed_s", "position", "at_s", "is_playing"),
    [
        (Player(), 5.0, 0, 0.0, False),
        (PLAYING, 0.0, 1, 0.0, True),
        (PLAYING, 0.5, 1, 0.5, True),
        (PLAYING, 1.0, 3, 1.0, True),
        (PLAYING, 6.9, 4, 6.9, True),
        (PLAYING, 7.0, 5, 7.0, True),
        (PLAYING, 8.0, 6, 8.0, False),
        (PLAYING, 999.0, 6, 8.0, False),
        (replace(PLAYING, speed=0.5), 2.0, 3, 1.0, True),
        (replace(PLAYING, speed=4.0), 1.0, 4, 4.0, True),
        (replace(PLAYING, speed=AT_ONCE), 0.01, 6, 8.0, False),
        (replace(PLAYING, speed=AT_ONCE), 0.0, 6, 8.0, False),
        # Of two events at one time the second is not taken back.
        (Player(2, 1.0, is_playing=True), 0.0, 3, 1.0, True),
    ],
)
def test_time_moves_what_is_played(player, passed_s, position, at_s, is_playing):
    moved = player.advanced(RECORDING, passed_s)
    assert (moved.position, moved.at_s, moved.is_playing) == (position, at_s, is_playing)


@pytest.mark.parametrize(
    ("at_s", "seconds", "position", "then_s"),
    [
        (0.0, 5.0, 4, 5.0),
        (6.0, -5.0, 3, 1.0),
        (6.0, -30.0, 1, 0.0),
        (6.0, 30.0, 6, 8.0),
    ],
)
def test_scrubbing_stays_within_and_goes_on_playing(at_s, seconds, position, then_s):
    moved = Player(0, at_s, is_playing=True).moved(RECORDING, seconds)
    assert (moved.position, moved.at_s, moved.is_playing) == (position, then_s, True)


@pytest.mark.parametrize(
    ("position", "steps", "then"),
    [(0, 1, 2), (2, 1, 5), (3, 1, 5), (5, 1, None), (6, -1, 5), (5, -1, 2), (2, -1, None)],
)
def test_the_next_and_the_last_landmark_from_a_position(position, steps, then):
    player = Player(position, 0.0, is_playing=True)
    moved = player.at_landmark(RECORDING, "handoff", steps)
    assert (moved and (moved.position, moved.is_playing)) == (then and (then, False))
    assert player.at_landmark(RECORDING, "error", steps) is None


def test_speeds_go_in_steps_and_end_at_the_slowest_and_at_once():
    player, seen = Player(speed=SPEEDS[0]), []
    for _ in range(len(SPEEDS) + 1):
        seen.append(player.speed)
        player = player.at_speed(1)
    assert seen == [*SPEEDS, AT_ONCE]
    assert player.at_speed(-100).speed == 0.5


def test_space_plays_stands_and_at_the_end_begins_again():
    playing = Player().turned(RECORDING)
    assert playing.is_playing
    assert not playing.turned(RECORDING).is_playing
    again = playing.at_end(RECORDING).turned(RECORDING)
    assert (again.position, again.at_s, again.is_playing) == (0, 0.0, True)


def test_start_and_end_and_a_position():
    ended = PLAYING.at_end(RECORDING)
    assert (ended.position, ended.at_s) == (6, 8.0)
    begun = ended.at_start()
    assert (begun.position, begun.at_s) == (0, 0.0)
    there = PLAYING.at_position(RECORDING, 4)
    assert (there.position, there.at_s, there.is_playing) == (4, 4.0, False)


@pytest.mark.parametrize(
    ("position", "at_s", "now"),
    [
        (0, 0.0, 1000.0),
        (1, 0.4, 1000.0),
        (3, 1.0, 1001.0),
        (3, 3.4, 1003.0),
        # Half of the shortened silence is half of the real one.
        (4, 5.5, 1054.0),
        (6, 8.0, 1105.0),
    ],
)
def test_ages_are_those_of_the_runs_own_time(position, at_s, now):
    assert now_of(RECORDING, Player(position, at_s)) == now


def test_a_silence_is_told_while_it_is_played_and_a_moment_longer():
    told = {at_s: silence_told(RECORDING, Player(4, at_s)) for at_s in (4.0, 5.0, 7.5)}
    assert {at_s: each and each.lasted_s for at_s, each in told.items()} == {
        4.0: None,
        5.0: 100.0,
        7.5: 100.0,
    }


def test_nothing_can_be_played_of_nothing():
    assert PLAYING.advanced(EMPTY, 1.0) == replace(PLAYING, is_playing=False)
    assert Player().moved(EMPTY, 5.0) == Player()
    assert now_of(EMPTY, Player()) == 0.0
