"""Every decision of this session, with what came of it; a filter, and a file of what it leaves.

Stays out of writing the file: it says what belongs in it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static, TextArea

from tui.cockpit.dialogs.audit_text import AuditColumns, audit_lines, audit_row
from tui.cockpit.dialogs.filter_field import FilterField
from tui.cockpit.projection.audit import AuditRecord, as_line, audit_records, matches
from tui.cockpit.runs import OpenRun
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.lines_pane import LinesPane
from tui.cockpit.widgets.row_list import ListRow, RowList

_NOTHING: Final = "Nothing was decided yet."
_NO_MATCH: Final = "No decision has all of these words."
_REBUILT_AFTER_S: Final = 0.25
"""All conversations are gone through anew: not with each frame of one."""


class AuditScreen(BatonScreen, inherit_bindings=False):
    """A heading that counts, the filter, the list, and all of one decision."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "export", "Export as JSONL"),
        Binding("slash", "filter", "Filter"),
        Binding("pagedown", "scroll_decision(1)", "Decision down", show=False),
        Binding("pageup", "scroll_decision(-1)", "Decision up", show=False),
        Binding("escape", "app.leave_ledger", "Back"),
    ]
    AUTO_FOCUS = "RowList"

    class ExportPressed(Message):
        """These lines belong in a file; `stem` is what it is called, without an ending."""

        def __init__(self, stem: str, lines: tuple[bytes, ...]) -> None:
            super().__init__()
            self.stem = stem
            self.lines = lines

    def __init__(self, *, wall: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._wall = wall
        self._heading = Static("", id="audit-heading", classes="heading", markup=False)
        self._filter = FilterField(placeholder="Words that stand in it: rejected ada refund")
        self._list = RowList(id="audit-list")
        self._detail = LinesPane(id="audit-detail")
        self._open: tuple[OpenRun, ...] = ()
        self._records: tuple[AuditRecord, ...] = ()
        self._shown: dict[str, AuditRecord] = {}
        self._kept: tuple[int, ...] = ()
        self._unsubscribe: list[Callable[[], None]] = []
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self._banner
        yield self._heading
        yield self._filter
        yield self._list
        yield self._detail
        yield self._key_bar

    def show_open(self, conversations: Sequence[OpenRun]) -> None:
        """Show what was decided in these conversations."""
        self._open = tuple(conversations)
        self._rebuild()

    def on_screen_resume(self) -> None:
        """Follow the conversations."""
        self._unsubscribe += [run.subscribe(lambda _: self._rebuild_soon()) for run in self._open]

    def on_screen_suspend(self) -> None:
        """Follow them no longer: another screen is shown."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        match action:
            case "export" | "scroll_decision":
                return bool(self._shown)
            case "filter":
                return bool(self._records)
            case _:
                return super().check_action(action, parameters)

    def on_row_list_moved(self, message: RowList.Moved) -> None:
        """Show all of the decision under the cursor."""
        message.stop()
        self._show_detail()

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Filter as it is typed."""
        message.stop()
        self._show_records()

    def on_filter_field_left(self, message: FilterField.Left) -> None:
        """Go back to the list."""
        message.stop()
        if not message.keeps:
            self._filter.clear()
        self._filter.set_class(bool(self._filter.text), "-shown")
        self.set_focus(self._list)

    def action_filter(self) -> None:
        """Let the person write words that must stand in a decision."""
        self._filter.add_class("-shown")
        self.set_focus(self._filter)

    def action_export(self) -> None:
        """Ask for a file of what is shown."""
        at = datetime.fromtimestamp(self._wall(), UTC)
        lines = tuple(map(as_line, self._shown.values()))
        self.post_message(self.ExportPressed(f"baton-decisions-{at:%Y%m%d-%H%M%S}", lines))

    def action_scroll_decision(self, pages: int) -> None:
        """Scroll what is told of the decision under the cursor."""
        self._detail.scroll_pages(pages)

    def _rebuild_soon(self) -> None:
        is_settled = all(record.is_settled for record in self._records)
        if self._timer is None and not (is_settled and self._decisions == self._kept):
            self._timer = self.set_timer(_REBUILT_AFTER_S, self._rebuild)

    def _rebuild(self) -> None:
        self._timer = None
        self._kept = self._decisions
        self._records = audit_records(run.view for run in self._open)
        self._show_records()

    @property
    def _decisions(self) -> tuple[int, ...]:
        """How many decisions each conversation has: they are added and never taken away."""
        return tuple(len(run.view.decisions) for run in self._open)

    def _show_records(self) -> None:
        left = (record for record in self._records if matches(record, self._filter.text))
        # The newest first: what was just decided is what a person looks for.
        self._shown = {f"{each.run_id} {each.call_id} {each.decided_at}": each for each in left}
        self._list.show(lambda width: tuple(self._rows(width)))
        self._show_detail()
        count, total = len(self._shown), len(self._records)
        of = f"{count} of {total}" if count < total else f"{total}"
        self._heading.update(f"Decisions of this session · {of} · times are UTC")

    def _rows(self, width: int) -> Iterator[ListRow]:
        cells = AuditColumns(tuple(self._shown.values()), width)
        for key, record in reversed(self._shown.items()):
            yield ListRow(key, audit_row(record, cells))
        if not self._shown:
            yield ListRow("", ((_NO_MATCH if self._records else _NOTHING, "quiet"),))

    def _show_detail(self) -> None:
        record = self._shown.get(self._list.cursor)
        if record is None:
            self._detail.show("", None)
            return

        def lay_out(width: int) -> tuple[Line, ...]:
            return tuple(audit_lines(record, width))

        self._detail.show(self._list.cursor, lay_out)
