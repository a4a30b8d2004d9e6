"""What makes a terminal call its person: bell, notifications and title, as escape sequences.

Pure. Names of agents and tools come from anywhere: no control character of them gets in.
"""

from collections.abc import Mapping
from typing import Final

from tui.cockpit.settings import AttentionSettings
from tui.plain import plain_line

BELL: Final = "\x07"
# Saved on the terminal's own stack: what the shell had there is nobody's to know.
KEEP_TITLE: Final = "\x1b[22;2t"
# Empty first, for terminals without that stack.
RESTORE_TITLE: Final = "\x1b]2;\x07\x1b[23;2t"

_NAME: Final = "Baton"
_MOST_CHARACTERS: Final = 160
_SHOW_BOTH: Final = ("xterm-kitty", "xterm-ghostty", "foot", "wezterm", "ghostty")
"""By TERM or TERM_PROGRAM: they know OSC 9 and OSC 777, and would show one notice twice."""


def alert(words: str, settings: AttentionSettings, environ: Mapping[str, str]) -> str:
    """Return what tells the terminal's person `words`, "" where all of it is off.

    tmux relays the bell, and passes notifications on with its allow-passthrough on.
    """
    said = _said(words)
    parts = [BELL] if settings.bell else []
    if settings.osc777:
        parts.append(_through_tmux(f"\x1b]777;notify;{_NAME};{said}\x07", environ))
    if settings.osc9 and not (settings.osc777 and _shows_both(environ)):
        parts.append(_through_tmux(f"\x1b]9;{_NAME}: {said}\x07", environ))
    return "".join(parts)


def title(waiting: int) -> str:
    """Return what gives the terminal a title that says how many things wait.

    Goes as it is: tmux has a title for each pane, and a stack of them.
    """
    return f"\x1b]2;{f'({waiting}) ' if waiting else ''}{_NAME}\x07"


def _said(words: str) -> str:
    # A semicolon ends a part of the sequence.
    shown = plain_line(words).replace(";", ",")
    return shown if len(shown) <= _MOST_CHARACTERS else f"{shown[: _MOST_CHARACTERS - 1]}…"


def _shows_both(environ: Mapping[str, str]) -> bool:
    if environ.get("TMUX"):
        return False
    names = (environ.get("TERM", ""), environ.get("TERM_PROGRAM", ""))
    return any(name.lower().startswith(_SHOW_BOTH) for name in names)


def _through_tmux(sequence: str, environ: Mapping[str, str]) -> str:
    if not environ.get("TMUX"):
        return sequence
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\"
