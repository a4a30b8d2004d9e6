"""Leaves secrets out of events: what looks like one, and what a person named. Knows no disk.

Arguments and outputs are JSON inside text: a secret is found however it is escaped there. Text that
came in pieces is looked at as the whole that it is. Ids and hashes stay: they bind events together.
A hash of arguments lets who guesses what was left out find out that the guess is right.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

import msgspec

from tui.wire.events import DELTAS, ConsoleOutput, Delta, RunEvent

HIDDEN: Final = "[redacted]"

_SECRETS: Final = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}"  # keys of model services
    r"|\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"
    r"|\bgh[opsur]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}|\bglpat-[A-Za-z0-9_-]{20,}"
    r"|\bA(?:KIA|SIA)[0-9A-Z]{16}\b|\bAIza[A-Za-z0-9_-]{35}|\bhf_[A-Za-z0-9]{30,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\bey[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+"  # JSON web tokens
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/-]{16,}=*"
    r"|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"  # name and password in an address
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
    re.DOTALL,
)
# Text inside text inside JSON: each level doubles the backslashes, so any number of them is one.
_ESCAPE: Final = re.compile(
    r"\\+u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\+u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\+u(?P<code>[0-9a-fA-F]{4})|\\+(?P<short>[\"\\/bfnrt])"
)
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_IDS: Final = frozenset(
    ["run_id", "item_id", "call_id", "within", "continues", "retries", "arguments_hash"]
) | {"rule_id", "run", "waiting_for"}
_IN_PIECES: Final = (*DELTAS, ConsoleOutput)

Span: TypeAlias = tuple[int, int]
E = TypeVar("E")


class Redactor:
    """Leaves out what looks like a secret, and counts the texts in which it did.

    Args:
        words: What a person wants left out besides, each exactly as it stands.

    Attributes:
        count: How many texts were changed so far; one that came in pieces is one.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.count = 0
        known = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)
        self._patterns = (_SECRETS, *([re.compile(known)] if known else []))

    def redacted(self, events: Iterable[RunEvent]) -> list[RunEvent]:
        """Return the events of any runs without them, in the order in which they came."""
        kept = [
            event if isinstance(event, _IN_PIECES) else self._without(event) for event in events
        ]
        streams: dict[tuple[object, ...], list[int]] = {}
        for place, event in enumerate(kept):
            if isinstance(event, _IN_PIECES):
                streams.setdefault(_stream(event), []).append(place)
        for places in streams.values():
            self._clear(kept, places)
        return kept

    def text(self, text: str) -> str:
        """Return a text without them."""
        spans = self._spans(text)
        if not spans:
            return text
        self.count += 1
        return next(_cut([text], spans))

    def _clear(self, events: list[RunEvent], places: Sequence[int]) -> None:
        """Take them out of a text that came in the pieces at `places`."""
        pieces = [_piece(events[place]) for place in places]
        spans = self._spans("".join(pieces))
        self.count += bool(spans)
        for place, text in zip(places, _cut(pieces, spans) if spans else pieces, strict=True):
            rest = self._without(msgspec.structs.replace(events[place], text=""))
            events[place] = msgspec.structs.replace(rest, text=text)

    def _without(self, value: E) -> E:
        """Return a Struct without them, in whatever it holds; itself if it has none."""
        changed = {
            name: shorter
            for name in value.__struct_fields__  # type: ignore[attr-defined]  # a Struct has them
            if name not in _IDS
            and (shorter := self._inside(found := getattr(value, name))) is not found
        }
        return msgspec.structs.replace(value, **changed) if changed else value  # type: ignore[type-var]  # as above

    def _inside(self, value: object) -> object:
        match value:
            case str():
                return self.text(value)
            case msgspec.Struct():
                return self._without(value)
            case tuple():
                inner = tuple(self._inside(each) for each in value)
                is_same = all(new is old for new, old in zip(inner, value, strict=True))
                return value if is_same else inner
        return value

    def _spans(self, text: str) -> list[Span]:
        """Return where they stand, in order and apart from each other."""
        found = [match.span() for each in self._patterns for match in each.finditer(text)]
        if "\\" in text:
            unescaped = _Unescaped(text)
            found = [unescaped.widened(*span) for span in found]
            for each in self._patterns:
                found += [unescaped.span(*m.span()) for m in each.finditer(unescaped.text)]
        return _joined(span for span in found if span[0] < span[1])


class _Unescaped:
    """A text with what its escapes mean in their place, and where each character came from."""

    def __init__(self, text: str) -> None:
        self._at: list[int] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        parts, length, end = [], 0, 0
        for match in _ESCAPE.finditer(text):
            parts += [text[end : match.start()], _meant(match)]
            length += match.start() - end
            self._at.append(length)
            self._starts.append(match.start())
            self._ends.append(match.end())
            length, end = length + 1, match.end()
        self.text = "".join((*parts, text[end:]))

    def span(self, start: int, end: int) -> Span:
        """Return where a piece of it stands in the text as it was."""
        return self._place(start)[0], self._place(end - 1)[1]

    def widened(self, start: int, end: int) -> Span:
        """Return a piece of the text as it was, with the whole of each escape that it cuts."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_left(self._starts, end) - 1
        if first >= 0 and self._ends[first] > start:
            start = self._starts[first]
        return start, max(end, self._ends[last]) if last >= 0 else end

    def _place(self, index: int) -> Span:
        nearest = bisect_right(self._at, index) - 1
        if nearest < 0:
            return index, index + 1
        if self._at[nearest] == index:
            return self._starts[nearest], self._ends[nearest]
        place = self._ends[nearest] + index - self._at[nearest] - 1
        return place, place + 1


def _meant(match: re.Match[str]) -> str:
    if match["high"]:
        return bytes.fromhex(match["high"] + match["low"]).decode("utf-16-be")
    if match["code"]:
        return chr(int(match["code"], 16))
    return _SHORT.get(match["short"], match["short"])


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _cut(pieces: Sequence[str], spans: Sequence[Span]) -> Iterator[str]:
    """Yield the pieces of one text without the spans; a mark stands where each began."""
    at = first = 0
    for piece in pieces:
        end, kept, place = at + len(piece), "", at
        while first < len(spans) and spans[first][1] <= at:
            first += 1
        for begin, stop in spans[first:]:
            if begin >= end:
                break
            mark = HIDDEN if begin >= at else ""
            kept += piece[place - at : max(begin, at) - at] + mark
            place = min(stop, end)
        yield kept + piece[place - at :]
        at = end


def _stream(event: Delta | ConsoleOutput) -> tuple[object, ...]:
    if isinstance(event, ConsoleOutput):
        return event.run_id, event.stream, event.agent, event.call_id
    return event.run_id, type(event), event.item_id


def _piece(event: RunEvent) -> str:
    assert isinstance(event, _IN_PIECES)
    return event.text
