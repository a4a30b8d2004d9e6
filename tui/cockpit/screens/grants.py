"""Every rule that stands: what persons granted, and what the policy file says.

Stays out of what a rule covers, and of reading the file: it is told what that says.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from tui.cockpit.dialogs.rule_text import Provenance, rule_lines, rule_row
from tui.cockpit.projection.standing import (
    HostedView,
    StandingRule,
    standing_grants,
    written_rules,
)
from tui.cockpit.runs import OpenRun
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.widgets.home_rows import heading, said_first
from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.lines_pane import LinesPane
from tui.cockpit.widgets.row_list import ListRow, RowList
from tui.plain import plain_line
from tui.wire.rules import Rule

_TAKEN_OUT_S: Final = 0.5
"""By then an agent process that lives has written the file anew."""
_SHOWN_AFTER_S: Final = 0.25
"""All conversations are gone through anew: not with each frame of one."""
_GRANTS: Final = "Granted in this session"
_FILE: Final = "In the policy file"
_NO_FILE: Final = "no policy file; --policy FILE names one"
_NOBODY: Final = "No agent process runs that could take it out: start an agent, or edit the file"


class GrantsScreen(BatonScreen, inherit_bindings=False):
    """Two headed parts and a cursor; below, all of the rule that it is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "revoke", "Take it back"),
        Binding("r,ctrl+r", "look_again", "Read the file again"),
        Binding("pagedown", "scroll_rule(1)", "Rule down", show=False),
        Binding("pageup", "scroll_rule(-1)", "Rule up", show=False),
        Binding("escape", "app.leave_ledger", "Back", priority=True),
    ]
    AUTO_FOCUS = "RowList"

    class LookAgainPressed(Message):
        """The policy file may say something else by now."""

    def __init__(
        self, *, only_watches: bool = False, wall: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._only_watches = only_watches
        self._wall = wall
        self._heading = Static("Rules", id="grants-heading", classes="heading", markup=False)
        self._list = RowList(id="grants-list")
        self._detail = LinesPane(id="grants-detail")
        self._open: tuple[OpenRun, ...] = ()
        self._written: tuple[Rule, ...] | None = None
        self._fault = ""
        self._standing: dict[str, StandingRule] = {}
        self._asked_back: set[str] = set()
        self._unsubscribe: list[Callable[[], None]] = []
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self._banner
        yield self._heading
        yield self._list
        yield self._detail
        yield self._key_bar

    def show_open(self, conversations: Sequence[OpenRun]) -> None:
        """Show what was granted in these conversations."""
        self._open = tuple(conversations)
        self._show_rules()

    def show_written(self, rules: Sequence[Rule] | None, fault: str = "") -> None:
        """Show what the policy file says.

        Args:
            rules: Its rules; None without a file.
            fault: Why it could not be read, a sentence; then `rules` are those of before.
        """
        self._written = None if rules is None else tuple(rules)
        self._fault = fault
        # What still stands in it was not taken out.
        self._asked_back -= {each.key for each in written_rules((), rules or ())}
        self._show_rules()

    @property
    def written(self) -> Sequence[Rule] | None:
        """What the file said when it could be read last."""
        return self._written

    def on_screen_resume(self) -> None:
        """Follow the conversations."""
        self._unsubscribe += [run.subscribe(lambda _: self._show_soon()) for run in self._open]

    def on_screen_suspend(self) -> None:
        """Follow them no longer: another screen is shown."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        if action == "revoke":
            chosen = self._chosen
            can = chosen is not None and chosen.is_revocable
            return can and not self._only_watches and self._list.cursor not in self._asked_back
        return super().check_action(action, parameters)

    def on_row_list_moved(self, message: RowList.Moved) -> None:
        """Show all of the rule under the cursor."""
        message.stop()
        self._show_detail()

    def action_revoke(self) -> None:
        """Take the grant under the cursor back; it covers nothing once its event comes."""
        chosen = self._chosen
        if chosen is None or not chosen.is_revocable:
            return
        hosts = {
            run.host.target: run.host for run in self._open if chosen.host in ("", run.host.target)
        }
        if not hosts:
            self.say(_NOBODY)
            return
        for host in hosts.values():
            host.revoke(chosen.rule.rule_id)
        self._asked_back.add(chosen.key)
        self._show_rules()
        if not chosen.host:
            self.set_timer(_TAKEN_OUT_S, self._look_again)

    def action_look_again(self) -> None:
        """Read the policy file once more."""
        self._look_again()

    def action_scroll_rule(self, pages: int) -> None:
        """Scroll what is told of the rule under the cursor."""
        self._detail.scroll_pages(pages)

    def _look_again(self) -> None:
        self.post_message(self.LookAgainPressed())

    @property
    def _chosen(self) -> StandingRule | None:
        return self._standing.get(self._list.cursor)

    def _show_soon(self) -> None:
        if self._timer is None:
            self._timer = self.set_timer(_SHOWN_AFTER_S, self._show_rules)

    def _show_rules(self) -> None:
        self._timer = None
        views = [HostedView(run.name, run.host.target, run.view) for run in self._open]
        written = self._written or ()
        grants = standing_grants(views, written)
        rules = written_rules(views, written)
        self._standing = {each.key: each for each in (*grants, *rules)}
        self._list.show(lambda width: tuple(self._rows(grants, rules, width)))
        self._show_detail()

    def _rows(
        self, grants: Sequence[StandingRule], rules: Sequence[StandingRule], width: int
    ) -> Iterator[ListRow]:
        yield ListRow("", heading(_GRANTS, width))
        yield from (self._row(each, width) for each in grants)
        if not grants:
            yield ListRow("", ((" none", "quiet"),))
        yield ListRow("", ())
        yield ListRow("", heading(_FILE, width))
        if self._fault:
            yield ListRow("", ((f" {plain_line(self._fault)}", "bad"),))
        yield from (self._row(each, width) for each in rules)
        if not rules and not self._fault:
            says = _NO_FILE if self._written is None else "no rules"
            yield ListRow("", ((f" {says}", "quiet"),))

    def _row(self, standing: StandingRule, width: int) -> ListRow:
        line = rule_row(standing, self._provenance(standing), self._wall(), width)
        return ListRow(standing.key, line)

    def _show_detail(self) -> None:
        standing = self._chosen
        if standing is None:
            self._detail.show("", None)
            return
        provenance, now = self._provenance(standing), self._wall()

        def lay_out(width: int) -> tuple[Line, ...]:
            return tuple(rule_lines(standing, provenance, now, width))

        self._detail.show(standing.key, lay_out)

    def _provenance(self, standing: StandingRule) -> Provenance:
        views = (run.view for run in self._open if run.host.target == standing.host)
        # The first entry of a conversation is of its first run.
        its = (
            view for view in views if view.entries and view.entries[0].run_id == standing.rule.run
        )
        said = next(map(said_first, its), "")
        return Provenance(standing.host, said, standing.key in self._asked_back)
