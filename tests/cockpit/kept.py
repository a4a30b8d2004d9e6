"""Scripted runs in a journal, and recordings of them, for tests of what is kept."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from tests.cockpit.projection.test_reduce_stories import events_of
from tests.fakes.fake_scripts import failing, nested_agent, plain_answer, refund_desk
from tests.fakes.fake_source import FIRST_AT, Script
from tui.cockpit.sources.replay import Recording
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import KeptRun
from tui.wire.events import RunEvent, UserMessage

HOUR_S = 3600.0
LONG_SILENCE_S = 720.0
SAID = (
    "I want a refund for order A-1001, it came damaged",
    "Where is my parcel? It should have come on Monday",
    "顧客へのお知らせ 💶 \x1b[2J",
    "Why was I charged twice?",
)
SCRIPTS: Sequence[Script] = (refund_desk, failing, plain_answer, nested_agent)


async def a_kept_run(number: int, *, whole: bool = True) -> list[RunEvent]:
    """Return a run: every hour another one, of another script; not `whole`, without its end."""
    run_id = f"{number:04x}{'c0ffee' * 4}"
    events = await events_of(SCRIPTS[number % len(SCRIPTS)])
    events = [replace(e, run_id=run_id, at=e.at + number * HOUR_S) for e in events]
    said = SAID[number % len(SAID)]
    told = [replace(e, text=said) if isinstance(e, UserMessage) else e for e in events]
    return told if whole else told[:-1]


def run_id_of(number: int) -> str:
    """The id of the run with this number."""
    return f"{number:04x}{'c0ffee' * 4}"


async def keep(path: Path, count: int = 6, unended: Sequence[int] = ()) -> None:
    """Keep so many runs in a journal."""
    events = [e for n in range(count) for e in await a_kept_run(n, whole=n not in unended)]
    await asyncio.to_thread(_append, path, events)


def _append(path: Path, events: Sequence[RunEvent]) -> None:
    store = SqliteStore(path, wall=lambda: FIRST_AT)
    store.append(events)
    store.close()


def kept_in(path: Path, limit: int = 100) -> list[KeptRun]:
    """What the journal lists."""
    store = SqliteStore(path)
    try:
        return list(store.runs(limit))
    finally:
        store.close()


def events_in_journal(path: Path, run_id: str) -> list[RunEvent]:
    """The events of a run in a journal."""
    store = SqliteStore(path)
    try:
        return list(store.events(run_id))
    finally:
        store.close()


async def a_recording(script: Script = refund_desk, silent_from: int = 13) -> Recording:
    """Return a recording of a script, with a long silence before one of its events."""
    events = await events_of(script)
    later = [
        replace(e, at=e.at + LONG_SILENCE_S) if place >= silent_from else e
        for place, e in enumerate(events)
    ]
    return Recording(later, "Refund A-1001")
