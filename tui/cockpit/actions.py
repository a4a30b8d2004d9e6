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

from tui.cockpit.dialogs.approval import ApprovalPanel
from tui.cockpit.keys import key_name

_NOT_OFFERED = frozenset({"command_palette", "app.command_palette", "toggle_theme"})


def commands_of(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield what `screen`, its panes and the app can do now, each once."""
    seen: set[str] = set()
    for node in (*screen.walk_children(), screen, screen.app):
        if isinstance(node, ApprovalPanel):
            continue
        for _key, binding in node._bindings:
            if binding.description in seen or not _is_offered(binding, node):
                continue
            seen.add(binding.description)
            yield SystemCommand(binding.description, _where(binding, node), _run(binding, node))


def _is_offered(binding: Binding, node: DOMNode) -> bool:
    if not binding.description or binding.action in _NOT_OFFERED or binding.system:
        return False
    return bool(node.app._check_action_state(binding.action, node))


def _where(binding: Binding, node: DOMNode) -> str:
    return f"{type(node).__name__}: {key_name(binding.key)}"


def _run(binding: Binding, node: DOMNode) -> Callable[[], Any]:
    return partial(node.app.run_action, binding.action, node)
