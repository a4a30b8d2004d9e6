"""Playing a recording: where it is, how fast it goes, and what a wish makes of that. Pure.

Knows no clock, no key and no screen: who plays says how much time went by.
"""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import Final

from tui.cockpit.sources.replay import Landmark, Recording, Silence, silence_at

AT_ONCE: Final = math.inf
SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, AT_ONCE)
SAID_FOR_S: Final = 3.0
"""Seconds of play for which a silence that is over is still told of."""


@dataclass(frozen=True, slots=True)
class Player:
    """Where a recording is being played.

    Attributes:
        position: How many of its events are folded.
        at_s: Seconds of play at the usual speed.
        speed: One of `SPEEDS`.
        is_playing: Whether time moves it.
    """

    position: int = 0
    at_s: float = 0.0
    speed: float = 1.0
    is_playing: bool = False

    def turned(self, recording: Recording) -> "Player":
        """Play, or stand still; at the end, play from the beginning."""
        if not self.is_playing and self.position >= len(recording.events):
            return replace(self, position=0, at_s=0.0, is_playing=True)
        return replace(self, is_playing=not self.is_playing)

    def at_speed(self, steps: int) -> "Player":
        """Go so many steps faster; slower, below 0."""
        place = min(max(SPEEDS.index(self.speed) + steps, 0), len(SPEEDS) - 1)
        return replace(self, speed=SPEEDS[place])

    def advanced(self, recording: Recording, passed_s: float) -> "Player":
        """Go on as `passed_s` went by for who watches; stand still at the end."""
        if not self.is_playing:
            return self
        if self.speed == AT_ONCE:
            return self.at_end(recording)
        at_s = self.at_s + passed_s * self.speed
        if at_s >= recording.length_s:
            return self.at_end(recording)
        position = max(self.position, bisect_right(recording.played_s, at_s))
        return replace(self, position=position, at_s=at_s)

    def moved(self, recording: Recording, seconds: float) -> "Player":
        """Go so many seconds of play on; back, below 0."""
        at_s = min(max(self.at_s + seconds, 0.0), recording.length_s)
        return replace(self, position=bisect_right(recording.played_s, at_s), at_s=at_s)

    def at_start(self) -> "Player":
        """Go before the first event."""
        return replace(self, position=0, at_s=0.0)

    def at_end(self, recording: Recording) -> "Player":
        """Go behind the last event, and stand."""
        total = len(recording.events)
        return replace(self, position=total, at_s=recording.length_s, is_playing=False)

    def at_position(self, recording: Recording, position: int) -> "Player":
        """Go where so many events are folded, and stand."""
        at_s = recording.played_s[position - 1] if position else 0.0
        return replace(self, position=position, at_s=at_s, is_playing=False)

    def at_landmark(self, recording: Recording, kind: Landmark, steps: int) -> "Player | None":
        """Go to where the next one of a kind just happened (1), or the one before (-1), and stand.

        Returns:
            None if there is none.
        """
        places = recording.landmarks[kind]
        if steps > 0:
            place = bisect_right(places, self.position)
        else:
            place = bisect_left(places, self.position) - 1
        if not 0 <= place < len(places):
            return None
        return self.at_position(recording, places[place])


def now_of(recording: Recording, player: Player) -> float:
    """Return the time of the run itself there, UTC seconds: what its ages are measured with.

    Between two events it moves in whole seconds, so that not every frame is another.
    """
    events, place = recording.events, player.position
    if not place:
        return events[0].at if events else 0.0
    at = events[place - 1].at
    if place == len(events):
        return at
    begins_s, ends_s = recording.played_s[place - 1], recording.played_s[place]
    if ends_s <= begins_s:
        return at
    share = min(max((player.at_s - begins_s) / (ends_s - begins_s), 0.0), 1.0)
    return at + math.floor(share * (events[place].at - at))


def silence_told(recording: Recording, player: Player) -> Silence | None:
    """Return the shortened silence that is to be told of there."""
    return silence_at(recording, player.at_s, SAID_FOR_S)
