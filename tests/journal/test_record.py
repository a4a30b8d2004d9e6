"""What passes is kept in one transaction for all who wait, and a full disk stops no run."""

from __future__ import annotations

import threading

import pytest

from tui.errors import JournalError
from tui.journal.record import Recorder
from tui.wire.events import TextDelta

DEADLINE_S = 60.0


class FakeStore:
    """Keeps events in memory, or fails."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.fails: Exception | None = None
        self.is_closed = False
        self.forgotten: set[str] = set()
        self.told: list[str] = []
        self.writes = threading.Event()
        self.may_write = threading.Event()
        self.may_write.set()

    def append(self, events):
        self.writes.set()
        assert self.may_write.wait(DEADLINE_S)
        if self.fails is not None:
            raise self.fails
        self.batches.append([event.seq for event in events])
        return self.forgotten

    def close(self):
        self.is_closed = True


@pytest.fixture
def store():
    return FakeStore()


@pytest.fixture
def told():
    return []


def recorder(store, told):
    return Recorder(store, told.append, store.told.append)


def delta(seq):
    return TextDelta(run_id="r", seq=seq, item_id="i", agent="A", text="x")


def kept(recorder):
    done = threading.Event()
    recorder.ask(done.set)
    assert done.wait(DEADLINE_S)


def test_what_comes_while_one_transaction_is_written_goes_into_the_next_together(store, told):
    recording = recorder(store, told)
    store.may_write.clear()
    recording.put(delta(0))
    recording.ask(lambda: None)
    assert store.writes.wait(DEADLINE_S)
    for seq in range(1, 4):
        recording.put(delta(seq))
        recording.ask(lambda: None)
    store.may_write.set()
    kept(recording)
    recording.close()
    assert store.batches[:2] == [[0], [1, 2, 3]]


def test_who_waits_has_everything_kept_at_once_in_order(store, told):
    recording = recorder(store, told)
    for seq in range(3):
        recording.put(delta(seq))
    kept(recording)
    recording.put(delta(3))
    kept(recording)

    assert [seq for batch in store.batches for seq in batch] == [0, 1, 2, 3]
    recording.close()


def test_what_was_put_is_kept_before_the_end(store, told):
    recording = recorder(store, told)
    recording.put(delta(0))
    recording.close()

    assert store.batches[-1] == [0]
    assert store.is_closed
    assert told == []


FULL = "journal.sqlite3 cannot be written: database or disk is full"


@pytest.mark.parametrize(
    ("error", "why"),
    [(JournalError(FULL), FULL), (OverflowError("too large"), "OverflowError: too large")],
)
def test_a_store_that_fails_is_told_of_once_and_holds_nobody_up(store, told, error, why):
    recording = recorder(store, told)
    store.fails = error
    recording.put(delta(0))
    kept(recording)
    recording.put(delta(1))
    kept(recording)
    recording.close()

    assert told == [why]
    assert store.batches == []


def test_nobody_waits_for_a_recorder_that_is_closed(store, told):
    recording = recorder(store, told)
    recording.close()
    recording.put(delta(0))
    kept(recording)
    assert store.batches in ([], [[]])


def test_a_run_that_was_deleted_meanwhile_is_told_of_once_and_the_others_are_kept(store, told):
    keeping = recorder(store, told)
    store.forgotten.add("r")
    for seq in range(3):
        keeping.put(delta(seq))
        kept(keeping)
    keeping.close()
    assert store.told == ["r"]
    assert not told
    assert store.batches[:3] == [[0], [1], [2]]
