"""Keeps what passes, for all runs: while one transaction is written the next one gathers.

A thread of its own writes, so that nothing waits for the disk but who asks to. A journal that
cannot be written is told of once, and the runs go on without one.
"""

import threading
from collections.abc import Callable

from tui.errors import JournalError
from tui.journal.store import Record, Store


class Recorder:
    """Writes events into a store.

    Args:
        store: Used by the recorder's thread alone from now on; closed at the end.
        give_up: Called once, in that thread, with a sentence if the store fails.
        forgot: Called once for a run, in that thread, if it was deleted from the store.
    """

    def __init__(
        self,
        store: Store,
        give_up: Callable[[str], None],
        forgot: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._give_up = give_up
        self._forgot = forgot
        self._forgotten: set[str] = set()
        self._waiting: list[Record] = []
        self._asked: list[Callable[[], object]] = []
        self._changed = threading.Condition()
        self._is_closing = self._has_failed = False
        self._thread = threading.Thread(target=self._write_on, name="journal", daemon=True)
        self._thread.start()

    def put(self, record: Record) -> None:
        """Take a record, to keep it when somebody asks. Never blocks.

        Once the store has failed it does nothing.
        """
        with self._changed:
            if not (self._has_failed or self._is_closing):
                self._waiting.append(record)

    def ask(self, kept: Callable[[], object]) -> None:
        """Keep what was put; call `kept`, in the recorder's thread, when it is.

        It is called too where the store has failed: nobody waits for a journal that is not there.
        """
        with self._changed:
            if not (self._has_failed or self._is_closing):
                self._asked.append(kept)
                self._changed.notify()
                return
        kept()

    def close(self) -> None:
        """Keep what was put, and let go of the store."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join()

    def _write_on(self) -> None:
        is_last = False
        while not is_last:
            records, asked, is_last = self._next()
            self._write(records)
            for kept in asked:
                kept()
        self._store.close()

    def _next(self) -> tuple[list[Record], list[Callable[[], object]], bool]:
        with self._changed:
            self._changed.wait_for(lambda: self._asked or self._is_closing)
            records, self._waiting = self._waiting, []
            asked, self._asked = self._asked, []
            return records, asked, self._is_closing

    def _write(self, records: list[Record]) -> None:
        if self._has_failed:
            return
        try:
            forgotten = self._store.append(records)
        except Exception as error:  # noqa: BLE001 - a thread that ended would hold up every run
            with self._changed:
                self._has_failed = True
            is_told = isinstance(error, JournalError)
            self._give_up(str(error) if is_told else f"{type(error).__name__}: {error}")
            return
        for run_id in set(forgotten) - self._forgotten:
            self._forgotten.add(run_id)
            self._forgot(run_id)
