"""A run without a screen: what is written, what is said, and which exit code tells how it went."""

from __future__ import annotations

import json

import pytest

from tests.fakes.fake_source import FakeAgentHost, approval, play
from tui.headless import run_headless
from tui.wire.events import (
    BudgetReached,
    ConsoleOutput,
    RunCompleted,
    RunFailed,
    RunPaused,
    ToolCalled,
)

DONE = RunCompleted(run_id="", final_output="It is \x1b[31mdone\n")
REFUND = ToolCalled(
    run_id="", item_id="i", agent="A", call_id="c", tool="refund", arguments='{"cents":5}'
)


async def played(*steps, form="json", **more):
    """Play steps headless; return the exit code, what was written and what was said."""
    host = FakeAgentHost(play(*steps))
    written, told = [], []
    code = await run_headless(host, "Hi", form, write=written.append, say=told.append, **more)
    return code, "".join(written), told


async def test_json_writes_every_event_as_a_line():
    code, written, told = await played(REFUND, DONE)
    lines = [json.loads(line) for line in written.splitlines()]

    assert (code, told) == (0, [])
    assert [line["type"] for line in lines] == ["tool_called", "run_completed"]
    assert [line["seq"] for line in lines] == [0, 1]


async def test_text_writes_the_answer_alone_and_says_what_was_printed():
    printed = ConsoleOutput(run_id="", text="looking\x07 up\nfound\n")
    code, written, told = await played(printed, DONE, form="text")

    assert (code, written) == (0, "It is \x1b[31mdone\n\n")
    assert told == ["looking␇ up", "found"]


@pytest.mark.parametrize(
    ("error_type", "code"), [("APIConnectionError", 4), ("MaxTurnsExceeded", 5)]
)
async def test_a_failure_is_said_with_what_to_do(error_type, code):
    failed = RunFailed(run_id="", error_type=error_type, message="It broke.", advice="Mend it.")
    assert await played(failed, form="text") == (
        code,
        "",
        [f"baton: {error_type}: It broke. Mend it."],
    )


async def test_a_budget_that_is_used_up_ends_the_run():
    reached = BudgetReached(run_id="", what="tokens", limit=100, used=120)
    code, _, told = await played(reached, "for ever")
    assert code == 5
    assert told[0].endswith("has used up its tokens: 120 of 100")


async def test_what_waits_in_doubt_is_said_to_be():
    asked = approval("Desk", "c", "refund", "{}", in_doubt_since=1.0)
    code, _, told = await played(asked, RunPaused(run_id="", waiting_for=("c",)), "for ever")
    assert code == 3
    assert "decide refund (in doubt: it may have run, and no rule" in told[0]
