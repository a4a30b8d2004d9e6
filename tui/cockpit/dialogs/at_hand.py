"""The request in the panel, and what a person has made of it so far. Knows no widget, no focus."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from tui.cockpit.dialogs.approval_rule import EditState, Place, Request
from tui.cockpit.dialogs.editing import MOST_EDITED, Edit
from tui.cockpit.dialogs.sheets import AlwaysSheet, RequestSheet, Sheet
from tui.cockpit.projection.view import Decided, PendingApproval, RunView

if TYPE_CHECKING:
    from tui.cockpit.dialogs.always import AlwaysPage

EFFECTS: dict[Place, Literal["allow", "deny"]] = {"allowing": "allow", "denying": "deny"}
"""What the rule does that is made on a page."""


@dataclass(frozen=True, slots=True, eq=False)
class AtHand:
    """One request.

    Attributes:
        place: Which of `count` it is, from 1.
        edit: What a person made of its arguments.
        page: The rule that they are making of it.
        refused: Why an answer to it was not taken, "" if none was refused.
        tells_schema: Whether the tool's schema is to be shown.
    """

    pending: PendingApproval
    place: int
    count: int
    edit: Edit | None = None
    page: "AlwaysPage | None" = None
    refused: str = ""
    tells_schema: bool = False

    @property
    def request(self) -> Request:
        """The question that it is."""
        return request_of(self.pending)

    @property
    def edit_state(self) -> EditState:
        """How the rule knows the edit."""
        if self.edit is None:
            return "none"
        return "faulty" if self.edit.fault else "fits"

    @property
    def can_edit(self) -> bool:
        """Whether its arguments can be changed here."""
        return bool(self.pending.schema) and len(self.pending.arguments) <= MOST_EDITED

    def sheet(self, *, place: Place, only_watches: bool) -> Sheet:
        """Return what stands on the card for it, while the keys go to `place`."""
        if self.page is not None:
            return AlwaysSheet(self.page)
        return RequestSheet(
            self.pending,
            self.place,
            self.count,
            edit=self.edit,
            refused=self.refused,
            field=place if place in ("reason", "result") else "",
            only_watches=only_watches,
            tells_schema=self.tells_schema,
        )

    def with_page(self, page: "AlwaysPage | None") -> "AtHand":
        """Return it with a rule being made of it, or with none."""
        return replace(self, page=page)

    def with_schema(self, *, told: bool) -> "AtHand":
        """Return it with the tool's schema told or not."""
        return replace(self, tells_schema=told)

    def with_edit(self, edit: Edit | None) -> "AtHand":
        """Return it with other arguments, or with its own."""
        return replace(self, edit=edit)


def at_hand(
    view: RunView | None, before: AtHand | None, wanted: Request | None = None
) -> AtHand | None:
    """Return what the panel shows of `view`: what waits of these, else the oldest.

    Args:
        view: The newest.
        before: What it showed so far.
        wanted: What it is to show instead.
    """
    waiting = view.pending if view else ()
    if view is None or not waiting:
        return None
    wanted = wanted or (before.request if before else None)
    place = next((n for n, each in enumerate(waiting) if request_of(each) == wanted), 0)
    pending = waiting[place]
    refused = view.refused[1] if view.refused and view.refused[0] == pending.call_id else ""
    now = AtHand(pending, place + 1, len(waiting), refused=refused)
    if before is None or before.request != now.request:
        return now
    return replace(now, edit=before.edit, page=before.page, tells_schema=before.tells_schema)


def page_of(
    hand: AtHand, view: RunView, effect: Literal["allow", "deny"], now: float
) -> "AlwaysPage":
    """Return the page on which a rule is made of a call; as chosen, if it is open already."""
    # Late: nobody waits for it who makes no rule.
    from tui.cockpit.dialogs.always import page_for

    open_page = hand.page
    if open_page is None:
        return page_for(hand.pending, view, effect, now)
    # The rule stays what was shown: how long it holds counts from when the page was opened.
    again = page_for(hand.pending, view, effect, open_page.now)
    again = again.chosen(open_page.wide, open_page.long)
    return open_page if again.tells_the_same(open_page) else again


def request_of(asked: PendingApproval | Decided) -> Request:
    """Return the question that a pending call is, or was before it was decided."""
    return Request(asked.run_id, asked.call_id, asked.arguments_hash, asked.in_doubt_since)
