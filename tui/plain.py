"""Untrusted text made showable: what could act on a terminal or fool an eye becomes visible.

Stays out of styling. Widgets, titles and notifications accept `Plain` and nothing else for text
that came from a model, a tool, a file or a terminal; they never read it as markup.
"""

import re
from typing import Final

# Only what may stand inside an emoji: there a joiner or a variation selector changes no meaning.
_EMOJI: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u2300-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_HOSTILE: Final = (
    "\x00-\x08\x0b-\x1f"  # C0 but tab and newline
    "\x7f-\x9f"  # DEL and C1
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # drawn as nothing
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidi controls
    "\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff"  # zero width
    "\u2028\u2029\u0085"  # line ends that no terminal agrees on
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U0001bca0-\U0001bca3"  # controls of notations
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tag characters
    "\ud800-\udfff"  # lone surrogates cannot be written to a terminal
)
_PATTERN: Final = re.compile(
    f"(?P<kept>(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])|(?<=[{_EMOJI}0-9#*])[\ufe0e\ufe0f])"
    f"|(?P<line>\r\n)|[{_HOSTILE}]"
)
_CONTROL_PICTURES: Final = 0x2400
_DEL: Final = 0x7F


class Plain(str):
    """Text that is safe to show: lines and tabs, and nothing else that acts on a terminal.

    Made by `plain` alone.
    """

    __slots__ = ()


def plain(text: str) -> Plain:
    r"""Return `text` with every character that acts or hides replaced by a visible name.

    C0 controls and DEL become control pictures (ESC is `␛`), all others `⟨U+202E⟩`. Newlines and
    tabs stay, `\\r\\n` becomes a newline, joiners and variation selectors stay inside emoji.
    """
    if isinstance(text, Plain):
        return text
    return Plain(_PATTERN.sub(_shown, text))


def plain_line(text: str) -> Plain:
    """Return `text` as `plain` does, on one line: newlines become `⏎`, tabs one space."""
    return Plain(plain(text).replace("\n", "⏎").replace("\t", " "))


def _shown(match: re.Match[str]) -> str:
    if match["kept"]:
        return match["kept"]
    if match["line"]:
        return "\n"
    code = ord(match[0])
    if code < ord(" "):
        return chr(_CONTROL_PICTURES + code)
    if code == _DEL:
        return "␡"
    return f"⟨U+{code:04X}⟩"
