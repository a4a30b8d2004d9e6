"""`baton audit`: every decision that is kept, as a table for a person or lines for a machine.

What a decision is, and what came of it, is told as on the cockpit's page of decisions. Stays out of
the arguments.
"""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce as folded
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from tui.cli_kept import opened, put, put_json, say, wanted
from tui.cockpit.projection.audit import AuditRecord, as_line, audit_records
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.json_text import pretty_json
from tui.errors import UsageError
from tui.journal.living import living
from tui.journal.store import KeptRun, Store
from tui.journal.words import state_in_words
from tui.plain import plain_line
from tui.wire.events import DELTAS

_LIVING: Final = ("running", "waiting")
_NO_END: Final = "no end is kept"
_SHORT_ID: Final = 8
_WIDEST: Final = 24
_MARKS: Final = {"approved": "✓", "rejected": "✗", "denied": "✗"}


def audit(path: Path, given: argparse.Namespace) -> None:
    """Print the decisions of all runs in the journal at `path`, or of one conversation.

    Raises:
        UsageError: If there is no such run.
        JournalError: If the journal cannot be read.
    """
    with opened(path) as store:
        if store is None:
            if given.id:
                raise UsageError(f"nothing is kept in {path.parent} yet: leave the ID out")
            say(f"Nothing is kept in {path.parent} yet.")
            return
        records = _records(store, given.id)
    if given.json:
        for record in records:
            put_json(as_line(record).decode().rstrip("\n"))
        return
    if not records:
        say("No decision is kept." if given.id is None else "No decision is kept of it.")
    put(_table(records, with_all=given.id is not None))


def _records(store: Store, run_id: str | None) -> Sequence[AuditRecord]:
    """Return the decisions that are asked for, the oldest first."""
    ids = list(store.decided_in())
    if run_id is not None:
        of_it = {run.run_id for run in store.conversation(wanted(store, run_id).root)}
        ids = [each for each in ids if each in of_it]
    runs = [run for each in ids if (run := store.run(each)) is not None]
    found = [record for run in runs for record in _of_run(store, run)]
    return sorted(found, key=lambda record: record.decided_at)


def _of_run(store: Store, run: KeptRun) -> Iterator[AuditRecord]:
    # Whatever streams comes whole later, or belongs to no decision.
    whole = (event for event in store.events(run.run_id) if not isinstance(event, DELTAS))
    is_over = state_in_words(run, living(store)) not in _LIVING
    for record in audit_records([folded(reduce, whole, RunView())]):
        is_lost = is_over and not record.is_settled
        yield replace(record, outcome=_NO_END) if is_lost else record


def _table(records: Sequence[AuditRecord], *, with_all: bool) -> Iterator[str]:
    """Yield a row a decision; with all, what else is kept of each below it."""
    rows = [_row(record) for record in records]
    columns = list(zip(*rows, strict=True)) if rows else []
    widths = [min(max(map(len, column)), _WIDEST) for column in columns]
    for record, row in zip(records, rows, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
        if with_all:
            yield from _details(record)


def _row(record: AuditRecord) -> tuple[str, ...]:
    at = f"{record.decided_at[:10]} {record.decided_at[11:19]}Z"
    outcome = f"{record.outcome}, edited" if record.ran_with is not None else record.outcome
    texts = (record.by or "a person", record.tool, record.agent, outcome)
    decision = f"{_MARKS[record.decision]} {record.decision}"
    return (record.run_id[:_SHORT_ID], at, decision, *map(plain_line, texts))


def _details(record: AuditRecord) -> Iterable[str]:
    facts = {
        "reason": record.reason,
        "rule": record.rule,
        "granted": record.granted,
        "error": record.error,
        "asked": record.asked_at,
        "arguments": pretty_json(record.arguments),
        "ran with": pretty_json(record.ran_with or ""),
        "sha-256": record.arguments_sha256,
        "call": record.call_id,
    }
    for name, value in facts.items():
        first, *more = value.split("\n")
        if value:
            yield f"    {name:9}  {first}"
        yield from (f"               {line}" for line in more)
