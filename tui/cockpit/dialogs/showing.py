"""What the card shows of a view, and since when it is with the terminal.

Stays out of where the keys go and of what they do.
"""

from tui.cockpit.dialogs.approval_rule import Place, Request, Shown
from tui.cockpit.dialogs.approval_text import schema_text
from tui.cockpit.dialogs.at_hand import EFFECTS, AtHand, at_hand, page_of, request_of
from tui.cockpit.dialogs.editing import Edit
from tui.cockpit.dialogs.painted import Painted
from tui.cockpit.dialogs.request_card import RequestCard
from tui.cockpit.dialogs.sheets import Sheet
from tui.cockpit.projection.view import RunView


class Showing:
    """Keeps the card on the request at hand: other words than before must be painted to count.

    Attributes:
        hand: The request, None while there is none.
        painted: Since when all that it is about stands on the terminal.
        place: Where the keys go: a field for a reason or a result stands below the request.
        only_watches: Whether nothing can be decided on this screen.
    """

    def __init__(self, card: RequestCard) -> None:
        self.hand: AtHand | None = None
        self.painted = Painted(card)
        self.place: Place = "pane"
        self.only_watches = False
        self._card = card
        self._sheet: Sheet | None = None
        self._told: tuple[object, object] = ((), ())

    @property
    def shown(self) -> Shown | None:
        """The request as the rule knows it."""
        hand = self.hand
        if hand is None:
            return None
        return Shown(hand.request, self.painted.at, hand.edit_state, hand.can_edit)

    def take(self, view: RunView | None) -> Request | None:
        """Take a newer view; return the request that was shown and waits no longer."""
        before, self.hand = self.hand, at_hand(view, self.hand)
        if view is not None:
            self._keep_page(view)
        if before is None or (self.hand is not None and self.hand.request == before.request):
            return None
        return before.request

    def turn_to(self, view: RunView, request: Request) -> None:
        """Show this request of a view, if it waits: to be painted before it counts."""
        if request in map(request_of, view.pending):
            self.hand = at_hand(view, self.hand, request)
            self.put_on_card()

    def put_on_card(self) -> None:
        """Show what is at hand."""
        before, self._sheet = self._sheet, self._newest_sheet()
        if self._sheet is None:
            return
        if before is not None and self._sheet.reads_as(before):
            self._card.keep(self._sheet)
            return
        self.painted.begin_anew()
        self._card.show(self._sheet)

    def change_edit(self, of: Request, edit: Edit | None) -> None:
        """Have other arguments in place of those asked for, or these again: to be painted anew.

        Args:
            of: What they are for; it may have become another request since.
            edit: The other ones.
        """
        if self.hand is not None and self.hand.request == of:
            self.hand = self.hand.with_edit(edit)
            self.painted.begin_anew()

    def open_page(self, place: Place, view: RunView, now: float) -> None:
        """Show the page for a rule if `place` is one, else the request: to be painted anew."""
        hand, effect = self.hand, EFFECTS.get(place)
        if hand is not None and (effect is not None or hand.page is not None):
            page = page_of(hand, view, effect, now) if effect else None
            self.hand = hand.with_page(page)
            self.painted.begin_anew()

    def turn_schema(self) -> None:
        """Show the tool's schema below all the rest, or no longer."""
        if self.hand is None:
            return
        is_told = not self.hand.tells_schema
        self.hand = self.hand.with_schema(told=is_told)
        self.put_on_card()
        if is_told:
            self._card.show_end(len(schema_text(self.hand.pending, self._card.size.width)))

    def choose(self, wider: int, longer: int) -> None:
        """Choose another rule on the page: to be painted before it can be made."""
        if self.hand is not None and (page := self.hand.page) is not None:
            chosen = page.chosen(page.wide + wider, page.long + longer)
            self.hand = self.hand.with_page(chosen)
            self.put_on_card()

    def _keep_page(self, view: RunView) -> None:
        """Tell on the page what waits now and what was decided by now."""
        told, self._told = self._told, (view.pending, view.decisions)
        hand = self.hand
        if hand is None or hand.page is None:
            return
        if told[0] is not view.pending or told[1] is not view.decisions:
            self.hand = hand.with_page(page_of(hand, view, hand.page.effect, hand.page.now))

    def _newest_sheet(self) -> Sheet | None:
        if self.hand is None:
            return None
        return self.hand.sheet(place=self.place, only_watches=self.only_watches)
