"""What can be said of a copy: it leaves through the terminal (OSC 52), which never answers.

Stays out of copying. Where a terminal is known to drop it, that is said instead.
"""

from collections.abc import Mapping
from typing import Final

from tui.plain import Plain, plain_line

_WITHOUT_CLIPBOARD: Final = {"linux": "the Linux console", "dumb": "this terminal"}


def copied(what: str, environ: Mapping[str, str]) -> Plain:
    """Return what to tell a person who copied `what`.

    Args:
        what: Such as "the message of Triage, 12 lines".
        environ: Names the terminal.
    """
    terminal = _drops(environ)
    if terminal:
        return plain_line(f"Not copied: {terminal} takes no copies from programs")
    if environ.get("TMUX"):
        return plain_line(f"Copied {what}; tmux needs its set-clipboard on")
    return plain_line(f"Copied {what}")


def lines_of(text: str) -> str:
    """Return how long `text` is, in words: "1 line"."""
    count = len(text.splitlines())
    return "1 line" if count == 1 else f"{count} lines"


def _drops(environ: Mapping[str, str]) -> str:
    """Return the name of a terminal known to drop copies, "" for any other."""
    if environ.get("STY"):
        return "GNU screen"
    if environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return "Terminal.app"
    return _WITHOUT_CLIPBOARD.get(environ.get("TERM", ""), "")
