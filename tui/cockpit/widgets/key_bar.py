"""The last line of a screen: the keys that work now, or for a moment a notice.

Reads the keys from the bindings, so it cannot promise one that does nothing.
"""

from collections.abc import Iterator
from typing import ClassVar, Final, NamedTuple

from textual.binding import Binding
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.cockpit.keys import key_name
from tui.cockpit.widgets.lines import Line, Palette, clip_line, line_width
from tui.plain import Plain, plain_line

NOTICE_S: Final = 5.0
_MOST_KEYS: Final = 2
"""A third way to type the same is no help to anybody."""


class KeyHint(NamedTuple):
    """One key that works, as a person reads it."""

    key: str
    does: str


def working_keys(screen: Screen[object], *, hidden: bool = False) -> Iterator[KeyHint]:
    """Yield the keys that do something now, those of the focused pane first.

    Args:
        screen: Whose bindings.
        hidden: Whether to tell those too that a footer has no room for.
    """
    named: dict[tuple[int, str], list[str]] = {}
    shown: dict[tuple[int, str], Binding] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if active.enabled and binding.description and (hidden or binding.show):
            action = (id(active.node), binding.action)
            named.setdefault(action, []).append(key_name(key))
            shown[action] = binding
    for action, binding in sorted(shown.items(), key=lambda item: _rank(item[1])):
        keys = named[action]
        yield KeyHint(" ".join(keys[:_MOST_KEYS]) if hidden else keys[0], binding.description)


def _rank(binding: Binding) -> int:
    """What waits for a person comes first, and keys that every editor has come last."""
    if binding.action.startswith(("go_to_request", "extend_budget")):
        return 0
    return 1 if binding.show else 2


class KeyBar(Widget):
    """One line. What has no room is cut from the middle: the last key, help, always stands."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"key-bar--{name}" for name in ("key", "label", "notice")
    }

    notice: reactive[Plain | None] = reactive(None)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._palette: Palette | None = None
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Draw again when other keys work."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def say(self, text: str, seconds: float = NOTICE_S) -> None:
        """Show `text` instead of the keys for `seconds`."""
        self.notice = plain_line(text)
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(seconds, self.be_silent)

    def be_silent(self) -> None:
        """Show the keys again."""
        self.notice = None

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        self._palette = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        if y or not self.is_attached:
            return Strip.blank(width)
        if self._palette is None:
            self._palette = Palette(self, "key-bar")
        if self.notice is not None:
            line: Line = clip_line(((" ", ""), (self.notice, "notice")), width)
            return self._palette.strip(line, width)
        return self._palette.strip(_fitted(list(working_keys(self.screen)), width - 1), width)


def _fitted(hints: list[KeyHint], width: int) -> Line:
    if not hints:
        return ()
    *others, last = hints
    room = width - line_width(_hint(last))
    line: Line = ()
    for hint in others:
        room -= line_width(_hint(hint))
        if room < 0:
            break
        line += _hint(hint)
    return line + _hint(last)


def _hint(hint: KeyHint) -> Line:
    return ((" ", ""), (hint.key, "key"), (" ", ""), (hint.does, "label"), (" ", ""))
