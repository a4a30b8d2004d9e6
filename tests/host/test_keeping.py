"""Runs of a host are kept as they happen: the same events, a call's begin before its tool."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

import msgspec
import pytest

from tests.host.kept_desk import kept, played
from tui.agents import function_tool
from tui.wire.events import ConsoleOutput, RunCompleted


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite3"


async def test_what_is_kept_is_what_the_screen_was_told(path):
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "paid"

    (told,) = await played(path, pay)

    assert isinstance(told[-1], RunCompleted)
    assert msgspec.to_builtins(kept(path)) == msgspec.to_builtins(told)
    assert [event.seq for event in told] == list(range(len(told)))


async def test_a_calls_begin_is_kept_before_its_tool_runs(path):
    seen = []

    @function_tool
    async def pay() -> str:
        connection = sqlite3.connect(path)
        bodies = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
        connection.close()
        seen.append('"type":"tool_started"' in bodies[-1][0])
        return "paid"

    await played(path, pay)
    assert seen == [True]


async def test_a_journal_that_cannot_be_opened_is_told_of_once_and_the_runs_go_on(tmp_path):
    (tmp_path / "file").write_text("")

    @function_tool
    def pay() -> str:
        return "paid"

    told = await played(tmp_path / "file" / "journal.sqlite3", pay, runs=2)

    assert [isinstance(events[-1], RunCompleted) for events in told] == [True, True]
    notices = [e.text for events in told for e in events if isinstance(e, ConsoleOutput)]
    assert len(notices) == 1
    assert "not kept: " in notices[0]


async def test_a_journal_that_fails_on_the_way_is_told_of_once_and_keeps_what_it_has(path):
    @function_tool
    async def pay() -> str:
        connection = sqlite3.connect(path)
        with suppress(sqlite3.OperationalError):
            connection.execute("ALTER TABLE event RENAME TO lost")
        connection.close()
        return "paid"

    (told,) = await played(path, pay, calls=2)

    assert isinstance(told[-1], RunCompleted)
    notices = [event.text for event in told if isinstance(event, ConsoleOutput)]
    assert len(notices) == 1
    assert "not kept: " in notices[0]
