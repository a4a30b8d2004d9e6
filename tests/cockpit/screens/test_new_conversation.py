"""A new conversation begins on a key: the one before stays as it was, and at Home."""

from contextlib import closing

import pytest

from tests.captures import text_of
from tests.cockpit.desk import PROMPT, Desk, opened
from tests.fakes.fake_scripts import plain_answer, refund_desk
from tests.fakes.fake_source import FakeAgentHost
from tui.cockpit.actions import commands_of
from tui.cockpit.app import BatonApp
from tui.cockpit.conversations import Kept
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.sources.kept import KeptConversations
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import RunCompleted, RunStarted

DONE = RunCompleted(run_id="r", seq=1, at=2.0, final_output="done")


@pytest.mark.parametrize("place", ["", "f2", "f3"], ids=["composer", "transcript", "timeline"])
async def test_a_key_begins_one_with_nothing_said_and_the_same_agent(place):
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        before = desk.conversation
        await desk.press(*filter(None, [place]), "ctrl+n")
        assert desk.conversation is not before
        assert desk.conversation.is_blank
        assert desk.app.focused is desk.composer
        await desk.type("anew\n")
        await desk.until_ended()
        assert (desk.run.text, desk.run.continues) == ("anew", None)
        assert desk.conversation.host is before.host


async def test_the_one_before_is_at_home_and_goes_on():
    async with opened([refund_desk, plain_answer]) as desk:
        await desk.until_asked()
        before = desk.conversation
        await desk.press("ctrl+n")
        assert "goes on: Ctrl+O" in desk.notice
        assert before.view.status == "waiting"
        await desk.press("ctrl+o")
        assert isinstance(desk.app.screen, HomeScreen)
        assert PROMPT in text_of(desk.app.screen)


async def test_it_leaves_the_request_so_that_no_key_decides_it_on_the_way_back():
    async with opened([refund_desk, plain_answer]) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        assert desk.screen.is_at_request
        before = desk.screen
        await desk.press("ctrl+n")
        assert not before.is_at_request
        assert desk.run.decisions == []


async def test_where_nothing_was_said_there_is_nothing_to_begin_anew():
    async with opened(plain_answer, prompt=None) as desk:
        before = desk.conversation
        await desk.press("ctrl+n")
        assert desk.conversation is before
        assert "New conversation" not in [each.title for each in commands_of(desk.screen)]


async def test_the_keys_and_the_palette_name_it():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        assert "Ctrl+N New conversation" in text_of(desk.screen)
        offered = {command.title: command.help for command in commands_of(desk.screen)}
        assert offered["New conversation"] == "Ctrl+N"


async def test_at_home_there_is_no_agent_to_begin_anew_with():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        await desk.press("ctrl+o", "ctrl+n")
        assert isinstance(desk.app.screen, HomeScreen)


async def test_a_new_conversation_beside_a_kept_one_is_in_the_same_process(tmp_path):
    path = tmp_path / "journal.sqlite3"
    with closing(SqliteStore(path)) as store:
        store.append([RunStarted(run_id="r", seq=0, at=1.0, target="desk.py:agent"), DONE])
        kept = store.run("r")
    host = FakeAgentHost(plain_answer, target="desk.py:agent")
    opens = Kept(KeptConversations(path), lambda _: host)
    app = BatonApp(open_host=FakeAgentHost, kept=opens, reopens=kept)
    async with app.run_test() as pilot:
        desk = Desk(app, pilot, host)
        await desk.until(lambda view: view.status == "completed")
        await desk.press("ctrl+n")
        assert desk.conversation.is_blank
        assert desk.conversation.host is host
