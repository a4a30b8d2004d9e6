"""The inbox: every call that waits, a tick for each, and one decision for those that are ticked.

It changes nothing: it says what was decided in a message, and rows go when the views do. When a key
counts is `inbox_rule`'s to say.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive

from tui.cockpit.dialogs.approval_rule import Request
from tui.cockpit.dialogs.call_detail import CallDetail
from tui.cockpit.dialogs.inbox_list import InboxList
from tui.cockpit.dialogs.inbox_rule import (
    APPROVE,
    REJECT,
    UNTICK_ALL,
    Notice,
    Outcome,
    Row,
    Ticks,
    kept,
    press,
)
from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.keys import pressed_at
from tui.cockpit.projection.waiting import Waiting


class InboxPanel(Vertical):
    """The rows, and below them all the arguments of the one under the cursor."""

    # With priority, so that keys are judged in the order of the keyboard.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "press('space')", "Tick", priority=True),
        Binding("y", "press('y')", "Approve ticked", priority=True),
        Binding("n", "press('n')", "Reject ticked", priority=True),
        Binding("t", "press('t')", "Same tool", priority=True),
        Binding("u", "press('u')", "Untick", priority=True),
        Binding("enter", "open", "Open", priority=True),
        Binding("up,k", "move(-1)", "Up", show=False, priority=True),
        Binding("down,j", "move(1)", "Down", show=False, priority=True),
        Binding("ctrl+u", "page(-1)", "Page up", show=False, priority=True),
        Binding("ctrl+d", "page(1)", "Page down", show=False, priority=True),
        Binding("home,g", "first", "First", show=False, priority=True),
        Binding("end,G", "last", "Last", show=False, priority=True),
        Binding("pagedown", "scroll_arguments(1)", "Arguments down", show=False, priority=True),
        Binding("pageup", "scroll_arguments(-1)", "Arguments up", show=False, priority=True),
    ]

    class Decided(Message):
        """A person decided the calls that were ticked; all in the same way."""

        def __init__(self, decided: tuple[tuple[str, Request], ...], *, approve: bool) -> None:
            super().__init__()
            self.decided = decided
            self.approve = approve

    class Opened(Message):
        """A call is to be shown in its conversation."""

        def __init__(self, conversation: str, request: Request) -> None:
            super().__init__()
            self.conversation = conversation
            self.request = request

    class Noticed(Message):
        """Something to tell the person in one line."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Ticked(Message):
        """Another number of calls is ticked."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    waiting: reactive[Sequence[Waiting]] = reactive((), repaint=False)
    now: reactive[float] = reactive(0.0, repaint=False)

    def __init__(
        self,
        *,
        only_watches: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._only_watches = only_watches
        self._list = InboxList(has_boxes=not only_watches, id="inbox-list")
        self._detail = CallDetail(id="inbox-detail")
        self._ticks = Ticks()

    def compose(self) -> ComposeResult:
        """The rows, and the arguments of one of them."""
        yield self._list
        yield self._detail

    def watch_waiting(self) -> None:
        """Show what waits now; other arguments are another call."""
        if self._list.show(self.waiting):
            self._show_detail()
            self._take(kept(self._ticks, self._rows()))

    def watch_now(self, now: float) -> None:
        """Let the calls age."""
        self._list.now = now

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        if action == "press":
            needs_ticks = parameters[0] in (APPROVE, REJECT, UNTICK_ALL)
            can = bool(self._ticks.at if needs_ticks else self.waiting)
            return can and not self._only_watches
        if action in ("open", "move", "page", "first", "last", "scroll_arguments"):
            return bool(self.waiting)
        return super().check_action(action, parameters)

    def action_press(self, key: str) -> None:
        """Judge a key, and do what it does."""
        outcome = press(
            self._ticks,
            self._rows(),
            self._list.cursor,
            key,
            pressed_at.get(),
            listed_at=self._list.listed_at,
            only_watches=self._only_watches,
        )
        if outcome.decided:
            decided = tuple((self._list.waiting(each)[0], each) for each in outcome.decided)
            self.post_message(self.Decided(decided, approve=outcome.approves))
        self._take(outcome)

    def action_open(self) -> None:
        """Ask for the call under the cursor, in its conversation."""
        if (waiting := self._list.pointed_at) is not None and self._list.cursor is not None:
            self.post_message(self.Opened(waiting.conversation, self._list.cursor))

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self._list.move(rows)
        self._show_detail()

    def action_page(self, pages: int) -> None:
        """Move the cursor by a screenful."""
        self.action_move(pages * max(self._list.page_rows - 1, 1))

    def action_first(self) -> None:
        """Move the cursor to the call that waits longest."""
        self.action_move(-len(self.waiting))

    def action_last(self) -> None:
        """Move the cursor to the newest call."""
        self.action_move(len(self.waiting))

    def action_scroll_arguments(self, pages: int) -> None:
        """Scroll the arguments of the call under the cursor."""
        self._detail.scroll_pages(pages)

    def on_inbox_list_pointed(self, message: InboxList.Pointed) -> None:
        """Move the cursor to where the mouse pointed."""
        message.stop()
        self._list.point(message.request)
        self._show_detail()

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that the screen was drawn."""
        self._list.displayed(when_handed)
        self._detail.displayed(when_handed)

    def uncovered(self) -> None:
        """Take notice that another screen covered this one."""
        self._list.uncovered()
        self._detail.uncovered()

    def untick(self) -> None:
        """Forget what is ticked: the person goes elsewhere."""
        self._take(Outcome(Ticks()))

    def _rows(self) -> tuple[Row, ...]:
        painted = self._list.painted
        return tuple(self._row(request, painted.get(request)) for request in self._list.requests)

    def _row(self, request: Request, painted_at: float | None) -> Row:
        is_open = request == self._list.cursor
        return Row(
            request,
            self._list.waiting(request).pending.tool,
            is_whole=self._list.tells_whole(request),
            has_room=not is_open or self._detail.has_room,
            painted_at=painted_at,
            opened_at=self._detail.opened_at(request) if is_open else None,
        )

    def _take(self, outcome: Outcome) -> None:
        if outcome.notice is not Notice.NONE:
            self.post_message(self.Noticed(outcome.notice.value))
        if set(outcome.ticks.at) != set(self._ticks.at):
            self.post_message(self.Ticked(len(outcome.ticks.at)))
            self._list.tick(frozenset(outcome.ticks.at))
        self._ticks = outcome.ticks
        self.refresh_bindings()

    def _show_detail(self) -> None:
        waiting = self._list.pointed_at
        self._detail.show_call(self._list.cursor, waiting.pending if waiting else None)
