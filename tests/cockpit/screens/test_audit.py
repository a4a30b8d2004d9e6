"""The decisions on the screen: who decided what and what came of it, a filter, a file of them."""

import json
from contextlib import asynccontextmanager

import pytest

from tests.captures import clock
from tests.cockpit.desk import opened, text_of
from tests.cockpit.many_calls import asking
from tests.fakes.fake_scripts import plain_answer
from tui.cockpit.screens.audit import AuditScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.sources.base import Answer
from tui.cockpit.widgets.key_bar import working_keys

CALLS = asking(
    ("refund", {"order": "A-1"}), ("refund", {"order": "A-2"}), ("send_email", {"to": "ada"})
)


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@asynccontextmanager
async def at_audit():
    """Three calls were decided, the second was rejected."""
    async with opened([CALLS], wall=clock) as desk:
        await desk.until_asked(3)
        await desk.press("f6")
        await desk.press_later("space", "y", "escape")
        await desk.until(lambda view: len(view.decisions) == 1)
        await desk.press("ctrl+g", "n")
        await desk.until(lambda view: len(view.decisions) == 2)
        await desk.press("ctrl+g", "y")
        await desk.until_ended()
        await desk.press("f8")
        yield desk


def rows(desk) -> list[str]:
    lines = text_of(desk.app.screen).splitlines()
    return [line for line in lines if "✓ approved" in line or "✗ rejected" in line]


def keys(desk) -> set[str]:
    return {hint.does for hint in working_keys(desk.app.screen, hidden=True)}


async def test_every_decision_stands_there_with_what_came_of_it_the_newest_first():
    async with at_audit() as desk:
        assert isinstance(desk.app.screen, AuditScreen)
        first, second, third = rows(desk)
        assert "send_email" in first
        assert first.rstrip().endswith("done")
        assert "✗ rejected" in second
        assert "order=A-2" in second
        assert second.rstrip().endswith("not run")
        assert "order=A-1" in third
        assert "Decisions of this session · 3" in text_of(desk.app.screen)


async def test_below_the_list_stands_all_that_is_kept_of_the_one_under_the_cursor():
    async with at_audit() as desk:
        await desk.press("j")
        shown = text_of(desk.app.screen)
        assert "rejected by tester" in shown
        assert '"order": "A-2"' in shown
        assert desk.host.runs[0].decisions[1].arguments_hash in shown


async def test_a_filter_leaves_the_decisions_with_all_of_its_words():
    async with at_audit() as desk:
        await desk.press("slash")
        await desk.type("order approved")
        assert ["A-1" in row for row in rows(desk)] == [True]
        assert "1 of 3" in text_of(desk.app.screen)
        await desk.press("enter", "e")
        assert await desk.comes_to_show(lambda words: "Wrote 1 decision to" in words)
        await desk.press("slash", "escape")
        assert len(rows(desk)) == 3


async def test_words_that_no_decision_has_leave_nothing_to_export():
    async with at_audit() as desk:
        await desk.press("slash")
        await desk.type("nobody")
        await desk.press("enter")
        assert "No decision has all of these words." in text_of(desk.app.screen)
        assert "Export as JSONL" not in keys(desk)


async def test_a_key_writes_what_is_shown_into_a_new_file_and_says_where(tmp_path):
    async with at_audit() as desk:
        for name in ("baton-decisions-20231114-221329", "baton-decisions-20231114-221329-2"):
            await desk.press("e")
            wrote = f"Wrote 3 decisions to {name}.jsonl"
            assert await desk.comes_to_show(lambda words: wrote in words)  # noqa: B023 - asked in this round
            lines = (tmp_path / f"{name}.jsonl").read_text().splitlines()
            assert [json.loads(line)["decision"] for line in lines] == [
                *("approved", "rejected", "approved")
            ]


async def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path, monkeypatch):
    async with at_audit() as desk:
        gone = tmp_path / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        await desk.press("e")
        assert await desk.comes_to_show(lambda words: "The working folder is gone" in words)
        monkeypatch.chdir(tmp_path)


async def test_before_the_first_decision_nothing_is_offered():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        await desk.press("f8")
        assert "Nothing was decided yet." in text_of(desk.app.screen)
        assert not {"Export as JSONL", "Filter", "Up"} & keys(desk)
        await desk.press("escape")
        assert isinstance(desk.app.screen, RunScreen)


async def test_decisions_come_in_while_the_screen_is_open():
    async with opened([CALLS], hold=True) as desk:
        await desk.until_asked(3)
        conversation = desk.conversation
        pending = conversation.view.pending[0]
        await desk.press("f8")
        conversation.decide(Answer(pending.call_id, pending.arguments_hash, approve=True))
        assert await desk.comes_to_show(lambda words: "Decisions of this session · 1" in words)
