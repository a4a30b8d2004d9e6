"""Stamps, joins and order of what goes up, with a quick screen and with one that reads nothing."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.fakes.fake_endpoint import endpoint_pair
from tests.host.told import kinds
from tui.host import outbox as outbox_module
from tui.host.outbox import Outbox
from tui.wire import frames
from tui.wire.events import (
    ConsoleOutput,
    MessageOutput,
    RunCompleted,
    RunStarted,
    TextDelta,
    ToolOutput,
    ToolProgress,
    UnknownItem,
)


class FakeClock:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


def follow(feed):
    for run in "rab":
        feed.begin(run)
    return feed


@asynccontextmanager
async def outbox():
    screen, host = endpoint_pair()
    clock = FakeClock()
    box = Outbox(clock)
    follow(box.add(host))
    pump = asyncio.ensure_future(box.pump())
    yield box, screen, clock
    pump.cancel()


def delta(text, item="i1", run="r"):
    return TextDelta(run_id=run, item_id=item, agent="A", text=text)


def whole(text, item="i1", run="r"):
    return MessageOutput(run_id=run, item_id=item, agent="A", text=text)


async def received(screen, count):
    async with asyncio.timeout(60):
        return [await screen.read() for _ in range(count)]


async def test_events_are_numbered_per_run_without_a_gap():
    async with outbox() as (box, screen, _):
        for run in ("a", "b", "a"):
            box.put(RunStarted(run_id=run, agent="A", target="t"))
        events = await received(screen, 3)

    assert [(event.run_id, event.seq) for event in events] == [("a", 0), ("b", 0), ("a", 1)]


async def test_an_event_carries_the_time_it_was_put_and_a_joined_one_its_first():
    async with outbox() as (box, screen, clock):
        box.put(delta("a"))
        clock.now_s += 1
        box.put(delta("b"))
        box.put(whole("ab"))
        events = await received(screen, 2)

    assert [(event.text, event.at) for event in events] == [("ab", 1000.0), ("ab", 1001.0)]


async def test_deltas_of_an_item_are_joined_within_a_tick_and_items_are_kept_apart():
    async with outbox() as (box, screen, _):
        for text in "abc":
            box.put(delta(text))
            box.put(delta(text.upper(), item="i2"))
        events = await received(screen, 2)

    assert [(event.item_id, event.text) for event in events] == [("i1", "abc"), ("i2", "ABC")]


async def test_a_whole_event_goes_out_at_once_with_the_deltas_before_it(monkeypatch):
    monkeypatch.setattr(outbox_module, "TICK_S", 3600)
    async with outbox() as (box, screen, _):
        box.put(delta("so far"))
        box.put(whole("so far and more"))
        box.put(delta("next", item="i2"))
        box.put(RunCompleted(run_id="r"))
        events = await received(screen, 4)

    assert kinds(events) == ["text_delta", "message_output", "text_delta", "run_completed"]
    assert [event.seq for event in events] == [0, 1, 2, 3]


async def test_an_opening_delta_without_text_is_told():
    async with outbox() as (box, screen, _):
        box.put(delta(""))
        events = await received(screen, 1)

    assert events[0].text == ""


async def test_a_screen_that_reads_nothing_holds_up_no_run_and_loses_nothing():
    async with outbox() as (box, screen, _):
        screen.takes.clear()
        box.put(RunStarted(run_id="r", agent="A", target="t"))
        await received(screen, 1)
        for number in range(10_000):
            box.put(delta(f"{number} "))
            if number % 1000 == 0:
                box.put(ToolOutput(run_id="r", agent="A", call_id=str(number), output=""))
        await asyncio.sleep(0)
        assert len(box._waiting) == 11
        screen.takes.set()
        events = await received(screen, 11)

    texts = [event.text for event in events if isinstance(event, TextDelta)]
    assert "".join(texts).split() == [str(number) for number in range(10_000)]
    assert [event.seq for event in events] == list(range(1, 12))


async def test_prints_of_one_call_are_joined_while_they_wait():
    async with outbox() as (box, screen, _):
        for call_id in ("c1", "c2", "c1"):
            box.put(ConsoleOutput(run_id="r", text=f"{call_id}\n", agent="A", call_id=call_id))
        events = await received(screen, 2)

    assert [event.text for event in events] == ["c1\nc1\n", "c2\n"]


async def test_emptied_returns_when_all_was_handed_over():
    async with outbox() as (box, screen, _):
        box.put(delta("last words"))
        await box.emptied()
        events = await received(screen, 1)

    assert events[0].text == "last words"


async def test_an_event_too_large_for_the_wire_is_named_in_its_place(monkeypatch):
    monkeypatch.setattr(frames, "MAX_FRAME_BYTES", 1000)
    async with outbox() as (box, screen, _):
        box.put(whole("x" * 2000))
        box.put(RunCompleted(run_id="r"))
        events = await received(screen, 2)

    assert isinstance(events[0], UnknownItem)
    assert "MessageOutput" in events[0].text
    assert [event.seq for event in events] == [0, 1]


@pytest.mark.parametrize("count", [0, 1])
async def test_emptied_of_an_outbox_that_holds_nothing_returns(count):
    async with outbox() as (box, screen, _):
        for _ in range(count):
            box.put(RunCompleted(run_id="r"))
            await received(screen, 1)
        async with asyncio.timeout(60):
            await box.emptied()


async def test_of_a_tools_reports_the_last_one_of_a_tick_goes_out():
    async with outbox() as (box, screen, _):
        for call_id, text in (("c1", "1 of 3"), ("c2", "begun"), ("c1", "2 of 3")):
            box.put(ToolProgress(run_id="r", agent="A", call_id=call_id, text=text))
        box.put(whole("ab"))
        events = await received(screen, 3)

    assert [event.text for event in events] == ["2 of 3", "begun", "ab"]
