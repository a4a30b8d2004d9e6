"""`baton audit`: the decisions that are kept, told as the cockpit tells them."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from tests.cockpit.projection.folding import folded
from tests.cockpit.projection.test_reduce_stories import events_of
from tests.fakes.fake_scripts import plain_answer, policy_desk, refund_desk
from tests.report.hostile import hostile_run
from tui import cli
from tui.cockpit.projection.audit import as_line, audit_records
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import ToolFinished, ToolStarted


@pytest.fixture
def store(monkeypatch, tmp_path):
    monkeypatch.setenv("BATON_DATA_DIR", str(tmp_path))
    store = SqliteStore(tmp_path / "journal.sqlite3")
    yield store
    store.close()


@pytest.fixture
def baton(capsys):
    """Run the command; return its exit code, output and errors."""

    def run(*arguments):
        code = cli.main(["audit", *arguments])
        return code, *capsys.readouterr()

    return run


async def kept(store, script, run_id, at=0.0):
    events = [replace(e, run_id=run_id, at=e.at + at) for e in await events_of(script)]
    store.append(events)
    return events


async def test_lines_for_machines_are_those_of_the_cockpit(store, baton):
    events = await kept(store, policy_desk, "a1")
    await kept(store, plain_answer, "b1")
    code, out, err = baton("--json")
    assert (code, err) == (0, "")
    assert out.encode() == b"".join(map(as_line, audit_records([folded(events)])))


async def test_decisions_of_all_runs_stand_in_the_order_in_which_they_fell(store, baton):
    await kept(store, refund_desk, "a1", at=9_000.0)
    await kept(store, policy_desk, "b1")
    rows = baton()[1].splitlines()
    assert [row.split("  ")[0] for row in rows] == ["b1", "b1", "a1"]
    assert rows[0].endswith("✓ approved  ada     issue_refund  Triage   done, edited")
    assert rows[1].endswith("✗ denied    rule    shell         Triage   not run")


async def test_all_is_told_of_the_decisions_of_one_conversation(store, baton):
    await kept(store, policy_desk, "a1")
    await kept(store, refund_desk, "b1")
    told = baton("a")[1]
    assert '    rule       deny shell when command begins with "rm" (policy.toml:12)\n' in told
    assert '    ran with   {\n                 "order_id"' in told
    assert "    sha-256    5e94488907db" in told
    assert "b1" not in told


async def test_a_call_whose_end_never_came_is_not_told_as_running(store, baton):
    events = await kept(store, refund_desk, "a1")
    begun = next(
        place
        for place, event in enumerate(events)
        if isinstance(event, ToolStarted) and event.tool == "issue_refund"
    )
    assert isinstance(events[begun + 1], ToolFinished)
    cut = [replace(event, run_id="cut") for event in events[: begun + 1]]
    store.bring_in([cut])
    outcomes = [json.loads(line)["outcome"] for line in baton("--json")[1].splitlines()]
    assert sorted(outcomes) == ["done", "no end is kept"]


def test_what_models_wrote_acts_on_no_terminal(store, baton):
    store.append(hostile_run())
    for arguments in ((), ("evil",)):
        out = baton(*arguments)[1]
        assert out
        assert not any(each in out for each in "\x1b\x07\x9b\u202e\u200b\x00")


def test_where_there_is_none_that_is_said(store, baton, tmp_path):
    assert baton() == (0, "", "No decision is kept.\n")
    none = str(tmp_path / "none")
    assert baton("--data-dir", none) == (0, "", f"Nothing is kept in {none} yet.\n")
    code, _, err = baton("ff")
    assert (code, err) == (2, "baton: no kept run begins with 'ff': `baton runs` lists them\n")
