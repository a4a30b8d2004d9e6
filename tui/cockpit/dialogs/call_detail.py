"""All the arguments of the call that the inbox's cursor is on, and since when they are in sight."""

from textual.strip import Strip

from tui.cockpit.dialogs.approval_rule import Request
from tui.cockpit.dialogs.approval_text import request_text
from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.dialogs.sight import Sight
from tui.cockpit.projection.view import PendingApproval
from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.lines_pane import RULE_ROWS, LinesPane

_FEWEST_ARGUMENT_ROWS = 3


class CallDetail(LinesPane):
    """Who asks for what and on which way, then the arguments, and all that had to be cut above."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._request: Request | None = None
        self._pending: PendingApproval | None = None
        self._sight = Sight(self)

    def show_call(self, request: Request | None, pending: PendingApproval | None) -> None:
        """Show a call, from its first line on unless it is the one that is shown."""
        if request == self._request:
            return
        self._request, self._pending = request, pending
        self._sight.change()
        self.show(request, None if pending is None else self._lay_out_call)

    def opened_at(self, request: Request) -> float | None:
        """Return since when a call's arguments are with the terminal; None if they are not."""
        return self._sight.at if request == self._request and self.has_room else None

    @property
    def has_room(self) -> bool:
        """Whether all that must be read first is in sight."""
        if self._pending is None:
            return False
        text = request_text(self._pending, self.size.width)
        to_read = len(text.head) + min(_FEWEST_ARGUMENT_ROWS, text.argument_lines)
        rows = self._sight.rows
        return rows.start == 0 and len(rows) >= RULE_ROWS + to_read

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that the screen was drawn."""
        if self._sight.has_moved():
            self.start_over()
        self._sight.displayed(when_handed)

    def uncovered(self) -> None:
        """Take notice that another screen covered this one: nothing drawn before counts."""
        self.start_over()
        self._sight.change()

    def render_line(self, y: int) -> Strip:
        """Draw row `y`."""
        self._sight.drew(y)
        return super().render_line(y)

    def _lay_out_call(self, width: int) -> tuple[Line, ...]:
        assert self._pending is not None
        text = request_text(self._pending, width)
        return (*text.head, *text.body)
