"""The panel in which a person decides a call; docked, it never takes the focus by itself.

It changes nothing: it says what was decided in a message, and shows another request when the view
does. When a key counts is `approval_rule`'s to say; what a request looks like is `approval_text`'s.
"""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.cockpit.dialogs.answer_field import AnswerField, ReasonField, ResultField
from tui.cockpit.dialogs.approval_keys import DOUBT_KEYS, KEYS
from tui.cockpit.dialogs.approval_rule import (
    APPROVALS,
    DECISIONS,
    DONE,
    REFUSALS,
    Effect,
    Focus,
    Request,
    does_something,
    effect_of,
    focus_after,
    is_lost,
)
from tui.cockpit.dialogs.at_hand import AtHand
from tui.cockpit.dialogs.editor import ArgumentsField, EditPane
from tui.cockpit.dialogs.notices import TOO_SMALL, decision_of, what_became, why_not
from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.dialogs.request_card import RequestCard
from tui.cockpit.dialogs.showing import Showing
from tui.cockpit.keys import pressed_at
from tui.cockpit.projection.overview import Overview
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.banner import OVERVIEW
from tui.cockpit.widgets.text_field import TextField
from tui.wire.rules import Rule

_PAGES: Final = ("allowing", "denying")


class ApprovalPanel(Vertical):
    """One pending call, whole, with the keys that decide it."""

    BINDINGS: ClassVar[list[BindingType]] = KEYS

    class Decided(Message):
        """A person decided the call that was shown.

        Attributes:
            arguments: JSON text that the tool is run with instead; None for what was shown.
            grant: A rule for calls to come.
            keeps: Whether the rule goes into the policy file.
            result: What a call in doubt came to; None for one that is to run.
        """

        def __init__(
            self,
            request: Request,
            *,
            approve: bool,
            reason: str = "",
            arguments: str | None = None,
            grant: Rule | None = None,
            keeps: bool = False,
            result: str | None = None,
        ) -> None:
            super().__init__()
            self.call_id = request.call_id
            self.arguments_hash = request.arguments_hash
            self.approve = approve
            self.reason = reason
            self.arguments = arguments
            self.grant = grant
            self.keeps = keeps
            self.result = result

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
        self._fields: tuple[AnswerField, ...] = (
            ReasonField(placeholder="The reason, in your words"),
            ResultField(placeholder="The result, as the tool would have told it"),
        )
        self._editor = EditPane()
        self._showing = Showing(self._card)
        self._focus = Focus()
        self._answered: Request | None = None
        self._return_to: Widget | None = None

    def compose(self) -> ComposeResult:
        """The request, under it a field for the answer, and the editor in the place of both."""
        yield self._card
        yield from self._fields
        yield self._editor

    def on_mount(self) -> None:
        """Follow whether anything can be decided on this screen."""
        if hasattr(self.app, OVERVIEW):
            self.watch(self.app, OVERVIEW, self._take_overview)

    def watch_view(self) -> None:
        """Show the request that is shown as long as it waits, then the oldest."""
        gone = self._showing.take(self.view)
        self.set_class(self._showing.hand is not None, "-asking")
        if gone is not None:
            self._tell_what_became(gone)
        if is_lost(self._focus, self._showing.shown):
            self._move(Focus())
        self._showing.put_on_card()

    def watch_now(self, now: float) -> None:
        """Let the request age."""
        self._card.now = now

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the keys of a request exist only while it has the focus."""
        is_here = self._card.has_focus and self._focus.request is not None
        match action:
            case "press" | "press_in_doubt" | "press_in_vain":
                return is_here and self._press_of(str(parameters[0])) == action
            case "turn_schema":
                hand = self._showing.hand
                is_told = hand is not None and bool(hand.pending.schema)
                return is_here and self._focus.place == "request" and is_told
            case "choose" | "choose_width":
                return is_here and self._focus.place in _PAGES
            case "at_once":
                return is_here
            case _:
                return super().check_action(action, parameters)

    def action_press(self, key: str) -> None:
        """Judge a key pressed on the request."""
        self.press(key, pressed_at.get())

    # Told apart for the footer alone: what a key does, or why nothing, the rule says.
    action_press_in_doubt = action_press_in_vain = action_press

    def action_turn_schema(self) -> None:
        """Show the tool's schema, or no longer."""
        self._showing.turn_schema()

    def action_choose(self, wider: int, longer: int) -> None:
        """Choose another rule on the page: it is to be read before it can be made."""
        self._showing.choose(wider, longer)

    def action_choose_width(self, which: int) -> None:
        """Choose a rule by its number."""
        if (hand := self._showing.hand) is not None and hand.page is not None:
            self._showing.choose(which - 1 - hand.page.wide, 0)

    async def action_at_once(self, action: str) -> None:
        """Have the app do what leads away, before the next key is judged."""
        await self.run_action(f"app.{action}")

    def press(self, key: str, at: float | None, text: str = "") -> None:
        """Judge `key`, pressed at `at`, and do what it does.

        Args:
            key: As `approval_rule.effect_of` takes it.
            at: Monotonic seconds, None when no key asked.
            text: What stands in the field that is open.
        """
        shown, hand = self._showing.shown, self._showing.hand
        only_watches = self._showing.only_watches
        effect = effect_of(self._where(), shown, key, at, only_watches=only_watches)
        if hand is None or at is None or effect is Effect.NOTHING:
            return
        if effect in REFUSALS:
            self._refuse(effect, hand)
            return
        if effect in DECISIONS:
            self._decide(effect, hand, text)
        if effect is Effect.TAKE_FOCUS:
            self.post_message(self.Reached())
        if effect is Effect.THROW_EDIT_AWAY:
            self._showing.change_edit(hand.request, None)
        self._move(focus_after(self._focus, effect, shown, at))

    @property
    def is_at_request(self) -> bool:
        """Whether a person moved the focus to the request that is shown."""
        return self._focus.request is not None

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that the screen was drawn: a request counts once it is with the terminal."""
        if self._showing.hand is None:
            return
        has_moved = self._showing.painted.has_moved()
        if has_moved and not self._card.is_large_enough and self._focus.place != "editor":
            self._lose_sight()
        self._showing.painted.drawn(when_handed)

    def turn_to(self, request: Request) -> None:
        """Show this request, if it waits; the keys go to it only after a key of its own."""
        hand = self._showing.hand
        if self.view is not None and hand is not None and request != hand.request:
            self.leave()
            self._showing.turn_to(self.view, request)

    def leave(self) -> None:
        """Give the focus back, as Esc does: the person goes elsewhere."""
        if self._focus.request is not None:
            self._move(Focus())

    def uncovered(self) -> None:
        """Take notice that another screen covered this one: nothing drawn before counts."""
        if self._showing.hand is not None:
            self._showing.painted.uncovered()

    def on_answer_field_pressed(self, message: AnswerField.Pressed) -> None:
        """Judge Enter or Esc in the field that is open."""
        message.stop()
        if self._focus.place == message.place:
            self.press(message.key, message.at, message.text)

    def on_arguments_field_left(self, message: ArgumentsField.Left) -> None:
        """Go back to the request, with what was made of its arguments."""
        message.stop()
        if self._focus.place == "editor":
            self.press(DONE, message.at)

    def on_arguments_field_noticed(self, message: ArgumentsField.Noticed) -> None:
        """Say what the editor has to say."""
        message.stop()
        self.post_message(self.Noticed(message.text))

    def on_descendant_blur(self) -> None:
        """Forget the purpose when the focus went elsewhere, but not when the window lost it."""
        if self._focus.request is None or not self.app.app_focus:
            return
        if self.screen.focused not in (self._card, *self._fields, self._editor.field):
            self._rest(Focus())

    def _take_overview(self, overview: Overview) -> None:
        self._showing.only_watches = overview.only_watches
        self._showing.put_on_card()

    def _tell_what_became(self, request: Request) -> None:
        """Say who decided in this person's place, and why nobody decides what they were at."""
        if self.view is None:
            return
        had_focus = self._focus.request == request
        decided = decision_of(self.view, request)
        if had_focus or (decided is not None and request != self._answered):
            self.post_message(self.Noticed(what_became(self.view, request, was_at_it=had_focus)))

    # Where the keys go.

    def _where(self) -> Focus:
        if self._focus.request is not None:
            return self._focus
        return Focus("text" if isinstance(self.screen.focused, TextField) else "pane")

    def _press_of(self, key: str) -> str:
        """Return the action that `key` has now: its words for a footer are another's elsewhere."""
        only_watches, shown = self._showing.only_watches, self._showing.shown
        if not does_something(self._focus, shown, key, only_watches=only_watches):
            return "press_in_vain"
        is_in_doubt = shown is not None and shown.request.is_in_doubt
        return "press_in_doubt" if is_in_doubt and key in DOUBT_KEYS else "press"

    def _refuse(self, effect: Effect, hand: AtHand) -> None:
        is_small = effect is Effect.NOT_PAINTED_YET and not self._card.is_large_enough
        self.post_message(self.Noticed(TOO_SMALL if is_small else why_not(effect, hand)))

    def _decide(self, effect: Effect, hand: AtHand, text: str) -> None:
        self._answered = hand.request
        edit, page = hand.edit, hand.page
        decided = self.Decided(
            hand.request,
            approve=effect in APPROVALS,
            reason=text.strip() if effect is Effect.REJECT_WITH_REASON else "",
            arguments=edit.text if edit and effect is Effect.APPROVE_EDITED else None,
            grant=page.rule if page else None,
            keeps=page is not None and page.keeps,
            result=text if effect is Effect.TAKE_AS_DONE else None,
        )
        self.post_message(decided)

    def _move(self, focus: Focus) -> None:
        if self._focus.request is None:
            self._return_to = self.screen.focused
        before = self._focus.place
        self._rest(focus)
        match focus.place:
            case "request" | "allowing" | "denying":
                self.screen.set_focus(self._card, scroll_visible=False)
            case "reason" | "result" as place if before != place:
                field = next(each for each in self._fields if each.place == place)
                field.clear()
                self.screen.set_focus(field, scroll_visible=False)
            case "editor" if before != "editor" and (hand := self._showing.hand) is not None:
                self._editor.open(hand.pending, hand.edit)
                self.screen.set_focus(self._editor.field, scroll_visible=False)
            case "text" | "pane":
                self._give_back()

    def _rest(self, focus: Focus) -> None:
        """Let the keys go there, without moving Textual's focus."""
        before, self._focus = self._focus, focus
        if before.place != focus.place and self.view is not None:
            if before.place == "editor" and before.request is not None:
                self._showing.change_edit(before.request, self._editor.edit)
            self._showing.open_page(focus.place, self.view, self.now)
        self._card.is_reachable = focus.request is not None
        self.set_class(focus.place in ("reason", "result"), "-answering")
        self.set_class(focus.place == "editor", "-editing")
        for field in self._fields:
            field.set_open(is_open=focus.place == field.place)
        self._editor.field.can_focus = focus.place == "editor"
        self._showing.place = focus.place
        self._showing.put_on_card()
        self.refresh_bindings()

    def _give_back(self) -> None:
        back, self._return_to = self._return_to, None
        if back is not None and (back.screen is not self.screen or not back.focusable):
            back = None
        self.screen.set_focus(back, scroll_visible=False)

    def _lose_sight(self) -> None:
        if self._focus.request is not None:
            self.post_message(self.Noticed(TOO_SMALL))
            self._move(Focus())
