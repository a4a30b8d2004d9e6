"""A run whose process is lost at any moment goes on in another: nothing twice, nothing lost."""

from __future__ import annotations

import asyncio
import importlib
from contextlib import asynccontextmanager, closing
from dataclasses import replace

import msgspec
import pytest

from tests.fakes.fake_endpoint import endpoint_pair
from tests.fakes.responses_server import FakeResponsesServer
from tests.host.kept_programs import CHANGED_DESK, PROGRAMS, Effects, client_of
from tests.host.running import DEADLINE_S
from tests.host.serving import LIBRARIES
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView, ToolEntry
from tui.host.console import Console
from tui.host.keeping import Place
from tui.host.opening import agent_of_program
from tui.host.runs import Runs
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import Checkpoint
from tui.wire.commands import Decide, Resume, StartRun
from tui.wire.events import (
    ENDINGS,
    ApprovalDecided,
    ApprovalRequested,
    HandoffOccurred,
    RunCancelled,
    RunCompleted,
    RunFailed,
    RunRecovered,
    ToolStarted,
)
from tui.wire.frames import NotResumed

TARGET = "program.py:agent"


class Host:
    """A host of a program, in this process; a person approves, and takes doubts as done."""

    def __init__(self, agent, path):
        self.screen, line = endpoint_pair()
        program = agent_of_program(agent, TARGET, {})
        self.runs = Runs(line, program, Console(), lambda: None, journal=Place(path))
        self.doubts = []

    async def play(self, command):
        """Return what came of a command, to the run's end."""
        self.runs.obey(command)
        told = []
        async with asyncio.timeout(DEADLINE_S):
            while not told or not isinstance(told[-1], (*ENDINGS, NotResumed)):
                told.append(await self.screen.read())
                self._decide(told[-1])
        return told

    def _decide(self, event):
        if not isinstance(event, ApprovalRequested):
            return
        result = None
        if event.in_doubt_since is not None:
            self.doubts.append(event.call_id)
            result = "taken as done"
        self.runs.obey(
            Decide(
                run_id=event.run_id,
                call_id=event.call_id,
                arguments_hash=event.arguments_hash,
                approve=True,
                result=result,
                by="ada",
            )
        )


@asynccontextmanager
async def hosts(library_name, program, kept=lambda: 0):
    """Yield what opens a host of the program on a journal, and what its tools did."""
    library = importlib.import_module(library_name)
    effects = Effects(kept)
    async with FakeResponsesServer(program.script) as server, client_of(server.base_url) as client:
        model = library.OpenAIResponsesModel("scripted", client)
        opened = []

        def open_host(path):
            host = Host(program.agent(library, model, effects), path)
            opened.append(host)
            return host

        yield open_host, effects
        for host in opened:
            await host.runs.close(DEADLINE_S)


async def recorded(library_name, program, path, monkeypatch):
    """Return the records of a whole run in their order, and the effects of its tools."""
    records, keep = [], SqliteStore.append

    def append(self, new):
        forgotten = keep(self, new)
        records.extend(new)
        return forgotten

    monkeypatch.setattr(SqliteStore, "append", append)
    async with hosts(library_name, program, lambda: len(records)) as (open_host, effects):
        host = open_host(path)
        await host.play(StartRun(run_id="r1", text=program.text))
        await host.runs.close(DEADLINE_S)
    monkeypatch.undo()
    assert isinstance(next(r for r in reversed(records) if r_is_event(r)), RunCompleted)
    return records, effects.done


def r_is_event(record):
    return not isinstance(record, Checkpoint)


def written(path, records):
    with closing(SqliteStore(path)) as store:
        store.append(records)


def kept_events(path):
    with closing(SqliteStore(path)) as store:
        return list(store.events("r1"))


def folded(events):
    view = RunView()
    for event in events:
        view = reduce(view, event)
    return view


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda each: each.name)
@pytest.mark.parametrize("library_name", LIBRARIES)
async def test_a_run_cut_anywhere_is_taken_up_and_ends_with_each_effect_once(
    library_name, program, tmp_path, monkeypatch
):
    records, effects = await recorded(library_name, program, tmp_path / "whole", monkeypatch)
    begun = next(at for at, each in enumerate(records) if not r_is_event(each)) + 1
    end = next(at for at, each in enumerate(records) if isinstance(each, RunCompleted))
    final = records[end].final_output
    for cut in range(begun, end + 1):
        path = tmp_path / f"cut{cut}"
        written(path, records[:cut])
        before = kept_events(path)
        async with hosts(library_name, program) as (open_host, again):
            host = open_host(path)
            await host.play(Resume(run_id="r1"))
            await host.runs.close(DEADLINE_S)
        events = kept_events(path)
        where = f"cut {cut} behind {records[cut - 1]}"

        assert [event.seq for event in events] == list(range(len(events))), where
        assert msgspec.to_builtins(events[: len(before)]) == msgspec.to_builtins(before), where
        assert isinstance(events[len(before)], RunRecovered), where
        assert isinstance(events[-1], RunCompleted), where
        assert events[-1].final_output == final, where

        done = [name for name, kept in effects if kept <= cut] + [name for name, _ in again.done]
        assert len(done) == len(set(done)), where
        missing = {name for name, _ in effects} - set(done)
        assert len(missing) <= len(host.doubts), where

        view = folded(events)
        assert view.status == "completed", where
        assert not view.pending, where
        assert not view.open_items, where
        states = {entry.state for entry in view.entries if isinstance(entry, ToolEntry)}
        assert states <= {"done", "answered", "cancelled", "withdrawn", "failed"}, where


def is_of_a_waiting_call(record):
    """Tell whether a state comes with this in which a call waits, or with what comes before."""
    kind = record.kind if isinstance(record, Checkpoint) else None
    return kind == "paused" or isinstance(record, ApprovalDecided)


@pytest.mark.parametrize("library_name", LIBRARIES)
async def test_a_call_inside_which_another_waits_is_in_no_doubt(
    library_name, tmp_path, monkeypatch
):
    program = next(each for each in PROGRAMS if each.name == "vault")
    records, _ = await recorded(library_name, program, tmp_path / "whole", monkeypatch)
    waits = next(at for at, each in enumerate(records) if is_of_a_waiting_call(each)) + 1
    written(tmp_path / "cut", records[:waits])
    async with hosts(library_name, program) as (open_host, effects):
        host = open_host(tmp_path / "cut")
        told = await host.play(Resume(run_id="r1"))
        await host.runs.close(DEADLINE_S)
    assert host.doubts == []
    assert {each.call_id for each in told if isinstance(each, ApprovalRequested)} <= {"f"}
    assert [name for name, _ in effects.done] == ["file X"]


@pytest.mark.parametrize("library_name", LIBRARIES)
async def test_what_was_kept_of_nothing_is_said(library_name, tmp_path, monkeypatch):
    records, _ = await recorded(library_name, PROGRAMS[0], tmp_path / "whole", monkeypatch)
    written(tmp_path / "cut", records[:1])
    async with hosts(library_name, PROGRAMS[0]) as (open_host, _):
        host = open_host(tmp_path / "cut")
        (answer,) = await host.play(Resume(run_id="r1"))
        assert "send the message again" in answer.why
        (answer,) = await host.play(Resume(run_id="other"))
        assert "not kept here" in answer.why
    assert isinstance(answer, NotResumed)


@pytest.mark.parametrize("library_name", LIBRARIES)
async def test_of_two_screens_that_go_on_with_a_run_at_once_both_see_it_run_once(
    library_name, tmp_path, monkeypatch
):
    records, effects = await recorded(library_name, PROGRAMS[0], tmp_path / "whole", monkeypatch)
    cut = next(at for at, each in enumerate(records) if isinstance(each, ToolStarted))
    written(tmp_path / "cut", records[:cut])
    async with hosts(library_name, PROGRAMS[0]) as (open_host, again):
        host = open_host(tmp_path / "cut")
        other, line = endpoint_pair()
        host.runs.obey(Resume(run_id="r1"), host.runs.listen(line))
        told = await host.play(Resume(run_id="r1"))
        seen = []
        async with asyncio.timeout(DEADLINE_S):
            while not seen or not isinstance(seen[-1], ENDINGS):
                seen.append(await other.read())
        await host.runs.close(DEADLINE_S)

    assert [event.seq for event in seen] == [event.seq for event in told]
    assert isinstance(told[0], RunRecovered)
    assert len(again.done) == len(effects)


@pytest.mark.parametrize("library_name", LIBRARIES)
async def test_a_follow_up_in_another_process_goes_on_from_what_was_said(library_name, tmp_path):
    program = PROGRAMS[0]
    async with hosts(library_name, program) as (open_host, effects):
        host = open_host(tmp_path / "journal")
        await host.play(StartRun(run_id="r1", text="Go."))
        await host.runs.close(DEADLINE_S)
        other = open_host(tmp_path / "journal")
        told = await other.play(StartRun(run_id="r2", text="And?", continues="r1"))
    assert told[0].continues == "r1"
    assert told[0].agent == "Refunds"
    # Its model was given all outputs: nothing was asked for again.
    assert not [event for event in told if isinstance(event, ToolStarted)]
    assert len(effects.done) == 3


@pytest.mark.parametrize("library_name", LIBRARIES)
async def test_a_fork_goes_on_from_before_the_place_where_it_was_made(library_name, tmp_path):
    program, path = PROGRAMS[0], tmp_path / "journal"
    async with hosts(library_name, program) as (open_host, effects):
        host = open_host(path)
        told = await host.play(StartRun(run_id="r1", text="Go."))
        await host.runs.close(DEADLINE_S)
        handoff = next(event.seq for event in told if isinstance(event, HandoffOccurred))
        with closing(SqliteStore(path)) as store:
            fork = store.fork("r1", handoff)
        other = open_host(path)
        again = await other.play(StartRun(run_id="r2", text="Again.", continues=fork.run_id))

    assert again[0].agent == "Triage"
    assert isinstance(again[-1], RunCompleted)
    # What was looked up before the fork is known, what was paid behind it is not.
    assert [name for name, _ in effects.done] == ["look A", "look B", "pay 5", "pay 5"]


def cut_in_parallel(records):
    """Return the records up to where one of two calls is done and the other has begun."""
    return records[: next(at for at, each in enumerate(records) if is_result(each)) + 1]


def is_result(record):
    return isinstance(record, Checkpoint) and record.kind == "result"


@pytest.mark.parametrize("library_name", LIBRARIES)
async def test_who_says_something_else_instead_has_the_model_told_what_may_have_run(
    library_name, tmp_path, monkeypatch
):
    records, _ = await recorded(library_name, PROGRAMS[0], tmp_path / "whole", monkeypatch)
    path = tmp_path / "cut"
    written(path, cut_in_parallel(records))
    seen = []
    program = replace(PROGRAMS[0], answer=noting(seen, PROGRAMS[0].answer))
    async with hosts(library_name, program) as (open_host, _):
        host = open_host(path)
        await host.play(StartRun(run_id="r2", text="Never mind.", continues="r1"))
    texts = sorted(seen[0].values())
    assert len(texts) == 2
    assert any("done" in text for text in texts)
    assert any("whether it took effect is not known" in text for text in texts)
    # It waits for nobody any more.
    assert isinstance(kept_events(path)[-1], RunCancelled)


def noting(seen, answer):
    def noted(instructions, outputs):
        seen.append(outputs)
        return answer(instructions, outputs)

    return noted


async def test_a_program_whose_state_cannot_be_read_is_asked_about_what_began(
    tmp_path, monkeypatch
):
    records, _ = await recorded("tui.agents", PROGRAMS[0], tmp_path / "whole", monkeypatch)
    path = tmp_path / "cut"
    written(path, cut_in_parallel(records))
    seen = []
    program = replace(CHANGED_DESK, answer=noting(seen, CHANGED_DESK.answer))
    async with hosts("tui.agents", program) as (open_host, again):
        host = open_host(path)
        (refused,) = await host.play(Resume(run_id="r1"))
        told = await host.play(Resume(run_id="r1", accepts_changes=True))
    assert refused.changes == ("the tool look of Triage takes other arguments",)
    assert isinstance(told[-1], RunCompleted)
    assert len(host.doubts) == 1
    assert sorted(seen[0].values()) in (
        ['"look A done"', '"taken as done"'],
        ['"look B done"', '"taken as done"'],
    )
    assert [name for name, _ in again.done] == ["pay 5"]
    view = folded(kept_events(path))
    assert not view.open_items


@pytest.mark.parametrize("library_name", LIBRARIES)
async def test_a_message_behind_a_run_that_lives_elsewhere_is_refused(
    library_name, tmp_path, monkeypatch
):
    records, _ = await recorded(library_name, PROGRAMS[0], tmp_path / "whole", monkeypatch)
    path = tmp_path / "cut"
    written(path, cut_in_parallel(records))
    monkeypatch.setattr("tui.host.keeping.lives", lambda _: True)
    with closing(SqliteStore(path)) as store:
        assert store.claim("r1", "elsewhere.sock", "")
    async with hosts(library_name, PROGRAMS[0]) as (open_host, effects):
        host = open_host(path)
        told = await host.play(StartRun(run_id="r2", text="And?", continues="r1"))
    assert isinstance(told[-1], RunFailed)
    assert "goes on in another process" in told[-1].message
    assert effects.done == []
    assert not isinstance(kept_events(path)[-1], ENDINGS)
