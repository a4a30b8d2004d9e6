"""Every action of a screen for the command palette, read from the bindings.

Decisions are left out: only a key pressed on a request decides.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from textual.app import SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from tui.cockpit.dialogs.answer_field import AnswerField
from tui.cockpit.dialogs.approval import ApprovalPanel
from tui.cockpit.dialogs.editor import ArgumentsField
from tui.cockpit.keys import key_name
from tui.cockpit.widgets.text_field import TextField

_NOT_OFFERED = frozenset({"command_palette", "app.command_palette", "toggle_theme"})
_NEEDS_A_KEY = "press("
"""How the actions begin that judge the key itself: deciding, and ticking what is decided."""


def commands_of(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield what `screen`, its visible panes and the app can do now, each once."""
    seen: set[str] = set()
    for node in (*filter(_is_there, screen.walk_children(Widget)), screen, screen.app):
        for _key, binding in node._bindings:
            title = _title(binding, node)
            if title in seen or not _is_offered(binding, node):
                continue
            seen.add(title)
            yield SystemCommand(title, key_name(binding.key), _run(binding, node))


def _is_there(widget: Widget) -> bool:
    of_request = ApprovalPanel | AnswerField | ArgumentsField
    return bool(widget.region) and not isinstance(widget, of_request)


def _is_offered(binding: Binding, node: DOMNode) -> bool:
    if not binding.description or binding.action in _NOT_OFFERED or binding.system:
        return False
    if binding.action.startswith(_NEEDS_A_KEY):
        return False
    if isinstance(node, TextField) and not binding.show:
        return False  # Moving the cursor is no command.
    return bool(node.app._check_action_state(binding.action, node))


def _title(binding: Binding, node: DOMNode) -> str:
    """Panes share words like "Down": what a footer does not show is told with its pane."""
    if binding.show or not isinstance(node, Widget) or isinstance(node, Screen):
        return binding.description
    return f"{type(node).__name__}: {binding.description.lower()}"


def _run(binding: Binding, node: DOMNode) -> Callable[[], Any]:
    return partial(node.app.run_action, binding.action, node)
