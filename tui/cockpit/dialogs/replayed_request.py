"""A call that waited for a person, as a replay shows it. Nothing is decided here."""

from dataclasses import dataclass
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive

from tui.cockpit.dialogs.request_card import RequestCard
from tui.cockpit.dialogs.sheets import RequestSheet
from tui.cockpit.projection.view import PendingApproval, RunView
from tui.cockpit.widgets.lines import Line

REPLAYED: Final = " a replay: what was decided comes with its event "


@dataclass(frozen=True, slots=True)
class ReplayedSheet(RequestSheet):
    """A call that waited; no key means anything."""

    def keys(self, *, has_focus: bool, leads_here: str) -> Line:  # noqa: ARG002 - no key leads here
        """Return what stands in place of keys."""
        return ((REPLAYED, "label"),)


class ReplayedRequest(Vertical):
    """The oldest call that waited; it never takes the focus."""

    # Without repaint: to draw a container again is to draw all that stands in it.
    view: reactive[RunView | None] = reactive(None, repaint=False)
    now: reactive[float] = reactive(0.0, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._card = RequestCard()
        self._shown: tuple[PendingApproval, ...] = ()

    def compose(self) -> ComposeResult:
        """The request."""
        yield self._card

    def watch_view(self, view: RunView | None) -> None:
        """Show what waited then, if anything did."""
        pending = view.pending if view else ()
        if pending is self._shown:
            return
        self._shown = pending
        self.set_class(bool(pending), "-asking")
        if pending:
            self._card.show(ReplayedSheet(pending[0], 1, len(pending)))

    def watch_now(self, now: float) -> None:
        """Let the request age as it did."""
        self._card.now = now
