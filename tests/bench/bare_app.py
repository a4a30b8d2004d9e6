"""A bare Textual app with the kinds of widgets that the cockpit has; the other side of a ratio."""

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Header, Markdown, OptionList, RichLog, Static, TextArea


class BareApp(App[None]):
    """Header, list, Markdown, log, text field and footer, with nothing in them."""

    CSS = "Horizontal { height: 1fr; } TextArea { height: 4; } .wide { width: 2fr; }"

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static("Triage ─▶ Billing")
        with Horizontal():
            yield OptionList("one", "two")
            with Vertical(classes="wide"):
                yield Markdown("# Title\n\nA paragraph.")
                yield RichLog()
        yield TextArea(id="composer")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one(TextArea).focus()


if __name__ == "__main__":
    BareApp().run()
