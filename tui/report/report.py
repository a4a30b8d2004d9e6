"""What a document tells of kept runs, before anything is written. Knows no form of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce as folded
from itertools import chain

from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView
from tui.journal.living import living
from tui.journal.redaction import Redactor
from tui.journal.run_rows import TITLE_CHARACTERS
from tui.journal.store import KeptRun, Store
from tui.journal.words import state_in_words
from tui.wire.events import RunEvent, UserMessage


@dataclass(frozen=True, slots=True)
class RunPart:
    """One run of a document.

    Attributes:
        view: What it looks like at its last event; nothing secret is left in it.
        state: How far it came, in words.
        remarks: What else a reader must know: a rehearsal, brought in from a file.
    """

    view: RunView
    state: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a document tells.

    Attributes:
        title: Of the conversation, untrusted as all texts in it.
        runs: Oldest first.
        redacted: How many texts were changed because something in them was left out.
    """

    title: str
    runs: tuple[RunPart, ...]
    redacted: int

    @property
    def note(self) -> str:
        """Return what is said of what was left out."""
        if not self.redacted:
            return "Nothing in it looked like a secret; nothing was left out."
        texts = "1 text" if self.redacted == 1 else f"{self.redacted} texts"
        return f"Secrets were left out of {texts}; [redacted] stands in their place."


def report_of(store: Store, runs: Sequence[KeptRun], words: Sequence[str]) -> Report:
    """Return what a document tells of `runs`.

    Args:
        store: Has their events.
        runs: Of one conversation, oldest first; at least one.
        words: What is left out besides what looks like a secret.

    Raises:
        JournalError: If they cannot be read.
    """
    redactor = Redactor(words)
    events = redactor.redacted(chain.from_iterable(store.events(run.run_id) for run in runs))
    of_run = {run.run_id: [e for e in events if e.run_id == run.run_id] for run in runs}
    alive = living(store)
    parts = [
        RunPart(
            folded(reduce, of_run[run.run_id], RunView()),
            state_in_words(run, alive),
            _remarks(run),
        )
        for run in runs
    ]
    title = _title(runs[0], events, redactor) or redactor.text(runs[0].target)
    return Report(title, tuple(parts), redactor.count)


def _title(run: KeptRun, events: Sequence[RunEvent], redactor: Redactor) -> str:
    """Return the title without secrets: of a long message the journal keeps the beginning.

    Where it was cut a secret may have been too, and would not be known any more.
    """
    if len(run.title) < TITLE_CHARACTERS:
        return redactor.text(run.title)
    said = next((event.text for event in events if isinstance(event, UserMessage)), "")
    return " ".join(said.split())[:TITLE_CHARACTERS]


def _remarks(run: KeptRun) -> tuple[str, ...]:
    said = {
        "a rehearsal: nothing in it is real": run.is_rehearsal,
        "brought in from a file": run.is_imported,
    }
    return tuple(remark for remark, is_so in said.items() if is_so)
