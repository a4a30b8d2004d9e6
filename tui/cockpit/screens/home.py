"""Where Baton begins: the agents of the folder, the rehearsal, and what is already open.

Stays out of finding and of starting them: it says what was chosen.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.cockpit.home_listing import AgentChoice, HomeListing
from tui.cockpit.runs import OpenRun
from tui.cockpit.widgets.key_bar import NOTICE_S, KeyBar
from tui.plain import plain_line

_MARK = "▸ "
_NO_MARK = "  "
_LOOKING = "Looking for agents …"
_NO_AGENTS = "No file here defines an agent at its top level. `baton run FILE.py:NAME` takes any."


class ChoiceList(OptionList):
    """What can be started; vim keys beside arrows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Start"),
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
    ]

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Mark the row: its colour alone would not tell."""
        super().watch_highlighted(highlighted)
        for place in range(self.option_count):
            mark = _MARK if place == highlighted else _NO_MARK
            prompt = self.get_option_at_index(place).prompt
            assert isinstance(prompt, Content)
            if not prompt.plain.startswith(mark):
                self.replace_option_prompt_at_index(place, mark + prompt[len(mark) :])


class HomeScreen(Screen[None]):
    """A list to choose from; Enter starts."""

    AUTO_FOCUS = "ChoiceList"

    class Chosen(Message):
        """An agent is to be started."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    class Reopened(Message):
        """An open conversation is to be shown again."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    listing: reactive[HomeListing | None] = reactive(None)

    def __init__(self) -> None:
        super().__init__()
        self._place = Static(_LOOKING, id="home-place", markup=False)
        self._choices = ChoiceList(id="home-choices", markup=False, compact=True)
        self._notice = Static("", id="home-notice", markup=False)
        self._open: tuple[OpenRun, ...] = ()
        self._key_bar = KeyBar(id="key-bar")

    def compose(self) -> ComposeResult:
        """A heading, the list, and a line that explains its order."""
        with Vertical(id="home"):
            yield Static("Baton", id="home-title", markup=False)
            yield Static(
                "Watch agents work, and decide what they may do.", id="home-tagline", markup=False
            )
            yield self._place
            yield self._choices
            yield self._notice
        yield self._key_bar

    def watch_listing(self, listing: HomeListing | None) -> None:
        """Show what can be started."""
        if listing is not None:
            self._fill()

    def show_open(self, conversations: Sequence[OpenRun]) -> None:
        """Show which conversations can be gone back to."""
        self._open = tuple(conversations)
        self._fill()

    def say(self, text: str, seconds: float = NOTICE_S) -> None:
        """Tell the person `text` in the last line."""
        self._key_bar.say(text, seconds)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say what was chosen."""
        event.stop()
        kind, _, name = (event.option_id or "").partition(":")
        self.post_message(self.Reopened(name) if kind == "open" else self.Chosen(name))

    def _fill(self) -> None:
        listing = self.listing or HomeListing(())
        kept = self._choices.highlighted
        self._choices.clear_options()
        self._choices.add_options(
            [
                *(Option(_conversation(run), f"open:{run.name}") for run in self._open),
                *(Option(_agent(choice), f"start:{choice.target}") for choice in listing.choices),
            ]
        )
        self._choices.highlighted = kept or 0
        self._place.update(f"Agents in {plain_line(listing.place)}" if listing.place else "Agents")
        self._notice.update(plain_line(listing.notice) or self._hint(listing))

    def _hint(self, listing: HomeListing) -> str:
        return _NO_AGENTS if len(listing.choices) < 2 else ""


def _agent(choice: AgentChoice) -> Content:
    return _row(plain_line(choice.label), plain_line(choice.hint))


def _conversation(run: OpenRun) -> Content:
    status = {"waiting": "waits for you", "idle": "not begun"}.get(run.view.status, run.view.status)
    return _row(plain_line(run.host.target), f"open, {status}")


def _row(label: str, hint: str) -> Content:
    return Content.assemble(_NO_MARK, label.ljust(24), " ", (hint, "$text-muted"))
