"""A kept conversation played again: the panes of a run, and a line that says where it is.

Read-only: it posts where a person wants to fork, and does nothing else. Stays out of what playing
means (`sources.player`) and of reading what is kept.
"""

import time
from collections.abc import Callable
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer

from tui.cockpit.dialogs.replayed_request import ReplayedRequest
from tui.cockpit.screens.paned import PanedScreen
from tui.cockpit.sources.player import Player, now_of, silence_told
from tui.cockpit.sources.replay import Landmark, Recording
from tui.cockpit.widgets.agent_bar import AgentBar
from tui.cockpit.widgets.replay_line import Playhead, ReplayLine
from tui.cockpit.widgets.status_bar import StatusBar

_FRAME_S: Final = 1 / 30
_NAMES: Final[dict[Landmark, str]] = {
    "message": "message of yours",
    "handoff": "handoff",
    "approval": "request",
    "error": "error",
}


class ReplayScreen(PanedScreen):
    """Status, agents, panes, what waited for a person then, and the line of the replay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority: in a pane they scroll or fold.
        Binding("space", "play", "Play", priority=True),
        Binding("space", "pause", "Pause", priority=True),
        Binding("right", "scrub(5)", "5 s on", priority=True),
        Binding("left", "scrub(-5)", "5 s back", show=False, priority=True),
        Binding("shift+right,full_stop", "scrub(30)", "30 s on", show=False, priority=True),
        Binding("shift+left,comma", "scrub(-30)", "30 s back", show=False, priority=True),
        Binding("plus,equals_sign", "speed(1)", "Faster"),
        Binding("minus", "speed(-1)", "Slower", show=False),
        Binding("f", "fork", "Fork here"),
        Binding("escape", "app.leave_replay", "Back"),
        Binding("m", "landmark('message', 1)", "Message"),
        Binding("h", "landmark('handoff', 1)", "Handoff"),
        Binding("a", "landmark('approval', 1)", "Request"),
        Binding("e", "landmark('error', 1)", "Error"),
        Binding("M", "landmark('message', -1)", "Message before", show=False),
        Binding("H", "landmark('handoff', -1)", "Handoff before", show=False),
        Binding("A", "landmark('approval', -1)", "Request before", show=False),
        Binding("E", "landmark('error', -1)", "Error before", show=False),
        Binding("0,ctrl+home", "start", "Beginning of the replay", show=False),
        Binding("dollar_sign,ctrl+end", "end", "End of the replay", show=False),
    ]
    AUTO_FOCUS = "Transcript"

    class ForkPressed(Message):
        """The conversation is to go another way from where it is shown."""

        def __init__(self, recording: Recording, position: int) -> None:
            super().__init__()
            self.recording = recording
            self.position = position

    def __init__(
        self,
        recording: Recording,
        player: Player | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.recording = recording
        self._player = player or Player(is_playing=True)
        self._clock = clock
        self._told_at = 0.0
        self._status_bar = StatusBar(id="status-bar")
        self._agent_bar = AgentBar(id="agent-bar")
        self._request = ReplayedRequest(id="replayed")
        self._line = ReplayLine(id="replay-line")
        self._ticker: Timer | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self._status_bar
        yield self._banner
        yield self._agent_bar
        yield self._panes
        yield self._request
        yield self._line
        yield self._key_bar

    def on_mount(self) -> None:
        """Begin."""
        self._ticker = self.set_interval(_FRAME_S, self.tick, pause=True)
        self._told_at = self._clock()
        self._go_to(self._player)

    def on_screen_suspend(self) -> None:
        """Stand still while another screen is shown."""
        if self._player.is_playing:
            self._go_to(self._player.turned(self.recording))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        match action, parameters:
            case "play", _:
                return not self._player.is_playing
            case "pause", _:
                return self._player.is_playing
            case "landmark", (str(kind), _):
                return any(self.recording.landmarks[each] for each in _NAMES if each == kind)
            case "fork", _:
                return self.recording.kept is not None
            case _:
                return super().check_action(action, parameters)

    def tick(self) -> None:
        """Go on by the time that went by since the last time."""
        now = self._clock()
        passed_s, self._told_at = now - self._told_at, now
        self._go_to(self._player.advanced(self.recording, passed_s))

    def action_play(self) -> None:
        """Let time go on; at the end, from the beginning."""
        self._told_at = self._clock()
        self._go_to(self._player.turned(self.recording))

    def action_pause(self) -> None:
        """Stand still."""
        self._go_to(self._player.turned(self.recording))

    def action_scrub(self, seconds: int) -> None:
        """Go so many seconds of play on or back."""
        self._go_to(self._player.moved(self.recording, seconds))

    def action_speed(self, steps: int) -> None:
        """Play faster or slower."""
        self._go_to(self._player.at_speed(steps))

    def action_start(self) -> None:
        """Go before the first event."""
        self._go_to(self._player.at_start())

    def action_end(self) -> None:
        """Go behind the last event."""
        self._go_to(self._player.at_end(self.recording))

    def action_landmark(self, kind: Landmark, steps: int) -> None:
        """Go to the next place of a kind, or the one before."""
        there = self._player.at_landmark(self.recording, kind, steps)
        if there is None:
            self.say(f"No {_NAMES[kind]} {'behind' if steps > 0 else 'before'} this")
            return
        self._go_to(there)

    def action_fork(self) -> None:
        """Ask for another way from here."""
        if self._player.is_playing:
            self.action_pause()
        self.post_message(self.ForkPressed(self.recording, self._player.position))

    def _go_to(self, player: Player) -> None:
        before, self._player = self._player, player
        self._show()
        if self._ticker is not None:
            if player.is_playing:
                self._ticker.resume()
            else:
                self._ticker.pause()
        if before.is_playing != player.is_playing:
            self._told_at = self._clock()
            self.refresh_bindings()

    def _show(self) -> None:
        player, recording = self._player, self.recording
        now = now_of(recording, player)
        view = recording.view_at(player.position)
        panes = (self._status_bar, self._banner, self._agent_bar, self._panes, self._request)
        for pane in panes:
            pane.view = view
        self._status_bar.now = now
        self._panes.now = now
        self._request.now = now
        silence = silence_told(recording, player)
        self._line.playhead = Playhead(
            player.position,
            len(recording.events),
            player.at_s,
            recording.length_s,
            player.speed,
            player.is_playing,
            now,
            silence.lasted_s if silence else None,
        )
