"""Markdown inside a paragraph: emphasis, code, links. Costs no more than its text is long.

Stays out of lines and blocks. The text must be safe to show already; what is not Markdown stays
as it was written, so an unclosed mark is simply shown.
"""

import re
from bisect import bisect_right
from typing import Final

from tui.cockpit.widgets.lines import Run

_PUNCTUATION: Final = r"!-/:-@\[-`{-~"
_TOKEN: Final = re.compile(
    rf"(?P<escape>\\[{_PUNCTUATION}])|(?P<code>`+)|(?P<mark>\*+|_+|~~)|(?P<link>!?\[)"
    r"|(?P<break><br ?/?>)|(?P<auto><https?://[^\s<>]+>)|(?P<url>https?://[^\s<>`*]+)"
)
_LINK: Final = re.compile(
    r"!?\[(?P<label>(?:\\.|[^\[\]\\])*)\]"
    r"\([ \n]*<?(?P<url>[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?(?:\s+\"[^\"]*\")?[ \n]*\)"
)
_AFTER_URL: Final = ".,;:!?)'\"]"
_IS_PUNCTUATION: Final = re.compile(f"[{_PUNCTUATION}]")
_LOOKS: Final = {"strong": " strong", "emphasis": " emphasis", "strike": " strike"}


class _Mark:
    """A run of `*`, `_` or `~~`: what is left of it, and what begins and ends at it."""

    __slots__ = ("begins", "char", "closes", "count", "ends", "opens")

    def __init__(self, char: str, count: int, *, opens: bool, closes: bool) -> None:
        self.char = char
        self.count = count
        self.opens = opens
        self.closes = closes
        self.begins: list[str] = []
        self.ends: list[str] = []


def inline(text: str, look: str = "") -> list[Run]:
    """Return `text` as runs whose looks begin with `look`.

    Adds the words `strong`, `emphasis`, `strike`, `code`, `link` and `url`. A link shows where it
    leads: its label could say anything.
    """
    if not _TOKEN.search(text):
        return [(text, look)] if text else []
    parts = _Scanner(text, look).parts
    _pair([part for part in parts if isinstance(part, _Mark)])
    return _styled(parts, look)


class _Scanner:
    """Cuts a text into finished runs and the marks between them."""

    def __init__(self, text: str, look: str) -> None:
        self.parts: list[Run | _Mark] = []
        self._text = text
        self._look = look
        self._ticks: dict[int, list[int]] | None = None
        at = 0
        while token := _TOKEN.search(text, at):
            self._add(text[at : token.start()])
            at = self._take(token)
        self._add(text[at:])

    def _add(self, text: str, words: str = "") -> None:
        if text:
            self.parts.append((text, self._look + words))

    def _take(self, token: re.Match[str]) -> int:
        match token.lastgroup:
            case "escape":
                self._add(token[0][1:])
            case "code":
                return self._code(token)
            case "mark":
                self.parts.append(self._mark(token))
            case "link":
                return self._link(token)
            case "break":
                self._add("\n")
            case "auto":
                self._add(token[0][1:-1], " link")
            case _:
                url = token[0].rstrip(_AFTER_URL)
                self._add(url, " link")
                return token.start() + len(url)
        return token.end()

    def _code(self, token: re.Match[str]) -> int:
        # Places by length: looking ahead anew for each lone backtick would be quadratic.
        if self._ticks is None:
            self._ticks = {}
            for run in re.finditer("`+", self._text):
                self._ticks.setdefault(len(run[0]), []).append(run.start())
        places = self._ticks[len(token[0])]
        after = bisect_right(places, token.start())
        if after == len(places):
            self._add(token[0])
            return token.end()
        code = self._text[token.end() : places[after]].replace("\n", " ")
        if code.startswith(" ") and code.endswith(" ") and code.strip():
            code = code[1:-1]
        self._add(code, " code")
        return places[after] + len(token[0])

    def _mark(self, token: re.Match[str]) -> _Mark:
        before = self._text[token.start() - 1] if token.start() else " "
        after = self._text[token.end()] if token.end() < len(self._text) else " "
        opens, closes = _flanks(before, after), _flanks(after, before)
        if token[0][0] == "_":  # snake_case is no emphasis
            opens, closes = (
                opens and (not closes or bool(_IS_PUNCTUATION.match(before))),
                closes and (not opens or bool(_IS_PUNCTUATION.match(after))),
            )
        return _Mark(token[0][0], len(token[0]), opens=opens, closes=closes)

    def _link(self, token: re.Match[str]) -> int:
        if not (link := _LINK.match(self._text, token.start())):
            self._add(token[0])
            return token.end()
        label, url = link["label"], link["url"]
        if label:
            self.parts += inline(label, f"{self._look} link")
        if url != label:
            self._add(f" ({url})" if label else url, " url")
        return link.end()


def _flanks(outside: str, inside: str) -> bool:
    if inside.isspace():
        return False
    if not _IS_PUNCTUATION.match(inside):
        return True
    return outside.isspace() or bool(_IS_PUNCTUATION.match(outside))


def _pair(marks: list[_Mark]) -> None:
    """Match each closing mark with the nearest opening one of its kind."""
    open_marks: dict[str, list[tuple[int, _Mark]]] = {"*": [], "_": [], "~": []}
    for place, mark in enumerate(marks):
        waiting = open_marks[mark.char]
        while mark.closes and mark.count and waiting:
            opened_at, opener = waiting[-1]
            size = 2 if min(mark.count, opener.count) > 1 else 1
            kind = "strike" if mark.char == "~" else ("emphasis", "strong")[size - 1]
            opener.begins.append(kind)
            mark.ends.append(kind)
            opener.count -= size
            mark.count -= size
            for others in open_marks.values():  # what was opened inside can no longer close outside
                while others and others[-1][0] > opened_at:
                    others.pop()
            if not opener.count:
                waiting.pop()
        if mark.opens and mark.count:
            waiting.append((place, mark))


def _styled(parts: list[Run | _Mark], look: str) -> list[Run]:
    runs: list[Run] = []
    depth = dict.fromkeys(_LOOKS, 0)
    words = ""
    for part in parts:
        if not isinstance(part, _Mark):
            text, own = part
            runs.append((text, f"{look}{words} {own[len(look) :].lstrip()}".strip()))
            continue
        for kind in part.ends:
            depth[kind] -= 1
        words = "".join(word for kind, word in _LOOKS.items() if depth[kind])
        if part.count:
            runs.append((part.char * part.count, f"{look}{words}".strip()))
        for kind in part.begins:
            depth[kind] += 1
        words = "".join(word for kind, word in _LOOKS.items() if depth[kind])
    return runs
