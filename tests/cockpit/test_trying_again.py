"""Ctrl+R with a real agent process: the model hears what was asked once, and no tool runs twice."""

from __future__ import annotations

import pytest

from tests.cockpit.failing_program import PROMPT, Program, shown
from tests.fakes.delivery import http_error
from tui.cockpit.projection.view import RetryEntry, ToolEntry, UserEntry
from tui.rehearsal.script import call, reply, say

GOOD = "It is at your door."
BROKEN = http_error(500, "Oops.")


@pytest.fixture
async def program(tmp_path, monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    made = Program(tmp_path, fields="tools=[look]")
    await made.start()
    yield made
    await made.end()


async def try_again(stage, until):
    run_id = stage.desk.conversation.view.run_id
    await stage.desk.press("ctrl+r")
    await stage.desk.until(lambda view: view.run_id != run_id and view.status == until)


def entries(stage, kind):
    return [each for each in stage.desk.conversation.view.entries if isinstance(each, kind)]


def heard(program):
    """What the model was given last, as one text."""
    return str(program.server.requests[-1].body["input"])


async def test_a_service_that_comes_late_hears_the_message_once(program):
    program.answers = iter([reply(say(GOOD))])
    address = program.server.base_url
    await program.server.close()
    async with shown(program) as stage:
        await try_again(stage, "failed")
        await program.server.start(int(address.split(":")[-1].split("/")[0]))
        await try_again(stage, "completed")

        assert heard(program).count(PROMPT) == 1
        assert [entry.text for entry in entries(stage, UserEntry)] == [PROMPT]
        assert len(entries(stage, RetryEntry)) == 2
        assert await stage.shows("↻ tried again")
        assert await stage.shows(GOOD)


async def test_a_tool_that_ran_before_the_failure_runs_once(program):
    looked = reply(say("I look."), call("look", "c1"))
    program.answers = iter([looked, BROKEN, BROKEN, reply(say(GOOD))])
    async with shown(program) as stage:
        await try_again(stage, "failed")
        await try_again(stage, "completed")

        assert len(entries(stage, ToolEntry)) == 1
        assert heard(program).count("on its way") == 1
        assert heard(program).count(PROMPT) == 1
        assert len(program.server.requests) == 4


async def test_a_new_message_after_a_failure_goes_on_behind_the_failed_one(program):
    program.answers = iter([BROKEN, reply(say(GOOD))])
    async with shown(program) as stage:
        await stage.desk.type("and now\n")
        await stage.until("completed")

        assert heard(program).count(PROMPT) == 1
        assert heard(program).index(PROMPT) < heard(program).index("and now")


@pytest.mark.parametrize("words", ["", "and now\n"], ids=["tried again", "a new message"])
async def test_a_file_that_was_corrected_hears_what_was_said_before(program, words):
    program.answers = iter([reply(say(GOOD))])
    file = program.folder / "desk.py"
    text = file.read_text()
    file.write_text("this is no program")
    async with shown(program) as stage:
        file.write_text(text)
        if words:
            await stage.desk.type(words)
            await stage.until("completed")
        else:
            await try_again(stage, "completed")

        assert heard(program).count(PROMPT) == 1
        assert words.strip() in heard(program)
        assert [entry.text for entry in entries(stage, UserEntry)] == [
            PROMPT,
            *filter(None, [words.strip()]),
        ]
