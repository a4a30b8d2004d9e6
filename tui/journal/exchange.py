"""Runs as JSON lines to hand on: one event a line, as the wire writes them.

Knows no disk: lines go in and out. What looks like a secret is left out on the way out, and the
first line says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from tui.errors import JournalError
from tui.journal.redaction import Redactor
from tui.wire.events import RunEvent

FORM: Final = "baton-events"
VERSION: Final = 1


class Head(msgspec.Struct, frozen=True, kw_only=True, tag=FORM):
    """The first line of a file.

    Attributes:
        version: Of this form.
        redacted: How many texts were changed because something in them looked like a secret.
    """

    version: int = VERSION
    redacted: int = 0


def lines_of(events: Iterable[RunEvent], words: Sequence[str] = ()) -> Iterator[str]:
    """Yield the lines of a file, without their ends: the head, then an event each.

    Args:
        events: In order.
        words: What is left out besides what looks like a secret.
    """
    redactor, encoder = Redactor(words), msgspec.json.Encoder()
    left = redactor.redacted(events)
    yield encoder.encode(Head(redacted=redactor.count)).decode()
    for event in left:
        yield encoder.encode(event).decode()


def events_in(lines: Iterable[str | bytes], name: str) -> Iterator[RunEvent]:
    """Yield the events of a file as `numbered_events_in` does, without their lines' numbers."""
    return (event for _, event in numbered_events_in(lines, name))


def numbered_events_in(lines: Iterable[str | bytes], name: str) -> Iterator[tuple[int, RunEvent]]:
    """Yield the events of a file called `name`, with their lines' numbers; a head is not needed.

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
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            advice = "the file may have been cut off, or is no export of Baton"
            raise JournalError(f"{name}:{number}: no event: {error}; {advice}") from error
        if not isinstance(value, Head):
            yield number, value
        elif value.version > VERSION:
            raise JournalError(
                f"{name}:{number}: made by a newer Baton (form {value.version}); update Baton"
            )
