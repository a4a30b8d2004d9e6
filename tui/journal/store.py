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
        is_imported: Whether it came from a file; no host of this journal ever had it.
        moved_at: When its conversation went on last, UTC seconds.
        host: The socket where its host can be, or could be, met; "" for none.
        opened: How that was opened, as `tui.journal.opened` writes it.
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
    is_imported: bool
    moved_at: float
    host: str = ""
    opened: str = ""


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

    def begin_as(self, host: str, opened: str) -> None:
        """Have runs that begin from now on belong to a host, opened in this way."""

    def append(self, records: Sequence[Record]) -> Collection[str]:
        """Keep events and checkpoints of any runs, all or none; a run's events without a gap.

        Returns:
            The runs among them that were deleted since they began: nothing more of them is kept.
        """

    def bring_in(self, runs: Sequence[Sequence[RunEvent]]) -> Sequence[str]:
        """Keep whole runs from elsewhere, all or none; one that is kept is left as it is.

        Returns:
            The ids of those that were not kept before.

        Raises:
            JournalError: Also if one of them is kept with other events.
        """

    def events(self, run_id: str, after: int = -1) -> Iterator[RunEvent]:
        """Yield a run's events in `seq` order, those behind `after`."""

    def checkpoints(self, run_id: str) -> Sequence[Checkpoint]:
        """Return a run's checkpoints, oldest first."""

    def run(self, run_id: str) -> KeptRun | None:
        """Return a run by its id, or by the beginning of it that no other id has."""

    def beginning_with(self, beginning: str, limit: int) -> Sequence[KeptRun]:
        """Return runs whose ids begin so, at most so many, in the order of their ids."""

    def runs(self, limit: int = 100, before: float | None = None) -> Sequence[KeptRun]:
        """Return conversations by their newest run, newest first; those that moved before."""

    def unended(self) -> Sequence[KeptRun]:
        """Return the runs without an end, newest first: of hosts that live, and of others."""

    def host_of(self, run_id: str) -> str:
        """Return where the host of a run can be, or could be, met; "" for nowhere."""

    def claim(self, run_id: str, mine: str, instead_of: str) -> bool:
        """Make a run without an end belong to the host `mine`, if it is `instead_of`'s as yet.

        Returns:
            Whether it does now. That nobody lives at `instead_of` is the caller's to know.
        """

    def conversation(self, root: str) -> Sequence[KeptRun]:
        """Return the runs of one conversation, oldest first."""

    def decided_in(self) -> Sequence[str]:
        """Return the ids of the runs in which a call was approved, rejected or denied."""

    def search(self, words: str, limit: int = 50) -> Sequence[Hit]:
        """Return where all these words stand, newest run first."""

    def star(self, root: str, is_starred: bool) -> None:
        """Mark a conversation, or take the mark back."""

    def rename(self, root: str, title: str) -> None:
        """Give a conversation a name; "" gives its first message back."""

    def delete(self, root: str) -> None:
        """Forget a conversation, all its runs."""

    def fork(self, run_id: str, before_seq: int) -> KeptRun:
        """Copy a conversation up to an event of a run, into new runs; return the last of them.

        Numbers and times stay; the copy ends there as cancelled, "forked", unless its last event
        is an end. Of a run that had only begun there is no copy.
        """

    def prune(self, older_than: float, *, keep_starred: bool) -> int:
        """Forget conversations that ended before `older_than`, UTC seconds; return how many."""

    def close(self) -> None:
        """Let go of the journal."""
