"""Home: what can be started and gone back to, and that no run minds being left."""

from contextlib import asynccontextmanager

import pytest

from tests.captures import text_of
from tests.cockpit.desk import Desk, opened
from tests.fakes.fake_scripts import failing, plain_answer, refund_desk
from tests.fakes.fake_source import FIRST_AT, FakeAgentHost
from tui.cockpit.app import BatonApp
from tui.cockpit.home_listing import AgentChoice, HomeListing
from tui.cockpit.screens.help import HelpScreen
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.widgets.home_list import HomeList
from tui.cockpit.widgets.key_bar import working_keys

CHOICES = (
    AgentChoice("desk.py:triage", "Triage", "desk.py:triage"),
    AgentChoice("rehearsal", "The rehearsal", "no key, no network"),
)
LISTING = HomeListing(CHOICES, "~/project")


class FakeClock:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = FIRST_AT

    def __call__(self) -> float:
        return self.now


class FakeHosts:
    """A host for each target, all with the same scripts."""

    def __init__(self, *scripts, hold=False) -> None:
        self.scripts = scripts
        self.hold = hold
        self.by_target: dict[str, FakeAgentHost] = {}

    def __call__(self, target: str) -> FakeAgentHost:
        host = FakeAgentHost(list(self.scripts), target=target, hold=self.hold)
        self.by_target[target] = host
        return host


@asynccontextmanager
async def at_home(*scripts, listing=LISTING, size=(120, 40), clock=None, hold=False):
    """Baton as it opens without a target."""
    hosts = FakeHosts(*(scripts or [plain_answer]), hold=hold)
    app = BatonApp(open_host=hosts, list_home=lambda: listing, wall=clock or FakeClock())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.workers.wait_for_complete()
        await pilot.pause()
        yield Desk(app, pilot, hosts)


def shown(desk) -> list[str]:
    """The lines of home's list, a space for each run of them."""
    assert isinstance(desk.app.screen, HomeScreen)
    home = desk.app.screen.query_one(HomeList)
    lines = (home.render_line(y).text for y in range(home.size.height))
    return [" ".join(line.replace("─", "").split()) for line in lines if line.strip(" ─")]


def footer(desk) -> str:
    return text_of(desk.app.screen).splitlines()[-1]


async def test_home_offers_agents_and_no_runs_before_there_is_one():
    async with at_home() as desk:
        assert shown(desk) == [
            "Agents in ~/project",
            "▸ Triage desk.py:triage",
            "The rehearsal no key, no network",
        ]
        assert "Enter Start" in footer(desk)


async def test_each_conversation_has_a_row_with_its_state_the_newest_first():
    async with opened([plain_answer, failing, refund_desk], home=LISTING) as desk:
        await desk.until_ended()
        for _ in range(2):
            await desk.press("ctrl+o", "G", "enter")
            desk.conversation.send("and another")
            await desk.until(lambda view: view.status in ("failed", "waiting"))
        await desk.press("ctrl+o")
        states = [line.split(" and another")[0] for line in shown(desk)[1:3]]
        assert states == ["▸ ⏸ waits for you Refunds", "✗ failed Triage"]
        assert shown(desk)[3].startswith("✓ done Triage I want a refund for order A-1001")


async def test_enter_goes_back_to_a_conversation_as_it_was_left():
    async with opened(refund_desk, home=LISTING) as desk:
        await desk.until_asked()
        screen = desk.screen
        await desk.type("not y")
        await desk.press("f3", "up", "f2")
        await desk.press("ctrl+o")
        assert "Enter Go back to it" in footer(desk)
        await desk.press("enter")
        assert desk.app.screen is screen
        assert desk.composer.text == "not y"
        assert screen.focused is screen.query_one("#transcript")
        assert desk.run.decisions == []


async def test_a_run_goes_on_while_home_is_shown_and_its_row_tells():
    clock = FakeClock()
    async with opened(plain_answer, hold=True, home=LISTING, wall=clock) as desk:
        conversation, run = desk.conversation, desk.run
        await desk.until(lambda _: run.stands_at("mid-answer"))
        clock.now = FIRST_AT + 5
        await desk.press("ctrl+o")
        assert shown(desk)[1] == "▸ ● running Triage I want a refund for order A-1001 5 s"
        run.open("mid-answer")
        while conversation.view.status != "completed" or "✓ done" not in shown(desk)[1]:
            await desk.pilot.pause()
        clock.now = FIRST_AT + 300
        desk.app.screen._show_runs()
        assert shown(desk)[1].endswith("2.2 s · 4 m ago")


async def test_home_ticks_only_while_something_ages_and_not_behind_another_screen():
    async with opened(plain_answer, prompt=None, home=LISTING) as desk:
        await desk.press("ctrl+o")
        home = desk.app.screen
        assert home._ticks_s == 60
        await desk.press("enter")
        assert home._ticks_s is None
        assert home._unsubscribe == []
    async with at_home() as desk:
        assert desk.app.screen._ticks_s is None


async def test_the_cursor_stays_on_its_row_while_rows_come_and_change():
    async with opened([refund_desk, plain_answer], home=LISTING) as desk:
        await desk.until_asked()
        first = desk.conversation
        await desk.press("ctrl+o", "G", "enter")
        await desk.press("ctrl+o", "j")
        assert shown(desk)[2].startswith("▸ ⏸ waits for you")
        first.cancel()
        while not any("cancelled" in line for line in shown(desk)):
            await desk.pilot.pause()
        assert shown(desk)[2].startswith("▸ ■ cancelled")


async def test_a_conversation_that_has_not_begun_is_gone_back_to_instead_of_opened_again():
    async with at_home() as desk:
        await desk.press("enter")
        first = desk.screen
        await desk.type("draft")
        await desk.press("ctrl+o")
        assert shown(desk)[1] == "▸ ○ not begun desk.py:triage"
        await desk.press("j", "enter")
        assert desk.screen is first
        assert desk.composer.text == "draft"
        await desk.press("ctrl+o", "G", "enter")
        assert desk.screen is not first


async def test_ctrl_g_goes_to_the_longest_waiting_request_from_home_and_from_another_run():
    async with opened([refund_desk, plain_answer], home=LISTING) as desk:
        await desk.until_asked()
        asking = desk.screen
        await desk.press("ctrl+o", "G", "enter")
        assert desk.screen is not asking
        assert "Ctrl+G Go to the request" in footer(desk)
        await desk.press("ctrl+g")
        assert desk.screen is asking
        assert not asking.is_at_request
        await desk.press("y", "ctrl+o", "ctrl+g", "y")
        assert desk.screen is asking
        assert desk.run.decisions == []
        await desk.press("ctrl+g")
        assert asking.is_at_request


async def test_leaving_a_request_for_home_takes_the_keys_from_it():
    async with opened(refund_desk, home=LISTING) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        assert desk.screen.is_at_request
        await desk.press("ctrl+o", "enter", "y")
        assert not desk.screen.is_at_request
        assert desk.run.decisions == []


async def test_the_way_home_stands_in_the_footer_and_among_the_keys():
    for size in ((80, 24), (120, 40)):
        async with opened(plain_answer, home=LISTING, size=size) as desk:
            await desk.until_ended()
            assert "Ctrl+O Home" in footer(desk)
            await desk.press("f1")
            assert isinstance(desk.app.screen, HelpScreen)
            assert "Ctrl+O" in text_of(desk.app.screen)
            await desk.press("escape", "ctrl+o")
            assert "Ctrl+O" not in footer(desk)


async def test_the_keys_told_at_home_are_those_that_do_something():
    async with at_home() as desk:
        told = {hint.does for hint in working_keys(desk.app.screen, hidden=True)}
        assert told == {
            *("Start", "Look again", "Up", "Down", "Page up", "Page down", "First", "Last"),
            *("Copy selected text", "Commands", "Keys", "Quit", "Suspend", "Hold all calls"),
            *("Inbox", "Grants and rules", "Decisions so far", "History"),
        }


async def test_quitting_at_home_asks_twice_while_a_run_would_be_lost():
    async with opened(refund_desk, home=LISTING) as desk:
        await desk.until_asked()
        await desk.press("ctrl+o", "ctrl+q")
        assert desk.app.is_running
        assert "would be lost" in desk.notice


async def test_looking_again_finds_what_came_since():
    listings = [HomeListing(CHOICES[1:], "~/project", "Nothing here.", "x = 1"), LISTING]
    app = BatonApp(open_host=FakeHosts(plain_answer), list_home=lambda: listings.pop(0))
    async with app.run_test() as pilot:
        desk = Desk(app, pilot, None)
        for expected in ([CHOICES[1]], CHOICES):
            await pilot.pause()
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert len(shown(desk)) == len(expected) + 1
            assert ("x = 1" in text_of(app.screen)) is (len(expected) == 1)
            await pilot.press("r" if listings else "down")


async def test_looking_again_leaves_the_cursor_on_its_row():
    app = BatonApp(open_host=FakeHosts(plain_answer), list_home=lambda: LISTING)
    async with app.run_test() as pilot:
        for keys in (["down"], ["r"]):
            await app.workers.wait_for_complete()
            await pilot.pause()
            await pilot.press(*keys)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen.query_one(HomeList).cursor == CHOICES[1].target


async def test_a_choice_is_made_with_the_mouse_too():
    async with at_home() as desk:
        home = desk.app.screen.query_one(HomeList)
        await desk.pilot.click(home, offset=(6, 2))
        await desk.pilot.pause()
        assert desk.conversation.host.target == "rehearsal"
    async with at_home() as desk:
        await desk.pilot.click(desk.app.screen.query_one(HomeList), offset=(6, 0))
        assert isinstance(desk.app.screen, HomeScreen)


async def test_while_agents_are_looked_for_nothing_is_offered():
    async with at_home() as desk:
        home = desk.app.screen
        home.listing = None
        await desk.pilot.pause()
        assert shown(desk) == ["Looking for agents …"]
        assert "Enter" not in footer(desk)
        await desk.press("enter", "j", "k", "G", "g", "pagedown")
        assert desk.app.screen is home


MANY = HomeListing(
    tuple(AgentChoice(f"many.py:a{i}", f"Agent {i}", f"many.py:a{i}") for i in range(500)),
    "~/project",
    "A notice that must stay in sight.",
)


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5)])
async def test_of_five_hundred_agents_the_chosen_one_is_in_sight(size):
    async with at_home(listing=MANY, size=size) as desk:
        for key, agent in [
            *(("G", "Agent 499"), ("g", "Agent 0"), ("pagedown", "Agent "), ("up", "Agent ")),
        ]:
            await desk.press(key)
            marked = [line for line in text_of(desk.app.screen).splitlines() if "▸" in line]
            assert len(marked) == 1
            assert agent[: size[0] // 5] in marked[0]
        assert ("must stay in sight" in text_of(desk.app.screen)) is (size == (80, 24))
        await desk.press("G", "enter")
        assert isinstance(desk.app.screen, RunScreen)
        assert desk.conversation.host.target == "many.py:a499"


async def test_what_a_file_is_called_is_shown_as_text():
    hostile = AgentChoice("a\udcff.py:x", "\x1b[2J[red]A", "b\u202e.py")
    listing = HomeListing((hostile,), "~/p\x1b[2J", "n\x07\nnext [bold]line", "\x1b]0;x")
    async with at_home(listing=listing) as desk:
        told = text_of(desk.app.screen)
        for safe in ("␛[2J[red]A", "b⟨U+202E⟩.py", "Agents in ~/p␛[2J", "n␇", "next [bold]line"):
            assert safe in told
        await desk.press("enter")
        assert desk.conversation.host.target == "a\udcff.py:x"
