"""What a person pastes stays one text, whatever escape sequences it contains.

Textual's parser reads sequences inside a bracketed paste too, and gives those it does not know as
key presses: a pasted log could press keys. Stays out of what becomes of the text.
"""

from collections.abc import Iterable
from typing import Final

from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

_EDGE: Final = len(BRACKETED_PASTE_START) - 1


class PasteFilter:
    """Takes what a terminal sends, in pieces cut anywhere, and hides the ESC of pasted texts.

    A paste is held until its end. Of several ends in one piece the last one counts: a text that
    contains an end of its own would otherwise type what stands behind it.
    """

    def __init__(self) -> None:
        self._is_inside = False
        self._edge = ""
        self._held: list[str] = []

    def take(self, text: str) -> str:
        """Return what a parser may read now; "" while all of it is held."""
        out: list[str] = []
        while text:
            given, text = self._inside(text) if self._is_inside else self._outside(text)
            out.append(given)
        return "".join(out)

    def _outside(self, text: str) -> tuple[str, str]:
        seen = self._edge + text
        place = seen.find(BRACKETED_PASTE_START)
        if place < 0:
            self._edge = seen[-_EDGE:]
            return text, ""
        begin = place + len(BRACKETED_PASTE_START) - len(self._edge)
        self._is_inside, self._edge = True, ""
        return text[:begin], text[begin:]

    def _inside(self, text: str) -> tuple[str, str]:
        seen = self._edge + text
        place = seen.rfind(BRACKETED_PASTE_END)
        self._held.append(text)
        if place < 0:
            self._edge = seen[-_EDGE:]
            return "", ""
        behind = seen[place + len(BRACKETED_PASTE_END) :]
        pasted = "".join(self._held)
        pasted = pasted[: len(pasted) - len(behind) - len(BRACKETED_PASTE_END)]
        self._is_inside, self._edge = False, ""
        self._held.clear()
        return pasted.replace("\x1b", "␛") + BRACKETED_PASTE_END, behind


class PasteSafeParser(XTermParser):
    """Textual's parser, for which nothing inside a paste is a key."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = PasteFilter()

    def feed(self, data: str) -> Iterable[Message]:
        """Yield the messages of `data`; "" is the end of the input."""
        readable = self._pastes.take(data)
        if data and not readable:
            return ()
        return super().feed(readable)
