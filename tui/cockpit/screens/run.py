"""One conversation on the screen: panes that draw its view, and messages that become its commands.

Stays out of what a pane shows and of how a run proceeds.
"""

import time
from collections.abc import Callable
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.cockpit.dialogs.approval import ApprovalPanel
from tui.cockpit.dialogs.approval_rule import Request
from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.keys import pressed_at
from tui.cockpit.projection import select
from tui.cockpit.projection.stuck import Finding
from tui.cockpit.projection.view import RunStatus, RunView, UserEntry
from tui.cockpit.runs import OpenRun
from tui.cockpit.screens.cancelling import ARMED_S, Cancelling, Wish, press
from tui.cockpit.screens.paned import PanedScreen
from tui.cockpit.sources.base import Answer
from tui.cockpit.widgets.agent_bar import AgentBar
from tui.cockpit.widgets.composer import Composer
from tui.cockpit.widgets.queued import QueuedMessages
from tui.cockpit.widgets.status_bar import StatusBar
from tui.cockpit.widgets.text_field import TextField
from tui.cockpit.widgets.timeline import Timeline

# While a call waits nothing runs, and a clock is no reason to be busy.
_TICKS_S: Final[dict[RunStatus, float]] = {"running": 1.0, "waiting": 2.0}


_PROGRAM_CHANGED: Final = "Its program has changed since the run began:"


class RunScreen(PanedScreen):
    """Status and agents above, panes between, then what waits for a person, and the composer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "go_to_request('a')", "Go to the request", show=False),
        Binding("r,ctrl+r", "retry", "Try again", id="retry"),
        Binding("f", "fork", "Fork here"),
        Binding("escape", "write", "Write"),
    ]
    AUTO_FOCUS = "Composer"

    class ForkPressed(Message):
        """The conversation is to go another way from before a message of the person."""

        def __init__(self, run_id: str, item_id: str) -> None:
            super().__init__()
            self.run_id = run_id
            self.item_id = item_id

    stuck: reactive[tuple[Finding, ...]] = reactive((), repaint=False)

    def __init__(self, conversation: OpenRun, *, wall: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.conversation = conversation
        self._wall = wall
        self._status_bar = StatusBar(id="status-bar")
        self._agent_bar = AgentBar(id="agent-bar")
        self._approval = ApprovalPanel(id="approval")
        self._queued = QueuedMessages(id="queued")
        self._composer = Composer(id="composer")
        self._cancelling = Cancelling()
        self._is_on_message = False
        self._view = conversation.view
        self._unsubscribe: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self._status_bar
        yield self._banner
        yield self._agent_bar
        yield self._panes
        yield self._approval
        yield self._queued
        yield self._composer
        yield self._key_bar

    def on_mount(self) -> None:
        """Show the conversation from now on."""
        self._tick()
        self._unsubscribe = self.conversation.subscribe(self._show)

    def on_unmount(self) -> None:
        """Show it no longer."""
        self._unsubscribe()

    def watch_stuck(self, stuck: tuple[Finding, ...]) -> None:
        """Show what looks stuck, where it does."""
        self._status_bar.stuck = stuck
        self._panes.stuck = stuck

    def on_screen_resume(self) -> None:
        """Take notice that another screen covered this one."""
        self._approval.uncovered()

    def leave_request(self) -> None:
        """Take the keys from a request: coming back is not going to it on purpose."""
        self._approval.leave()

    def turn_to(self, request: Request) -> None:
        """Show this pending call, if it waits, instead of another."""
        self._approval.turn_to(request)

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that this screen was drawn."""
        self._approval.displayed(when_handed)

    def pressed_mouse(self, column: int, row: int) -> None:
        """Take a press on the request as the key that goes to it."""
        if self._approval.region.contains(column, row):
            self.action_go_to_request("click")

    @property
    def is_at_request(self) -> bool:
        """Whether the keys go to a request already."""
        return self._approval.is_at_request

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        match action:
            case "retry":
                has_failed = select.message_to_retry(self._view) is not None
                return has_failed and not self.conversation.is_working
            case "go_to_request":
                return bool(self._view.pending) and not self.is_at_request
            case "fork":
                return self._is_on_message and not isinstance(self.focused, TextField)
            case "write":
                return self.focused is not self._composer
            case _:
                return super().check_action(action, parameters)

    def put_back(self, text: str) -> None:
        """Put `text` into the composer, to be changed and sent."""
        if text:
            self._composer.put_back(text)
        self.action_write()

    # What a person did, as commands.

    def on_composer_sent(self, message: Composer.Sent) -> None:
        """Start a run, or go on with the conversation."""
        message.stop()
        self.conversation.send(message.text)

    def on_composer_send_queued_pressed(self, message: Composer.SendQueuedPressed) -> None:
        """Go on with what is queued."""
        message.stop()
        self.conversation.send_queued()

    def on_composer_queued(self, message: Composer.Queued) -> None:
        """Keep the message until the run has ended."""
        message.stop()
        self.conversation.queue(message.text)

    def on_composer_steered(self, message: Composer.Steered) -> None:
        """Give the message to the working run."""
        message.stop()
        self.conversation.say(message.text)

    def on_composer_take_back_pressed(self, message: Composer.TakeBackPressed) -> None:
        """Give a queued message back to be changed."""
        message.stop()
        if (text := self.conversation.take_back()) is not None:
            self._composer.put_back(text)

    def on_composer_cancel_pressed(self, message: Composer.CancelPressed) -> None:
        """Go one step further with cancelling the run."""
        message.stop()
        is_starting = bool(self.conversation.starting)
        self._cancelling, wish = press(
            self._cancelling, self._view, message.at, is_starting=is_starting
        )
        match wish:
            case Wish.AFTER_TURN:
                self.conversation.cancel("after_turn")
            case Wish.IMMEDIATE:
                self.conversation.cancel("immediate")
        self.say(wish.value, ARMED_S)

    def on_approval_panel_decided(self, message: ApprovalPanel.Decided) -> None:
        """Pass the decision on; the panel changes when its event comes up."""
        message.stop()
        self.conversation.decide(
            Answer(
                message.call_id,
                message.arguments_hash,
                approve=message.approve,
                reason=message.reason,
                arguments=message.arguments,
                grant=message.grant,
                keeps=message.keeps,
                result=message.result,
            )
        )

    def on_approval_panel_noticed(self, message: ApprovalPanel.Noticed) -> None:
        """Say what the panel has to say."""
        message.stop()
        self.say(message.text)

    def on_approval_panel_reached(self, message: ApprovalPanel.Reached) -> None:
        """Show the keys of the request, not what was said before."""
        message.stop()
        self._key_bar.be_silent()

    def on_timeline_selected(self, message: Timeline.Selected) -> None:  # noqa: ARG002 - its row
        """Offer what can be done with a message of the person."""
        is_on_message = isinstance(self._panes.timeline.selected_entry, UserEntry)
        if is_on_message is not self._is_on_message:
            self._is_on_message = is_on_message
            self.refresh_bindings()

    def action_fork(self) -> None:
        """Ask for another way from before the message under the timeline's cursor."""
        entry = self._panes.timeline.selected_entry
        if entry is not None:
            self.post_message(self.ForkPressed(entry.run_id, entry.item_id))

    def action_go_to_request(self, key: str) -> None:
        """Move the focus to the pending call, if the key may."""
        self._approval.press(key, pressed_at.get())

    def action_retry(self) -> None:
        """Take the failed run up again; where its program changed meanwhile, ask first."""
        changes = self.conversation.changes
        if not changes:
            self.conversation.retry()
            return
        from tui.cockpit.dialogs.not_resumed import NotResumedScreen

        def go_on(is_wished: bool | None) -> None:
            if is_wished:
                self.conversation.retry(accepts_changes=True)

        self.app.push_screen(NotResumedScreen(_PROGRAM_CHANGED, changes), go_on)

    def action_write(self) -> None:
        """Go back to the composer."""
        self.set_focus(self._composer)

    # What the conversation looks like.

    def _show(self, view: RunView) -> None:
        before, self._view = self._view, view
        if view.status != before.status or len(view.entries) != len(before.entries):
            self._tick()
        for pane in (self._status_bar, self._banner, self._agent_bar, self._panes, self._approval):
            pane.view = view
        self._composer.view = view
        self._queued.starting = self.conversation.starting
        self._queued.steering = self.conversation.steering
        self._queued.messages = self.conversation.queued
        self._queued.is_held = self.conversation.is_held
        self._composer.is_starting = bool(self.conversation.starting)
        self._composer.has_queued = bool(self._queued.messages)
        if view.refused is not None and view.refused is not before.refused:
            self.say(f"The answer was not taken: {view.refused[1]}")
        if (view.run_id, view.status) != (before.run_id, before.status):
            self.tick_every(_TICKS_S.get(view.status), self._tick)
            self.refresh_bindings()
        elif view.used_up is not before.used_up:
            self.refresh_bindings()

    def _tick(self) -> None:
        now = self._wall()
        self._status_bar.now = now
        self._panes.now = now
        self._approval.now = now
