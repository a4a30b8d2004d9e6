"""Runs as JSON lines to hand on: one event a line, as the wire writes them.

Knows no disk: lines go in and out. What looks like a secret is left out on the way out, and the
first line says so.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

import msgspec

from tui.errors import JournalError
from tui.wire.events import RunEvent

FORM: Final = "baton-events"
VERSION: Final = 1
HIDDEN: Final = "[redacted]"

_SECRETS: Final = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}"  # keys of model services
    r"|\bgh[opsur]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}"
    r"|\bAKIA[0-9A-Z]{16}\b"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\bey[A-Za-z0-9_-]{10,}\.ey[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+"  # JSON web tokens
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/-]{16,}=*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
    re.DOTALL,
)

T = TypeVar("T")


class Head(msgspec.Struct, frozen=True, kw_only=True, tag=FORM):
    """The first line of a file.

    Attributes:
        version: Of this form.
        redacted: How many texts were changed because something in them looked like a secret.
    """

    version: int = VERSION
    redacted: int = 0


class Redactor:
    """Leaves out what looks like a secret, and counts the texts in which it did.

    Args:
        words: What a person wants left out besides, each exactly as it stands.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.count = 0
        known = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if word)
        self._words = re.compile(known) if known else None

    def redacted(self, event: RunEvent) -> RunEvent:
        """Return an event without them."""
        changed = {
            name: shorter
            for name in event.__struct_fields__
            if (shorter := self._in(getattr(event, name))) is not None
        }
        return msgspec.structs.replace(event, **changed) if changed else event

    def _in(self, value: object) -> str | None:
        """Return a text that had some, without; None for all else."""
        if not isinstance(value, str):
            return None
        shorter = _SECRETS.sub(HIDDEN, value)
        if self._words is not None:
            shorter = self._words.sub(HIDDEN, shorter)
        if shorter == value:
            return None
        self.count += 1
        return shorter


def lines_of(events: Iterable[RunEvent], words: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of a file, without their ends: the head, then an event each.

    Args:
        events: In order.
        words: What is left out besides what looks like a secret.
    """
    redactor, encoder = Redactor(words), msgspec.json.Encoder()
    # The head counts, so it is made last and goes out first.
    lines = [encoder.encode(redactor.redacted(event)).decode() for event in events]
    yield encoder.encode(Head(redacted=redactor.count)).decode()
    yield from lines


def events_in(lines: Iterable[str | bytes], name: str) -> Iterator[RunEvent]:
    """Yield the events of a file called `name`; a head is not needed.

    Raises:
        JournalError: `name:line: what is wrong; what to do`, at the first line that is none. What
            was yielded before it is whole.
    """
    decoder = msgspec.json.Decoder(Head | RunEvent)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeError) as error:
            advice = "the file may have been cut off, or is no export of Baton"
            raise JournalError(f"{name}:{number}: no event: {error}; {advice}") from error
        if not isinstance(value, Head):
            yield value
        elif value.version > VERSION:
            raise JournalError(
                f"{name}:{number}: made by a newer Baton (form {value.version}); update Baton"
            )
