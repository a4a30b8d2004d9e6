"""The history: what it lists and finds, and what is done with a conversation there."""

from __future__ import annotations

import sqlite3

import pytest

from tests.cockpit.desk import opened, text_of
from tests.cockpit.kept import SAID, a_kept_run, events_in_journal, keep, kept_in, run_id_of
from tests.fakes.fake_clock import FakeClock
from tests.fakes.fake_scripts import plain_answer, refund_desk
from tests.fakes.fake_source import FIRST_AT, FakeAgentHost
from tui.cockpit.app import BatonApp
from tui.cockpit.home_listing import AgentChoice, HomeListing
from tui.cockpit.projection.view import UserEntry
from tui.cockpit.screens.history import PAGE, HistoryScreen
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.replay import ReplayScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.widgets.history_list import HistoryList
from tui.cockpit.widgets.replay_line import ReplayLine
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import RunCompleted, RunStarted, UserMessage

HOME = HomeListing((AgentChoice("rehearsal", "The rehearsal"),))


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "data" / "journal.sqlite3"


def clock():
    return FakeClock(10 * 3600.0)


def looking(journal, **more):
    return opened(plain_answer, target=None, home=HOME, journal=journal, wall=clock(), **more)


async def in_history(desk, heading):
    await desk.press("f10")
    assert await desk.comes_to_show(lambda words: heading in words), text_of(desk.app.screen)
    assert isinstance(desk.app.screen, HistoryScreen)


def rows(desk):
    return [" ".join(line.split()) for line in text_of(desk.app.screen).splitlines()[1:]]


async def searched(desk, words, heading):
    await desk.press("slash")
    await desk.type(words)
    assert await desk.comes_to_show(lambda shown: heading in shown), text_of(desk.app.screen)
    await desk.press("enter")


async def test_it_lists_what_is_kept_newest_first_with_state_agent_title_size_and_age(journal):
    await keep(journal, 5, unended=(3,))
    async with looking(journal) as desk:
        await in_history(desk, "Kept conversations · 5")
        first = rows(desk)[:5]
        assert first[0].startswith("▸ ✓ done Refunds I want a refund for order A-1001")
        assert first[0].endswith("9 KB 6 h ago")
        assert first[1].startswith("◌ interrupted Triage Why was I charged twice?")
        assert first[2].startswith("✓ done Triage 顧客へのお知らせ 💶 ␛[2J")
        assert first[3].startswith("✗ failed Triage Where is my parcel?")


async def test_nothing_kept_and_nowhere_to_keep_are_said(journal):
    async with looking(journal) as desk:
        await in_history(desk, "Nothing is kept yet")
        assert not journal.exists()
        assert "Open" not in rows(desk)[-1]
    async with looking(None) as desk:
        await in_history(desk, "there is no home folder; name one with --data-dir")


async def test_a_damaged_journal_is_said_in_one_line(journal):
    journal.parent.mkdir()
    journal.write_bytes(b"no database " * 1000)
    async with looking(journal) as desk:
        await in_history(desk, "file is not a database")
        assert isinstance(desk.app.screen, HistoryScreen)


async def test_ten_thousand_are_read_in_pages_as_they_come_into_sight(journal):
    store = SqliteStore(journal)
    store.append(
        [
            event
            for number in range(3 * PAGE)
            for event in (
                RunStarted(run_id=f"{number:05}", seq=0, at=FIRST_AT + number, target="t"),
                UserMessage(run_id=f"{number:05}", seq=1, at=0, item_id="u", text=f"no {number}"),
            )
        ]
    )
    store.close()
    async with looking(journal) as desk:
        await in_history(desk, f"the newest {PAGE}, more below")
        shown = desk.app.screen.query_one(HistoryList)
        await desk.press("G")
        assert await desk.comes_to_show(lambda words: f"the newest {2 * PAGE}, more" in words)
        assert shown.cursor == f"{2 * PAGE:05}"
        await desk.press("G")
        assert await desk.comes_to_show(lambda words: f"the newest {3 * PAGE}, more" in words)
        await desk.press("G")
        assert await desk.comes_to_show(lambda words: f"Kept conversations · {3 * PAGE}" in words)
        assert shown.cursor == "00000"


async def test_a_search_shows_places_with_what_was_found_marked(journal):
    await keep(journal, 6)
    async with looking(journal) as desk:
        await in_history(desk, "Kept conversations · 6")
        await searched(desk, "camera", "Found in 2 places")
        assert "»camera«" in rows(desk)[1]
        await searched(desk, " nowhere", "No kept conversation has all of these words")
        await desk.press("slash", "escape")
        assert await desk.comes_to_show(lambda words: "Kept conversations · 6" in words)


async def test_p_on_a_place_that_was_found_replays_from_there(journal):
    await keep(journal, 6)
    async with looking(journal) as desk:
        await in_history(desk, "Kept conversations · 6")
        await searched(desk, "camera", "Found in 2 places")
        await desk.press("j", "p")
        assert await desk.comes_to_show(lambda words: " Replay " in words)
        screen = desk.app.screen
        assert isinstance(screen, ReplayScreen)
        head = screen.query_one(ReplayLine).playhead
        event = screen.recording.events[head.position - 1]
        assert (event.run_id, "camera" in event.output) == (run_id_of(0), True)
        assert not head.is_playing
        await desk.press("escape")
        assert isinstance(desk.app.screen, HistoryScreen)
        assert "Found in 2 places" in text_of(desk.app.screen)


async def test_enter_reopens_and_the_history_is_gone_back_from(journal):
    await keep(journal, 2)
    async with looking(journal) as desk:
        await in_history(desk, "Kept conversations · 2")
        await desk.press("escape")
        assert isinstance(desk.app.screen, HomeScreen)
        await desk.press("f10", "enter")
        assert isinstance(desk.app.screen, RunScreen)


async def test_a_star_and_a_name_are_kept(journal):
    await keep(journal, 2)
    async with looking(journal) as desk:
        await in_history(desk, "Kept conversations · 2")
        await desk.press("j", "s")
        assert await desk.comes_to_show(lambda words: "★ ✓ done" in words)
        assert [run.is_starred for run in kept_in(journal)] == [False, True]
        assert "s Take the star back" in rows(desk)[-1]
        await desk.press("n")
        field = desk.app.screen.query_one("#history-name")
        assert field.text == SAID[0]
        field.text = "Refund, the long story"
        await desk.press("enter")
        assert await desk.comes_to_show(lambda words: "Refund, the long story" in words)
        assert kept_in(journal)[1].title == "Refund, the long story"
        await desk.press("n")
        field.text = "never"
        await desk.press("escape", "s")
        assert await desk.comes_to_show(lambda words: "★" not in words)
        assert kept_in(journal)[1].title == "Refund, the long story"


async def test_delete_asks_and_another_key_leaves_it(journal):
    await keep(journal, 3)
    async with looking(journal) as desk:
        await in_history(desk, "Kept conversations · 3")
        await desk.press("d")
        assert desk.notice.endswith("all its runs? y forgets it")
        await desk.press("j", "y")
        assert desk.notice == ""
        assert len(kept_in(journal)) == 3
        await desk.press("d", "y")
        assert await desk.comes_to_show(lambda words: "is forgotten" in words)
        assert [run.run_id for run in kept_in(journal)] == [run_id_of(2), run_id_of(0)]
        assert await desk.comes_to_show(lambda words: "Kept conversations · 2" in words)


async def test_what_still_runs_is_not_forgotten_and_told_as_running(journal):
    async with opened(refund_desk, home=HOME, journal=journal, wall=clock()) as desk:
        await desk.until_asked()
        store = SqliteStore(journal)
        begun = RunStarted(run_id=desk.run.run_id, seq=0, at=FIRST_AT, target="t", agent="Refunds")
        store.append([begun])
        store.close()
        await in_history(desk, "● running Refunds")
        await desk.press("d")
        assert desk.notice.startswith("It still runs")
        await desk.press("y")
        assert len(kept_in(journal)) == 1


async def test_who_only_watches_changes_nothing_of_what_is_kept(journal):
    await keep(journal, 2)
    async with looking(journal, read_only=True) as desk:
        await in_history(desk, "Kept conversations · 2")
        await desk.press("s", "n", "d", "y")
        assert {run.is_starred for run in kept_in(journal)} == {False}
        assert rows(desk)[-1].startswith("Enter Open p Replay / Search Esc Back")


async def test_a_journal_that_cannot_be_written_changes_nothing_and_is_said(journal):
    await keep(journal, 2)
    async with looking(journal) as desk:
        await in_history(desk, "Kept conversations · 2")
        other = sqlite3.connect(journal, isolation_level=None)
        other.execute("DROP TABLE conversation")
        other.close()
        await desk.press("s")
        assert await desk.comes_to_show(lambda words: "no such table" in words)
        assert isinstance(desk.app.screen, HistoryScreen)


async def test_home_lists_what_has_no_end_then_what_is_recent_and_begins_on_an_agent(journal):
    await keep(journal, 8, unended=(0, 2))
    async with looking(journal) as desk:
        assert await desk.comes_to_show(lambda words: "Kept from before" in words)
        assert await desk.comes_to_show(lambda words: "▸ The rehearsal" in words)
        lines = rows(desk)
        at = next(place for place, line in enumerate(lines) if "Kept from before" in line)
        states = [line.split(" ")[0] for line in lines[at + 1 : at + 6]]
        assert states == ["◌", "◌", "✓", "✓", "✗"]
        await desk.press("home", "enter")
        assert isinstance(desk.app.screen, RunScreen)


async def test_home_paints_before_the_journal_is_read(journal):
    await keep(journal, 1)
    painted_first: list[bool] = []
    app = BatonApp(
        open_host=lambda _: FakeAgentHost(plain_answer),
        list_home=lambda: HOME,
        journal=journal,
        wall=clock(),
    )
    ask = app._kept.ask

    async def watched(*asked):
        painted_first.append("Baton" in text_of(app.screen))
        return await ask(*asked)

    app._kept.ask = watched
    async with app.run_test() as pilot:
        while "Kept from before" not in text_of(app.screen):
            await pilot.pause()
    assert painted_first == [True]


async def test_a_conversation_that_is_open_here_is_not_listed_twice(journal):
    async with opened(plain_answer, home=HOME, journal=journal, wall=clock()) as desk:
        await desk.until_ended()
        store = SqliteStore(journal)
        store.append(await a_kept_run(3))
        begun = RunStarted(run_id=desk.run.run_id, seq=0, at=FIRST_AT, target="t", agent="Triage")
        store.append([begun])
        store.close()
        await desk.press("ctrl+o")
        assert await desk.comes_to_show(lambda words: "Why was I charged twice?" in words)
        assert "interrupted" not in text_of(desk.app.screen)


async def test_f_on_a_message_in_a_run_forks_before_it(journal):
    async with opened([plain_answer, plain_answer], journal=journal, wall=clock()) as desk:
        await desk.until_ended()
        first = desk.run.run_id
        desk.conversation.send("And when?")
        await desk.until(lambda view: view.status == "completed" and view.run_id != first)
        store = SqliteStore(journal)
        for run, entry in zip(desk.host.runs, user_entries(desk.conversation.view), strict=True):
            store.append(said_in(run, entry))
        store.close()
        await desk.press("f3", "k")
        assert "f Fork here" in text_of(desk.app.screen).splitlines()[-1]
        await desk.press("f")
        assert await desk.comes_to_show(lambda words: "Forked before your message" in words)
        made = kept_in(journal)[0]
        assert made.status == "completed"
        assert events_in_journal(journal, made.run_id)[0].forks == first
        assert desk.composer.text == "And when?"


def user_entries(view):
    """What the person said, as the screen has it."""
    return [entry for entry in view.entries if isinstance(entry, UserEntry)]


def said_in(run, entry):
    """The events that a journal has of a run in which only that was said."""
    of = {"run_id": run.run_id, "at": entry.at}
    return [
        RunStarted(seq=0, target="t", agent="Triage", continues=run.continues, **of),
        UserMessage(seq=1, item_id=entry.item_id, text=entry.text, **of),
        RunCompleted(seq=2, **of),
    ]
