"""A real host process that keeps its runs: what is left of them when it is told to end."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from tests.host.test_process import ROOT, TARGET, gone, until
from tests.host.told import only
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.hosted import HostedAgents
from tui.cockpit.sources.kept import KeptConversations
from tui.wire.events import ConsoleOutput, MessageOutput, RunFailed, RunPaused

DEADLINE_S = 30.0


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    return tmp_path / "journal.sqlite3"


def agents_of(path):
    return HostedAgents(TARGET, HostOptions(journal=str(path)))


async def rest_of(events):
    async with asyncio.timeout(DEADLINE_S):
        return [event async for event in events]


def noticed(events):
    return "".join(e.text for e in only(events, ConsoleOutput) if e.stream == "notice")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_a_host_that_is_ended_from_outside_leaves_its_runs_to_be_taken_up(path, number):
    agents = agents_of(path)
    run = agents.open_run("works_for_ever")
    said, rest = await until(run, MessageOutput)
    os.kill(int(said.text), number)
    remaining = await rest_of(rest)
    assert isinstance(remaining[-1], RunFailed)
    assert "The run was interrupted, and what it did is kept" in remaining[-1].advice
    found = KeptConversations(path).reopened(run.run_id)
    assert not found.is_over
    assert found.met_at == ""
    assert found.view.seq == said.seq


async def test_the_run_of_a_screen_that_is_gone_is_found_again_and_ended(path):
    agents = agents_of(path)
    run = agents.open_run("asks")
    said, _ = await until(run, MessageOutput)
    await until(run, RunPaused)
    await agents.close(leaves=True)
    found = KeptConversations(path).reopened(run.run_id)
    again = agents_of(path)
    other = again.attach(found.run.run_id, found.view.seq, found.met_at)
    await again.start()
    other.cancel()
    assert (await rest_of(other.stream_events()))[-1].mode == "immediate"
    await again.close(leaves=True)
    await gone(int(said.text))
    assert KeptConversations(path).reopened(run.run_id).view.status == "cancelled"


async def test_a_host_that_cannot_be_met_says_why_and_ends_with_its_screen(
    path, tmp_path, monkeypatch
):
    (tmp_path / "run" / "baton").mkdir(parents=True, mode=0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    agents = agents_of(path)
    run = agents.open_run("works_for_ever")
    events, told = run.stream_events(), []
    async with asyncio.timeout(DEADLINE_S):
        while not (only(told, MessageOutput) and (notice := noticed(told))):
            told.append(await anext(events))
    assert "is open to others: `chmod 700` it" in notice
    assert not agents.outlives
    await agents.close(leaves=True)
    await gone(int(only(told, MessageOutput)[0].text))
    assert KeptConversations(path).reopened(run.run_id).view.status == "cancelled"
