"""Where a host process of the campaign kills itself, with SIGKILL: set from inside it.

The product has no switch: the agent file has what the product calls wrapped here. A switch is
`WHERE:N`: what comes to that place for the `N`th time, 0 upward, is the end of its process.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.campaign.effects import Effects
from tui.journal.record import Recorder
from tui.journal.run_rows import Batch
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import Checkpoint
from tui.wire.events import ApprovalDecided, ToolStarted

VARIABLE = "CAMPAIGN_SWITCH"
_KINDS: dict[str, type] = {
    "started": ToolStarted,
    "decided": ApprovalDecided,
    "checkpoint": Checkpoint,
}


@dataclass(frozen=True)
class Switch:
    """Where a process is killed.

    Attributes:
        where: One of `before_` and `after_`, with "started", "decided" or "checkpoint": the
            transaction that carries one; or with "effect". Or `event_stamped`, `event_inserted`
            (inside its transaction). By whoever reads the line, and not from inside: `event_read`,
            and `asked_read`, where a request is left without an answer until its run waits.
        number: How often that was passed before.
    """

    where: str
    number: int

    def __str__(self) -> str:
        return f"{self.where}:{self.number}"


def switch_of(text: str) -> Switch | None:
    """Return the switch that a variable's text names, None for ""."""
    where, _, number = text.partition(":")
    return Switch(where, int(number)) if where else None


def arm(switch: Switch, effects: Effects) -> None:
    """Have this process end at a switch."""
    passed = _Passed(switch.number)
    match switch.where.split("_"):
        case ["before", "effect"]:
            effects.before = passed
        case ["after", "effect"]:
            effects.after = passed
        case ["before", kind]:
            _wrap_append(lambda records: passed(_count(records, _KINDS[kind])), None)
        case ["after", kind]:
            _wrap_append(None, lambda records: passed(_count(records, _KINDS[kind])))
        case ["event", "stamped"]:
            _wrap(Recorder, "put", lambda record: passed(_is_event(record)))
        case ["event", "inserted"]:
            _wrap(Batch, "add", lambda record: passed(_is_event(record)))


class _Passed:
    """Counts, and ends the process."""

    def __init__(self, number: int) -> None:
        self._left = number
        self._lock = threading.Lock()

    def __call__(self, times: int = 1) -> None:
        # Tools beside each other run in threads.
        with self._lock:
            self._left -= times
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _count(records: Sequence[Any], kind: type) -> int:
    return sum(isinstance(each, kind) for each in records)


def _is_event(record: Any) -> int:
    return int(not isinstance(record, Checkpoint))


def _wrap_append(
    before: Callable[[Sequence[Any]], None] | None, after: Callable[[Sequence[Any]], None] | None
) -> None:
    append = SqliteStore.append

    def watched(store: SqliteStore, records: Sequence[Any]) -> Any:
        if before is not None:
            before(records)
        forgotten = append(store, records)
        if after is not None:
            after(records)
        return forgotten

    SqliteStore.append = watched


def _wrap(owner: type, name: str, before: Callable[[Any], None]) -> None:
    method = getattr(owner, name)

    def watched(self: Any, record: Any) -> Any:
        before(record)
        return method(self, record)

    setattr(owner, name, watched)
