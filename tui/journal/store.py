"""What a journal can be asked and told. Stays out of how it lies on disk."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from tui.wire.events import RunEvent

Status: TypeAlias = Literal["running", "waiting", "completed", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that is kept.

    Attributes:
        run_id: Its id.
        root: The first run of its conversation, its own id if it is that.
        target: What the person asked to run.
        agent: Who had the control last, "" for nobody.
        title: The first message of its conversation, on one line; or what a person named it.
        status: How far it came; "running" and "waiting" are of a host that lives, or of one that
            is gone.
        started_at: UTC seconds.
        ended_at: UTC seconds, None while it has no end.
        events: How many are kept.
        size: Bytes of them as JSON.
        is_starred: Whether a person marked it.
        is_rehearsal: Whether nothing of it is real.
    """

    run_id: str
    root: str
    target: str
    agent: str
    title: str
    status: Status
    started_at: float
    ended_at: float | None
    events: int
    size: int
    is_starred: bool
    is_rehearsal: bool


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What another process needs to go on with a run, besides its events. Whose it is says `kind`.

    Attributes:
        run_id: The run.
        seq: The last event that was told before it.
        kind: Which part of a run's remains it is.
        body: JSON text.
    """

    run_id: str
    seq: int
    kind: str
    body: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a search found.

    Attributes:
        run: The run it is in.
        seq: The event's place there.
        kind: The event's tag on the wire.
        excerpt: Words around it, what was found between U+0002 and U+0003.
    """

    run: KeptRun
    seq: int
    kind: str
    excerpt: str


Record: TypeAlias = RunEvent | Checkpoint


class Store(Protocol):
    """A journal of many runs. Several processes may have one at a time.

    All methods raise `JournalError` where the journal cannot be read or written; what was kept
    before is as it was then.
    """

    def append(self, records: Sequence[Record]) -> Collection[str]:
        """Keep events and checkpoints of any runs, all or none; a run's events without a gap.

        Returns:
            The runs among them that were deleted since they began: nothing more of them is kept.
        """

    def events(self, run_id: str, after: int = -1) -> Iterator[RunEvent]:
        """Yield a run's events in `seq` order, those behind `after`."""

    def checkpoints(self, run_id: str) -> Sequence[Checkpoint]:
        """Return a run's checkpoints, oldest first."""

    def run(self, run_id: str) -> KeptRun | None:
        """Return a run by its id, or by the beginning of it that no other id has."""

    def runs(self, limit: int = 100, before: float | None = None) -> Sequence[KeptRun]:
        """Return conversations by their newest run, newest first; `before` began earlier."""

    def conversation(self, root: str) -> Sequence[KeptRun]:
        """Return the runs of one conversation, oldest first."""

    def search(self, words: str, limit: int = 50) -> Sequence[Hit]:
        """Return where all these words stand, newest run first."""

    def star(self, root: str, is_starred: bool) -> None:
        """Mark a conversation, or take the mark back."""

    def rename(self, root: str, title: str) -> None:
        """Give a conversation a name; "" gives its first message back."""

    def delete(self, root: str) -> None:
        """Forget a conversation, all its runs."""

    def prune(self, older_than: float, *, keep_starred: bool) -> int:
        """Forget conversations that ended before `older_than`, UTC seconds; return how many."""

    def close(self) -> None:
        """Let go of the journal."""
