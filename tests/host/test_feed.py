"""Several screens of one host: each has its own pace, and what it follows whole and in order."""

from __future__ import annotations

import asyncio

from tests.fakes.fake_endpoint import endpoint_pair
from tui.errors import JournalError
from tui.host import feed as feed_module
from tui.host.outbox import Outbox
from tui.wire.events import MessageOutput, RunCompleted, RunStarted, TextDelta
from tui.wire.frames import Unready

DEADLINE_S = 10.0


class FakeJournal:
    """Keeps events in memory; a commit takes until the test lets it.

    Attributes:
        is_on: Whether it keeps anything.
        may_commit: Cleared by a test to hold the next commit.
        commits: The `seq`s of each.
    """

    def __init__(self) -> None:
        self.is_on = True
        self.may_commit = asyncio.Event()
        self.may_commit.set()
        self.begun = asyncio.Event()
        self.commits: list[list[int]] = []
        self.kept_events: list = []
        self.fails = False
        self._put: list = []

    def put(self, event) -> None:
        self._put.append(event)

    async def kept(self) -> None:
        taken, self._put = self._put, []
        self.begun.set()
        await self.may_commit.wait()
        self.kept_events += taken
        self.commits.append([event.seq for event in taken])

    async def page(self, run_id, after):
        if self.fails:
            raise JournalError("journal.sqlite3 cannot be read: disk I/O error")
        behind = [e for e in self.kept_events if e.run_id == run_id and e.seq > after]
        return behind[:3]


class Host:
    """An outbox with a journal, and its screens."""

    def __init__(self, journal: FakeJournal | None = None) -> None:
        self.journal = journal or FakeJournal()
        self.box = Outbox(lambda: 1000.0, self.journal)
        self.pump = asyncio.ensure_future(self.box.pump())

    def screen(self):
        """Return (the screen's end, the feed)."""
        screen, line = endpoint_pair()
        return screen, self.box.add(line)

    def say(self, *texts, run="r"):
        for text in texts:
            self.box.put(MessageOutput(run_id=run, item_id=text, agent="A", text=text))


async def texts(screen, count):
    async with asyncio.timeout(DEADLINE_S):
        return [(await screen.read()).text for _ in range(count)]


async def test_an_event_is_shown_only_when_it_is_kept():
    host = Host()
    screen, feed = host.screen()
    feed.begin("r")
    host.journal.may_commit.clear()
    host.say("a")
    async with asyncio.timeout(DEADLINE_S):
        await host.journal.begun.wait()
    assert screen._chunks.empty()
    host.journal.may_commit.set()
    assert await texts(screen, 1) == ["a"]


async def test_what_comes_during_a_commit_goes_into_the_next_one_joined():
    host = Host()
    screen, feed = host.screen()
    feed.begin("r")
    host.journal.may_commit.clear()
    host.say("a")
    async with asyncio.timeout(DEADLINE_S):
        await host.journal.begun.wait()
    for text in "xyz":
        host.box.put(TextDelta(run_id="r", item_id="i", agent="A", text=text))
    host.say("b", "c")
    host.journal.may_commit.set()
    assert await texts(screen, 4) == ["a", "xyz", "b", "c"]
    assert host.journal.commits == [[0], [1, 2, 3]]


async def test_a_screen_hears_the_runs_that_it_follows_and_no_others():
    host = Host()
    one, first = host.screen()
    other, second = host.screen()
    first.begin("r")
    second.begin("q")
    host.say("a", run="r")
    host.say("b", run="q")
    assert await texts(one, 1) == ["a"]
    assert await texts(other, 1) == ["b"]


async def test_who_comes_later_first_hears_what_is_kept_then_what_happens():
    host = Host()
    one, first = host.screen()
    first.begin("r")
    host.say(*"abcdefgh")
    await texts(one, 8)
    late, second = host.screen()
    second.catch_up("r", 1)
    host.say("i")
    assert await texts(late, 7) == list("cdefghi")
    assert await texts(one, 1) == ["i"]


async def test_a_slow_screen_holds_up_no_other_and_hears_all_of_it_later(monkeypatch):
    monkeypatch.setattr(feed_module, "BACKLOG", 5)
    host = Host()
    slow, first = host.screen()
    quick, second = host.screen()
    first.begin("r")
    second.begin("r")
    slow.takes.clear()
    for number in range(50):
        host.say(str(number))
        assert await texts(quick, 1) == [str(number)]
    assert len(first._backlog) <= 5
    slow.takes.set()
    assert await texts(slow, 50) == [str(number) for number in range(50)]
    host.say("last")
    assert await texts(slow, 1) == ["last"]


async def test_a_screen_that_cannot_be_told_all_is_told_so_and_let_go():
    host = Host()
    screen, feed = host.screen()
    host.journal.fails = True
    feed.catch_up("r", -1)
    async with asyncio.timeout(DEADLINE_S):
        told = await screen.read()
        assert await screen.read() is None
    assert isinstance(told, Unready)
    assert "disk I/O error" in told.message


async def test_without_a_journal_the_quickest_screen_sets_the_pace(monkeypatch):
    monkeypatch.setattr(feed_module, "BACKLOG", 5)
    journal = FakeJournal()
    journal.is_on = False
    host = Host(journal)
    slow, first = host.screen()
    quick, second = host.screen()
    first.begin("r")
    second.begin("r")
    slow.takes.clear()
    for number in range(20):
        host.say(str(number))
        await texts(quick, 1)
    async with asyncio.timeout(DEADLINE_S):
        while not isinstance(told := await slow.read(), Unready):
            pass
    assert "did not keep up" in told.message


async def test_a_run_that_is_taken_up_goes_on_behind_its_last_number():
    host = Host()
    screen, feed = host.screen()
    host.box.go_on("r", 41)
    feed.begin("r", 41)
    host.box.put(RunCompleted(run_id="r"))
    async with asyncio.timeout(DEADLINE_S):
        assert (await screen.read()).seq == 42


async def test_what_is_told_after_the_silence_is_neither_kept_nor_shown():
    host = Host()
    screen, feed = host.screen()
    feed.begin("r")
    host.box.put(RunStarted(run_id="r", agent="A", target="t"))
    async with asyncio.timeout(DEADLINE_S):
        await screen.read()
        host.box.fall_silent()
        host.box.put(RunCompleted(run_id="r"))
        host.box.stamp()
        await host.box.emptied()
    assert [type(event) for event in host.journal.kept_events] == [RunStarted]
