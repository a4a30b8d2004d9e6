"""The panel in which a person decides a call; docked, it never takes the focus by itself.

It changes nothing: it says what was decided in a message, and shows another request when the view
does. When a key counts is `approval_rule`'s to say; what a request looks like is `approval_text`'s.
"""

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.cockpit.dialogs.approval_rule import (
    DECISIONS,
    Effect,
    Focus,
    Request,
    Shown,
    effect_of,
    focus_after,
    is_lost,
)
from tui.cockpit.dialogs.reason_field import ReasonField
from tui.cockpit.dialogs.request_card import RequestCard, Standing
from tui.cockpit.keys import pressed_at
from tui.cockpit.projection.view import PendingApproval, RunView
from tui.cockpit.widgets.text_field import TextField
from tui.wire.rules import Rule

WhenHanded: TypeAlias = Callable[[Callable[[float], None]], None]
"""Calls back with the time when all that was drawn so far is with the terminal."""

_LOST = {
    True: "The request changed while you were at it; nothing was decided",
    False: "The request is gone; nothing was decided",
}
_TOO_SMALL = "The terminal is too small to show the request: make it larger"


class ApprovalPanel(Vertical):
    """One pending call, whole, with the keys that decide it."""

    # With priority, so that a key is judged in the order of the keyboard, before any pane sees it.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "press('y')", "Approve", priority=True),
        Binding("n", "press('n')", "Reject", priority=True),
        Binding("r", "press('r')", "Reject with a reason", priority=True),
        Binding("escape", "press('escape')", "Back", priority=True),
        # They lead away too, but elsewhere they are for a text field: only here they come first.
        Binding("question_mark", "at_once('help')", show=False, priority=True),
        Binding("ctrl+z", "at_once('suspend_process')", show=False, priority=True),
        Binding("ctrl+c", "at_once('help_quit')", show=False, priority=True),
    ]

    class Decided(Message):
        """A person decided the call that was shown.

        Attributes:
            arguments: JSON text that the tool is run with instead; None for what was shown.
            grant: A rule for calls to come.
            keeps: Whether the rule goes into the policy file.
        """

        def __init__(
            self,
            call_id: str,
            arguments_hash: str,
            *,
            approve: bool,
            reason: str = "",
            arguments: str | None = None,
            grant: Rule | None = None,
            keeps: bool = False,
        ) -> None:
            super().__init__()
            self.call_id = call_id
            self.arguments_hash = arguments_hash
            self.approve = approve
            self.reason = reason
            self.arguments = arguments
            self.grant = grant
            self.keeps = keeps

    class Noticed(Message):
        """Something to tell the person in one line."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Reached(Message):
        """A person went to the request: its keys are what matters now."""

    # Without repaint: to draw a container again is to draw all that stands in it.
    view: reactive[RunView | None] = reactive(None, repaint=False)
    now: reactive[float] = reactive(0.0, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._card = RequestCard()
        self._reason = ReasonField(placeholder="The reason, in your words")
        self._focus = Focus()
        self._request: Request | None = None
        self._painting = 0
        self._awaiting = 0
        self._painted = (0, 0.0)
        self._standing: Standing | None = None
        self._return_to: Widget | None = None

    def compose(self) -> ComposeResult:
        """The request, and under it the field for a reason."""
        yield self._card
        yield self._reason

    def watch_view(self) -> None:
        """Show the request that is shown as long as it waits, then the oldest."""
        waiting = self.view.pending if self.view else ()
        place = self._place_in(waiting)
        if waiting:
            self._show(waiting[place], place + 1, len(waiting))
        else:
            self._request = None
        self.set_class(bool(waiting), "-asking")
        if is_lost(self._focus, self._shown):
            self._lose()

    def watch_now(self, now: float) -> None:
        """Let the request age."""
        self._card.now = now

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the deciding keys exist only while the request has the focus."""
        if action in ("press", "at_once"):
            return self._focus.place == "request" and self._card.has_focus
        return super().check_action(action, parameters)

    def action_press(self, key: str) -> None:
        """Judge a key pressed on the request."""
        self.press(key, pressed_at.get())

    async def action_at_once(self, action: str) -> None:
        """Have the app do what leads away, before the next key is judged."""
        await self.run_action(f"app.{action}")

    def press(self, key: str, at: float | None, reason: str = "") -> None:
        """Judge `key`, pressed at `at`, and do what it does.

        Args:
            key: As `approval_rule.effect_of` takes it.
            at: Monotonic seconds, None when no key asked.
            reason: What stands in the field for a reason.
        """
        shown = self._shown
        effect = effect_of(self._where(), shown, key, at)
        if effect is Effect.NOT_PAINTED_YET:
            self.post_message(self.Noticed(self._why_not_painted()))
        if effect is Effect.NOTHING or effect is Effect.NOT_PAINTED_YET or at is None:
            return
        if effect in DECISIONS:
            self._decide(effect, reason.strip())
        if effect is Effect.TAKE_FOCUS:
            self.post_message(self.Reached())
        self._move(focus_after(self._focus, effect, shown, at))

    @property
    def is_at_request(self) -> bool:
        """Whether a person moved the focus to the request that is shown."""
        return self._focus.request is not None

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that the screen was drawn: a request counts once it is with the terminal."""
        if self._request is None:
            return
        if self._card.standing != self._standing:
            self._take_back()
        if self._awaiting == self._painting or not self._card.is_drawn:
            return
        self._awaiting = painting = self._painting

        def handed(at: float) -> None:
            # May come from the writer's thread, and late: whether it counts is asked by number.
            self._painted = (painting, at)

        when_handed(handed)

    def turn_to(self, request: Request) -> None:
        """Show this request, if it waits; the keys go to it only after a key of its own."""
        waiting = self.view.pending if self.view else ()
        if request != self._request and request in map(_request, waiting):
            self.leave()
            self._request = request
            self._painting += 1
            place = self._place_in(waiting)
            self._card.show(waiting[place], place + 1, len(waiting))

    def leave(self) -> None:
        """Give the focus back, as Esc does: the person goes elsewhere."""
        if self._focus.request is not None:
            self._move(Focus())

    def uncovered(self) -> None:
        """Take notice that another screen covered this one: nothing drawn before counts."""
        if (shown := self._shown) is not None and shown.painted_at is None:
            self._awaiting = 0
            self._card.forget_drawing()

    def on_reason_field_pressed(self, message: ReasonField.Pressed) -> None:
        """Judge Enter or Esc in the field for a reason."""
        message.stop()
        if self._focus.place == "reason":
            self.press(message.key, message.at, message.text)

    def on_descendant_blur(self) -> None:
        """Forget the purpose when the focus went elsewhere, but not when the window lost it."""
        if self._focus.request is None or not self.app.app_focus:
            return
        if self.screen.focused not in (self._card, self._reason):
            self._rest(Focus())

    @property
    def _shown(self) -> Shown | None:
        """The request in the panel, painted only if it stands where it was painted."""
        if self._request is None:
            return None
        painting, at = self._painted
        counts = painting == self._painting and self._card.standing == self._standing
        return Shown(self._request, at if counts else None)

    def _take_back(self) -> None:
        """Count what was painted no more: the terminal or the layout has changed since."""
        before, self._standing = self._standing, self._card.standing
        self._painting += 1
        if before is None or before.terminal != self._standing.terminal:
            self._card.start_over()
        if not self._card.is_large_enough:
            self._lose_sight()
        elif not self._card.is_drawn:
            self._card.forget_drawing()

    def _lose_sight(self) -> None:
        if self._focus.request is not None:
            self.post_message(self.Noticed(_TOO_SMALL))
            self._move(Focus())

    def _place_in(self, waiting: tuple[PendingApproval, ...]) -> int:
        for place, pending in enumerate(waiting):
            if _request(pending) == self._request:
                return place
        return 0

    def _show(self, pending: PendingApproval, place: int, count: int) -> None:
        request = _request(pending)
        if self._request == request:
            self._card.say_place(place, count)
            return
        self._request = request
        self._painting += 1
        self._card.show(pending, place, count)

    def _where(self) -> Focus:
        if self._focus.request is not None:
            return self._focus
        return Focus("text" if isinstance(self.screen.focused, TextField) else "pane")

    def _decide(self, effect: Effect, reason: str) -> None:
        assert self._request is not None
        _, call_id, arguments_hash = self._request
        approve = effect is Effect.APPROVE
        self.post_message(self.Decided(call_id, arguments_hash, approve=approve, reason=reason))

    def _move(self, focus: Focus) -> None:
        if self._focus.request is None:
            self._return_to = self.screen.focused
        self._rest(focus)
        match focus.place:
            case "request":
                self.screen.set_focus(self._card, scroll_visible=False)
            case "reason":
                self._reason.clear()
                self.screen.set_focus(self._reason, scroll_visible=False)
            case _:
                self._give_back()

    def _rest(self, focus: Focus) -> None:
        self._focus = focus
        self._card.is_reachable = focus.request is not None
        self._card.is_reasoning = focus.place == "reason"
        self.set_class(focus.place == "reason", "-reasoning")
        self._reason.can_focus = focus.place == "reason"
        self.refresh_bindings()

    def _give_back(self) -> None:
        back, self._return_to = self._return_to, None
        if back is not None and (back.screen is not self.screen or not back.focusable):
            back = None
        self.screen.set_focus(back, scroll_visible=False)

    def _lose(self) -> None:
        had, shown = self._focus.request, self._request
        changed = had and shown and had.call_id == shown.call_id
        self.post_message(self.Noticed(_LOST[bool(changed)]))
        self._move(Focus())

    def _why_not_painted(self) -> str:
        if not self._card.is_large_enough:
            return _TOO_SMALL
        return "The request had just appeared: read it, then press the key again"


def _request(pending: PendingApproval) -> Request:
    return Request(pending.run_id, pending.call_id, pending.arguments_hash)
